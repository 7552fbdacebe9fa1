"""The pack's table: ice and heat, a timer that ends by itself.

Decides how long cold or warmth may stay on the skin (never over twenty minutes, and not again
before the skin has rested for as long), and what is said of it; when that may be heard is
`priorities`'s. Which of the two to take is the person's choice; what the first days are often
treated with is an offer.
"""

from dataclasses import replace

from assistant.coach.effects import Place, Sound
from assistant.coach.events import Asked
from assistant.coach.events import Command as C
from assistant.coach.interpreter import Machine, Row, put_pack
from assistant.coach.priorities import Claim, free_from
from assistant.coach.state import Kept, NoPack, Pack, PackOn, PackOver, Sitting
from assistant.coach.triggers import Signal, Time
from assistant.coach.turn import Turn
from assistant.content import sentences

USUAL_S = 900.0
MOST_S = 1200.0
HALF_FROM_S = 240.0
"""Shorter ones have no word at half-time."""
REMINDS_S = 60.0
"""How soon it is said again that time is up, unless somebody answers."""
REMINDERS = 3
LATEST_S = 30.0
"""How long the last word may wait for a gap. Half-time that long past isn't said at all."""
LOOK_AGAIN_S = 0.5
END = {Kept.ICE: sentences.ICE_OFF, Kept.HEAT: sentences.HEAT_OFF}


# --- what is asked for --------------------------------------------------------


def begin(turn: Turn, pack: NoPack, asked: Asked) -> PackOn:
    kind = Kept.ICE if asked.command is C.ICE else Kept.HEAT
    length_s = min(asked.seconds or USUAL_S, MOST_S)
    turn.record("timer", kind, length_s, "begun")
    capped = asked.seconds is not None and asked.seconds > MOST_S
    turn.say(sentences.timer_begun(kind, length_s, capped=capped, first=pack.used == 0))
    return PackOn(kind, turn.now, length_s, pack.used + 1)


def skin_rests(turn: Turn, _: object) -> bool:
    """the skin still rests"""
    return isinstance(turn.pack, NoPack) and turn.now < turn.pack.rests_until


def refuse(turn: Turn, pack: NoPack, _: Asked) -> NoPack:
    turn.say(sentences.skin_rests(pack.rests_until - turn.now))
    return pack


def tell(turn: Turn, pack: PackOn | PackOver, _: Asked) -> Pack:
    tell_left(turn, pack)
    return pack


def tell_left(turn: Turn, pack: Pack) -> bool:
    """How long it still runs; whether there is one to tell of."""
    if isinstance(pack, NoPack):
        return False
    left_s = pack.ends_at - turn.now
    turn.say(sentences.timer_left(pack.kind, left_s) if left_s > 0 else END[pack.kind])
    return True


def none_there(turn: Turn, pack: NoPack, _: Asked) -> NoPack:
    turn.say(sentences.NO_TIMER)
    return pack


def take_off(turn: Turn, pack: PackOn | PackOver, _: Asked) -> NoPack:
    """Taken off, before its time or after."""
    turn.hush()
    rests_until = (
        pack.rests_until if isinstance(pack, PackOver) else put_away(turn, pack, "stopped")
    )
    turn.say(sentences.timer_ended(max(0.0, rests_until - turn.now)))
    return NoPack(rests_until, pack.used)


def put_away(turn: Turn, pack: PackOn, how: str) -> float:
    """Write it down; from now on the skin rests for as long as it was cold or warm: until when."""
    used_s = turn.now - pack.began
    turn.record("timer", pack.kind, used_s, how, planned_s=pack.length_s)
    return turn.now + used_s


# --- time --------------------------------------------------------------------


def due_at(pack: PackOn | PackOver) -> float:
    if isinstance(pack, PackOver):
        return pack.ended + pack.said * REMINDS_S
    if not pack.halved and pack.length_s >= HALF_FROM_S:
        return pack.began + pack.length_s / 2
    return pack.ends_at


def must_wait(turn: Turn, _: object) -> bool:
    """something else is being said"""
    pack = turn.pack
    assert not isinstance(pack, NoPack)
    return free_from(turn, Claim.PACK) > turn.now and turn.now < due_at(pack) + LATEST_S


def wait(turn: Turn, pack: PackOn | PackOver, _: float) -> Pack:
    return replace(pack, waits_until=turn.now + LOOK_AGAIN_S)


