"""Questions before and after a routine, and what follows from their answers.

Decides which question comes when (safety questions once, pain before and after, the gentle routine
instead, something harder), what an answer changes, and that nobody is kept waiting by a question:
each can be skipped, and goes away by itself. What suits whom is decided in `suitability`. Every way
into a session from rest goes through `lead_fitted`.
"""

from dataclasses import replace

from assistant.coach import fitting, levels, suitability
from assistant.coach.effects import Priority
from assistant.coach.events import Asked, Command
from assistant.coach.question import ask, help_with, no_more, words
from assistant.coach.session import begin_session
from assistant.coach.state import Asking, AtRest, Lead, Question
from assistant.coach.triggers import Signal
from assistant.coach.turn import Turn
from assistant.coach.working_hours import DAY_S
from assistant.content import sentences

# --- before a routine -------------------------------------------------------


def start(turn: Turn, lead: AtRest, asked: Asked) -> Lead:
    """Start a routine, after the questions that belong before it. The routine is there."""
    person = turn.person
    name = asked.routine or turn.settings.routine
    turn.signal(Signal.ROUTINE_ASKED)
    turn.hush()
    if suitability.red_flag(person.health):
        rest = no_more(turn)
        turn.say(sentences.RED_FLAG_STILL, Priority.SAFETY)
        return rest
    pain = suitability.pain_still(person.pain_told, turn.now)
    turn.person = replace(person, health=replace(person.health, pain=pain))
    if not suitability.asks(turn.settings.plans[name]) or name not in turn.settings.routines:
        return lead_fitted(turn, name)
    if turn.settings.screening and not person.health.screened:
        turn.say(sentences.SCREENING_FIRST)
        return ask(turn, Question.SCREENING, name)
    return ask_pain(turn, name)


def stretch(turn: Turn, lead: AtRest, asked: Asked) -> Lead:
    """Lead the desk routine; it counts as the break."""
    routine = next_stretch(turn)
    turn.person = replace(turn.person, stretches=turn.person.stretches + 1)
    return start(turn, lead, replace(asked, routine=routine))


