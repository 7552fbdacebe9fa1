"""One event being answered: the state so far, and what was ordered so far.

Decides how long a sentence may take before the coach goes on without its voice. The states of the
machines are put in by the interpreter alone; everything else is replaced here by whoever
changes it, and mypy sees each assignment.
"""

from collections.abc import Callable
from dataclasses import replace

from assistant.coach.effects import (
    Chime,
    Duck,
    Effect,
    Hush,
    Ignored,
    Priority,
    Record,
    Say,
    Sound,
)
from assistant.coach.memory import holds
from assistant.coach.state import (
    AtRest,
    Leading,
    Led,
    Paused,
    Reentry,
    State,
    Utterance,
)
from assistant.coach.triggers import Signal
from assistant.content.speech import estimate_s

TAIL_S = 0.4
"""How long after its last word the assistant still takes what it hears for its own echo."""
GIVE_UP_S = 3.0
"""How long a sentence may be overdue before the coach goes on without its voice."""


class Turn:
    """The parts of a `State`, to be replaced one by one, and the effects in their order."""

    __slots__ = (
        "_tell",
        "agenda",
        "coming_at",
        "desk",
        "ear",
        "effects",
        "exit_code",
        "lead",
        "looked_at",
        "memory",
        "now",
        "over",
        "pack",
        "passed",
        "person",
        "planned",
        "room",
        "running",
        "settings",
        "shown",
        "voice",
        "wakes_at",
        "wishes",
    )

    def __init__(
        self,
        state: State,
        now: float | None = None,
        tell: Callable[["Turn", Signal, object], None] | None = None,
    ) -> None:
        """`tell` takes a signal to the machines; without it nothing may be signalled."""
        self.settings = state.settings
        self.now = state.now if now is None else now
        self.lead, self.desk, self.pack, self.ear = state.lead, state.desk, state.pack, state.ear
        self.agenda = state.agenda
        self.voice, self.room, self.wishes = state.voice, state.room, state.wishes
        self.person, self.memory, self.shown = state.person, state.memory, state.shown
        self.passed, self.planned, self.wakes_at = state.passed, state.planned, state.wakes_at
        self.exit_code, self.over = state.exit_code, state.over
        self.coming_at: float | None = None
        """When time brings something next, as it was found last."""
        self.looked_at: tuple[object, ...] = ()
        """What all that is led was found to be fit by, in this turn."""
        self.effects: list[Effect] = []
        self.running: list[str] = []
        """The machines that are just doing something."""
        self._tell = tell

    def state(self) -> State:
        return State(
            self.settings,
            self.now,
            self.lead,
            self.desk,
            self.pack,
            self.agenda,
            self.ear,
            self.voice,
            self.room,
            self.wishes,
            self.person,
            self.memory,
            self.shown,
            self.passed,
            self.planned,
            self.wakes_at,
            self.exit_code,
            self.over,
        )

    @property
    def led(self) -> Led | None:
        """The lead's state where it holds a session."""
        return self.lead if isinstance(self.lead, Led) else None

    @property
    def at_rest(self) -> bool:
        return isinstance(self.lead, AtRest)

    @property
    def floor(self) -> bool:
        """Whether whoever is there gets down to the floor, today. What isn't known is taken for the
        cautious answer: while nobody knows the date "not today" holds, and "not at all" whatever
        was configured since."""
        wanted = self.memory.wanted
        if wanted.no_floor_day is not None and self.today() in (None, wanted.no_floor_day):
            return False
        never = wanted.floor is not None and not wanted.floor.value
        return not never and bool(holds(wanted.floor, float(self.settings.floor)))

    def there(self, routine: str) -> str:
        """The routine, or what takes its place for whoever doesn't get down to the floor."""
        return routine if self.floor else self.settings.upright.get(routine, routine)

    @property
    def gentle(self) -> str:
        """The routine that is offered instead when it hurts."""
        return self.there(self.settings.gentle)

    def signal(self, signal: Signal, value: object = None) -> None:
        """Tell the other machines at once; each does what its table says, if anything."""
        assert self._tell is not None
        self._tell(self, signal, value)

    # --- orders ---

    def do(self, effect: Effect) -> None:
        self.effects.append(effect)

    @property
    def silent(self) -> bool:
        """Whether a routine goes on in which nothing sounds but what is about safety."""
        lead = self.lead
        return isinstance(lead, Leading | Paused | Reentry) and lead.session.plan.silent

    def chime(self, sound: Sound) -> None:
        if self.voice.chimes and not self.silent:
            self.do(Chime(sound))

    def beat(self) -> None:
        """Of the metronome, which sounds without other chimes too."""
        if self.voice.metronome and not self.silent:
            self.do(Chime(Sound.TICK))

    def say(
        self,
        text: str,
        priority: Priority = Priority.CUE,
        within_s: float = 5.0,
        speech_s: float | None = None,
        *,
        aloud: bool = False,
    ) -> None:
        """Speak, and remember until when the voice may take for it. In silence the screen alone
        tells it, unless it is `aloud`: a question that nobody hears waits for ever. Whatever stands
        for the wake phrase in a sentence is replaced by it here."""
        text = text.replace("{wake}", self.settings.wake)
        voice = self.voice
        told = voice.last_told if priority is Priority.COUNT else text
        if self.silent and priority is not Priority.SAFETY and not aloud:
            self.voice = replace(voice, last_said=text, last_told=told)
            return
        takes_s = (estimate_s(text) if speech_s is None else speech_s) / voice.pace
        number = voice.count + 1
        # What waits before it takes its time too.
        behind_s = max((u.gives_up_at - self.now for u in voice.utterances), default=0.0)
        gives_up_at = self.now + min(within_s, behind_s) + takes_s + GIVE_UP_S
        waiting = (*voice.utterances, Utterance(number, gives_up_at))
        self.voice = replace(
            voice, utterances=waiting, count=number, last_said=text, last_told=told
        )
        self.do(Say(number, text, priority, within_s))

    def hush(self) -> None:
        """Silence at once. The voice answers for what was cut as for what was said."""
        if self.voice.utterances:
            self.do(Hush())

    def duck(self) -> None:
        """Make way for what somebody may be saying."""
        if self.voice.utterances:
            self.do(Duck())

    def ignore(self, reason: str) -> None:
        self.do(Ignored(reason))

    def record(
        self,
        kind: str,
        name: str = "",
        seconds: float = 0.0,
        detail: str = "",
        *,
        planned_s: float = 0.0,
        reps: int = 0,
        planned_reps: int = 0,
        side: str = "",
        value: int | None = None,
    ) -> None:
        self.do(Record(kind, name, seconds, detail, planned_s, reps, planned_reps, side, value))

    # --- the clock on the wall ---

    def civil(self, at: float | None = None) -> float | None:
        """Local civil seconds now, or at a monotonic time, where the wall clock is known."""
        offset = self.room.civil_offset
        return None if offset is None else (self.now if at is None else at) + offset

    def today(self) -> int | None:
        """The local date (days since 1970-01-01), where the wall clock is known."""
        civil = self.civil()
        return None if civil is None else int(civil // 86400)

    def time_of_day(self, at: float) -> float | None:
        """The local time of day (seconds since midnight) at a monotonic time."""
        civil = self.civil(at)
        return None if civil is None else civil % 86400
