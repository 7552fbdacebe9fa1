"""Answers that leave what is going on as it is: how long, what next, why, help, how it went.

Decides what is said to them; it changes nothing. What changes the voice is `how_it_speaks`'s.
"""

import math
from collections.abc import Callable

from assistant.coach.effects import MakeCode, Priority, Recall
from assistant.coach.events import GUEST, Asked, CodeMade, Command, Part, Period, Recalled, Source
from assistant.coach.floor import change_floor
from assistant.coach.how_it_speaks import VOICE_CHANGES
from assistant.coach.ice_and_heat import tell_left
from assistant.coach.question import help_with
from assistant.coach.session import first_after, spent_s, stretched
from assistant.coach.stand_up import interval_s, next_reminder, no_snooze_left
from assistant.coach.state import (
    Asking,
    Away,
    Closed,
    Due,
    Hurt,
    Lead,
    Leading,
    Led,
    Overdue,
    Paused,
    Question,
    Reentry,
    Sitting,
    Standing,
)
from assistant.coach.triggers import Signal
from assistant.coach.turn import Turn
from assistant.content import plan_sentences, read_back, sentences, voice_sentences

HELP = {
    Sitting: sentences.HELP_IDLE,
    Standing: sentences.HELP_IDLE,
    Leading: sentences.HELP_SESSION,
    Reentry: sentences.HELP_SESSION,
    Paused: sentences.HELP_PAUSED,
    Hurt: sentences.HELP_HURT,
    Due: sentences.HELP_DUE,
    Overdue: sentences.HELP_OVERDUE,
    Away: sentences.HELP_AWAY,
}
"""By what is in front: the lead where something is led, else the desk."""
HELP_LATER = {Due: sentences.HELP_LATER, Overdue: sentences.HELP_LATER_OVERDUE}
"""What is added as long as the reminder can be put off."""
PERIODS = {
    Command.DID_TODAY: Period.TODAY,
    Command.DID_WEEK: Period.WEEK,
    Command.DID_MONTH: Period.MONTH,
}


def in_front(turn: Turn) -> type:
    """The kind of state that a person would name: the lead's, or at rest the desk's."""
    return type(turn.desk) if turn.at_rest else type(turn.lead)


# --- how long, and what next ----------------------------------------------------


def left_s(turn: Turn, lead: Led) -> tuple[float, float]:
    """Seconds left of this exercise and of the whole routine, as far as can be foreseen."""
    session = lead.session
    here_s = session.length_s - spent_s(turn, lead)
    item = session.segment.item
    coming = session.plan.segments[session.following :]
    later = [(one.item, stretched(turn, session, one)[0]) for one in coming]
    total_s = here_s + sum(length_s for _, length_s in later)
    if item < 0:
        return 0.0, total_s
    return here_s + sum(length_s for at, length_s in later if at == item), total_s


def tell_time_left(turn: Turn, _: Asked) -> None:
    lead, desk = turn.led, turn.desk
    if lead is not None:
        here_s, total_s = left_s(turn, lead)
        item = lead.session.segment.item
        here = lead.session.plan.exercises[item] if item >= 0 else ""
        turn.say(sentences.time_left(here_s, here, total_s))
    elif turn.at_rest and isinstance(desk, Standing):
        ends_at = desk.since + turn.settings.up_s
        turn.say(sentences.time_left(0.0, "", ends_at - turn.now))
    elif not tell_left(turn, turn.pack):
        tell_stand(turn, _)


def tell_how_many(turn: Turn, _: Asked) -> None:
    """Repetitions of this exercise, and exercises after it."""
    lead = turn.led
    if lead is None:
        tell_stand(turn, _)
        return
    session = lead.session
    here, at_end = session.segment, session.index == len(session.plan.segments) - 1
    left_s = session.length_s - spent_s(turn, lead)
    counted = session.working and here.unit_s > 0 and here.reps > 1
    repetitions = math.ceil(left_s / here.unit_s - 1e-6) if counted else 0
    exercises = 0 if at_end else len(session.plan.exercises) - 1 - here.item
    turn.say(read_back.how_many(repetitions, exercises, after=here.item >= 0))


def tell_next(turn: Turn, _: Asked) -> None:
    lead = turn.led
    if lead is None:
        tell_stand(turn, _)
        return
    session = lead.session
    names = session.plan.exercises
    following = session.segment.item + 1
    at_end = first_after(session) == session.index
    turn.say(sentences.next_up("" if at_end or following >= len(names) else names[following]))


def tell_stand(turn: Turn, _: Asked) -> None:
    """When the next stand-up is."""
    front = in_front(turn)
    due = next_reminder(turn)
    if front in (Due, Overdue):
        turn.say(sentences.STAND_AGAIN)
    elif front is Away:
        turn.say(sentences.HELP_AWAY)
    elif due is None:
        turn.say(sentences.RESTING if turn.wishes.reminders else sentences.NO_REMINDERS)
    else:
        at, may_come = due
        # Where only working hours begin then, the reminder itself comes an interval later.
        at += 0.0 if may_come else interval_s(turn, at)
        turn.say(sentences.next_stand(at - turn.now, turn.time_of_day(at)))


# --- what there is, why, and how it went ------------------------------------------


def list_routines(turn: Turn, _: Asked) -> None:
    turn.say(sentences.known(turn.settings.spoken_names))


