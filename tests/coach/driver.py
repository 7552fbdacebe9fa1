"""A coach with a clock that is a number, and a voice that takes the time it would take.

The voice here is the least one that keeps the contract of `Say`, `Hush` and `Spoken`: one
sentence at a time, the highest priority first, what comes too late is dropped.
"""

import heapq
import math
from collections.abc import Iterator
from dataclasses import replace

from assistant.coach.answers import in_front
from assistant.coach.effects import Context, Effect, Hush, Lamp, Place, Record, Say
from assistant.coach.events import Asked, Command, Event, Spoken
from assistant.coach.events import Due as Deadline
from assistant.coach.settings import Settings
from assistant.coach.state import (
    Asking,
    Awake,
    Due,
    Led,
    NoPack,
    Overdue,
    PackOn,
    PackOver,
    Session,
    Sitting,
    State,
)
from assistant.coach.step import begin, deadline, step
from assistant.coach.turn import Turn
from assistant.config import Config
from assistant.config.for_coach import settings_for
from assistant.content.routine_reader import Library
from assistant.content.speech import estimate_s
from assistant.content.types import Cue, Kind, Phase, Plan, Rank, Segment


def cue(at_s: float, text: str, rank: Rank = Rank.CUE) -> Cue:
    return Cue(at_s, text, rank, 0.4 if rank is Rank.COUNT else 1.5)


SIDES = Plan(
    id="sides",
    name="Sides",
    spoken_name="sides",
    exercises=("plank", "kick"),
    exercise_ids=("plank", "donkey-kick"),
    phases=(Phase.STRENGTH, Phase.STRENGTH),
    sides=(("",), ("left", "right")),
    delicate=True,
    segments=(
        Segment(Kind.INTRO, -1, "Sides", 4.0, (cue(0.0, "Sides. One minute."),)),
        Segment(Kind.SETUP, 0, "Plank", 10.0, (cue(0.0, "Lie on your front."),)),
        Segment(Kind.STEPS, 0, "Plank", 3.0, (cue(0.0, "Lift your hips."),)),
        Segment(
            Kind.WORK,
            0,
            "Plank",
            20.0,
            (
                cue(10.0, "Halfway."),
                cue(17.0, "three", Rank.COUNT),
                cue(18.0, "two", Rank.COUNT),
                cue(19.0, "one", Rank.COUNT),
            ),
            ticks=(14.0, 15.0),
        ),
        Segment(
            Kind.REST,
            0,
            "Rest",
            10.0,
            (cue(0.0, "And let go."), cue(4.0, "Next, the kick.", Rank.TIP)),
        ),
        Segment(Kind.SETUP, 1, "Kick", 10.0, (cue(0.0, "On all fours."),)),
        Segment(Kind.WORK, 1, "Kick, left", 5.0, (cue(2.0, "two", Rank.COUNT),), side="left"),
        Segment(Kind.SWITCH, 1, "Switch", 6.0, (cue(0.0, "Switch sides."),), side="right"),
        Segment(Kind.WORK, 1, "Kick, right", 5.0, side="right"),
        Segment(Kind.OUTRO, -1, "Done", 3.0, (cue(0.0, "That is it."),)),
    ),
)
STARTS = {
    # kind and side -> when that segment begins if nothing comes in between
    "intro": 0.0,
    "setup": 4.0,
    "steps": 14.0,
    "work": 17.0,
    "rest": 37.0,
    "setup 2": 47.0,
    "left": 57.0,
    "switch": 62.0,
    "right": 68.0,
    "outro": 73.0,
    "end": 76.0,
}
DEFAULTS = replace(
    settings_for(Config(), Library({}, {}), once=False),
    offers_plan=False,
    asks_after=False,
    looks_back=False,
)
"""What the configuration says where nobody has changed it; but nothing is brought up unasked."""
SETTINGS = replace(
    DEFAULTS,
    plans={"sides": SIDES},
    spoken_names=("sides",),
    routine="sides",
    stretch="sides",
    screening=False,
    ask_pain=False,
    spared_until_s=0.0,
    keeps=False,
)


def as_said(text: str) -> str:
    """A sentence with the wake phrase in its place."""
    return text.replace("{wake}", SETTINGS.wake)


def kind_of(state: State) -> type:
    """What is in front: the lead's state, or at rest the desk's."""
    return in_front(Turn(state))


