"""The office's own folder: its desks, its key, what it hands out, and what it has decided.

Decides what lies where in it, and what is wrong with what a person wrote there. `desks.toml` and
the folders `all` and `team-NAME` are a person's; all else is written by the program: the key that
signs, the passwords, the files for the broker and for each desk, and the ledger of groups.
"""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from assistant.content.toml_reader import Problem, read_toml, read_typed, shown
from assistant.errors import AssistantError, ExitCode
from assistant.machine.messages import Protocol, encode
from assistant.machine.whole_file import OWNER_ONLY, read_whole, write_whole
from assistant.office import rights, seal
from assistant.office.groups import Desk, Made, regroup
from assistant.office.sums import Group
from assistant.office.topics import (
    GREATEST,
    Assigned,
    HandedOut,
    group_of,
    handed_to,
    is_name,
)

DESKS, KEY, PASSWORDS, LEDGER = "desks.toml", "office.key", "passwords.json", "ledger.json"
SUGGESTION = "suggestion.toml"
EXAMPLE = """\
# The desks of the office. After a change: assistant office setup, and assistant office publish.
[broker]
host = "broker.example.org"
port = 1883
tls = false          # true: port is usually 8883, and the broker needs a certificate and its key
ca_file = ""         # who signed that certificate, a file in this folder; empty: one known to all

[[team]]
name = "sales"       # small letters, digits and hyphens, as for desks
desks = ["sales-1", "sales-2", "sales-3", "sales-4", "sales-5"]
"""


@dataclass(frozen=True, slots=True)
class Broker:
    host: str
    port: int = 1883
    tls: bool = False
    ca_file: str = ""


@dataclass(frozen=True, slots=True)
class Team:
    name: str
    desks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Register:
    """What stands in `desks.toml`."""

    broker: Broker
    team: tuple[Team, ...]

    @property
    def teams(self) -> dict[str, str]:
        """Each desk's team."""
        return {desk: team.name for team in self.team for desk in team.desks}


@dataclass(frozen=True, slots=True)
class Ledger:
    """What the office has decided so far."""

    groups: tuple[Made, ...] = ()
    handed: tuple[HandedOut, ...] = ()
    """What each audience was handed out last."""
    assigned: tuple[Assigned, ...] = ()
    """With whom each desk was said to be summed last."""


_KEPT = Protocol(Ledger, Made, Group, HandedOut, Assigned)


class RegisterError(AssistantError):
    """A folder that can't be used; `problems` is all that is wrong in it."""

    code = ExitCode.CONFIGURATION

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))


def read(folder: Path) -> Register:
    """What stands in the folder's `desks.toml`. Raises RegisterError with all that is wrong."""
    path = folder / DESKS
    data, text, problems = read_toml(path, ("team",))
    if not problems:
        register, problems = read_typed(
            Register, data, text, str(path), limits={"port": (1, 65535)}
        )
        if register is not None:
            problems = list(_implausible(register, str(path)))
        if register is not None and not problems:
            return register
    raise RegisterError(problems)


def _implausible(register: Register, file: str) -> Iterator[Problem]:
    seen: set[str] = set()
    names = [team.name for team in register.team]
    for name in names:
        if not is_name(name) or names.count(name) > 1:
            yield Problem(
                file, 0, "team", shown(name),
                "names of its own for each team, of small letters, digits and hyphens",
                "write another one, such as sales-2",
            )  # fmt: skip
    for desk in (desk for team in register.team for desk in team.desks):
        if not is_name(desk) or desk in (rights.OFFICE, rights.BOARD) or desk in seen:
            yield Problem(
                file, 0, "desks", shown(desk),
                "a name of its own for each desk, of small letters, digits and hyphens",
                "write another one, such as sales-7",
            )  # fmt: skip
        seen.add(desk)


# --- what the program writes ------------------------------------------------


def secret_key(folder: Path, *, make: bool = False) -> str:
    """The key that signs; `make`: a new one where there is none. Raises AssistantError."""
    path = folder / KEY
    if make and not path.exists():
        write_whole(path, f"{seal.new_secret()}\n".encode(), OWNER_ONLY)
    try:
        found = read_whole(path).decode("ascii").strip()
    except (OSError, UnicodeDecodeError):
        found = ""
    if not seal.is_key(found):
        raise AssistantError(
            f"{path} holds no key; bring it back from a backup, or take it away and set up anew: "
            "then every desk has to join again",
            code=ExitCode.CONFIGURATION,
        )
    return found


