"""What an exercise, a routine and a compiled plan are.

Types only: `routine_reader` fills the first two from TOML, `plan` compiles them to the
third, and the coach walks through a plan without knowing either. Lengths are seconds.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum
from functools import cached_property

from assistant.content.conditions import Condition as Condition
from assistant.content.conditions import Movement as Movement
from assistant.content.conditions import left_out
from assistant.content.figures import Figure as Figure
from assistant.content.sources import Source as Source


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


class Sound(StrEnum):
    """What a whole routine sounds like."""

    FULL = "full"
    """Counts, ticks, halfway and reminders to breathe."""
    NO_TICKS = "no_ticks"
    """All that is said, without the soft tick of the silent seconds."""
    QUIET = "quiet"
    """Holds without counts and ticks: only their start, their middle and their end are said."""
    SILENT = "silent"
    """Nothing sounds while it is led: the lamp and the screen tell all of it."""


class Around(StrEnum):
    """What else than a routine's own an exercise is good for."""

    WARM_UP = "warm_up"
    COOL_DOWN = "cool_down"


class Wording(StrEnum):
    """How much is told of an exercise before it is done."""

    COUNTED = "counted"
    """All of it the first times, then what matters most."""
    FULL = "full"
    SHORT = "short"


class At(StrEnum):
    """When a sentence of an exercise's own is said."""

    START = "start"
    """Soon after the first hold or repetition began, on each side."""
    HALF = "half"
    """In the middle, instead of plain "halfway"."""
    EVERY_N = "every_n"
    """Every `n` repetitions or breaths; every `n` seconds of a long hold."""
    LAST = "last"
    """With the last repetition, or before the last count of a long hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """A sentence of the exercise's own, said while somebody works where there is room for it."""

    at: At
    say: str
    n: int = 0
    """For at = "every_n": how many repetitions, breaths or seconds."""


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
    ready_s: float = 0.0
    """Time for what `ready` says, at least; its sentences share it evenly."""
    move_s: float = 0.0
    """Time from `move` to "hold", at least; its sentences share it evenly."""
    tempo_s: float = 4.0
    """One repetition, or one breath."""
    tempo: str = ""
    """A repetition in whole seconds, there-stay-back: "2-1-3". It takes the place of `tempo_s`."""
    set_reps: tuple[int, ...] = ()
    """Repetitions set by set, such as [6, 4, 2]. It takes the place of `reps` and `sets`."""

    def by_set(self) -> "tuple[Dose, ...]":
        """The dose of each set, one after the other."""
        if self.set_reps:
            return tuple(replace(self, reps=reps) for reps in self.set_reps)
        return (self,) * self.sets

    def turn_s(self) -> float:
        """From the start of a repetition to its way back; 0 where no `tempo` says so."""
        there, stay, _ = map(int, self.tempo.split("-")) if self.tempo else (0, 0, 0)
        return float(there + stay)


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
    """Getting into position, in sentences as they are spoken; {side} is the side that comes first,
    {other} the other one."""
    steps: tuple[str, ...]
    """What will be done and felt, one thing a sentence, told before it begins: nobody moves yet."""
    in_place: str = ""
    """What is still to do in its position already: said instead of `setup` where a routine is put
    together by the program."""
    around: tuple[Around, ...] = ()
    """Routines that want a warm-up or a cool-down take it by themselves, where they begin or end
    in its position."""
    sides: Sides = Sides.NONE
    side: str = "side"
    """What is left or right, as one says it: "leg", "knee on the floor"."""
    count: Count = Count.LAST3
    level: int = 1
    """Within its family: 1 is the easiest."""
    family: str = ""
    """What `easier` and `harder` have in common with it."""
    easier: str = ""
    """The exercise of the same family to fall back on; empty: only the dose can be less."""
    harder: str = ""
    """The exercise of the same family to go on to; empty: only the dose can be more."""
    movements: tuple[Movement, ...] | None = None
    """What it asks of the body; [] is a spine that stays still and carries nothing. Without this
    line it is led to nobody who has told of a condition."""
    equipment: tuple[str, ...] = ()
    breathing: str = ""
    ready: str = ""
    """The last thing before the work of each side and set: here is raised what is held in the air,
    so that nobody waits with it."""
    move: str = ""
    """The movement, said as it is done: before each hold ("hold" comes after it), with each
    repetition, with the first breath out."""
    cues: tuple[Prompt, ...] = ()
    back: str = "And back."
    """Said within each repetition, where `tempo` turns back."""
    release: str = "And let go."
    """Said when a hold ends; without it a set of repetitions or breaths ends with "and rest"."""
    done: str = ""
    """Said after that when a side is done: what was raised comes down."""
    switch: str = ""
    """Said between the sides, after which one comes; {side} is that one."""
    between_sets: str = ""
    """Said before each set but the first."""
    mistakes: tuple[str, ...] = ()
    contraindications: tuple[str, ...] = ()
    """What to do about a trouble that is no condition of the table, in sentences; said with the
    steps."""
    stop_if: str = ""
    """When to end it: said after "end it if"."""
    sources: tuple[Source, ...] = ()
    figure: Figure | None = None
    """How it is drawn; without it, it has no picture."""
    file: str = ""

    @property
    def leave_out_with(self) -> tuple[Condition, ...]:
        """Whoever has told of one of these isn't led through it."""
        return left_out(self.movements, self.position)

    @property
    def flexion(self) -> bool:
        """Whether it bends the lower back forward, or doesn't say: not for the first hour of the
        day."""
        return self.movements is None or Movement.FLEXION in self.movements


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One exercise in a routine, with this routine's dose."""

    exercise: Exercise
    dose: Dose
    start_side: str = "left"
    only_side: str = ""
    """left or right: this side alone, the other one not at all."""
    around: bool = False
    """It came by itself, to warm up or to cool down; the routine isn't led for its sake."""
    after: Position | None = None
    """The position that its way into its own leads from; None: any."""
    own_setup: str = ""
    """The exercise's own `setup`, where another way takes its place here."""

    @property
    def sides(self) -> tuple[str, ...]:
        """left and right in the order in which they are worked; one empty one: it has none."""
        both = ("left", "right") if self.start_side == "left" else ("right", "left")
        alone = self.only_side or self.exercise.sides is Sides.NONE
        return (self.only_side,) if alone else both


