"""The lead's table: a routine, and the questions around it.

Decides what each command and each time does while something is led or asked, and at rest what
begins. How it is done stands in `session_start`, `session`, `controls` and `adjusting`. Every
session begins in `session_start`, or after a power cut in `power_cut.come_back`; what may be led at
all is decided in `suitability.against`, which all of them ask.
"""

import math

from assistant.coach import (
    adjusting,
    answers,
    controls,
    fitting,
    identity,
    other_time,
    pain,
    plan_requests,
    power_cut,
    question,
    refitting,
    safety_questions,
    session,
    session_start,
    suitability,
    welcome,
)
from assistant.coach.events import Asked, Source
from assistant.coach.events import Command as C
from assistant.coach.familiarity import change_wording
from assistant.coach.interpreter import Guard, Machine, Row, Same, put_lead
from assistant.coach.priorities import Claim, free_from
from assistant.coach.question import NUMBERS
from assistant.coach.state import (
    Asking,
    AtRest,
    Closed,
    Hurt,
    Lead,
    Leading,
    Matter,
    Paused,
    Question,
    Reentry,
    Sitting,
)
from assistant.coach.triggers import Signal, Time
from assistant.coach.turn import Turn
from assistant.content import sentences, words

# --- guards --------------------------------------------------------------------


def no_such_routine(turn: Turn, asked: Asked) -> bool:
    """no such routine"""
    return (asked.routine or turn.there(turn.settings.routine)) not in turn.settings.plans


def no_stretch(turn: Turn, _: Asked) -> bool:
    """no such routine"""
    return not session_start.stretches(turn)


def nothing_in_time(turn: Turn, asked: Asked) -> bool:
    """no such routine"""
    return session_start.in_time(turn, asked) not in turn.settings.plans


def begins(turn: Turn, asked: Asked) -> bool:
    """sitting"""
    opens_ear = asked.command is C.PRESS and isinstance(turn.ear, Closed)
    return isinstance(turn.desk, Sitting) and not opens_ear


def sitting_without(turn: Turn, asked: Asked) -> bool:
    """sitting, no such routine"""
    return begins(turn, asked) and no_such_routine(turn, asked)


def deaf(turn: Turn, _: object) -> bool:
    """the ear is closed"""
    return isinstance(turn.ear, Closed)


def another_routine(turn: Turn, asked: Asked) -> bool:
    """another routine"""
    lead = turn.led
    return lead is not None and asked.routine not in (None, lead.session.plan.id)


def in_outro(turn: Turn, _: object) -> bool:
    """at the end"""
    lead = turn.led
    return lead is not None and lead.session.index == len(lead.session.plan.segments) - 1


def spoken_over(turn: Turn, _: object) -> bool:
    """an answer was given"""
    return controls.spoken_over(turn)


def _asks(*questions: Question) -> Guard:
    def guard(turn: Turn, _: object) -> bool:
        return isinstance(turn.lead, Asking) and turn.lead.question in questions

    guard.__doc__ = " or ".join(question.value.replace("_", " ") for question in questions)
    return guard


screening = _asks(Question.SCREENING)
pain_before = _asks(Question.PAIN_BEFORE)
pain_after = _asks(Question.PAIN_AFTER)
gentle = _asks(Question.GENTLE)
harder = _asks(Question.HARDER)
confirmed = _asks(Question.CONFIRM)
planned = _asks(Question.PLANNED)
plan = _asks(Question.PLAN)
easy = _asks(Question.EASY)
morning = _asks(Question.MORNING)
harder_step = _asks(Question.STEP)
twice = _asks(Question.TWICE)
trying = _asks(Question.HEAR, Question.TOUCH)
together = _asks(Question.TOGETHER)
brought_up = _asks(
    *(Question.PLANNED, Question.PLAN, Question.EASY),
    *(Question.MORNING, Question.STEP, Question.TWICE),
)
safety = _asks(Question.SCREENING, Question.CONFIRM)
numbers = _asks(*NUMBERS)


def of_a_stranger(turn: Turn, asked: Asked) -> bool:
    """screening, of whom the journal is still to tell"""
    return screening(turn, asked) and not turn.person.met


