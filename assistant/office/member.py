"""A desk's half of its office: what it tells, what it takes, and what it refuses.

Decides what is told and when: each week once, after it has ended, and only what is masked (`sums`);
of what is handed out, which version lies here. Facts come in (a message, a row for the journal, a
look at the calendar), messages go out; who carries them knows the broker. Pain, answers about
health, and when a break was taken never come this far: `count` looks at numbers alone.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

from assistant.machine.messages import Protocol, encode
from assistant.machine.whole_file import OWNER_ONLY, read_whole, write_whole
from assistant.office import handed_out, seal
from assistant.office.groups import MEMORY_WEEKS, refusal
from assistant.office.handed_out import Refused
from assistant.office.sums import Figures, Group, Share, is_week, monday_of, share, week_of
from assistant.office.topics import (
    GONE,
    About,
    Assigned,
    Has,
    Told,
    group_of,
    handed_to,
    of_desk,
    understood,
)

log = logging.getLogger(__name__)

WEEKS = 8
"""So far back a week is told of by a desk that was without its office."""
MEMORY = "sums.json"
FIRST_WEEK = "2026-W01"
"""There were no offices before."""


@dataclass(frozen=True, slots=True)
class Place:
    """Which desk it is."""

    desk: str
    key: str
    """What the office's signatures are checked with."""
    team: str = ""
    name: str = ""
    sums: bool = False
    """Whether its weeks are told at all."""
    refused: tuple[str, ...] = ()
    """Routines of the office that its person doesn't want."""


@dataclass(frozen=True, slots=True)
class Week:
    """What was done in a week."""

    breaks_due: int = 0
    breaks_taken: int = 0
    sessions: int = 0
    exercise_s: float = 0.0

    @property
    def figures(self) -> Figures:
        minutes = round(self.exercise_s / 60)
        return Figures(self.breaks_due, self.breaks_taken, self.sessions, minutes)


@dataclass(frozen=True, slots=True)
class Held:
    """A group that this desk is or was summed with."""

    group: Group
    to_week: str = ""
    """The last week; empty: there is no end yet."""


@dataclass(frozen=True, slots=True)
class Memory:
    """All that must outlive the process."""

    secret: str
    weeks: Mapping[str, Week] = field(default_factory=dict)
    groups: tuple[Held, ...] = ()
    told: Mapping[str, Share] = field(default_factory=dict)
    versions: Mapping[str, int] = field(default_factory=dict)
    """Of what each office signed last, by its key and the topic: another one counts anew."""


_KEPT = Protocol(Memory, Week, Held, Group, Share)


@dataclass(frozen=True, slots=True)
class Out:
    """A message for the broker to keep."""

    topic: str
    text: str


