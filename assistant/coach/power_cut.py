"""The place that outlives a power cut: what is kept of it, when, and how one comes back to it.

Decides what is the same place in a routine whose file, or whose fitting to the day, may be another
one now: the same exercise, part, side and repetition of the same length. Where that isn't there any
more, it offers the exercise of that name from its beginning, or nothing. Nothing is ever booked as
done that wasn't.
"""

import math
from dataclasses import astuple, replace

from assistant.coach import fitting, suitability
from assistant.coach.controls import FORGOTTEN_S
from assistant.coach.desk import LEFT_S
from assistant.coach.effects import Keep, Place, Priority
from assistant.coach.familiarity import known
from assistant.coach.question import put
from assistant.coach.session import first_of, lay_out, spent_s
from assistant.coach.state import (
    AtRest,
    Away,
    Closed,
    Due,
    Hurt,
    Leading,
    Led,
    Overdue,
    Paused,
    Session,
    Sitting,
)
from assistant.coach.triggers import Signal
from assistant.coach.turn import Turn
from assistant.content import sentences
from assistant.content.composing import made_again
from assistant.content.eased_routine import exchanged, only
from assistant.content.plan import compile_plan, told_to
from assistant.content.types import Plan, Routine
from assistant.content.ways import connected

KEEP_S = {True: 1.0, False: 5.0}
"""How old the kept place may get while a session is led, and otherwise."""


# --- coming back -------------------------------------------------------------


def comes_back(turn: Turn, place: Place) -> bool:
    """its place is still there"""
    return place_in(turn, place) is not None


def come_back(turn: Turn, _: AtRest, place: Place) -> Paused:
    """After a power cut: wait, paused, at the place where it happened."""
    found = place_in(turn, place)
    assert found is not None  # the row's guard
    plan, routine, index, exact = found
    turn.signal(Signal.SESSION_BEGINS)
    session = lay_out(turn, Session(plan, turn.now, routine), index, turn.now)
    if exact:
        elapsed_s = min(max(0.0, place.elapsed_s), session.length_s)
        later = tuple(mark for mark in session.marks if mark[0] >= elapsed_s)
        session = replace(session, elapsed_s=elapsed_s, marks=later, done=place.done)
    item = plan.segments[index].item
    name = plan.exercises[item] if item >= 0 else plan.spoken_name
    turn.say(sentences.back_in(name, session.segment.side))
    return Paused(session, turn.now + FORGOTTEN_S)


def it_hurt(turn: Turn, place: Place) -> bool:
    """it had just hurt"""
    return place.hurt and place.routine in turn.settings.plans


def come_back_hurt(turn: Turn, _: AtRest, place: Place) -> Hurt:
    """After a power cut in the question whether it is sharp: it is still open."""
    plan, routine = turn.settings.plans[place.routine], turn.settings.routines.get(place.routine)
    turn.signal(Signal.SESSION_BEGINS)
    known = place.exercise in plan.exercise_ids
    index = first_of(plan, plan.exercise_ids.index(place.exercise)) if known else 0
    session = lay_out(turn, Session(plan, turn.now, routine), index, turn.now)
    session = replace(session, done=place.done if known else ())
    return Hurt(session, put(turn, sentences.BACK_HURT, Priority.SAFETY), ends=True)


def place_in(turn: Turn, place: Place) -> tuple[Plan, Routine | None, int, bool] | None:
    """The plan that goes on, where in it, and whether that is the very place; None: nowhere."""
    if place.routine not in turn.settings.plans or suitability.red_flag(turn.person.health):
        return None
    plan, routine = turn.settings.plans[place.routine], turn.settings.routines.get(place.routine)
    if routine is not None:
        suited = as_led(turn, place)
        if not suited.items:
            return None
        plan, routine = (plan if suited == routine else compile_plan(suited)), suited
    plan = told_to(plan, known(turn))
    if not place.exercise:  # in the introduction, or at the end
        intro = place.part == plan.segments[0].kind
        return plan, routine, 0 if intro else len(plan.segments) - 1, True
    if place.exercise not in plan.exercise_ids:
        return None
    item = plan.exercise_ids.index(place.exercise)
    same = [i for i, key in enumerate(keys(plan)) if key[0] == item and key[1:] == key_of(place)]
    exact = bool(same) and math.isclose(plan.segments[same[0]].length_s, place.length_s)
    return plan, routine, same[0] if exact else first_of(plan, item), exact


def as_led(turn: Turn, place: Place) -> Routine:
    """The routine with the exercises that were led, as far as they suit still; where they are
    others than a routine of this name can have, as it would be led today."""
    today = fitting.fitted(turn, place.routine).routine
    written, exercises = today, turn.settings.exercises
    if today.minutes:
        led = [exercises[name] for name in place.exercises if name in exercises]
        suiting = [one for one in led if fitting.suits(turn, one, place.routine)]
        return made_again(today, suiting) if suiting else today
    for name in place.exercises:
        if name in [item.exercise.id for item in written.items]:
            continue
        other = exercises.get(name)
        for index, item in enumerate(written.items):
            near = (item.exercise.easier, item.exercise.harder)
            spare = item.exercise.id not in place.exercises
            if other is not None and spare and name in near:
                if fitting.suits(turn, other, place.routine):
                    written = exchanged(written, index, other)
                break
    kept = only(written, lambda exercise: exercise.id in place.exercises)
    return connected(kept) if kept.items else today


