"""From the wish for a routine to its beginning, or to something milder.

Decides which question comes when (the safety questions when they are due, pain before and after,
the gentle routine instead, something harder), and what is led when nobody answers: only what needs
no answer, or nothing. Every way into a session from rest goes through `lead_fitted`; what suits
whom is decided in `suitability`. The safety questions' answers are `safety_questions`'s, those
about pain `pain`'s.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from assistant.coach import fitting, levels, suitability, week_plan
from assistant.coach.effects import Priority
from assistant.coach.events import GUEST, Asked, Command
from assistant.coach.question import (
    ask,
    cut,
    help_with,
    no_more,
    once_more,
    opened,
    put,
    words,
)
from assistant.coach.session import begin_session
from assistant.coach.state import Asking, AtRest, Closed, Lead, Question, Sitting
from assistant.coach.suitability import Reason
from assistant.coach.triggers import Signal
from assistant.coach.turn import Turn
from assistant.coach.what_counts import DIZZY_S
from assistant.coach.working_hours import DAY_S
from assistant.content import plan_sentences, safety_question_texts, sentences, welcome_sentences

# --- before a routine -------------------------------------------------------


def start(turn: Turn, lead: AtRest, asked: Asked, *, offered: bool = False) -> Lead:
    """Start a routine, after the questions that belong before it; or offer it then. The routine is
    there."""
    name = asked.routine or todays(turn, asked) or turn.there(turn.settings.routine)
    turn.signal(Signal.ROUTINE_ASKED)
    turn.hush()
    ask_for_name(turn)
    person = turn.person
    if suitability.red_flag(person.health):
        return keep_flag(turn)
    levels.ease_after_break(turn)
    person = turn.person
    pain = suitability.pain_still(person.pain_told, turn.now)
    health = replace(person.health, pain=pain)
    unsaid = person.unsaid and pain is not None
    person = replace(person, health=health, told_before=None, unsaid=unsaid, unanswered=False)
    turn.person = person
    if name not in turn.settings.routines:
        return lead_fitted(turn, name)
    asks = suitability.asks(turn.settings.plans[name])
    if fitting.screened(turn) or not (asks or not fitting.fitted(turn, name).enough):
        return ask_pain(turn, name, offered=offered)
    first = safety_question_texts.AGAIN if person.health.screened else safety_question_texts.FIRST
    return replace(ask_screening(turn, name, first), offered=offered)


def todays(turn: Turn, asked: Asked) -> str:
    """What the plan has for today, where that was asked for; empty: nothing."""
    today = turn.today() if asked.aim else None
    found = None if today is None else week_plan.next_for(turn, today)
    return found.routine if found else ""


def no_gentle(turn: Turn, _: object) -> bool:
    """nothing is gentle"""
    return turn.gentle not in turn.settings.routines


def some_gentle(turn: Turn, _: object) -> bool:
    """something is gentle"""
    return not no_gentle(turn, _)


def begin_gently(turn: Turn, lead: AtRest, asked: Asked) -> Lead:
    """ "I'm tired": how much it hurts, and then the gentle routine, for whoever would like it."""
    return start(turn, lead, replace(asked, routine=turn.gentle), offered=True)


def ask_for_name(turn: Turn) -> None:
    """Once, of a guest who may be somebody I know."""
    if turn.person.id == GUEST and not turn.person.named:
        turn.person = replace(turn.person, named=True)
        turn.say(sentences.WHO)


def stretch(turn: Turn, lead: AtRest, asked: Asked) -> Lead:
    """Lead the desk routine; it counts as the break."""
    routine = next_stretch(turn)
    turn.person = replace(turn.person, stretches=turn.person.stretches + 1)
    return start(turn, lead, replace(asked, routine=routine))


def have_time(turn: Turn, lead: AtRest, asked: Asked) -> Lead:
    """Lead the longest routine that is made of what is due and fits in; in a moment or two, one
    for the desk."""
    return start(turn, lead, replace(asked, routine=in_time(turn, asked)))


def in_time(turn: Turn, asked: Asked) -> str:
    minutes = (asked.seconds or 0.0) / 60.0
    made = [one for one in turn.settings.routines.values() if 0 < one.minutes <= minutes]
    return max(made, key=lambda one: one.minutes).id if made else next_stretch(turn)


def stretches(turn: Turn) -> Sequence[str]:
    """The configured routine, and those whose names continue it ("desk-break-2")."""
    first = turn.settings.stretch
    return sorted(name for name in turn.settings.plans if f"{name}-".startswith(f"{first}-"))


def next_stretch(turn: Turn) -> str:
    """One of `stretches` in turn, another one each day and each time: of those that suit as far as
    is known, if there are any."""
    routines, series = turn.settings.routines, stretches(turn)
    suiting = [name for name in series if name in routines and fitting.fitted(turn, name).enough]
    day = int((turn.civil() or 0.0) // DAY_S)
    several = suiting or series or [turn.settings.stretch]
    return several[(day + turn.person.stretches) % len(several)]


def ask_screening(turn: Turn, name: str, first: str) -> Asking:
    """The safety questions from the first one on."""
    flagged = frozenset(suitability.flags(turn.person.health))
    return ask(turn, replace(opened(Question.SCREENING, name), flagged=flagged), first)


def ask_pain(turn: Turn, name: str, number: int = 0, *before: str, offered: bool = False) -> Lead:
    """How much it hurts, unless so much was told within two hours that the answer is known; before
    every routine, where it was only said that it hurts, or somebody was dizzy just now."""
    unsaid = turn.person.unsaid or dizzy(turn)
    asks = unsaid or suitability.asks(turn.settings.plans[name])
    if turn.settings.ask_pain and asks and (unsaid or not suitability.rests(turn.person.health)):
        asking = replace(opened(Question.PAIN_BEFORE, name), number=number, offered=offered)
        return ask(turn, asking, *before)
    for text in before:
        turn.say(text)
    return choose(turn, name, offered=offered)


def choose(turn: Turn, name: str, *, just_told: bool = False, offered: bool = False) -> Lead:
    """All is known that will be told: the routine as it suits, or another one instead."""
    health = turn.person.health
    if health.pain is not None and suitability.rests(health):
        chosen = name == turn.gentle and not offered
        why = (sentences.much_pain if just_told else sentences.pain_lately)(health.pain)
        return offer_gentle(turn, why, name if just_told else "", chosen=chosen)
    if offered:
        return offer_gentle(turn, sentences.SORE, name if just_told else "")
    fit = fitting.fitted(turn, name)
    if not fit.enough and (name != turn.gentle or fitting.instead(turn)):
        floor = fitting.kept_off(turn, name)
        return offer_gentle(turn, plan_sentences.ON_THE_FLOOR if floor else sentences.NOT_TODAY)
    # One thing at a time: a routine that is new to somebody is led as it is.
    trained = turn.person.trained
    new = bool(trained) and all(one.routine != name for one in trained)
    step = None if new else levels.harder(turn, name, fitting.known(turn, name))
    if step is not None:
        now, following = step
        asking = replace(opened(Question.HARDER, name), exercise=now.id)
        return ask(turn, asking, sentences.went_well(following.spoken_name))
    return lead_fitted(turn, name)


def offer_gentle(turn: Turn, why: str, wanted: str = "", *, chosen: bool = False) -> Lead:
    """The gentle routine, or another one where most of that doesn't suit today, if the person wants
    it and it is there."""
    plans, gentle = turn.settings.plans, turn.gentle
    name = fitting.instead(turn) or gentle
    if name in turn.settings.routines and fitting.fitted(turn, name).routine.items:
        other = "" if name == gentle else plans[name].spoken_name
        asking = replace(opened(Question.GENTLE, name), wanted=wanted, chosen=chosen, other=other)
        return ask(turn, asking, why)
    rest = no_more(turn)
    turn.say(why)
    turn.say(sentences.REST_TODAY)
    return rest


def lead_fitted(turn: Turn, name: str) -> Lead:
    """Begin, with a word on what is different today: the one way from rest into a session."""
    if name in turn.settings.routines:
        fit = fitting.fitted(turn, name)
        if not fit.routine.items:
            rest = no_more(turn)
            turn.say(sentences.ALL_EARLY if Reason.EARLY in fit.reasons else sentences.NOTHING_LEFT)
            return rest
        if not turn.settings.plans[name].silent:
            for why in fit.why:
                turn.say(why)
    return begin_session(turn, name)


def keep_flag(turn: Turn) -> AtRest:
    """A red flag that was told, and not taken back."""
    rest = no_more(turn)
    turn.say(sentences.RED_FLAG_STILL, Priority.SAFETY)
    return rest


# --- nobody answers ------------------------------------------------------------


def unanswered(turn: Turn, asking: Asking, _: object) -> Lead:
    """Put it again if it was cut, and once more if it was heard; then do without the answer."""
    again = once_more_asked(turn, asking)
    return WITHOUT[asking.question](turn, asking) if again is None else again


def once_more_asked(turn: Turn, asking: Asking) -> Asking | None:
    """The question, put again; None: it has been, and that was enough."""
    was = asking.put
    if cut(asking):
        asked = ask(turn, asking, *asking.before)
    elif was.heard and not was.again:
        deaf = isinstance(turn.ear, Closed)
        why = NO_ANSWER.get(asking.question, sentences.NO_ANSWER)
        asked = ask(turn, asking, sentences.EAR_CLOSED_ALREADY if deaf else why)
    else:
        return None
    return replace(asked, put=once_more(was, asked.put))


def later(turn: Turn, asking: Asking, _: Asked) -> Lead:
    """Somebody would rather not answer."""
    turn.hush()
    return WITHOUT[asking.question](turn, asking)


def do_without(turn: Turn, asking: Asking) -> Lead:
    """What needs no answer is led: what suits every back; or nothing, with a kind word."""
    health = turn.person.health
    if suitability.red_flag(health):
        return keep_flag(turn)
    if not asking.routine:
        return no_more(turn)
    if asking.offered or dizzy(turn):  # nobody asked to move, or nobody may be able to answer
        return leave_for_now(turn, asking)
    turn.person = replace(turn.person, unanswered=True)
    name = None if suitability.rests(health) else needs_no_answer(turn, asking.routine)
    if name is None:
        return leave_for_now(turn, asking)
    if name not in (asking.routine, turn.gentle):  # another one the next time
        turn.person = replace(turn.person, stretches=turn.person.stretches + 1)
    turn.say(sentences.without_answer(turn.settings.plans[name].spoken_name))
    return begin_session(turn, name)


def dizzy(turn: Turn) -> bool:
    """Whether somebody was, just now."""
    return turn.now - turn.person.dizzy_at < DIZZY_S


def needs_no_answer(turn: Turn, wanted: str) -> str | None:
    """The routine itself, if nothing of it waits for an answer; else the gentle one, or one at the
    desk, where more than half of it suits without one."""
    for place, name in enumerate((wanted, turn.gentle, next_stretch(turn))):
        if name in turn.settings.routines:
            waits = Reason.NOT_ASKED in fitting.fitted(turn, name).reasons and not place
            if fitting.suits_today(turn, name) and not waits:
                return name
    return None


def leave_for_now(turn: Turn, _: Asking) -> AtRest:
    """A press is spoken of where it begins something, and is no answer to a reminder."""
    rest = no_more(turn)
    begins = isinstance(turn.desk, Sitting) and not isinstance(turn.ear, Closed)
    turn.say(sentences.LEFT_UNTIL_PRESS if begins else sentences.LEFT_FOR_NOW)
    return rest


NO_ANSWER = {
    Question.PAIN_BEFORE: sentences.NO_NUMBER,
    Question.PAIN_AFTER: sentences.NO_NUMBER,
    Question.MORNING: plan_sentences.NO_COMPARISON,
    Question.HEAR: welcome_sentences.NOT_HEARD,
    Question.TOUCH: welcome_sentences.NOT_PRESSED,
}
"""What is said before a question is asked once more, where it isn't answered with yes or no."""
WITHOUT: Mapping[Question, Callable[[Turn, Asking], Lead]] = {
    Question.SCREENING: do_without,
    Question.CONFIRM: lambda turn, _: keep_flag(turn),
    Question.PAIN_BEFORE: do_without,
    Question.PAIN_AFTER: lambda turn, _: no_more(turn),
    Question.GENTLE: leave_for_now,
    Question.HARDER: lambda turn, asking: lead_fitted(turn, asking.routine),
}
"""What silence leads to, by the question. It is never taken for consent."""