class Member:
    """One desk. Not for several threads."""

    def __init__(self, place: Place, folder: Path, others: Sequence[Path]) -> None:
        """`folder`: where it keeps what it knows; `others`: the folders of routines that come
        before those that are handed out. Raises AssistantError when nothing can be kept."""
        self.place = place
        self._folder, self._others = folder, others
        self._memory = self._recalled()
        self._folders = {"": folder / "all"} | ({place.team: folder / "team"} if place.team else {})
        self._exercised = False
        """Whether anything was exercised in the session that goes on."""
        self.news: tuple[tuple[str, ...], bool] = ((), False)
        """The routines (their names) and whether there is a suggestion, of what was handed out
        last: those that are new."""
        self._save()

    def topics(self) -> list[str]:
        """What it listens to."""
        return [*map(handed_to, self._folders), group_of(self.place.desk)]

    def greeting(self, today: date | None) -> list[Out]:
        """All that it tells, for a broker that may know nothing of it. `today`, here and below:
        None while nobody knows."""
        key = seal.public_key(self._memory.secret) if self.place.sums else ""
        about = About(key, self.place.name)
        return [self._out("about", about), self._has(), *self.turn(today, anew=True)]

    def farewell(self, today: date | None) -> list[Out]:
        """What it tells when it leaves: that of itself there is nothing to be known any more."""
        self.place = replace(self.place, name="", sums=False)
        return [*self.greeting(today), Out(of_desk(self.place.desk, "here"), GONE.decode())]

    # --- what was done ---

    def count(self, kind: str, seconds: float, today: date) -> None:
        """A row for the journal: counted, and forgotten."""
        week = week_of(today)
        done = self._memory.weeks.get(week, Week())
        match kind:
            case "break_due":
                done = replace(done, breaks_due=done.breaks_due + 1)
            case "break_taken":
                done = replace(done, breaks_taken=done.breaks_taken + 1)
            case "exercise":
                self._exercised = True
                done = replace(done, exercise_s=done.exercise_s + max(0.0, seconds))
            case "session_end" if self._exercised:
                self._exercised = False
                done = replace(done, sessions=done.sessions + 1)
            case _:
                return
        first = week_of(today - timedelta(weeks=WEEKS))
        weeks = {name: was for name, was in self._memory.weeks.items() if name >= first}
        self._remember(weeks={**weeks, week: done})

    def turn(self, today: date | None, *, anew: bool = False) -> list[Out]:
        """What is to be told of weeks that have ended; `anew`: all of it, told before or not."""
        today = today or self._last_known()
        first, now = week_of(today - timedelta(weeks=WEEKS)), week_of(today)
        before = self._memory.told
        new = {
            week: share(done.figures, week, self.place.desk, self._memory.secret, group)
            for week, done in sorted(self._memory.weeks.items())
            if first <= week < now and week not in before and done.figures and self.place.sums
            if (group := self._group_in(week)) is not None
        }
        if new:
            # On the disk before it is told: of one week nothing else is ever told.
            since = week_of(today - timedelta(weeks=MEMORY_WEEKS))
            kept = {week: one for week, one in before.items() if week >= since}
            self._remember(told={**kept, **new})
        elif not anew:
            return []
        told = self._memory.told if self.place.sums else {}
        return [self._out("sums", Told({week: told[week] for week in told if week >= first}))]

    def _last_known(self) -> date:
        """For today, where nobody knows it: it is at least this late."""
        return monday_of(max({*self._memory.weeks, *self._memory.told}, default=FIRST_WEEK))

    def _group_in(self, week: str) -> Group | None:
        for held in self._memory.groups:
            if held.group.from_week <= week and (not held.to_week or week <= held.to_week):
                return held.group
        return None

    # --- what the office says ---

    def heard(self, topic: str, payload: bytes, today: date | None) -> list[Out]:
        """A message came. What isn't the office's word changes nothing. Raises Refused, with the
        reason, for what is refused, and AssistantError when it can't be kept."""
        for audience, folder in self._folders.items():
            if topic == handed_to(audience):
                return self._handed(topic, payload, audience, folder)
        if topic == group_of(self.place.desk):
            self._assigned(topic, payload, today or self._last_known())
            return self.turn(today)
        return []

    def _handed(self, topic: str, payload: bytes, audience: str, folder: Path) -> list[Out]:
        known = self._version(topic)
        handed = handed_out.accepted(payload, self.place.key, audience, known)
        kept = handed_out.kept_in(folder)
        before = kept
        if kept is None or kept.handed != handed:
            kept = handed_out.keep(folder, handed, self._others)
            for file, why in kept.left_out.items():
                log.warning("left out of what the office handed out: %s: %s", file, why)
        handed_out.lay_out(folder, audience, self.place.refused)
        if handed.version == known:
            return []
        self._remember(versions=self._with_version(topic, handed.version))
        self.news = handed_out.news(before, kept, self.place.refused)
        names = ", ".join(handed.routines) or "nothing"
        log.warning("the office hands out %s; `assistant office offered` tells of it", names)
        return [self._has()]

    def _assigned(self, topic: str, payload: bytes, today: date) -> None:
        try:
            said: Assigned = understood(Assigned, seal.opened(payload, self.place.key))
        except ValueError as error:
            raise Refused(str(error)) from None
        if said.desk != self.place.desk:
            raise Refused("it is meant for another desk")
        if said.version <= self._version(topic):
            return
        held = self._memory.groups
        current = held[-1] if held and not held[-1].to_week else None
        if said.group is None:
            if current is not None:
                held = (*held[:-1], replace(current, to_week=week_of(today)))
        elif current is None or said.group != current.group:
            held = self._joined(said.group, held, today)
        self._remember(groups=held, versions=self._with_version(topic, said.version))

    def _joined(self, group: Group, held: tuple[Held, ...], today: date) -> tuple[Held, ...]:
        since = week_of(today - timedelta(weeks=MEMORY_WEEKS))
        held = tuple(one for one in held if not one.to_week or one.to_week >= since)
        if not is_week(group.from_week):
            raise Refused("it begins with no week")
        untold = max(self._memory.told, default="")
        if untold:
            untold = week_of(monday_of(untold) + timedelta(weeks=1))
        key = seal.public_key(self._memory.secret)
        why = refusal(group, self.place.desk, key, [one.group for one in held], untold)
        if why:
            raise Refused(why)
        before = week_of(monday_of(group.from_week) - timedelta(weeks=1))
        ended = tuple(replace(one, to_week=min(one.to_week or before, before)) for one in held)
        return (*ended, Held(group))

    # --- what is kept ---

    def _has(self) -> Out:
        versions = {audience: self._version(handed_to(audience)) for audience in self._folders}
        return self._out("has", Has({one: known for one, known in versions.items() if known}))

    def _version(self, topic: str) -> int:
        return self._memory.versions.get(f"{self.place.key} {topic}", 0)

    def _with_version(self, topic: str, version: int) -> dict[str, int]:
        return {**self._memory.versions, f"{self.place.key} {topic}": version}

    def _out(self, what: str, message: object) -> Out:
        return Out(of_desk(self.place.desk, what), encode(message))

    def _recalled(self) -> Memory:
        try:
            kept = _KEPT.decode(read_whole(self._folder / MEMORY).decode())
        except FileNotFoundError:
            return Memory(seal.new_secret())
        except (OSError, ValueError) as error:
            log.warning("what was kept for the office's sums is lost: %s", error)
            return Memory(seal.new_secret())
        return self._with_keys(kept) if isinstance(kept, Memory) else Memory(seal.new_secret())

    def _with_keys(self, kept: Memory) -> Memory:
        """Up to 0.4.0 there was one office, and versions stood by the topic alone."""
        bare = {topic for topic in kept.versions if " " not in topic}
        was = {f"{self.place.key} {topic}": kept.versions[topic] for topic in bare}
        keyed = {name: version for name, version in kept.versions.items() if name not in bare}
        return replace(kept, versions={**was, **keyed})

    def _remember(self, **changed: object) -> None:
        self._memory = replace(self._memory, **changed)  # type: ignore[arg-type]
        self._save()

    def _save(self) -> None:
        text = encode(self._memory)
        write_whole(self._folder / MEMORY, text.encode(), OWNER_ONLY, make_folder=True)
