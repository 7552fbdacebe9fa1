"""How a person wants to be reminded: quiet for a while, not today, how often, as it was before.

Decides how long quiet lasts (it ends by itself, and lets the count of sitting run), and how often
a reminder may be wanted. That it outlives the program is seen to in `lasting_wishes`.
"""

from dataclasses import replace

from assistant.coach import plan_told, week_plan
from assistant.coach.effects import Wanted, Wish
from assistant.coach.events import Asked, Source
from assistant.coach.events import Command as C
from assistant.coach.lasting_wishes import (
    MOST_QUIET_S,
    differing,
    forget_quiet,
    sit_s,
    speak_as_wanted,
    want,
)
from assistant.coach.memory import INTERVALS_S
from assistant.coach.settings import Settings
from assistant.coach.stand_up import interval_s, next_clock, sitting
from assistant.coach.state import Closed, Desk, Due, Overdue, Sitting, Wishes
from assistant.coach.triggers import Signal
from assistant.coach.turn import Turn
from assistant.coach.working_hours import DAY_S, weekday
from assistant.content import plan_sentences, read_back, sentences

QUIET_S = 3600.0
"""Quiet, a meeting, or reminders off, when no length is said."""
TOMORROW_S = 5 * 3600.0
"""When the next day begins, for whoever wants no more today: at five in the morning."""
LEAST_LEFT_S = 60.0


def read_back_to(turn: Turn, asked: Asked, text: str) -> None:
    """Say how it is set now; but the house sees it anyway, and may have asked because of a call."""
    if asked.source is not Source.MQTT:
        turn.say(text)


def quiet_s(turn: Turn, asked: Asked) -> float | None:
    """How long it should be quiet; None when a clock time was named and no clock is known."""
    now = turn.time_of_day(turn.now)
    if asked.command is C.NOT_TODAY:
        return None if now is None else (TOMORROW_S - now) % DAY_S or DAY_S
    if asked.until_s is None or asked.command is not C.QUIET:
        return asked.seconds or QUIET_S
    if now is None:
        return None
    round_s = DAY_S if asked.whole_day else DAY_S / 2
    return (asked.until_s - now) % round_s or round_s


def be_quiet(turn: Turn, desk: Desk, asked: Asked) -> Desk:
    """No reminders for a while. What fell due waits until then."""
    wanted_s = quiet_s(turn, asked)
    assert wanted_s is not None  # the table has looked
    tomorrow = asked.command is C.NOT_TODAY
    for_s = wanted_s if tomorrow else min(wanted_s, MOST_QUIET_S)
    turn.hush()
    turn.wishes = replace(turn.wishes, quiet_until=turn.now + for_s, quiet_unsure=False)
    want(turn, replace(turn.memory.wanted, quiet_until_s=turn.civil(turn.now + for_s)))
    turn.record("quiet", asked.command, for_s)
    if isinstance(desk, Due):
        turn.record("break_snoozed", seconds=for_s)  # the same reminder comes again, not another
    until = turn.time_of_day(turn.now + for_s)
    asks = asked.command is C.REMINDERS_OFF and until is not None and can_answer(turn, asked)
    if asks:
        turn.signal(Signal.INVITED)
    said = read_back.quiet(for_s, until, ask_for_time=asks, most=wanted_s > for_s)
    read_back_to(turn, asked, sentences.UNTIL_TOMORROW if tomorrow else said)
    if isinstance(desk, Due | Overdue):
        return sitting(turn, 0.0, desk.snoozes, desk.due_since)
    return desk


def can_answer(turn: Turn, asked: Asked) -> bool:
    """Whether "until when?" may be answered: not while something is led, nor with a closed ear."""
    return turn.led is None and not isinstance(turn.ear, Closed) and asked.source is not Source.MQTT


def refuse_quiet(turn: Turn, desk: Desk, _: Asked) -> Desk:
    turn.say(sentences.NO_CLOCK)
    return desk


def quiet_ends(turn: Turn, desk: Desk, _: float) -> Desk:
    """The time is over; nothing is said, the lamp shows it."""
    forget_quiet(turn)
    return desk


def reminders_on(turn: Turn, desk: Desk, asked: Asked) -> Desk:
    """Whatever kept reminders from coming, they come again."""
    was_off = not turn.wishes.reminders
    want(turn, replace(turn.memory.wanted, quiet_until_s=None))
    forget_quiet(turn)
    turn.wishes = replace(turn.wishes, reminders=True, interrupted_at=turn.now)
    if was_off and isinstance(desk, Sitting):
        desk = sitting(turn)
    read_back_to(turn, asked, sentences.reminders_on(next_clock(turn, desk)))
    return desk