def half(turn: Turn, pack: PackOn, _: float) -> PackOn:
    if turn.now < due_at(pack) + LATEST_S:
        say(turn, sentences.TIMER_HALF)
    return replace(pack, halved=True)


def end(turn: Turn, pack: PackOn, _: float) -> PackOver:
    """Time is up; said again until somebody answers, a few times."""
    rests_until = put_away(turn, pack, "done")
    turn.chime(Sound.DONE)
    say(turn, f"{END[pack.kind]} {sentences.timer_rest(pack.length_s)}".strip())
    return PackOver(pack.kind, pack.ends_at, rests_until, pack.used)


def again(turn: Turn, pack: PackOver, _: float) -> Pack:
    turn.chime(Sound.DONE)
    say(turn, END[pack.kind])
    if pack.said + 1 == REMINDERS:
        return NoPack(pack.rests_until, pack.used)
    return replace(pack, said=pack.said + 1)


def say(turn: Turn, text: str) -> None:
    turn.wishes = replace(turn.wishes, interrupted_at=turn.now)  # reminders keep their distance
    turn.say(text, within_s=LATEST_S)


# --- what happens meanwhile -----------------------------------------------------


def slept_without(_: Turn, pack: NoPack, seconds: float) -> NoPack:
    """The machine was suspended, and its clock with it; the skin rested on."""
    return replace(pack, rests_until=pack.rests_until - seconds)


def slept_on(_: Turn, pack: PackOn, seconds: float) -> PackOn:
    return replace(pack, began=pack.began - seconds)


def slept_over(_: Turn, pack: PackOver, seconds: float) -> PackOver:
    rests_until = pack.rests_until - seconds
    return replace(pack, ended=pack.ended - seconds, rests_until=rests_until)


def was_on(_: Turn, place: Place) -> bool:
    """one was on"""
    return bool(place.timer)


def cut_short(turn: Turn, pack: NoPack, place: Place) -> NoPack:
    """After a power cut: nobody knows how long it was, so it may have been on for long enough."""
    rests_s = min(max(0.0, place.timer_s), MOST_S)
    turn.record("timer", place.timer, 0.0, "cut")
    turn.say(sentences.TIMER_CUT.format(pack=place.timer))
    return replace(pack, rests_until=turn.now + rests_s)


# --- the table --------------------------------------------------------------------


def nothing_else(turn: Turn, _: object) -> bool:
    """nothing else is going on"""
    return turn.at_rest and isinstance(turn.desk, Sitting)


THERE = (PackOn, PackOver)

ROWS: tuple[Row[Pack], ...] = (
    Row(NoPack, (C.ICE, C.HEAT), refuse, when=skin_rests),
    Row(NoPack, (C.ICE, C.HEAT), begin, PackOn),
    Row(NoPack, C.TIMER_OFF, none_there),
    Row(THERE, (C.ICE, C.HEAT), tell),
    Row(THERE, C.TIMER_OFF, take_off, NoPack),
    Row(THERE, (C.PRESS, C.STOP), take_off, NoPack, nothing_else),
    Row(PackOn, (Time.PACK_HALF, Time.PACK_ENDS), wait, when=must_wait),
    Row(PackOn, Time.PACK_HALF, half),
    Row(PackOn, Time.PACK_ENDS, end, PackOver),
    Row(PackOver, Time.PACK_ENDS, wait, when=must_wait),
    Row(PackOver, Time.PACK_ENDS, again, (PackOver, NoPack)),
    Row(NoPack, Signal.SLEPT, slept_without),
    Row(PackOn, Signal.SLEPT, slept_on),
    Row(PackOver, Signal.SLEPT, slept_over),
    Row(NoPack, Signal.RESTARTED, cut_short, when=was_on),
)


def next_time(turn: Turn) -> tuple[float, Time] | None:
    """When the pack has something to say, and what."""
    pack = turn.pack
    if isinstance(pack, NoPack):
        return None
    at = max(due_at(pack), pack.waits_until)
    half_time = isinstance(pack, PackOn) and due_at(pack) < pack.ends_at
    return at, Time.PACK_HALF if half_time else Time.PACK_ENDS


PACK: Machine[Pack] = Machine(
    "pack", ROWS, read=lambda turn: turn.pack, put=put_pack, next_time=next_time
)
