"""`assistant office publish` and `assistant office board`: the office's folder and its broker.

Decides what is printed, and when the broker is taken to have told or kept all. What is to be told
is decided in the office's room.
"""

import shutil
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from assistant.config import Config
from assistant.errors import AssistantError, ExitCode
from assistant.office import office_folder, rights, seal
from assistant.office.office_folder import Ledger
from assistant.office.sums import week_of
from assistant.office.topics import DESKS, ROOT, About, of_desk, understood
from assistant.office.wallboard import Board
from assistant.office.wallboard_text import lines, summary
from assistant.outside import office as desk_process
from assistant.outside.broker_access import Access
from assistant.outside.mqtt_broker import (
    Connected,
    Connection,
    Denied,
    Disconnected,
    Fact,
    Heard,
    Message,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

MARK = f"{ROOT}/out/mark"
"""Comes back after all that the broker had kept: it tells that first."""
PATIENCE_S = 20.0
AT_ONCE = 200
"""Messages on their way to the broker."""
REDRAW_S = 0.1
"""Between two pictures of the board at least."""
LOOK_S = 1.0
"""Between two looks at the ledger at most."""


@dataclass(slots=True)
class Broker:
    """A connection, and the facts it posts."""

    line: Connection
    facts: "SimpleQueue[Fact]"
    where: str
    """What says where the broker is."""

    def next(self, until: float) -> Fact | None:
        """The next fact; None: none until then. Raises AssistantError where there is no broker or
        no right."""
        try:
            fact = self.facts.get(timeout=max(0.0, until - time.monotonic()))
        except Empty:
            return None
        if isinstance(fact, Disconnected):
            mend = fact.trouble.mend.replace("[mqtt] of the configuration", self.where)
            raise AssistantError(
                f"no broker: {fact.trouble.reason}; {mend}", code=ExitCode.FILE_ACCESS
            )
        if isinstance(fact, Denied):
            raise AssistantError(
                f"the broker refuses {fact.topic}; give it the files that "
                "`assistant office setup` wrote into the folder broker",
                code=ExitCode.CONFIGURATION,
            )
        return fact


def _access(folder: Path, user: str) -> Access:
    broker = office_folder.read(folder).broker
    return Access(
        host=broker.host,
        port=broker.port,
        tls=broker.tls,
        ca_file=folder / broker.ca_file if broker.ca_file else None,
        user=user,
        password_file=office_folder.password_file(folder, user),
    )


@contextmanager
def _connected(
    access: Access, filters: Sequence[str], where: str = f"[broker] of {office_folder.DESKS}"
) -> "Iterator[Broker]":
    facts: SimpleQueue[Fact] = SimpleQueue()
    line = Connection(access, access.user, facts.put, filters=filters)
    line.start()
    try:
        yield Broker(line, facts, where)
    finally:
        line.close()


# --- a desk leaves ----------------------------------------------------------


def say_goodbye(config: Config) -> None:
    """Have the broker keep nothing of a desk. Raises AssistantError where it can't be had."""
    desk, access = desk_process.member(config), desk_process.access(config)
    with _connected(access, (), "[office] of the configuration") as office:
        until = time.monotonic() + PATIENCE_S
        while (fact := office.next(until)) is not None:
            if isinstance(fact, Connected):
                for one in desk.farewell(date.today()):
                    said = Message(one.topic, one.text.encode(), retain=True, sure=True)
                    office.line.publish(said)
                return  # closing waits for the broker's word


# --- publish ----------------------------------------------------------------


def publish(folder: Path) -> int:
    """Decide anew, keep that in the ledger, and have the broker keep it."""
    found, key = office_folder.read(folder), office_folder.secret_key(folder)
    teams = found.teams
    decided = office_folder.all_handed_out(office_folder.ledger(folder), folder, found)
    _check(folder, decided)
    filters = (f"{ROOT}/desk/+/about", f"{ROOT}/out/#", f"{ROOT}/group/#")
    with _connected(_access(folder, rights.OFFICE), filters) as office:
        there = _all_kept(office)
        keys = {
            desk: about.key
            for desk in teams
            if (about := _about(there.get(of_desk(desk, "about")))) is not None
        }
        decided = office_folder.grouped(decided, teams, keys, week_of(date.today()))
        office_folder.keep(folder, decided)
        wanted = office_folder.messages(decided, key)
        changed = {topic: said for topic, said in wanted.items() if there.get(topic) != said}
        _have_kept(office, changed)
    grouped = sum(one.group is not None for one in decided.assigned)
    waiting = sum(seal.is_key(key) for key in keys.values()) - grouped
    print(f"{len(changed)} of {len(wanted)} messages were new to the broker.")
    print(f"{grouped} desks are summed, in {_groups(decided)} groups; {max(0, waiting)} wait.")
    return ExitCode.GOOD


def _groups(decided: Ledger) -> int:
    return sum(not made.to_week for made in decided.groups)


def _about(payload: bytes | None) -> About | None:
    try:
        return understood(About, payload) if payload is not None else None
    except ValueError:
        return None


def _all_kept(office: Broker) -> dict[str, bytes]:
    """What the broker has kept, by topic. Raises AssistantError."""
    until = time.monotonic() + PATIENCE_S
    kept: dict[str, bytes] = {}
    while (fact := office.next(until)) is not None:
        match fact:
            case Connected():
                office.line.publish(Message(MARK, b"", sure=True))
            case Heard(topic, payload):
                if topic == MARK:
                    return kept
                kept[topic] = payload
    raise AssistantError(
        f"the broker hasn't told all within {PATIENCE_S:.0f} seconds; try again, or look at "
        "its log",
        code=ExitCode.FILE_ACCESS,
    )


def _have_kept(office: Broker, wanted: Mapping[str, bytes]) -> None:
    """Each message is sent, and comes back: then the broker has it."""
    left, waiting = dict(wanted), dict[str, bytes]()
    until = time.monotonic() + PATIENCE_S
    while left or waiting:
        while left and len(waiting) < AT_ONCE:
            topic, said = left.popitem()
            waiting[topic] = said
            office.line.publish(Message(topic, said, retain=True, sure=True))
        fact = office.next(until)
        if fact is None:
            raise AssistantError(
                f"the broker hasn't taken all within {PATIENCE_S:.0f} seconds; try again",
                code=ExitCode.FILE_ACCESS,
            )
        if isinstance(fact, Heard) and waiting.get(fact.topic) == fact.payload:
            del waiting[fact.topic]
            until = time.monotonic() + PATIENCE_S


def _check(folder: Path, decided: Ledger) -> None:
    """What is handed out can be led, and what is suggested can be. Raises AssistantError."""
    from assistant.config import problems_in
    from assistant.machine import places
    from assistant.office.handed_out import left_out
    from assistant.office.suggestion import MAY, forbidden

    problems: list[str] = []
    for handed in decided.handed:
        place = office_folder.audience_folder(folder, handed.audience)
        others = [places.folder("routines")]
        problems += [f"{place}/{wrong}" for wrong in left_out(handed, others).values()]
        if handed.suggestion:
            file = place / office_folder.SUGGESTION
            try:
                too_much = forbidden(handed.suggestion)
                wrong = problems_in(handed.suggestion, file)
            except ValueError as error:
                problems.append(f"{file}: {error}")
                continue
            problems += [str(one) for one in wrong]
            problems += [
                f"{file}: an office may suggest {', '.join(MAY)}, not {key}; take it away"
                for key in too_much
            ]
    if problems:
        raise AssistantError(
            "\n".join([*problems, "nothing was handed out"]), code=ExitCode.CONFIGURATION
        )


# --- board ------------------------------------------------------------------


def show(folder: Path, *, once: bool) -> int:
    """The board, live on a terminal; without one a line whenever something changes; `once`: as a
    whole, when all is known."""
    board = Board(office_folder.read(folder).teams)
    ledger = _Ledger(folder, board)
    with _connected(_access(folder, rights.BOARD), (DESKS,)) as office:
        if once:
            _settle(office, board)
            ledger.look()
            print("\n".join(lines(board, ledger.versions)))
            return ExitCode.GOOD
        picture = _Picture(board, ledger) if sys.stdout.isatty() else _Lines(board)
        drawn, trouble = 0.0, ""
        while True:
            try:
                fact = office.next(drawn + (REDRAW_S if board.changed else LOOK_S))
            except AssistantError as error:  # a board outlives its broker
                fact, board.changed = None, board.changed or trouble != str(error)
                trouble = str(error)
            if isinstance(fact, Heard):
                board.heard(fact.topic, fact.payload)
            elif isinstance(fact, Connected):
                trouble, board.changed = "", True
            ledger.look()
            if time.monotonic() >= drawn + REDRAW_S:
                if board.changed:
                    board.changed = False
                    picture.draw(trouble)
                drawn = time.monotonic()


def _settle(office: Broker, board: Board) -> None:
    """Take in what the broker tells, until it has told nothing for a while."""
    quiet_s = PATIENCE_S
    while (fact := office.next(time.monotonic() + quiet_s)) is not None:
        quiet_s = 1.0
        if isinstance(fact, Heard):
            board.heard(fact.topic, fact.payload)


class _Ledger:
    """The office's ledger, read again when it changes."""

    def __init__(self, folder: Path, board: Board) -> None:
        self._folder, self._board = folder, board
        self._read_at = -1.0
        self.versions: dict[str, int] = {}

    def look(self) -> None:
        try:
            changed_at = (self._folder / office_folder.LEDGER).stat().st_mtime
        except OSError:
            return
        if changed_at != self._read_at:
            self._read_at = changed_at
            found = office_folder.ledger(self._folder)
            self.versions = {one.audience: one.version for one in found.handed}
            self._board.know(found.groups)


class _Picture:
    """The whole screen, drawn over itself."""

    def __init__(self, board: Board, ledger: _Ledger) -> None:
        self._board, self._ledger = board, ledger

    def draw(self, trouble: str) -> None:
        size = shutil.get_terminal_size()
        above = [trouble, ""] if trouble else []
        rows = [*above, *lines(self._board, self._ledger.versions, size.lines - 1 - len(above))]
        cut = "".join(f"{row[: size.columns]}\x1b[K\r\n" for row in rows)
        sys.stdout.write(f"\x1b[H{cut}\x1b[J")
        sys.stdout.flush()


class _Lines:
    """A line with its time when something else can be said than before."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._said = ""

    def draw(self, trouble: str) -> None:
        if (now := trouble or summary(self._board)) != self._said:
            self._said = now
            print(f"{datetime.now():%H:%M:%S} {now}", flush=True)
