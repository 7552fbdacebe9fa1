"""What came of a simulated life, counted by eyes of its own.

Decides what counts as an interruption and which promise it broke, from what was ordered and what
was really going on; it asks the coach nothing.
"""

import math
from collections import Counter
from dataclasses import asdict, dataclass, field
from statistics import quantiles
from typing import Any, NamedTuple

from assistant.coach.effects import Chime, Effect, Lamp, Record, Say, SetLamp, Sound
from assistant.coach.events import Asked, Command, Event, Present
from assistant.coach.priorities import HUSHED_S
from assistant.coach.settings import Settings
from assistant.coach.working_hours import DAY_S
from assistant.content import sentences
from assistant.simulation.desk_people import HOUR_S, summer_s

GOES = tuple(said.partition("{wake}")[0] for said in (sentences.LEAVING, sentences.LUNCH))
"""How it begins what it says to whoever goes."""
SLACK_S = 1.0
"""What is promised as a time may be broken by this much, no more."""
BECAME = ("taken", "snoozed", "skipped", "unanswered")
"""What can become of a reminder; the columns of `Report.hours`."""
ENDS_QUIET = (Command.RETURNED, Command.REMINDERS_ON, Command.LEAVING, Command.LUNCH)
"""Whoever says one of these takes back the quiet that was asked for."""


@dataclass(kw_only=True)
class Report:
    """What came of it. Times are in seconds."""

    person: str
    days: int
    seed: int
    due: int = 0
    given: int = 0
    """Reminders that were heard: a chime and words."""
    taken: int = 0
    snoozed: int = 0
    skipped: int = 0
    unanswered: int = 0
    unasked: int = 0
    """Breaks taken before any reminder."""
    delay_median_s: float | None = None
    delay_p90_s: float | None = None
    """From the reminder to standing, snoozes included."""
    longest_sitting_s: float = 0.0
    least_gap_s: float | None = None
    """Between two interruptions: a chime, or the words that repeat it."""
    at_courtesy_limit: int = 0
    """Reminders heard in a conversation that went on longer than courtesy lasts."""
    in_talk: int = 0
    in_quiet: int = 0
    in_absence: int = 0
    after_hours: int = 0
    """Interruptions that should not have been. None, is the promise."""
    to_nobody: int = 0
    """Interruptions that nobody heard, since nobody had said that they would go."""
    power_cuts: int = 0
    clocks_set: int = 0
    suspends: int = 0
    events: int = 0
    hours: dict[str, list[int]] = field(default_factory=dict)
    """What became of reminders in each hour of the day."""

    @property
    def broken(self) -> int:
        """How often a promise was broken."""
        return self.in_talk + self.in_quiet + self.in_absence + self.after_hours

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


class Truth(NamedTuple):
    """What is really going on."""

    at: float
    here: bool
    """Whether the person is at the desk."""
    talked_at: float
    """The last second in which somebody talked."""
    offset_s: float
    """What the clock on the wall shows more than `at`."""


class Observer:
    """Eyes beside the person's: what was ordered, held against what was really going on."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.events = self.power_cuts = self.clocks_set = self.suspends = 0
        self.away = self.gone = False
        """Leaving was said; a sensor saw it."""
        self.quiet_until = self.due_at = self.interrupted_at = -math.inf
        self.lamp: Lamp | None = None
        self.rows: Counter[str] = Counter()
        self.wrong: Counter[str] = Counter()
        self.delays: list[float] = []
        self.longest_s = 0.0
        self.gap_s = math.inf
        self.hours: dict[int, Counter[str]] = {}

    def sat(self, seconds: float) -> None:
        self.longest_s = max(self.longest_s, seconds)

    def look(self, effects: list[Effect], cause: Event, truth: Truth) -> None:
        if isinstance(cause, Present):
            self.gone = not cause.here
        if isinstance(cause, Asked) and cause.command in ENDS_QUIET:
            self.quiet_until = -math.inf
        for effect in effects:
            match effect:
                case SetLamp(lamp):
                    if lamp is Lamp.DUE and self.lamp is not Lamp.LISTENING:
                        self.due_at = truth.at
                    self.lamp = lamp
                case Chime(sound) if sound is Sound.DUE:
                    self.rows["given"] += 1
                    self.interrupted(truth, first=True)
                case Say(text=text) if text.startswith(GOES):
                    self.away = True
                case Say(text=text) if text == sentences.STAND_AGAIN:
                    # Right after a chime it belongs to that; to a question it is the answer.
                    if not isinstance(cause, Asked) and truth.at > self.interrupted_at + 5:
                        self.interrupted(truth, first=False)
                case Record():
                    self.row(effect, truth.at)
                case _:
                    pass

    def interrupted(self, truth: Truth, first: bool) -> None:
        """Somebody was asked to stand: was that a moment at which it may be?"""
        at = truth.at
        self.gap_s = min(self.gap_s, at - self.interrupted_at)
        self.interrupted_at = at
        if truth.talked_at > at - HUSHED_S:
            late = first and at - self.due_at >= self.settings.courtesy_s - SLACK_S
            self.wrong["at_courtesy_limit" if late else "in_talk"] += 1
        if at < self.quiet_until - SLACK_S:
            self.wrong["in_quiet"] += 1
        if self.away or self.gone:
            self.wrong["in_absence"] += 1
        if not self.settings.hours.open(at + truth.offset_s):
            self.wrong["after_hours"] += 1
        if not truth.here:
            self.wrong["to_nobody"] += 1

    def row(self, record: Record, at: float) -> None:
        match record.kind:
            case "quiet":
                self.quiet_until = at + record.seconds
            case "absence" | "session_start":
                self.away = False
            case "break_taken" if record.seconds > 0:
                self.delays.append(record.seconds)
                self.became("taken", at)
            case "break_taken":
                self.rows["unasked"] += 1
            case "break_due":
                self.rows["due"] += 1
            case "break_snoozed" | "break_skipped" | "break_unanswered":
                self.became(record.kind.removeprefix("break_"), at)
            case _:
                pass

    def became(self, what: str, at: float) -> None:
        self.rows[what] += 1
        hour = int((at + summer_s(at)) % DAY_S // HOUR_S)
        self.hours.setdefault(hour, Counter())[what] += 1

    def report(self, report: Report) -> Report:
        """Fill it in."""
        for name, count in (self.rows + self.wrong).items():
            setattr(report, name, count)
        if self.delays:
            tenths = quantiles(self.delays * 2, n=10, method="inclusive")
            report.delay_median_s, report.delay_p90_s = round(tenths[4], 1), round(tenths[8], 1)
        report.longest_sitting_s = round(self.longest_s, 1)
        report.least_gap_s = None if math.isinf(self.gap_s) else round(self.gap_s, 1)
        report.events, report.suspends = self.events, self.suspends
        report.power_cuts, report.clocks_set = self.power_cuts, self.clocks_set
        report.hours = {
            f"{hour:02d}": [self.hours.get(hour, Counter())[what] for what in BECAME]
            for hour in range(24)
        }
        return report