def session_of(state: State) -> Session | None:
    return state.lead.session if isinstance(state.lead, Led) else None


def stand_at_of(state: State) -> float | None:
    return state.desk.stand_at if isinstance(state.desk, Sitting | Overdue) else None


class Drive:
    """Run a coach by hand. `log` holds (time, effect) for everything it ordered."""

    def __init__(
        self,
        settings: Settings = SETTINGS,
        *,
        now: float = 0.0,
        speaks: bool = True,
        place: Place | None = None,
    ) -> None:
        """A coach that isn't greeting, or goes on where another left off. `speaks=False`: the voice
        never answers."""
        self.now, self.speaks = now, speaks
        self.log: list[tuple[float, Effect]] = []
        self._waiting: list[tuple[int, int, float, Say]] = []
        self._current: tuple[float, Say] | None = None
        self.state: State
        self.state, effects = begin(settings, now, greet=place is not None, place=place)
        self.take(effects)

    def at(self, when: float, *happened: Event | Command) -> list[Effect]:
        """Let time pass until `when`, then tell it; the effects of what was told."""
        for _ in self.passing(when):
            pass
        start = len(self.log)
        for event in happened:
            self._step(Asked(event) if isinstance(event, Command) else event)
        return [effect for _, effect in self.log[start:]]

    def mode(self) -> type:
        return kind_of(self.state)

    @property
    def session(self) -> Session | None:
        return session_of(self.state)

    @property
    def stand_at(self) -> float | None:
        return stand_at_of(self.state)

    @property
    def asking(self) -> Asking | None:
        return self.state.lead if isinstance(self.state.lead, Asking) else None

    @property
    def timer(self) -> PackOn | PackOver | None:
        return None if isinstance(self.state.pack, NoPack) else self.state.pack

    @property
    def snoozes(self) -> int:
        desk = self.state.desk
        return desk.snoozes if isinstance(desk, Sitting | Due | Overdue) else 0

    @property
    def awake_until(self) -> float | None:
        return self.state.ear.until if isinstance(self.state.ear, Awake) else None

    def lamp(self) -> Lamp | None:
        return self.state.shown.lamp

    def context(self) -> Context | None:
        return self.state.shown.context

    def ordered(self, kind: type[Effect]) -> list[tuple[float, Effect]]:
        """What was ordered, without the rows for commands."""
        return [
            (when, effect)
            for when, effect in self.log
            if isinstance(effect, kind)
            and not (isinstance(effect, Record) and effect.kind == "command")
        ]

    def said(self) -> list[tuple[float, str]]:
        return [(when, e.text) for when, e in self.log if isinstance(e, Say)]

    def passing(self, when: float) -> Iterator[None]:
        """Let time pass until `when`, with a stop after each thing that it brings."""
        while True:
            coach = deadline(self.state)
            voice = self._current[0] if self._current else math.inf
            soonest = min(math.inf if coach is None else coach, voice)
            if soonest > when:
                break
            self.now = max(self.now, soonest)
            if voice <= soonest:
                assert self._current is not None
                number = self._current[1].utterance
                self._current = None
                self._speak_next()
                self._step(Spoken(number))
            else:
                self._step(Deadline())
            yield
        self.now = max(self.now, when)

    def _step(self, event: Event) -> None:
        self.state, effects = step(self.state, event, self.now)
        self.take(effects)

    def take(self, effects: list[Effect]) -> None:
        self.log += [(self.now, effect) for effect in effects]
        cut: list[int] = []
        for effect in effects:
            if isinstance(effect, Hush):
                cut += [waiting.utterance for *_, waiting in self._waiting]
                cut += [self._current[1].utterance] if self._current else []
                self._waiting, self._current = [], None
            if isinstance(effect, Say) and self.speaks:
                item = (-effect.priority, effect.utterance, self.now + effect.within_s, effect)
                heapq.heappush(self._waiting, item)
        self._speak_next()
        for number in cut:
            self._step(Spoken(number, complete=False))

    def _speak_next(self) -> None:
        while self._waiting and self._current is None:
            *_, latest, say = heapq.heappop(self._waiting)
            if latest < self.now:
                self._step(Spoken(say.utterance, complete=False))
            else:
                pace = self.state.voice.pace
                self._current = (self.now + estimate_s(say.text) / pace, say)
