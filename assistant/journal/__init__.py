"""What happened, kept in one SQLite file on this machine. The room's door is `Journal`."""

from assistant.journal.writer import Journal as Journal