def change_interval(turn: Turn, desk: Desk, asked: Asked) -> Desk:
    """How often: from now on, and for the sitting that is going on."""
    shortest_s, longest_s = INTERVALS_S
    usual_s = turn.settings.sit_s
    wanted_s = asked.seconds or usual_s
    sit_s = min(max(wanted_s, shortest_s), longest_s)
    want(turn, replace(turn.memory.wanted, sit_s=Wish(sit_s, usual_s)))
    desk = sit_as_wanted(turn, desk)
    limit = "longest" * (wanted_s > longest_s) + "shortest" * (wanted_s < shortest_s)
    read_back_to(turn, asked, read_back.every(sit_s, next_clock(turn, desk), limit))
    return desk


def sit_as_wanted(turn: Turn, desk: Desk) -> Desk:
    """With the interval that is wanted now, and what is left of this sitting by it."""
    before_s = interval_s(turn)
    turn.wishes = with_interval(turn.wishes, turn.settings, turn.memory.wanted)
    sit_s = interval_s(turn)
    if isinstance(desk, Sitting | Overdue) and not desk.snoozes:  # a snooze's promise stays
        left_s = desk.left_s if isinstance(desk, Sitting) else None
        if desk.stand_at is not None:
            left_s = desk.stand_at - turn.now
        if left_s is not None:
            left_s = max(LEAST_LEFT_S, sit_s - (before_s - left_s))
            overdue = isinstance(desk, Overdue)
            return replace(desk, stand_at=turn.now + left_s) if overdue else sitting(turn, left_s)
    return desk


def with_interval(wishes: Wishes, settings: Settings, wanted: Wanted) -> Wishes:
    """What is wanted holds on every day; else what is configured for each."""
    said_s = sit_s(settings, wanted)
    if said_s is None:
        return replace(wishes, sit_s=settings.sit_s, hours=settings.hours)
    return replace(wishes, sit_s=said_s, hours=replace(settings.hours, intervals=()))


# --- as it was before ---------------------------------------------------------


def quiet_as_wanted(turn: Turn) -> float | None:
    """Until when it is quiet now."""
    until_s, civil = turn.memory.wanted.quiet_until_s, turn.civil()
    if until_s is None or civil is None or until_s <= civil:
        forget_quiet(turn)
        return None
    until = turn.now + until_s - civil
    turn.wishes = replace(turn.wishes, quiet_until=until, quiet_unsure=False)
    return until


def nothing_changed(turn: Turn, _: object) -> bool:
    """nothing was changed"""
    before = turn.memory.before
    return before is None or not differing(before, turn.memory.wanted)


def nothing_to_undo(turn: Turn, desk: Desk, _: Asked) -> Desk:
    turn.say(sentences.NOTHING_TO_UNDO)
    return desk


def undo(turn: Turn, desk: Desk, _: Asked) -> Desk:
    """Go back to what was before the last change; once more goes forward again."""
    memory = turn.memory
    assert memory.before is not None  # the row's guard
    changed = differing(memory.before, memory.wanted)
    turn.memory = replace(memory, wanted=memory.before, before=memory.wanted)
    turn.hush()
    speak_as_wanted(turn)
    goal = memory.before.days_goal
    said = sentences.AS_BEFORE
    if "days_goal" in changed and goal is not None:
        said = plan_sentences.goal(goal)
    moved, today = memory.before.moved, turn.today()
    if "moved" in changed and moved is not None and today is not None and moved.day >= today:
        said = plan_sentences.moved(moved.day - today, weekday(moved.day), moved.at_s)
    if "sit_s" in changed:
        desk = sit_as_wanted(turn, desk)
        said = read_back.every(interval_s(turn), next_clock(turn, desk))
    if "quiet_until_s" in changed:
        until = quiet_as_wanted(turn)
        if until is None:
            said = sentences.reminders_on(next_clock(turn, desk))
        else:
            time_s = turn.time_of_day(until)
            said = read_back.quiet(until - turn.now, time_s, ask_for_time=False)
    if "week" in changed and (planned := week_plan.week_of(turn)) is not None:
        plan_told.tell(turn, planned)
        return desk
    turn.say(plan_sentences.PLAN_GONE if "week" in changed else said)
    return desk