# --- a question, as long as it isn't answered ------------------------------------


def ask_again(turn: Turn, asking: Asking, _: Asked) -> Asking:
    """Said again, and the time for the answer begins anew."""
    turn.hush()
    return replace(asking, put=put(turn, words(asking)))


def tell_how_to_answer(turn: Turn, asking: Asking, _: Asked) -> Lead:
    """An answer of another kind than the question's."""
    turn.hush()
    return say_how(turn, asking, _)


def say_how(turn: Turn, asking: Asking, _: Asked) -> Lead:
    turn.say(help_with(asking))
    return asking


# --- the gentle one, and something harder ------------------------------------------


def accept_gentle(turn: Turn, asking: Asking, _: Asked) -> Lead:
    """Or what takes its place for whoever has said meanwhile that they don't get down there."""
    turn.hush()
    return lead_fitted(turn, turn.there(asking.routine))


def refuse_gentle(turn: Turn, _: Asking, asked: Asked) -> Lead:
    turn.hush()
    rest = no_more(turn)
    turn.say(sentences.REST_TODAY)
    return rest


def answer_harder(turn: Turn, asking: Asking, asked: Asked) -> Lead:
    turn.hush()
    exercise = turn.settings.exercises[asking.exercise]
    levels.note_answer(turn, yes=asked.command is Command.YES)
    step = int(asked.command is Command.YES)
    level = turn.person.health.levels.get(exercise.id, 0) + step
    levels.change_level(turn, exercise, level)
    return lead_fitted(turn, asking.routine)


# --- the end of it ------------------------------------------------------------


def leave(turn: Turn, asking: Asking, _: Asked) -> Lead:
    """Stop: no more questions, and no routine."""
    after = asking.question is Question.PAIN_AFTER
    turn.hush()
    rest = no_more(turn)
    turn.say(sentences.PAIN_NOTED if after else sentences.LEFT_FOR_NOW)
    return rest


def go_away(turn: Turn, asking: Asking, asked: Asked) -> Lead:
    """Whoever goes away is asked no more; the desk does what belongs to that."""
    turn.hush()
    rest = no_more(turn)
    turn.signal(Signal.LEAVES, asked)
    return rest
