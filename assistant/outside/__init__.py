"""What reaches the house from another machine. Nothing else of the house knows a network."""
