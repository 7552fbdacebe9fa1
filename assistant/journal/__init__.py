"""What happened, kept in an SQLite file on this machine, for each of several people in one of
their own. The room's door is `Journals`, each of whose is a `Journal`."""

from assistant.journal.journals import Journals as Journals
from assistant.journal.writer import Journal as Journal
