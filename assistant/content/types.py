"""What an exercise, a routine and a compiled plan are.

Types only: `read` fills the first two from TOML, `plan` compiles them to the
third, and the coach walks through a plan without knowing either. Lengths are seconds.
"""

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum


class Position(StrEnum):
    STANDING = "standing"
    SEATED = "seated"
    SUPINE = "supine"
    PRONE = "prone"
    SIDE = "side"
    ALL_FOURS = "all_fours"
    HALF_KNEELING = "half_kneeling"


class Phase(StrEnum):
    """When an exercise is suitable (A, U, S in the sources' table)."""

    ACUTE = "acute"
    SUBACUTE = "subacute"
    STRENGTH = "strength"


class Sides(StrEnum):
    NONE = "none"
    LEFT_RIGHT = "left_right"
    """All of it on one side, a switch, all of it on the other."""
    ALTERNATING = "alternating"
    """Left and right in turn within one set."""


class Mode(StrEnum):
    HOLD = "hold"
    REPS = "reps"
    HOLD_REPS = "hold_reps"
    """Hold, release, again: `reps` times, on each side."""
    BREATHS = "breaths"
    TIMED = "timed"
    """Keep moving for `hold_s`."""


class Count(StrEnum):
    """How a hold is counted aloud."""

    DOWN = "down"
    """Every second of a short hold (10 s or less) backwards, the last five of a longer one."""
    UP = "up"
    EVERY5 = "every5"
    LAST3 = "last3"
    BREATHS = "breaths"
    SILENT = "silent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a dose comes from: `dose` is what it says; org "own" marks a dose of our own."""

    org: str
    url: str = ""
    dose: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dose:
    """How much of an exercise; in a routine each key may override the exercise's own."""

    hold_s: float = 0.0
    reps: int = 1
    sets: int = 1
    release_s: float = 3.0
    """Between two holds of a hold_reps."""
    rest_s: float = 10.0
    """After the exercise, and between sets."""
    switch_s: float = 6.0
    setup_s: float = 10.0
    """Time to get into position, at least."""
    tempo_s: float = 4.0
    """One repetition, or one breath."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exercise:
    id: str
    name: str
    spoken_name: str
    position: Position
    phase: Phase
    mode: Mode
    dose: Dose
    setup: str
    """Getting into position, in sentences as they are spoken."""
    steps: tuple[str, ...]
    """What to do, one instruction a sentence."""
    sides: Sides = Sides.NONE
    count: Count = Count.LAST3
    equipment: tuple[str, ...] = ()
    breathing: str = ""
    half: str = ""
    """A cue for the middle of a long hold, instead of plain "halfway"."""
    release: str = "And let go."
    """Said when a hold ends."""
    mistakes: tuple[str, ...] = ()
    contraindications: tuple[str, ...] = ()
    stop_if: str = ""
    sources: tuple[Source, ...] = ()
    file: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One exercise in a routine, with this routine's dose."""

    exercise: Exercise
    dose: Dose
    start_side: str = "left"


@dataclass(frozen=True, slots=True, kw_only=True)
class Routine:
    id: str
    name: str
    spoken_names: tuple[str, ...]
    """What a person may call it; the first is what the assistant calls it. Lower-case words."""
    intro: str
    items: tuple[Item, ...]
    outro: str = "That's it. Well done."
    file: str = ""
    sources: tuple[Source, ...] = field(default=())


# --- the compiled plan ------------------------------------------------------


class Kind(StrEnum):
    """What a stretch of a plan is; the coach's lamp and answers follow from it."""

    INTRO = "intro"
    SETUP = "setup"
    """Getting into position: "go" ends it early."""
    STEPS = "steps"
    """Being told what to do, before doing it."""
    WORK = "work"
    """Holding or moving. Never lengthened by speech, never waits."""
    RELEASE = "release"
    """Between two holds of the same exercise and side."""
    SWITCH = "switch"
    REST = "rest"
    OUTRO = "outro"


class Rank(IntEnum):
    """How a cue of a plan is to be spoken; the coach maps it to a priority."""

    TIP = 0
    CUE = 1
    COUNT = 2


@dataclass(frozen=True, slots=True)
class Cue:
    """A sentence at a moment of its segment."""

    at_s: float
    text: str
    rank: Rank = Rank.CUE
    speech_s: float = 0.0
    """How long it takes to say, estimated on the safe side, at pace 1.0."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a plan, one thing going on."""

    kind: Kind
    item: int
    """Index of the exercise in the routine, from 0; -1 in the intro and the outro."""
    title: str
    """For the screen: "Bridge", "Donkey kick, left side"."""
    length_s: float
    """Its planned length at pace 1.0: at least what its speech takes, except in WORK."""
    cues: tuple[Cue, ...] = ()
    side: str = ""
    """left, right or empty."""
    ticks: tuple[float, ...] = ()
    """When a soft tick sounds, seconds from the start (silent seconds of a counted hold)."""
    reps: int = 0
    """Repetitions, breaths or holds in it; 0 where nothing is counted."""

    @property
    def speech_s(self) -> float:
        """When its last sentence is over, at pace 1.0."""
        return max((cue.at_s + cue.speech_s for cue in self.cues), default=0.0)


@dataclass(frozen=True, slots=True)
class Plan:
    """A routine as a flat timed list: what `rehearse` prints and the coach walks through."""

    id: str
    name: str
    spoken_name: str
    exercises: tuple[str, ...]
    """The spoken names, by `Segment.item`."""
    exercise_ids: tuple[str, ...]
    segments: tuple[Segment, ...]
    phases: tuple[Phase, ...] = ()
    """By `Segment.item`."""

    @property
    def total_s(self) -> float:
        return sum(segment.length_s for segment in self.segments)
