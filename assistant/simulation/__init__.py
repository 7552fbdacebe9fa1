"""The coach outside the house: with a person who was made up, or in a recording of a real run."""
