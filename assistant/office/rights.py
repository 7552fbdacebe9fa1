"""What an office's broker needs to be told: who there is, and who may read and write what.

Decides the rights, as Mosquitto's files have them. A desk may write its own four messages and read
what is handed out and its own group, so that with its password nobody reads or speaks for another;
nor can they take another's place, since at this broker a connection's name is its user's.
"""

import base64
import hashlib
import secrets
from collections.abc import Mapping

from assistant.office.topics import OUT, ROOT

OFFICE, BOARD = "office", "office-board"
"""The users that are no desks. The board can only look."""
_ROUNDS = 1000
"""Of PBKDF2: the passwords are 128 random bits, which nobody finds by trying."""


def new_password() -> str:
    return secrets.token_urlsafe(16)


def configuration(port: int, folder: str, *, tls: bool = False) -> str:
    """Mosquitto's configuration; `folder` is where the other files lie for it, with `tls` also its
    own certificate and key, which somebody else has to make."""
    keys = f"certfile {folder}/server.crt\nkeyfile {folder}/server.key\n" if tls else ""
    return f"""\
# Rights of the office's coaches. For all listeners of this broker.
listener {port}
{keys}\
allow_anonymous false
password_file {folder}/passwords
acl_file {folder}/rights
# A connection is called as its user is: a desk can't throw another one out.
use_username_as_clientid true
# What the office hands out is kept, also through a restart.
persistence true
autosave_interval 60
max_packet_size 65536
"""


def rights() -> str:
    """Mosquitto's acl_file, the same however many desks there are."""
    return f"""\
# Made by `assistant office setup`.
user {OFFICE}
topic read {ROOT}/desk/#
topic readwrite {OUT}
topic readwrite {ROOT}/group/#

user {BOARD}
topic read {ROOT}/#

# Each desk, by the name of its user. (Mosquitto warns that one line names nobody: it is for all.)
pattern write {ROOT}/desk/%u/about
pattern write {ROOT}/desk/%u/here
pattern write {ROOT}/desk/%u/has
pattern write {ROOT}/desk/%u/sums
pattern read {OUT}
pattern read {ROOT}/group/%u
"""


def passwords(known: Mapping[str, str]) -> str:
    """Mosquitto's password_file: users and hashes (PBKDF2 with SHA-512, its format 7)."""
    return "".join(f"{user}:{_hashed(password)}\n" for user, password in sorted(known.items()))


def _hashed(password: str) -> str:
    salt = secrets.token_bytes(12)
    made = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, _ROUNDS)
    return f"$7${_ROUNDS}${_base64(salt)}${_base64(made)}"


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