def tell_help(turn: Turn, _: Asked) -> None:
    """Where the ear is closed, what opens it comes first."""
    if isinstance(turn.ear, Closed):
        turn.say(sentences.EAR_CLOSED_ALREADY)
    turn.say(help_now(turn), within_s=20.0)


def help_now(turn: Turn) -> str:
    """What can be said here, as it is listened for here: with or without the wake phrase."""
    if isinstance(turn.lead, Asking):
        return help_with(turn.lead)
    if isinstance(turn.lead, Hurt) and turn.lead.ends:
        return sentences.HELP_QUESTION
    front = in_front(turn)
    snoozed = front not in (Due, Overdue) or no_snooze_left(turn, None)
    return HELP[front] if snoozed else f"{HELP[front]} {HELP_LATER[front]}"


def tell_why(turn: Turn, _: Asked) -> None:
    """Where the exercise that is led comes from, when it is for, and what to take care of; beside a
    safety question what is meant by it."""
    if isinstance(turn.lead, Asking) and turn.lead.question is Question.SCREENING:
        turn.say(help_now(turn))
        return
    lead = turn.led
    item = -1 if lead is None else lead.session.segment.item
    exercise = None
    care: tuple[str, ...] = ()
    if lead is not None and item >= 0:
        plan = lead.session.plan
        exercise = turn.settings.exercises.get(plan.exercise_ids[item])
        care = plan.care[item] if item < len(plan.care) else ()
    if exercise is None:
        turn.say(sentences.NO_WHY)
        return
    orgs = [source.org for source in exercise.sources if source.org != "own"]
    turn.say(sentences.why(exercise.spoken_name, orgs[:1], exercise.phase, care))


def recall(turn: Turn, asked: Asked) -> None:
    """Ask the journal; its answer comes as `Recalled`."""
    lost = any(part is Part.JOURNAL for part, _ in turn.room.faults)
    if turn.person.id == GUEST:
        turn.say(sentences.NOTHING_KEPT)
        return
    if lost or not turn.settings.keeps:
        turn.say(sentences.NO_JOURNAL)
        return
    turn.do(Recall(PERIODS[asked.command]))


def recalled(turn: Turn, answer: Recalled) -> None:
    if answer.period is Period.WEEK:
        tell_week(turn, answer)
        return
    turn.say(
        plan_sentences.did(
            answer.period,
            answer.breaks_taken,
            answer.breaks_due,
            answer.delay_s,
            answer.sessions,
            answer.exercise_s,
            answer.streak_days,
            answer.streak_rest_days,
        )
    )


def tell_week(turn: Turn, answer: Recalled) -> None:
    """Three sentences on the week, by its goal where there is one."""
    said = plan_sentences.look_back(
        answer.days,
        answer.sessions,
        answer.exercise_s,
        answer.breaks_taken,
        answer.delay_s,
        answer.delay_before_s,
        turn.memory.wanted.days_goal,
    )
    turn.say(said, within_s=20.0)


def how_to_teach(turn: Turn, _: Asked) -> None:
    """Each word is said three times and tried: that is the keyboard's, where it can be read."""
    person, settings = turn.person.id, turn.settings
    if person == GUEST:
        turn.say(voice_sentences.NOT_A_GUESTS)
    elif person in settings.people and person != settings.owner:
        turn.say(voice_sentences.HOW_TO_TEACH_AS.format(name=settings.people[person]))
    else:
        turn.say(voice_sentences.HOW_TO_TEACH)


# --- the page ---------------------------------------------------------------------


def show_code(turn: Turn, asked: Asked) -> None:
    by_button = asked.source is Source.BUTTON
    if turn.settings.page:
        if by_button:  # before, the same press was taken for a shorter one: "I'm leaving"
            turn.hush()
            turn.signal(Signal.SOMEBODY)
        turn.do(MakeCode())
    elif not by_button:
        turn.say(sentences.NO_PAGE)


def tell_code(turn: Turn, made: CodeMade) -> None:
    """Not beside a question: its digits could be taken for the answer. The screen shows it."""
    if isinstance(turn.lead, Asking | Hurt):
        turn.ignore("a code isn't read out while a question is open")
    else:
        turn.say(sentences.code(made.code), Priority.TIP, 30.0)


ANSWERS: dict[Command, Callable[[Turn, Asked], None]] = {
    Command.TIME_LEFT: tell_time_left,
    Command.WHATS_NEXT: tell_next,
    Command.HOW_MANY: tell_how_many,
    Command.NEXT_BREAK: tell_stand,
    **VOICE_CHANGES,
    Command.THANKS: lambda turn, _: turn.say(plan_sentences.YOU_ARE_WELCOME),
    Command.NO_FLOOR: change_floor,
    Command.NO_FLOOR_TODAY: change_floor,
    Command.FLOOR: change_floor,
    Command.LIST: list_routines,
    Command.HELP: tell_help,
    Command.WHY: tell_why,
    Command.SHOW_CODE: show_code,
    Command.LEARN_VOICE: how_to_teach,
    Command.DID_TODAY: recall,
    Command.DID_WEEK: recall,
    Command.DID_MONTH: recall,
}
"""These are the same whatever goes on, and no machine changes with them."""


# --- for the lead's table ---------------------------------------------------------


def say_again(turn: Turn, lead: Lead, _: Asked) -> Lead:
    turn.say(turn.voice.last_told or help_now(turn))
    return lead