def next_stretch(turn: Turn) -> str:
    """The configured routine, or in turn those whose names continue it ("desk-break-2"), another
    one each day and each time."""
    first = turn.settings.stretch
    series = sorted(name for name in turn.settings.plans if f"{name}-".startswith(f"{first}-"))
    day = int((turn.civil() or 0.0) // DAY_S)
    return series[(day + turn.person.stretches) % len(series)] if series else first


def ask_pain(turn: Turn, name: str) -> Lead:
    if turn.settings.ask_pain:
        return ask(turn, Question.PAIN_BEFORE, name)
    return choose(turn, name)


def choose(turn: Turn, name: str) -> Lead:
    """All is known that will be told: the routine as it suits, or another one instead."""
    pain = turn.person.health.pain
    left = len(fitting.fitted(turn, name).routine.items)
    enough = left * 2 > len(turn.settings.routines[name].items)
    if pain is not None and pain >= suitability.REST_FROM:
        return offer_gentle(turn, sentences.MUCH_PAIN)
    if not enough and name != turn.settings.gentle:
        return offer_gentle(turn, sentences.NOT_TODAY)
    if (step := levels.harder(turn, name)) is not None:
        now, following = step
        turn.say(sentences.went_well(following.spoken_name))
        return ask(turn, Question.HARDER, name, exercise=now.id)
    return lead_fitted(turn, name)


def offer_gentle(turn: Turn, why: str) -> Lead:
    """The gentle routine, if the person wants it and it is there."""
    gentle = turn.settings.gentle
    turn.say(why)
    if gentle in turn.settings.routines and fitting.fitted(turn, gentle).routine.items:
        return ask(turn, Question.GENTLE, gentle)
    return rest_today(turn)


def rest_today(turn: Turn) -> AtRest:
    rest = no_more(turn)
    turn.say(sentences.REST_TODAY)
    return rest


def lead_fitted(turn: Turn, name: str) -> Lead:
    """Begin, with a word on what is different today: the one way from rest into a session."""
    if name in turn.settings.routines:
        fitted = fitting.fitted(turn, name)
        if not fitted.routine.items:
            rest = no_more(turn)
            turn.say(sentences.NOTHING_LEFT)
            return rest
        for why in fitted.why:
            turn.say(why)
    return begin_session(turn, name)


# --- a question -------------------------------------------------------------


def screen(turn: Turn, _: AtRest, asked: Asked) -> Lead:
    """The safety questions, because somebody wants them (again)."""
    turn.hush()
    turn.say(sentences.SCREENING_AGAIN)
    return ask(turn, Question.SCREENING, "")


def ask_again(turn: Turn, asking: Asking, _: Asked) -> Lead:
    turn.say(words(asking), Priority.SAFETY)
    return asking


def tell_how_to_answer(turn: Turn, asking: Asking, _: Asked) -> Lead:
    """An answer of another kind than the question's."""
    turn.hush()
    return say_how(turn, asking, _)


def say_how(turn: Turn, asking: Asking, _: Asked) -> Lead:
    turn.say(help_with(asking))
    return asking


# --- the answers ------------------------------------------------------------


def answer_screening(turn: Turn, asking: Asking, asked: Asked) -> Lead:
    """One of the safety questions is answered. A red flag ends them: nothing may follow it."""
    turn.hush()
    yes = asked.command is Command.YES
    name = list(sentences.SCREENING)[asking.number]
    health = turn.person.health
    told = health.yes | {name} if yes else health.yes - {name}
    turn.person = replace(turn.person, health=replace(health, yes=told))
    turn.record("screening", name, value=int(yes))
    if yes and name in suitability.RED_FLAGS:
        rest = no_more(turn)
        turn.say(suitability.RED_FLAGS[name], Priority.SAFETY)
        return rest
    return next_question(turn, asking)


def skip_screening(turn: Turn, asking: Asking, _: Asked) -> Lead:
    turn.hush()
    return next_question(turn, asking)


def next_question(turn: Turn, asking: Asking) -> Lead:
    if asking.number + 1 < len(sentences.SCREENING):
        return ask(turn, Question.SCREENING, asking.routine, asking.number + 1)
    turn.person = replace(turn.person, health=replace(turn.person.health, screened=True))
    turn.record("screening", "all", value=1)
    if suitability.red_flag(turn.person.health):  # answered with yes before, and skipped now
        rest = no_more(turn)
        turn.say(sentences.RED_FLAG_STILL, Priority.SAFETY)
        return rest
    turn.say(sentences.SCREENED)
    return ask_pain(turn, asking.routine) if asking.routine else no_more(turn)


def accept_gentle(turn: Turn, asking: Asking, _: Asked) -> Lead:
    turn.hush()
    return lead_fitted(turn, asking.routine)


def refuse_gentle(turn: Turn, _: Asking, asked: Asked) -> Lead:
    turn.hush()
    return rest_today(turn)


def answer_harder(turn: Turn, asking: Asking, asked: Asked) -> Lead:
    turn.hush()
    exercise = turn.settings.exercises[asking.exercise]
    step = int(asked.command is Command.YES)
    level = turn.person.health.levels.get(exercise.id, 0) + step
    levels.change_level(turn, exercise, level)
    return lead_fitted(turn, asking.routine)


def skip_harder(turn: Turn, asking: Asking, _: Asked) -> Lead:
    turn.hush()
    return lead_fitted(turn, asking.routine)


# --- pain ---------------------------------------------------------------------


def pain_before(turn: Turn, asking: Asking, asked: Asked) -> Lead:
    """How much it hurts before a routine; the number is one of zero to ten."""
    turn.hush()
    value = asked.value or 0
    turn.record("pain", detail="before", value=value)
    health = turn.person.health
    pains = health.pains
    if (civil := turn.civil()) is not None:
        pains = (*pains, (int(civil // DAY_S), value))
    health = replace(health, pain=value, pains=pains)
    turn.person = replace(turn.person, pain_told=(turn.now, value), health=health)
    if value and pains:
        tell_how_long(turn)
    return choose(turn, asking.routine)


def skip_pain_before(turn: Turn, asking: Asking, _: Asked) -> Lead:
    turn.hush()
    return choose(turn, asking.routine)


def tell_how_long(turn: Turn) -> None:
    """Once after two weeks without its getting better, and once after three months."""
    health = turn.person.health
    days, less = suitability.hurting_for(health.pains, health.pains[-1][0])
    name = ""
    if days >= suitability.QUARTER_DAYS:
        name, text = "three months", sentences.THREE_MONTHS
    elif days >= suitability.FORTNIGHT_DAYS and not less:
        name, text = "two weeks", sentences.TWO_WEEKS
    if name and name not in health.told:
        turn.person = replace(turn.person, health=replace(health, told=health.told | {name}))
        turn.record("told", name)
        turn.say(text)


def pain_after(turn: Turn, _: Asking, asked: Asked) -> Lead:
    """The same question after a routine."""
    turn.hush()
    value = asked.value or 0
    turn.record("pain", detail="after", value=value)
    health = turn.person.health
    before = value if health.pain is None else health.pain
    worse = health.worse + 1 if value > before else 0
    good = {} if value > before else health.good
    health = replace(health, worse=worse, good=good)
    turn.person = replace(turn.person, pain_told=(turn.now, value), health=health)
    if worse >= suitability.WORSE_IN_A_ROW:
        turn.say(sentences.WORSE_AGAIN)
    elif worse:
        turn.say(sentences.WORSE)
    else:
        turn.say(sentences.PAIN_NOTED)
    return no_more(turn)


# --- the end of it ------------------------------------------------------------


def skip_pain_after(turn: Turn, _: Asking, asked: Asked) -> Lead:
    turn.hush()
    return no_more(turn)


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


def hurts(turn: Turn, _: Asking, asked: Asked) -> Lead:
    """ "That hurts" while a question is open."""
    turn.hush()
    rest = no_more(turn)
    turn.say(sentences.HURT_IDLE, Priority.SAFETY)
    return rest


def unanswered_screening(turn: Turn, asking: Asking, _: float) -> Lead:
    """Nobody answers: what was asked for begins without the rest of the questions."""
    return choose(turn, asking.routine)


def unanswered_before(turn: Turn, asking: Asking, _: float) -> Lead:
    return lead_fitted(turn, asking.routine)


def given_up(turn: Turn, _: Asking, at: float) -> Lead:
    """Nobody answers, and nothing waits for the answer."""
    return no_more(turn)
