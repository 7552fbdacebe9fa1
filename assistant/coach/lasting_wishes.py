"""What a person has asked for that holds until it is taken back, through restarts too.

Decides what counts as one change (the voice made slower three times is one), what "as it was
before" goes back to, and that whoever changes the configuration afterwards means that. What is
then done about reminders is `reminder_wishes`'s, about the voice `how_it_speaks`'s. The journal
keeps it.
"""

from dataclasses import fields, replace

from assistant.coach.effects import SetVoice, Wanted
from assistant.coach.memory import holds
from assistant.coach.settings import Settings
from assistant.coach.state import Voice
from assistant.coach.turn import Turn
from assistant.coach.working_hours import DAY_S

MOST_QUIET_S = 12 * 3600.0
"""The longest quiet, and how long it holds where nobody knows what time it is."""


def want(turn: Turn, wanted: Wanted) -> None:
    """Remember it, and what was before; a voice made slower once more is the same change."""
    memory = turn.memory
    changed = differing(memory.wanted, wanted)
    if not changed:
        return
    again = memory.before is not None and differing(memory.before, memory.wanted) == changed
    same = again and changed <= {"pace", "volume"}
    before = memory.before if same else memory.wanted
    turn.memory = replace(memory, wanted=wanted, before=before)
    turn.wishes = replace(turn.wishes, wanted_last=True)


def differing(one: Wanted, other: Wanted) -> set[str]:
    """The names of what is not the same in both."""
    names = [field.name for field in fields(Wanted)]
    return {name for name in names if getattr(one, name) != getattr(other, name)}


def speak_as_wanted(turn: Turn) -> None:
    """Set the voice to what is wanted now, and to the time of day."""
    before = turn.voice
    turn.voice = replace(
        with_wanted(before, turn.settings, turn.memory.wanted), by_night=night(turn)
    )
    if heard_as(turn, turn.voice) != heard_as(turn, before):
        turn.do(heard_as(turn, turn.voice))


def with_wanted(voice: Voice, settings: Settings, wanted: Wanted) -> Voice:
    """As what is wanted has it; else as it is configured."""
    return replace(
        voice,
        volume=holds(wanted.volume, settings.volume),
        pace=holds(wanted.pace, settings.rate_wpm, 1.0),
        chimes=bool(holds(wanted.chimes, settings.chimes)),
        metronome=bool(holds(wanted.metronome, settings.metronome)),
    )


def heard_as(turn: Turn, voice: Voice) -> SetVoice:
    """The order for it. Louder and quieter go from what it is by day; the night takes its part."""
    share = turn.settings.night_volume if voice.by_night else 1.0
    return SetVoice(voice.pace, round(voice.volume * share, 3))


def night(turn: Turn) -> bool:
    """Whether it is night by the clock on the wall; while nobody knows, it is not."""
    hours = turn.settings.night
    if hours is None or (time_s := turn.time_of_day(turn.now)) is None:
        return False
    from_s, to_s = hours
    return (time_s - from_s) % DAY_S < to_s - from_s


def sit_s(settings: Settings, wanted: Wanted) -> float | None:
    """How long sitting may last where somebody has said so; None: as configured."""
    wish = wanted.sit_s
    return wish.value if wish is not None and wish.configured == settings.sit_s else None


def date_today(turn: Turn) -> None:
    """The clock was set: "not on the floor today" that was said without one was said today."""
    memory, today = turn.memory, turn.today()

    def dated(one: Wanted) -> Wanted:
        return replace(one, no_floor_day=today) if one.no_floor_day == 0 else one

    if today is not None:
        before = None if memory.before is None else dated(memory.before)
        turn.memory = replace(memory, wanted=dated(memory.wanted), before=before)


def forget_moved(turn: Turn) -> None:
    """Another time is over once its day has had its answer; that is no change to be taken back."""
    memory, today = turn.memory, turn.today()
    moved = memory.wanted.moved
    if moved is not None and today is not None and moved.day <= today:
        turn.memory = replace(memory, wanted=replace(memory.wanted, moved=None))


# --- quiet ------------------------------------------------------------------


def quiet_at_start(wanted: Wanted, now: float) -> float | None:
    """Until the clock is known nobody knows how much of it is left."""
    return None if wanted.quiet_until_s is None else now + MOST_QUIET_S


def look_at_clock(turn: Turn) -> None:
    """The clock was set. Quiet of an earlier run lasts until the time that was told then; quiet of
    this one lasts as long as it was to, and only what is remembered of it is put right."""
    until_s, civil = turn.memory.wanted.quiet_until_s, turn.civil()
    wishes = turn.wishes
    if until_s is None or civil is None or wishes.quiet_until is None:
        return
    if wishes.quiet_unsure:
        # Where it is another day by far, the clock was wrong: then, or now.
        left_s = until_s - civil if civil < until_s < civil + 2 * MOST_QUIET_S else 0.0
        wishes = replace(wishes, quiet_until=turn.now + left_s, quiet_unsure=False)
        turn.wishes = wishes
    wanted = replace(turn.memory.wanted, quiet_until_s=turn.civil(wishes.quiet_until))
    turn.memory = replace(turn.memory, wanted=wanted)


def forget_quiet(turn: Turn) -> None:
    """It is over; that is no change to be taken back."""
    turn.wishes = replace(turn.wishes, quiet_until=None, quiet_unsure=False)
    wanted = replace(turn.memory.wanted, quiet_until_s=None)
    turn.memory = replace(turn.memory, wanted=wanted)