def keys(plan: Plan) -> list[tuple[int, str, str, int]]:
    """Of each segment: the exercise, the part, the side, and the how manieth of these."""
    found: list[tuple[int, str, str, int]] = []
    count: dict[tuple[int, str, str], int] = {}
    for segment in plan.segments:
        key = (segment.item, segment.kind.value, segment.side)
        found.append((*key, count.get(key, 0)))
        count[key] = count.get(key, 0) + 1
    return found


def key_of(place: Place) -> tuple[str, str, int]:
    return place.part, place.side, place.repetition


# --- keeping -----------------------------------------------------------------


def place_now(turn: Turn) -> Place:
    """Where things stand now."""
    lead, desk = turn.led, turn.desk
    if lead is not None:
        return place_of(turn, lead)
    left_s: float | None = None
    snoozes = 0
    if isinstance(desk, Due):
        left_s, snoozes = 0.0, desk.snoozes
    elif isinstance(desk, Sitting | Overdue):
        left_s = desk.left_s if isinstance(desk, Sitting) else None
        if desk.stand_at is not None:
            left_s = max(0.0, desk.stand_at - turn.now)
        # What comes after an overdue break is another one.
        snoozes = desk.snoozes if isinstance(desk, Sitting) else 0
    quiet_until = turn.wishes.quiet_until
    return Place(
        sit_left_s=left_s,
        snoozes=snoozes,
        quiet_left_s=None if quiet_until is None else quiet_until - turn.now,
        away_left_s=away_left_s(turn),
        ear_closed=isinstance(turn.ear, Closed),
    )


def away_left_s(turn: Turn) -> float | None:
    """After which time away somebody is taken to be back; where that is never, after a while
    anyway, for who switches on again is there."""
    desk = turn.desk
    return min(desk.until - turn.now, LEFT_S) if isinstance(desk, Away) else None


def place_of(turn: Turn, lead: Led) -> Place:
    """Where a session is. An explanation that was asked for is no place: what it is about is."""
    session = lead.session
    plan = session.plan
    segment = plan.segments[session.index]
    same = (segment.item, segment.kind, segment.side)
    before = plan.segments[: session.index]
    return Place(
        plan.id,
        plan.exercise_ids[segment.item] if segment.item >= 0 else "",
        segment.kind.value,
        segment.side,
        sum((one.item, one.kind, one.side) == same for one in before) if segment.item >= 0 else 0,
        segment.length_s,
        0.0 if session.detour is not None else spent_s(turn, lead),
        plan.exercise_ids,
        session.done,
        ear_closed=isinstance(turn.ear, Closed),
        hurt=isinstance(lead, Hurt),
        unanswered=turn.person.unanswered,
    )


def moving(turn: Turn) -> bool:
    """Whether the place changes by time alone."""
    desk = turn.desk
    counting = isinstance(desk, Sitting | Overdue) and desk.stand_at is not None
    quiet = turn.wishes.quiet_until is not None
    away = isinstance(desk, Away) and desk.until < math.inf
    return counting or quiet or away or isinstance(turn.lead, Leading)


def stale_at(turn: Turn) -> float:
    """When the kept place gets too old."""
    return turn.shown.kept_at + KEEP_S[isinstance(turn.lead, Leading)]


def keep(turn: Turn) -> None:
    """Order the place to be kept: at once when something happened, else every few seconds."""
    kept, now_place = turn.shown.kept, place_now(turn)
    if kept is not None:
        same = what if moving(turn) else astuple
        again = now_place.elapsed_s < kept.elapsed_s  # a segment that was begun anew
        again = again or begun_anew(turn, kept, now_place)
        stale = moving(turn) and turn.now >= stale_at(turn)
        if same(now_place) == same(kept) and not again and not stale:
            return
    turn.do(Keep(now_place))
    turn.shown = replace(turn.shown, kept=now_place, kept_at=turn.now)


def begun_anew(turn: Turn, kept: Place, now_place: Place) -> bool:
    """Whether more has happened to the count of sitting than that time has passed."""
    desk = turn.desk
    counting = isinstance(desk, Sitting | Overdue) and desk.stand_at is not None
    if kept.sit_left_s is None or now_place.sit_left_s is None:
        return False
    passed_s = turn.now - turn.shown.kept_at if counting else 0.0
    return abs(kept.sit_left_s - passed_s - now_place.sit_left_s) > 1.0


def what(a: Place) -> tuple[object, ...]:
    """A place without what time alone changes."""
    running = (a.sit_left_s is None, a.quiet_left_s is None, a.away_left_s is None)
    at = (a.routine, a.exercise, a.part, a.side, a.repetition, a.hurt)
    return *at, running, a.snoozes, a.ear_closed
