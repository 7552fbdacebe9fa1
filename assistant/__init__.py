"""Exercise Assistant: an offline voice coach for the lower back and for people who sit."""

__version__ = "0.5.0"