@dataclass(frozen=True, slots=True)
class Passwords:
    by_user: Mapping[str, str] = field(default_factory=dict)


def passwords(folder: Path, users: list[str]) -> dict[str, str]:
    """Each user's password, as it was or new; whoever is none any more has none. Raises
    AssistantError for a file that can't be used: new passwords would lock all desks out."""
    path = folder / PASSWORDS
    known: Mapping[str, str] = {}
    if path.exists():
        try:
            known = Protocol(Passwords).decode(read_whole(path).decode()).by_user
        except (OSError, ValueError):
            raise AssistantError(
                f"{path} can't be read; bring it back from a backup, or take it away and set up "
                "anew: then the broker needs its files again, and every desk has to join again",
                code=ExitCode.CONFIGURATION,
            ) from None
    now = {user: known.get(user) or rights.new_password() for user in users}
    write_whole(path, encode(Passwords(now)).encode(), OWNER_ONLY)
    return now


def password_file(folder: Path, user: str) -> Path:
    """Where a program of the office finds its password."""
    return folder / f"{user}.password"


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a desk has to know to join: its file."""

    desk: str
    team: str
    host: str
    port: int
    tls: bool
    authority: str
    """The certificate of who signed the broker's; empty: each machine knows it."""
    key: str
    """What the office's signatures are checked with."""
    password: str


def set_up(folder: Path) -> Register:
    """Write what the register asks for. What is there already, keys and passwords, stays. Raises
    AssistantError."""
    register = read(folder)
    authority = _authority(folder, register.broker)
    key = seal.verify_key(secret_key(folder, make=True))
    teams = register.teams
    users = passwords(folder, [rights.OFFICE, rights.BOARD, *teams])
    for user in (rights.OFFICE, rights.BOARD):
        write_whole(password_file(folder, user), f"{users[user]}\n".encode(), OWNER_ONLY)
    broker = folder / "broker"
    at = register.broker
    conf = rights.configuration(at.port, "/etc/mosquitto/office", tls=at.tls)
    write_whole(broker / "office.conf", conf.encode(), make_folder=True)
    write_whole(broker / "rights", rights.rights().encode())
    write_whole(broker / "passwords", rights.passwords(users).encode(), OWNER_ONLY)
    for path in folder.glob("desks/*.json"):
        if path.stem not in teams:
            path.unlink()
    for desk, team in teams.items():
        invitation = Invitation(
            desk, team, at.host, at.port, at.tls, authority, key=key, password=users[desk]
        )
        path = folder / "desks" / f"{desk}.json"
        write_whole(path, encode(invitation).encode(), OWNER_ONLY, make_folder=True)
    for audience in ("all", *(f"team-{team.name}" for team in register.team)):
        (folder / audience).mkdir(exist_ok=True)
    return register


def _authority(folder: Path, broker: Broker) -> str:
    if not broker.ca_file:
        return ""
    try:
        return read_whole(folder / broker.ca_file).decode("ascii")
    except (OSError, UnicodeDecodeError):
        raise AssistantError(
            f"{folder / broker.ca_file} is no certificate that can be read; put the one there that "
            f'signed the broker\'s, or write ca_file = "" in {DESKS}',
            code=ExitCode.FILE_ACCESS,
        ) from None