def told_before(turn: Turn, _: object) -> bool:
    """screening, and they were answered before"""
    answered = fitting.screened(turn) or suitability.red_flag(turn.person.health)
    return screening(turn, _) and answered


def about_answer(turn: Turn, asked: Asked) -> bool:
    """Whether going back means an answer, and not what was wanted since."""
    return asked.command is C.BACK or not turn.wishes.wanted_last


def corrects(turn: Turn, asked: Asked) -> bool:
    """screening or confirm, and nothing wanted since"""
    return safety(turn, asked) and about_answer(turn, asked)


def typed_safety(turn: Turn, asked: Asked) -> bool:
    """screening or confirm, and it is typed"""
    return safety(turn, asked) and asked.source is Source.TYPED


def no_number(_: Turn, asked: Asked) -> bool:
    """none of zero to ten"""
    return asked.value is None or not 0 <= asked.value <= 10


def asked_before(turn: Turn, asked: Asked) -> bool:
    """pain before, after the safety questions"""
    lead = turn.lead
    after = pain_before(turn, asked) and isinstance(lead, Asking) and lead.number > 0
    return after and about_answer(turn, asked)


def just_told(turn: Turn, asked: Asked) -> bool:
    """gentle, after a number"""
    told = gentle(turn, asked) and isinstance(turn.lead, Asking) and bool(turn.lead.wanted)
    return told and about_answer(turn, asked)


def _raises(matter: Matter) -> Guard:
    def guard(_: Turn, value: object) -> bool:
        return value is matter

    guard.__doc__ = matter.value.replace("_", " ")
    return guard


def flagged_just_now(turn: Turn, asked: Asked) -> bool:
    """an answer was a red flag just now"""
    lead = turn.lead
    flagged = isinstance(lead, AtRest) and lead.answered is not None and turn.now < lead.until
    return flagged and about_answer(turn, asked)


def ends_anyway(turn: Turn, _: object) -> bool:
    """six and more, or a power cut since"""
    return isinstance(turn.lead, Hurt) and turn.lead.ends


def much(_: Turn, asked: Asked) -> bool:
    """six and more"""
    return asked.value is not None and suitability.REST_FROM <= asked.value <= 10


def a_length(_: Turn, asked: Asked) -> bool:
    """a length"""
    return asked.seconds is not None


def a_number(turn: Turn, asked: Asked) -> bool:
    """a number"""
    return not no_number(turn, asked)


# --- what is only said -----------------------------------------------------------


def name_routines(turn: Turn, lead: Lead, _: Asked) -> Lead:
    names = words.listing(list(turn.settings.spoken_names))
    turn.say(sentences.NO_SUCH_ROUTINE.format(names=names))
    return lead


# --- the table -------------------------------------------------------------------

LED = (Leading, Paused, Reentry, Hurt)
MOVING = (Leading, Paused, Reentry)
ANY = (AtRest, Asking, *LED)
BEGINS = (AtRest, Asking, Leading)
"""Questions first, the routine at once, or nothing of it today."""
NOT_NOW = (C.NO, C.NOT_TODAY, C.SKIP_TODAY, C.STOP)
TRIES = (C.YES, C.NO, C.GO, C.RESUME, C.NEXT, C.PRESS, C.WAKE)

