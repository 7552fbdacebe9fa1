"""The stand-up reminder: when sitting has been long enough, and what answers it.

Decides the ladder (chime, then words, then words once more, then nothing), the
snoozes and the two minutes up. It measures only monotonic time; the clock time
is for what people are told.
"""

from assistant.coach.events import Asked, Sound
from assistant.coach.state import Alarm, Mode, Then, Turn
from assistant.content import sentences

CHIME_FIRST_S = 1.2
REPEAT_S = 120.0
SNOOZES = (1.0, 1.0, 0.4)
"""How much of the configured snooze each one in a row gets: shorter, not endless."""


def fall_due(turn: Turn) -> None:
    """Sitting has been long enough: lamp and chime, then words, repeated once, then let be."""
    state = turn.state
    turn.set(stand_at=None, due_since=turn.now)
    text = sentences.stand(state.settings.sit_s) if state.snoozes == 0 else sentences.STAND_AGAIN
    turn.enter(
        Mode.DUE,
        (CHIME_FIRST_S, Then.ASK_TO_STAND, text),
        (REPEAT_S, Then.ASK_TO_STAND, sentences.STAND_AGAIN),
        (2 * REPEAT_S, Then.UNANSWERED, ""),
    )
    turn.chime(Sound.DUE)
    turn.record("break_due")


def ask_to_stand(turn: Turn, alarm: Alarm) -> None:
    turn.say(alarm.text)


def unanswered(turn: Turn, _: Alarm) -> None:
    turn.record("break_unanswered", seconds=turn.now - turn.state.due_since)
    sit_again(turn)


def sit_again(turn: Turn) -> None:
    """From now on sitting counts anew."""
    settings = turn.state.settings
    stand_at = turn.now + settings.sit_s if settings.reminders else None
    turn.set(stand_at=stand_at, snoozes=0)
    turn.enter(Mode.IDLE)


def stand(turn: Turn, _: Asked) -> None:
    """The person is up: thank them and time it. Unasked-for standing counts just as well."""
    state = turn.state
    up_s = state.settings.up_s
    turn.hush()
    delay_s = turn.now - state.due_since if state.mode is Mode.DUE else 0.0
    turn.record("break_taken", seconds=delay_s)
    turn.set(stand_at=None)
    turn.enter(Mode.STANDING, (up_s / 2, Then.HALFWAY, ""), (up_s, Then.SIT, ""))
    turn.say(sentences.standing(up_s))


def halfway(turn: Turn, _: Alarm) -> None:
    turn.say(sentences.HALFWAY)


def sit(turn: Turn, _: Alarm) -> None:
    sit_again(turn)
    turn.chime(Sound.DONE)
    stand_at = turn.state.stand_at
    turn.say(sentences.sit(None if stand_at is None else turn.time_of_day(stand_at)))


def end_standing(turn: Turn, _: Asked) -> None:
    turn.hush()
    sit_again(turn)
    turn.say(sentences.SIT)


def snooze(turn: Turn, asked: Asked) -> None:
    """Put it off, and read back until when."""
    state = turn.state
    share = SNOOZES[min(state.snoozes, len(SNOOZES) - 1)]
    for_s = asked.seconds or share * state.settings.snooze_s
    turn.hush()
    turn.record("break_snoozed", seconds=for_s)
    turn.set(stand_at=turn.now + for_s, snoozes=state.snoozes + 1)
    turn.enter(Mode.IDLE)
    turn.say(sentences.snoozed(for_s, turn.time_of_day(turn.now + for_s)))


def skip_break(turn: Turn, _: Asked) -> None:
    turn.hush()
    turn.record("break_skipped", seconds=turn.now - turn.state.due_since)
    sit_again(turn)
    turn.say(sentences.BREAK_SKIPPED)
