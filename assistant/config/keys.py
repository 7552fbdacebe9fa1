"""Every key of the configuration: its meaning, its kind, its default and what it may be.

The one place of all three: nothing else in the house repeats a default. How a file is read is
decided in the room's `__init__`; what makes no sense although it is of the right kind, in `checks`.
"""

import dataclasses
from dataclasses import dataclass
from enum import StrEnum

from assistant.config.key import key as _key
from assistant.config.key import path as _path
from assistant.config.outside_keys import Mqtt, Office, Page
from assistant.content.types import Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Wake:
    """What wakes it up."""

    phrases: tuple[str, ...] = _key(
        ("hey coach",),
        "Said before a command while no routine is running. Lower-case words; two or more words "
        "are woken by mistake less often than one.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """How it listens."""

    model: str = _path(
        "Folder of a Vosk speech model; ~ is your home, and a relative path starts at this file. "
        "Empty: the best one that is found (`assistant models` lists them).",
    )
    microphone: str = _key(
        "",
        "Name, or part of the name, of the microphone, as `assistant doctor` lists them. "
        "Empty: the one that suits best.",
    )
    other_microphones: tuple[str, ...] = _key(
        (), "More names, best first: what is listened to while that one isn't there."
    )
    channel: int = _key(
        -1,
        "Which channel of a microphone with several is listened to, counted from 0; -1: both of "
        "two as one, and the first of more.",
        (-1, 15),
    )
    gain_db: float = _key(
        0.0,
        "How much louder the microphone is made, 0 to 40 dB: for one that has no level to turn up, "
        "as those on I2S pins (20 is a good try).",
        (0, 40),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """How it speaks."""

    rate_wpm: int = _key(
        155,
        "How fast, 80 to 300: words a minute as espeak-ng counts them. Within a sentence 155 are "
        "about 180 of ours.",
        (80, 300),
    )
    volume: float = _key(0.8, "From 0.0 (silent) to 1.0.", (0, 1))
    chimes: bool = _key(True, "Whether short sounds and ticks are played; false: only the voice.")
    night: str = _key(
        "22:00-7:00", "When it is quieter, so that nobody is woken next door. Empty: never."
    )
    night_volume: float = _key(0.6, "How much of the volume is left then, 0.1 to 1.", (0.1, 1))
    duck_others: bool = _key(
        True, "Turn music and the like on this machine down while it speaks; no call."
    )
    voice: str = _key(
        "gmw/en-us",
        "Name of the espeak-ng voice: the file that `espeak-ng --voices=en` shows, in lower case.",
    )
    loudspeaker: str = _key(
        "",
        "Name, or part of the name, of the loudspeaker, as `assistant doctor` lists them. "
        "Empty: the one that suits best.",
    )
    other_loudspeakers: tuple[str, ...] = _key(
        (), "More names, best first: what plays while that one isn't there."
    )


class NoPin(StrEnum):
    """Instead of a pin's number: there is none."""

    NONE = "none"


class Active(StrEnum):
    """The level of a pin at which a button is pressed, or a lamp shines."""

    LOW = "low"
    HIGH = "high"


class Pull(StrEnum):
    """The resistor inside the Pi that keeps a pin at a level while nothing else does."""

    AUTO = "auto"
    UP = "up"
    DOWN = "down"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """The button and the lamp on a Raspberry Pi."""

    button_pin: int | NoPin = _key(  # noqa: RUF009 - a number or a word
        17,
        'GPIO number (0 to 27) of the button; its other leg goes to ground. "none": no button.',
        (0, 27),
    )
    button_active: Active = _key(  # noqa: RUF009 - a word, which nobody can change
        Active.LOW,
        "low: pressed, the pin is at ground. high: pressed, it is at 3.3 V, as with a touch sensor "
        "or a switch that opens when it is pressed.",
    )
    button_pull: Pull = _key(  # noqa: RUF009 - a word, which nobody can change
        Pull.AUTO,
        "The Pi's own resistor at that pin: auto (up for low, down for high), up (also for a "
        "switch to ground that opens when it is pressed), down or none.",
    )
    led_pin: int | NoPin = _key(  # noqa: RUF009 - a number or a word
        27,
        'GPIO number (0 to 27) of the lamp; through a resistor to ground. "none": no lamp.',
        (0, 27),
    )
    led_active: Active = _key(  # noqa: RUF009 - a word, which nobody can change
        Active.HIGH, "high: the lamp goes to ground. low: it goes to 3.3 V."
    )
    led_brightness: float = _key(
        1.0, "How bright it is at most, 0.05 to 1; less for a bedroom.", (0.05, 1)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """When it asks you to stand up."""

    on: bool = _key(True, "false: never ask.")
    sit_min: float = _key(20.0, "Minutes of sitting before it asks, 1 to 240.", (1, 240))
    up_min: float = _key(2.0, "Minutes of standing that it times, 0.5 to 60.", (0.5, 60))
    snooze_min: float = _key(
        5.0, 'Minutes that "snooze" gives when no number is said, 1 to 60.', (1, 60)
    )
    snoozes: int = _key(3, "How often one reminder can be put off, 0 to 10.", (0, 10))
    courtesy_min: float = _key(
        5.0, "Minutes that it waits at most while people are talking, 0 to 30.", (0, 30)
    )
    gap_min: float = _key(
        1.0, "Minutes between any two reminders that you hear, 0.5 to 30; at least.", (0.5, 30)
    )
    routine: str = _key(
        "desk-break", 'The routine that "stretch" leads (`assistant routines` lists them).'
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """When you work."""

    on: bool = _key(False, "true: ask in these hours only. false: at any time.")
    monday: str = _key(
        "9:00-18:00",
        'Such as "9:00-12:00 13:00-17:00"; "22:00-6:00" goes past midnight. Empty: a day off.',
    )
    tuesday: str = _key("9:00-18:00", "Like monday.")
    wednesday: str = _key("9:00-18:00", "Like monday.")
    thursday: str = _key("9:00-18:00", "Like monday.")
    friday: str = _key("9:00-18:00", "Like monday.")
    saturday: str = _key("", "Like monday.")
    sunday: str = _key("", "Like monday.")
    lunch: str = _key("", 'When it does not ask on any day, such as "12:30-13:15". Empty: never.')
    holidays: tuple[str, ...] = _key((), 'More days off, such as ["2026-12-24", "2026-12-25"].')


@dataclass(frozen=True, slots=True, kw_only=True)
class Intervals:
    """Minutes of sitting before it asks, day by day."""

    monday: float = _key(0.0, "1 to 240, or 0 for the sit_min of [reminder].", (0, 240))
    tuesday: float = _key(0.0, "Like monday.", (0, 240))
    wednesday: float = _key(0.0, "Like monday.", (0, 240))
    thursday: float = _key(0.0, "Like monday.", (0, 240))
    friday: float = _key(0.0, "Like monday.", (0, 240))
    saturday: float = _key(0.0, "Like monday.", (0, 240))
    sunday: float = _key(0.0, "Like monday.", (0, 240))


class Sensor(StrEnum):
    """What can tell that somebody is there."""

    NONE = "none"
    PIR = "pir"
    DISTANCE = "distance"
    SEAT = "seat"


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """How it knows that you sit there, on a Raspberry Pi."""

    sensor: Sensor = _key(  # noqa: RUF009 - a word, which nobody can change
        Sensor.NONE,
        "none, pir (sees movement), distance (sound and its echo, HC-SR04) or seat (a switch "
        "under the cushion, to ground).",
    )
    pin: int = _key(
        22, "GPIO number (0 to 27) of the sensor; of its trigger if it is for distance.", (0, 27)
    )
    echo_pin: int = _key(
        23, "GPIO number (0 to 27) of its echo, through a divider to 3.3 V; distance only.", (0, 27)
    )
    near_m: float = _key(
        1.0, "Metres within which somebody is there, 0.1 to 3; distance only.", (0.1, 3)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """What it leads."""

    welcome: bool = _key(True, "Tell and try at your first start, in two minutes, how this works.")
    routine: str = _key(
        "desk-break", 'The routine of "start" and of the button (`assistant routines` lists them).'
    )
    gentle: str = _key("lower-back-gentle", "The routine that is offered instead when it hurts.")
    floor: bool = _key(
        True,
        "false: you don't get down to the floor. Then gentle, mobility and strength are done on a "
        "chair and standing, on the days of the plan too, and nothing else is led on the floor. "
        'What you say of it ("I cannot get down", "exercises on the floor again") goes before it.',
    )
    screening: bool = _key(
        True,
        "Ask safety questions before the first routine that doesn't suit everybody. false: you are "
        "taken to have answered that nothing speaks against it.",
    )
    pain: bool = _key(True, "Ask before and after such a routine how the back is, from 0 to 10.")
    metronome: bool = _key(False, "Tick along with repetitions, in the tempo of the exercise.")
    no_bending_before: int = _key(
        8, "Until this hour nothing bends the back forward; 0: at any time it may.", (0, 12)
    )
    instructions: Wording = _key(  # noqa: RUF009 - a word, which nobody can change
        Wording.COUNTED,
        "counted (all the steps of an exercise the first three times, then briefly), full or "
        'short. "Explain" tells all of them at any time.',
    )


class Stranger(StrEnum):
    """Who somebody is taken for who hasn't said who they are."""

    GUEST = "guest"
    OWNER = "owner"


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Who exercises here, where it is more than one; `assistant people` writes it."""

    owner: str = _key(
        "",
        "Whose coach and desk this is; the reminders are theirs. Empty: nobody is told apart.",
    )
    others: tuple[str, ...] = _key(
        (),
        'Who else: "Maria", or "Mia: maya, mee a" where other words are said for the name. Each '
        "has a history, answers and levels of their own.",
    )
    unknown: Stranger = _key(  # noqa: RUF009 - a word, which nobody can change
        Stranger.GUEST,
        "Who somebody is taken for who hasn't said who they are, where there are others: guest (the"
        " cautious answers, and nothing is kept) or owner.",
    )
    forget_min: float = _key(
        60.0, "So many minutes after the last routine it is forgotten who is there.", (5, 1440)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What it reminds you of on which day; what you say by voice afterwards goes before it."""

    time: str = _key("18:30", "When it asks, such as 7:00 or 18:30.")
    monday: str = _key(
        "", 'strength, mobility, exercises (whatever is next), a routine\'s name, or "": nothing.'
    )
    tuesday: str = _key("", "Like monday.")
    wednesday: str = _key("", "Like monday.")
    thursday: str = _key("", "Like monday.")
    friday: str = _key("", "Like monday.")
    saturday: str = _key("", "Like monday.")
    sunday: str = _key("", "Like monday.")
    mobility: str = _key("mobility", "The routine of a day for mobility.")
    beside_mobility: tuple[str, ...] = _key(
        ("fifteen-minutes", "yoga"),
        "In turn with that one, once it was led six times. This very list holds only beside "
        '"mobility"; beside another routine come those that you list for it.',
    )
    strength: str = _key(
        "lower-back-strength",
        "The routine of a day for strength; those whose names continue it are the next steps.",
    )
    instead: tuple[str, ...] = _key(
        ("without-the-floor", "chair"),
        "The first of these that suits you takes the place of a routine that mostly doesn't.",
    )
    offer: bool = _key(True, "Offer a plan once, after the first session of some length.")
    ask: bool = _key(
        True, "Ask after strength whether it was easy, and the next day how the back is."
    )
    look_back: bool = _key(True, "Tell on Sunday evening how the week was.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    wake: Wake = Wake()
    hearing: Hearing = Hearing()
    voice: Voice = Voice()
    panel: Panel = Panel()
    reminder: Reminder = Reminder()
    hours: Hours = Hours()
    intervals: Intervals = Intervals()
    presence: Presence = Presence()
    session: Session = Session()
    plan: Plan = Plan()
    people: People = People()
    page: Page = Page()  # noqa: RUF009 - frozen
    mqtt: Mqtt = Mqtt()  # noqa: RUF009 - frozen
    office: Office = Office()  # noqa: RUF009 - frozen


def limits() -> dict[str, tuple[float, float]]:
    """The least and the greatest value of each number, by its table and key: "page.port"."""
    return {
        f"{table.name}.{key.name}": key.metadata["limits"]
        for table in dataclasses.fields(Config)
        for key in dataclasses.fields(getattr(Config(), table.name))
        if key.metadata["limits"] is not None
    }


def names() -> list[str]:
    """Every key with its table: "reminder.sit_min"."""
    return [
        f"{table.name}.{key.name}"
        for table in dataclasses.fields(Config)
        for key in dataclasses.fields(getattr(Config(), table.name))
    ]