ROWS: tuple[Row[Lead], ...] = (
    # at rest
    Row(AtRest, C.START, plan_requests.tell_done, when=plan_requests.already_done),
    Row(AtRest, C.START, name_routines, when=no_such_routine),
    Row(AtRest, C.START, session_start.start, BEGINS),
    Row(AtRest, (C.PRESS, C.GO), name_routines, when=sitting_without),
    Row(AtRest, (C.PRESS, C.GO), session_start.start, BEGINS, begins),
    Row(AtRest, C.HAVE_TIME, name_routines, when=nothing_in_time),
    Row(AtRest, C.HAVE_TIME, session_start.have_time, BEGINS),
    Row(AtRest, C.STRETCH, name_routines, when=no_stretch),
    Row(AtRest, C.STRETCH, session_start.stretch, BEGINS),
    Row(AtRest, C.SCREENING, safety_questions.screen, Asking),
    Row(AtRest, (C.HURTS, C.DIZZY), pain.without_session),
    Row(AtRest, C.BACK_HURTS, pain.without_session, when=session_start.no_gentle),
    Row(AtRest, C.BACK_HURTS, pain.back_hurts, (AtRest, Asking)),
    Row((AtRest, *MOVING), C.SAY_AGAIN, answers.say_again),
    Row(AtRest, C.REPEAT, answers.say_again),
    Row(AtRest, C.TIRED, session_start.begin_gently, (AtRest, Asking), session_start.some_gentle),
    Row(AtRest, (C.EASIER, C.HARDER), plan_requests.note_felt, when=plan_requests.just_done),
    Row(AtRest, C.MAKE_PLAN, plan_requests.offer, Asking),
    Row(AtRest, Signal.RAISED, plan_requests.bring_up, Asking, _raises(Matter.SESSION)),
    Row(AtRest, Signal.RAISED, plan_requests.offer, Asking, _raises(Matter.OFFER)),
    Row(AtRest, Signal.RAISED, plan_requests.ask_morning, Asking, _raises(Matter.MORNING)),
    Row(AtRest, Signal.RAISED, welcome.begin, Asking, _raises(Matter.WELCOME)),
    Row(AtRest, C.WELCOME, welcome.begin, Asking),
    Row(AtRest, (C.BACK, C.UNDO), safety_questions.take_back, Asking, flagged_just_now),
    Row(AtRest, Signal.RESTARTED, power_cut.come_back_hurt, Hurt, power_cut.it_hurt),
    Row(AtRest, Signal.RESTARTED, power_cut.come_back, Paused, power_cut.comes_back),
    # a question
    Row(Asking, C.YES, session_start.tell_how_to_answer, when=safety_questions.only_okay),
    Row(Asking, C.NO, session_start.ask_again, when=of_a_stranger),
    Row(Asking, (C.YES, C.NO), safety_questions.answer, BEGINS, screening),
    Row(Asking, (C.YES, C.NO), safety_questions.confirm, AtRest, confirmed),
    Row(Asking, C.YES, session_start.accept_gentle, (AtRest, Leading), gentle),
    Row(Asking, C.NO, session_start.refuse_gentle, AtRest, gentle),
    Row(Asking, (C.YES, C.NO), session_start.answer_harder, (AtRest, Leading), harder),
    Row(Asking, (C.YES, C.PRESS, C.GO, C.START), plan_requests.begin, BEGINS, planned),
    Row(Asking, (C.NEXT, C.SNOOZE), plan_requests.later, AtRest, planned),
    Row(Asking, (C.TOMORROW, C.PLAN_ONCE), other_time.answer, (Same, AtRest), planned),
    Row(Asking, NOT_NOW, plan_requests.not_today, AtRest, planned),
    Row(Asking, C.DID_IT, plan_requests.did_it, AtRest, planned),
    Row(Asking, C.TIRED, plan_requests.gently, (AtRest, Asking), planned),
    Row(Asking, TRIES, welcome.go_on, (Asking, AtRest), trying),
    Row(Asking, (C.YES, C.PRESS, C.GO), welcome.start, BEGINS, together),
    Row(Asking, (C.NO, C.NEXT), welcome.decline, AtRest, together),
    Row(Asking, C.START, welcome.start, BEGINS, welcome.is_open),
    Row(Asking, C.WELCOME, welcome.begin, when=welcome.is_open),
    Row(Asking, C.STOP, welcome.leave, AtRest, welcome.is_open),
    Row(Asking, Time.NO_ANSWER, welcome.unanswered, (Asking, AtRest), welcome.is_open),
    Row(Asking, C.YES, plan_requests.accept, AtRest, plan),
    Row(Asking, C.NO, plan_requests.refuse, AtRest, plan),
    Row(Asking, (C.YES, C.NO, C.HARDER, C.EASIER), plan_requests.answer_easy, AtRest, easy),
    Row(Asking, (C.YES, C.NO), plan_requests.answer_step, (Asking, AtRest), harder_step),
    Row(Asking, (C.YES, C.NO), plan_requests.answer_twice, (Asking, AtRest), twice),
    Row(Asking, C.COMPARED, plan_requests.compare, (Asking, AtRest), morning),
    Row(Asking, (C.YES, C.NO), session_start.tell_how_to_answer, when=morning),
    Row(Asking, C.COMPARED, session_start.tell_how_to_answer),
    Row(Asking, (C.YES, C.NO), session_start.tell_how_to_answer, when=numbers),
    Row(Asking, (C.TOMORROW, C.PLAN_ONCE, C.NOT_TODAY), session_start.tell_how_to_answer),
    Row(Asking, C.NUMBER, session_start.say_how, when=no_number),
    Row(Asking, C.NUMBER, pain.before, BEGINS, pain_before),
    Row(Asking, C.NUMBER, plan_requests.after_pain, (AtRest, Asking), pain_after),
    Row(Asking, C.NUMBER, session_start.tell_how_to_answer),
    Row(Asking, C.PRESS, session_start.ask_again, when=safety),
    Row(Asking, C.PRESS, session_start.ask_again, when=deaf),
    Row(Asking, (C.NEXT, C.PRESS), session_start.refuse_gentle, AtRest, gentle),
    Row(Asking, (C.NEXT, C.PRESS), plan_requests.leave, AtRest, brought_up),
    Row(Asking, (C.NEXT, C.PRESS), session_start.later, (AtRest, Leading)),
    Row(Asking, (C.BACK, C.UNDO), safety_questions.correct, when=corrects),
    Row(Asking, (C.BACK, C.UNDO), safety_questions.correct, when=asked_before),
    Row(Asking, (C.BACK, C.UNDO), pain.correct, when=just_told),
    Row(Asking, (C.REPEAT, C.SAY_AGAIN, C.BACK, C.RESUME, C.GO), session_start.ask_again),
    Row(Asking, C.PAUSE, question.hush),
    Row(Asking, C.STOP, session_start.leave, AtRest),
    Row(Asking, (C.LEAVING, C.LUNCH), session_start.go_away, AtRest),
    Row(Asking, C.HURTS, pain.beside_question, when=numbers),
    Row(Asking, C.HURTS, pain.beside_question, when=typed_safety),
    Row(Asking, (C.HURTS, C.DIZZY), pain.without_session, AtRest),
    Row(Asking, Signal.MET, safety_questions.begin_anew, BEGINS, told_before),
    Row(Asking, Signal.SLEPT, question.let_go, AtRest, controls.slept_long),
    Row(Asking, Signal.SAID, question.note_said),
    Row(Asking, Signal.VOICE_ENDS, question.wait),
    Row(Asking, Time.NO_ANSWER, plan_requests.unanswered, (Asking, AtRest), brought_up),
    Row(Asking, Time.NO_ANSWER, session_start.unanswered, (Asking, AtRest, Leading)),
    # a session
    Row(Leading, Time.ACT, session.act, BEGINS),
    Row(Leading, Signal.VOICE_ENDS, session.voice_ends, BEGINS),
    Row((Leading, Paused), C.START, controls.stop_first, when=another_routine),
    Row(Leading, C.START, controls.already_going),
    Row(Leading, (C.GO, C.RESUME), controls.go_early),
    Row(MOVING, (C.MORE_TIME, C.SNOOZE), adjusting.stay_at_step, when=adjusting.stepwise),
    Row(MOVING, C.SNOOZE, adjusting.more_time, when=a_length),
    Row(MOVING, C.MORE_TIME, adjusting.more_time),
    Row(MOVING, C.LESS_TIME, adjusting.less_time),
    Row(MOVING, (C.LONGER_REST, C.SHORTER_REST), adjusting.change_rest),
    Row(MOVING, C.OTHER_SIDE, adjusting.other_side, (Same, Leading)),
    Row(MOVING, (C.EASIER, C.HARDER, C.TIRED), adjusting.exchange, (Same, Leading)),
    Row(MOVING, C.EXPLAIN, adjusting.explain, (Same, Leading)),
    Row(MOVING, Signal.SLEPT, controls.forget, AtRest, controls.slept_long),
    Row((Leading, Reentry), (C.PAUSE, C.PRESS, Signal.SLEPT), controls.pause, Paused),
    Row(Paused, Signal.SLEPT, controls.sleep_on),
    Row(Paused, (C.START, C.RESUME, C.GO, C.PRESS, C.RETURNED), controls.go_on, Reentry),
    Row(Paused, Time.FORGET, controls.forget, AtRest),
    Row(Reentry, (C.START, C.RESUME, C.GO), controls.going_on),
    Row(Reentry, Signal.VOICE_ENDS, controls.count_anew, when=spoken_over),
    Row(Reentry, Time.COUNT_IN, controls.count_in),
    Row(Reentry, Time.REENTER, controls.reenter, Leading),
    Row(MOVING, C.NEXT, controls.skip_outro, (AtRest, Asking), in_outro),
    Row(MOVING, C.NEXT, controls.skip, Leading),
    Row(MOVING, C.BACK, controls.go_back, Leading),
    Row(MOVING, (C.REPEAT, C.WELCOME), controls.do_again, Leading),
    Row(MOVING, C.STOP, controls.stop, (AtRest, Asking)),
    Row(MOVING, (C.LEAVING, C.LUNCH), controls.leave, AtRest),
    Row(MOVING, C.HURTS, controls.hurt, (Hurt, AtRest)),
    Row(LED, C.DIZZY, controls.dizzy, AtRest),
    Row(MOVING, C.NUMBER, controls.hurt, Hurt, much),
    Row(MOVING, C.NUMBER, controls.note_pain, when=a_number),
    # it hurts
    Row(Hurt, C.YES, controls.hurt_yes, AtRest),
    Row(Hurt, (C.NO, C.RESUME, C.GO), controls.hurt_end, AtRest, ends_anyway),
    Row(Hurt, C.NO, adjusting.hurt_no, Leading),
    Row(Hurt, (C.RESUME, C.GO), controls.nothing_hurts, Reentry),
    Row(Hurt, C.NUMBER, controls.hurt_again, when=a_number),
    Row(Hurt, (C.REPEAT, C.SAY_AGAIN, C.HURTS), controls.hurt_again),
    Row(Hurt, C.PAUSE, question.hush),
    Row(Hurt, (C.STOP, C.PRESS), controls.hurt_end, AtRest),
    Row(Hurt, Signal.SAID, question.note_said),
    Row(Hurt, Signal.VOICE_ENDS, question.wait),
    Row(Hurt, Time.NOT_TOLD_WHERE, controls.hurt_unanswered, (Hurt, AtRest)),
    # somebody else
    Row(ANY, C.THIS_IS, identity.greet_again, when=identity.the_same),
    Row(ANY, C.THIS_IS, identity.meet, AtRest, identity.known),
    Row(AtRest, Time.FORGET_WHO, identity.forget_who),
    # anywhere
    Row((AtRest, Asking, *MOVING), (C.FULL_WORDS, C.SHORT_WORDS), change_wording),
    Row(MOVING, Signal.LOOKED_AT, refitting.refit, (Same, AtRest, Asking), refitting.unfit),
    Row(LED, Signal.QUIT, controls.quit_session, AtRest),
)


def next_time(turn: Turn) -> tuple[float, Time] | None:
    """When the lead does something by time alone, and what."""
    lead = turn.lead
    match lead:
        case AtRest():
            at = identity.forget_at(turn)
            return None if at is None else (at, Time.FORGET_WHO)
        case Leading():
            at = session.acts_at(turn, lead.session)
            return None if at is None else (at, Time.ACT)
        case Asking():
            at = question.waits_until(turn, lead.put)
            return None if at is None else (at, Time.NO_ANSWER)
        case Paused():
            return lead.forget_at, Time.FORGET
        case Hurt():
            at = question.waits_until(turn, lead.put)
            return None if at is None else (at, Time.NOT_TOLD_WHERE)
        case _:
            if free_from(turn, Claim.COUNT_IN) == math.inf:
                return None
            if lead.counted < len(sentences.REENTRY):
                return lead.began + lead.counted, Time.COUNT_IN
            return lead.began + controls.REENTRY_S, Time.REENTER


LEAD: Machine[Lead] = Machine(
    "lead", ROWS, read=lambda turn: turn.lead, put=put_lead, next_time=next_time
)
