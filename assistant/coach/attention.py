"""The ear's table: the wake phrase, the seconds in which any command is taken after it, and the ear
that is closed.

Decides how long it listens after the wake phrase, how often it says that it didn't understand, and
what opens an ear that was closed: any press, whatever else it does, or what closed it.
"""

import math
from dataclasses import replace

from assistant.coach.answers import help_now
from assistant.coach.effects import Place, SetEar, Sound
from assistant.coach.events import Asked, Source, Unclear
from assistant.coach.events import Command as C
from assistant.coach.interpreter import Machine, Row, put_ear
from assistant.coach.priorities import Claim, free_from
from assistant.coach.state import Asking, Asleep, Awake, Closed, Ear, Hurt
from assistant.coach.triggers import Signal, Time
from assistant.coach.turn import Turn
from assistant.content import read_back, sentences

AWAKE_S = 8.0
MISHEARD = 2
"""How often in a row the coach says that it didn't understand; then it is silent."""
WITHIN_S = 60.0
"""That it hears again is told after what the same press has it say."""


def chime(turn: Turn, ear: Ear, _: object) -> Ear:
    """In a session a wake phrase is polite, not needed."""
    turn.hush()
    turn.chime(Sound.WAKE)
    return ear


def wake(turn: Turn, ear: Ear, _: object) -> Awake:
    """A chime and eight seconds to say it."""
    chime(turn, ear, _)
    return Awake(turn.now + AWAKE_S)


def listen(turn: Turn, _: Ear, value: object) -> Awake:
    return Awake(turn.now + AWAKE_S)


def listen_on(turn: Turn, ear: Awake, _: object) -> Awake:
    """The assistant has spoken: the person's turn begins now."""
    return replace(ear, until=turn.now + AWAKE_S)


def fall_asleep(_: Turn, ear: Awake, value: object) -> Asleep:
    return Asleep()


def tell_unclear(turn: Turn, ear: Ear, unclear: Unclear) -> Ear:
    """Beside a question how that is answered, whatever else the line is like."""
    asked = isinstance(turn.lead, Asking | Hurt)
    turn.say(read_back.not_understood(unclear.like, help_now(turn) if asked else ""))
    return ear


def ask_for_more(turn: Turn, ear: Awake, _: Unclear) -> Awake:
    turn.say(sentences.UNCLEAR)
    return Awake(turn.voice.utterances[-1].gives_up_at + AWAKE_S, ear.misheard + 1)


def pay_no_attention(turn: Turn, ear: Asleep, _: Unclear) -> Asleep:
    turn.ignore("unclear: nobody was being listened to")
    return ear


def close(turn: Turn, _: Asleep, asked: Asked) -> Closed:
    """The microphone is closed, not just unheard."""
    turn.hush()
    turn.do(SetEar(listening=False))
    turn.say(sentences.EAR_CLOSED)
    return Closed()


def closed_still(turn: Turn, _: Asleep, place: Place) -> Closed:
    """After a restart too."""
    turn.do(SetEar(listening=False))
    turn.say(sentences.EAR_CLOSED_ALREADY)
    return Closed()


def open_again(turn: Turn, _: Closed, asked: Asked) -> Asleep:
    turn.do(SetEar(listening=True))
    turn.say(sentences.EAR_OPEN, within_s=WITHIN_S)
    return Asleep()


def stay_closed(turn: Turn, ear: Closed, _: Asked) -> Closed:
    turn.say(sentences.EAR_CLOSED_ALREADY)
    return ear


# --- the table --------------------------------------------------------------------


def may_be_taken(turn: Turn, _: object) -> bool:
    """no session"""
    return free_from(turn, Claim.COMMAND) < math.inf


def by_hand(_: Turn, asked: Asked) -> bool:
    """by hand"""
    return asked.source in (Source.BUTTON, Source.KEY)


def was_closed(_: Turn, place: Place) -> bool:
    """it was closed"""
    return place.ear_closed


def typed(_: Turn, unclear: Unclear) -> bool:
    """typed"""
    return unclear.source is Source.TYPED


def often_enough(turn: Turn, _: object) -> bool:
    """for the third time"""
    return isinstance(turn.ear, Awake) and turn.ear.misheard == MISHEARD


ROWS: tuple[Row[Ear], ...] = (
    Row((Asleep, Awake), C.WAKE, wake, Awake, may_be_taken),
    Row((Asleep, Awake), C.WAKE, chime),
    Row(Asleep, Signal.INVITED, listen, Awake, may_be_taken),
    Row(Asleep, C.CLOSE_EAR, close, Closed),
    Row(Closed, C.CLOSE_EAR, open_again, Asleep, by_hand),
    Row(Closed, C.CLOSE_EAR, stay_closed),
    Row(Closed, (C.OPEN_EAR, C.PRESS), open_again, Asleep),
    Row(Asleep, Signal.RESTARTED, closed_still, Closed, was_closed),
    Row((Asleep, Awake, Closed), Signal.UNCLEAR, tell_unclear, when=typed),
    Row(Asleep, Signal.UNCLEAR, pay_no_attention),
    Row(Awake, Signal.UNCLEAR, fall_asleep, Asleep, often_enough),
    Row(Awake, Signal.UNCLEAR, ask_for_more),
    Row(Awake, Signal.COMMAND, fall_asleep, Asleep),
    Row(Awake, Signal.VOICE_ENDS, listen_on),
    Row(Awake, Time.FALL_ASLEEP, fall_asleep, Asleep),
)


def next_time(turn: Turn) -> tuple[float, Time] | None:
    return (turn.ear.until, Time.FALL_ASLEEP) if isinstance(turn.ear, Awake) else None


EAR: Machine[Ear] = Machine(
    "ear", ROWS, read=lambda turn: turn.ear, put=put_ear, next_time=next_time
)
