"""All decisions: leading a session, stand-up reminders, what an answer is. Pure."""