@dataclass(frozen=True, slots=True, kw_only=True)
class Routine:
    id: str
    name: str
    spoken_names: tuple[str, ...]
    """What a person may call it; the first is what the assistant calls it. Lower-case words."""
    intro: str
    items: tuple[Item, ...]
    outro: str = "That's it. Well done."
    sound: Sound = Sound.FULL
    total_s: float = 0.0
    """How long its file says that it takes; 0: it doesn't say."""
    minutes: int = 0
    """So long it is made, anew each time, of what suits and is due; 0: it is as it was written."""
    positions: tuple[Position, ...] = ()
    """With `minutes`: only in these positions; none: in any."""
    ends: Position | None = None
    """Where its last sentence takes somebody to be; None: nobody knows."""
    stays_lying: bool = False
    """It ends on the floor, and as its file has it nobody is told to get up."""
    own_outro: str = ""
    """Its own `outro`, where another one takes its place."""
    last_left: bool = False
    """The last exercise was left out before it was begun: there is nothing to let go of."""
    written: tuple[Item, ...] = ()
    """With a warm-up or a cool-down: the items as its file has them."""
    file: str = ""
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Library:
    """Everything that can be led, by id."""

    routines: dict[str, Routine]
    exercises: dict[str, Exercise]


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
    unit_s: float = 0.0
    """Of repetitions and breaths: how long one takes (left and right together, if they alternate),
    so that whole ones can be added and left out; 0 where nothing comes in units."""
    unit: tuple[Cue, ...] = ()
    """What is said in one unit more, from its start."""
    brief: "Segment | None" = None
    """Of steps: the same for who knows the exercise."""
    full: "Segment | None" = None
    """Of steps that are told briefly: all of them."""
    beats: tuple[float, ...] = ()
    """When a metronome ticks, where one is wanted: each move of a repetition."""

    @property
    def speech_s(self) -> float:
        """When its last sentence is over, at pace 1.0."""
        return max((cue.at_s + cue.speech_s for cue in self.cues), default=0.0)


@dataclass(frozen=True)
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
    sides: tuple[tuple[str, ...], ...] = ()
    """Both by `Segment.item`; see `Item.sides`."""
    care: tuple[tuple[str, ...], ...] = ()
    """By `Segment.item`: all that there is to take care of, for whoever asks why or how."""
    explained: tuple[Segment, ...] = ()
    """By `Segment.item`: all the steps, with all that there is to take care of."""
    silent: bool = False
    """Nothing of it sounds."""
    delicate: bool = False
    """It begins like a long one, however short it is."""

    @cached_property
    def total_s(self) -> float:
        return sum(segment.length_s for segment in self.segments)

    @cached_property
    def firsts(self) -> Mapping[int, int]:
        """By `Segment.item`: the index of its first segment."""
        return {one.item: i for i, one in reversed([*enumerate(self.segments)])}