def invitation(path: Path) -> Invitation:
    """What stands in a desk's file. Raises AssistantError."""
    try:
        found = Protocol(Invitation).decode(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        found = None
    if not isinstance(found, Invitation) or not seal.is_key(found.key):
        raise AssistantError(
            f"{path} is no invitation; take the file DESK.json that `assistant office setup` "
            "wrote for this desk",
            code=ExitCode.CONFIGURATION,
        )
    return found


# --- the ledger -------------------------------------------------------------


def ledger(folder: Path) -> Ledger:
    """What was decided so far. Raises AssistantError for a file that can't be used: groups that
    are made without knowing the former ones might show somebody."""
    path = folder / LEDGER
    if not path.exists():
        return Ledger()
    try:
        found = _KEPT.decode(read_whole(path).decode())
    except (OSError, ValueError):
        found = None
    if not isinstance(found, Ledger):
        raise AssistantError(
            f"{path} can't be read; bring it back from a backup: without it, new groups might "
            "show what single people did",
            code=ExitCode.CONFIGURATION,
        )
    return found


def keep(folder: Path, decided: Ledger) -> None:
    write_whole(folder / LEDGER, encode(decided).encode(), OWNER_ONLY)


def next_version(before: int) -> int:
    """Greater than the last one, and than any that an office made that lost its ledger."""
    return max(before + 1, int(time.time()))


# --- what is handed out -----------------------------------------------------


def audience_folder(folder: Path, audience: str) -> Path:
    return folder / (f"team-{audience}" if audience else "all")


def to_hand_out(folder: Path, audience: str, before: HandedOut | None) -> HandedOut | None:
    """What lies in the folder for this audience, to be signed; `before` where nothing changed;
    None: there is nothing, and never was. Raises AssistantError for what is too much."""
    place = audience_folder(folder, audience)
    suggestion = place / SUGGESTION
    files = [path for path in sorted(place.glob("*.toml")) if path != suggestion]
    exercises = sorted(place.glob("exercises/*.toml"))
    made = HandedOut(
        audience,
        before.version if before else 0,
        {path.stem: _text(path) for path in files},
        {path.stem: _text(path) for path in exercises},
        _text(suggestion) if suggestion.exists() else "",
    )
    if made == before:
        return before
    if before is None and not (made.routines or made.exercises or made.suggestion):
        return None
    made = HandedOut(
        audience, next_version(made.version), made.routines, made.exercises, made.suggestion
    )
    size = len(encode(made).encode())
    if size > GREATEST * 0.8:  # quoted once more, and signed, it grows
        raise AssistantError(
            f"{place} holds {size // 1024} kB, and {int(GREATEST * 0.8) // 1024} can be handed "
            "out; take some of it away",
            code=ExitCode.CONFIGURATION,
        )
    return made


def _text(path: Path) -> str:
    """What a person wrote. Raises AssistantError."""
    try:
        return read_whole(path).decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        why, cure = "it isn't saved as UTF-8", "save it so"
    except OSError as error:
        why, cure = (error.strerror or "an error").lower(), "mend that"
    raise AssistantError(
        f"{path} can't be handed out ({why}); {cure}, or take it away; nothing was handed out",
        code=ExitCode.CONFIGURATION,
    )


def message(key: str, decided: HandedOut | Assigned) -> bytes:
    """As the broker gets it."""
    return seal.signed(encode(decided), key).encode()


# --- with whom desks are summed ---------------------------------------------


def grouped(
    decided: Ledger, teams: Mapping[str, str], keys: Mapping[str, str], week: str
) -> Ledger:
    """The ledger with its groups as they are to be from the week after this one on. `teams`: of
    each desk there is; `keys`: what each told, of the desks that were heard. Of one that wasn't
    heard nothing is taken to have changed."""
    last = {
        name: key
        for made in decided.groups
        if not made.to_week
        for name, key in made.group.members.items()
    }
    desks = {name: Desk({**last, **keys}.get(name, ""), team) for name, team in teams.items()}
    groups = regroup(decided.groups, desks, week)
    now = {name: made.group for made in groups if not made.to_week for name in made.group.members}
    said = {one.desk: one for one in decided.assigned if one.desk in teams}
    for name in teams:
        before = said.get(name)
        if now.get(name) != (before.group if before else None):
            version = next_version(before.version if before else 0)
            said[name] = Assigned(name, version, now.get(name))
    return replace(decided, groups=groups, assigned=tuple(said.values()))


def all_handed_out(decided: Ledger, folder: Path, register: Register) -> Ledger:
    """The ledger with what lies in the folder to be handed out now. Raises AssistantError."""
    before = {one.audience: one for one in decided.handed}
    audiences = dict.fromkeys(["", *(team.name for team in register.team), *before])
    made = [to_hand_out(folder, one, before.get(one)) for one in audiences]
    return replace(decided, handed=tuple(one for one in made if one is not None))


def messages(decided: Ledger, key: str) -> dict[str, bytes]:
    """All that the broker is to keep, signed, by topic."""
    return {
        **{handed_to(one.audience): message(key, one) for one in decided.handed},
        **{group_of(one.desk): message(key, one) for one in decided.assigned},
    }
