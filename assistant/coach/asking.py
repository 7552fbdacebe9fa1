"""Questions before and after a routine, and what follows from their answers.

Decides which question comes when (safety questions once, pain before and after, the gentle routine
instead, something harder), what an answer changes, and that nobody is kept waiting by a question:
each can be skipped, and goes away by itself. What suits whom is decided in `gate`.
"""

from dataclasses import replace

from assistant.coach import fit, gate, progress, session
from assistant.coach.effects import Priority
from assistant.coach.events import Asked, Command
from assistant.coach.hours import DAY_S
from assistant.coach.question import ask, help_with, rest, words
from assistant.coach.reminder import note_taken
from assistant.coach.state import Alarm, Mode, Question, Turn
from assistant.content import sentences

# --- before a routine -------------------------------------------------------


def begin(turn: Turn, asked: Asked) -> None:
    """Start a routine, after the questions that belong before it. The routine is known."""
    state = turn.state
    name = asked.routine or state.settings.routine
    if state.mode in (Mode.DUE, Mode.OVERDUE):
        note_taken(turn)
        turn.set(stand_at=None, sit_left_s=None)
    turn.hush()
    if gate.red_flag(state.health):
        rest(turn)
        turn.say(sentences.RED_FLAG_STILL, Priority.SAFETY)
        return
    turn.set(health=replace(state.health, pain=gate.pain_still(state.pain_told, turn.now)))
    plan = state.settings.plans[name]
    if not gate.asks(plan) or name not in state.settings.routines:
        lead(turn, name)
    elif state.settings.screening and not state.health.screened:
        turn.say(sentences.SCREENING_FIRST)
        ask(turn, Question.SCREENING, name)
    else:
        ask_pain(turn, name)


def ask_pain(turn: Turn, name: str) -> None:
    if turn.state.settings.ask_pain:
        ask(turn, Question.PAIN_BEFORE, name)
    else:
        weigh(turn, name)


def weigh(turn: Turn, name: str) -> None:
    """All is known that will be told: the routine as it suits, or another one instead."""
    state = turn.state
    pain = state.health.pain
    gentle = state.settings.gentle
    enough = len(fit.fitted(state, name).routine.items) * 2 > len(
        state.settings.routines[name].items
    )
    if pain is not None and pain >= gate.REST_FROM:
        instead(turn, sentences.MUCH_PAIN)
    elif not enough and name != gentle:
        instead(turn, sentences.NOT_TODAY)
    elif (step := progress.harder(state, name)) is not None:
        now, following = step
        turn.say(sentences.went_well(following.spoken_name))
        ask(turn, Question.HARDER, name, exercise=now.id)
    else:
        lead(turn, name)


def instead(turn: Turn, why: str) -> None:
    """The gentle routine, if the person wants it and it is there."""
    gentle = turn.state.settings.gentle
    turn.say(why)
    if gentle in turn.state.settings.routines and fit.fitted(turn.state, gentle).routine.items:
        ask(turn, Question.GENTLE, gentle)
    else:
        rest(turn)
        turn.say(sentences.REST_TODAY)


def lead(turn: Turn, name: str) -> None:
    """Begin, with a word on what is different today."""
    state = turn.state
    turn.set(asking=None)
    if name in state.settings.routines:
        fitted = fit.fitted(state, name)
        if not fitted.routine.items:
            rest(turn)
            turn.say(sentences.NOTHING_LEFT)
            return
        for why in fitted.why:
            turn.say(why)
    session.begin(turn, name)


# --- a question -------------------------------------------------------------


def screen(turn: Turn, _: Asked) -> None:
    """The safety questions, because somebody wants them (again)."""
    turn.hush()
    turn.say(sentences.SCREENING_AGAIN)
    ask(turn, Question.SCREENING, "")


def ask_again(turn: Turn, _: Asked) -> None:
    turn.say(words(turn.asking), Priority.SAFETY)


# --- the answers ------------------------------------------------------------


def answer(turn: Turn, asked: Asked) -> None:
    """Yes or no, to a question of that kind."""
    yes, asking = asked.command is Command.YES, turn.asking
    turn.hush()
    match asking.question:
        case Question.SCREENING:
            screened(turn, yes)
        case Question.GENTLE if yes:
            lead(turn, asking.routine)
        case Question.GENTLE:
            rest(turn)
            turn.say(sentences.REST_TODAY)
        case Question.HARDER:
            exercise = turn.state.settings.exercises[asking.exercise]
            level = turn.state.health.levels.get(exercise.id, 0) + int(yes)
            progress.change_level(turn, exercise, level)
            lead(turn, asking.routine)
        case _:
            turn.say(help_with(turn))


def screened(turn: Turn, yes: bool) -> None:
    """One of the safety questions is answered. A red flag ends them: nothing may follow it."""
    name = list(sentences.SCREENING)[turn.asking.number]
    health = turn.state.health
    told = health.yes | {name} if yes else health.yes - {name}
    turn.set(health=replace(health, yes=told))
    turn.record("screening", name, value=int(yes))
    if yes and name in gate.RED_FLAGS:
        rest(turn)
        turn.say(gate.RED_FLAGS[name], Priority.SAFETY)
    else:
        next_question(turn)


def next_question(turn: Turn) -> None:
    asking = turn.asking
    if asking.number + 1 < len(sentences.SCREENING):
        ask(turn, Question.SCREENING, asking.routine, asking.number + 1)
        return
    turn.set(health=replace(turn.state.health, screened=True))
    turn.record("screening", "all", value=1)
    if gate.red_flag(turn.state.health):  # answered with yes before, and skipped now
        rest(turn)
        turn.say(sentences.RED_FLAG_STILL, Priority.SAFETY)
        return
    turn.say(sentences.SCREENED)
    if asking.routine:
        ask_pain(turn, asking.routine)
    else:
        rest(turn)


def number(turn: Turn, asked: Asked) -> None:
    """How much it hurts."""
    asking, value = turn.asking, asked.value
    if value is None or not 0 <= value <= 10:
        turn.say(help_with(turn))
        return
    turn.hush()
    if asking.question is Question.PAIN_BEFORE:
        told_before(turn, value)
        weigh(turn, asking.routine)
    elif asking.question is Question.PAIN_AFTER:
        told_after(turn, value)
        rest(turn)
    else:
        turn.say(help_with(turn))


def told_before(turn: Turn, value: int) -> None:
    turn.record("pain", detail="before", value=value)
    turn.set(pain_told=(turn.now, value))
    state = turn.state
    pains = state.health.pains
    if state.civil_offset is not None:
        pains = (*pains, (int((turn.now + state.civil_offset) // DAY_S), value))
    turn.set(health=replace(state.health, pain=value, pains=pains))
    if value and pains:
        tell_how_long(turn)


def tell_how_long(turn: Turn) -> None:
    """Once after two weeks without its getting better, and once after three months."""
    health = turn.state.health
    days, less = gate.hurting_for(health.pains, health.pains[-1][0])
    name = ""
    if days >= gate.QUARTER_DAYS:
        name, text = "three months", sentences.THREE_MONTHS
    elif days >= gate.FORTNIGHT_DAYS and not less:
        name, text = "two weeks", sentences.TWO_WEEKS
    if name and name not in health.told:
        turn.set(health=replace(health, told=health.told | {name}))
        turn.record("told", name)
        turn.say(text)


def told_after(turn: Turn, value: int) -> None:
    turn.record("pain", detail="after", value=value)
    turn.set(pain_told=(turn.now, value))
    health = turn.state.health
    before = value if health.pain is None else health.pain
    worse = health.worse + 1 if value > before else 0
    good = {} if value > before else health.good
    turn.set(health=replace(health, worse=worse, good=good))
    if worse >= gate.WORSE_IN_A_ROW:
        turn.say(sentences.WORSE_AGAIN)
    elif worse:
        turn.say(sentences.WORSE)
    else:
        turn.say(sentences.PAIN_NOTED)


def skip(turn: Turn, _: Asked) -> None:
    """Not this question."""
    asking = turn.asking
    turn.hush()
    match asking.question:
        case Question.SCREENING:
            next_question(turn)
        case Question.PAIN_BEFORE:
            weigh(turn, asking.routine)
        case Question.HARDER:
            lead(turn, asking.routine)
        case Question.GENTLE:
            rest(turn)
            turn.say(sentences.REST_TODAY)
        case _:
            rest(turn)


def leave(turn: Turn, _: Asked) -> None:
    """Stop: no more questions, and no routine."""
    after = turn.asking.question is Question.PAIN_AFTER
    turn.hush()
    rest(turn)
    turn.say(sentences.PAIN_NOTED if after else sentences.LEFT_FOR_NOW)


def unanswered(turn: Turn, _: Alarm) -> None:
    """Nobody answers: what was asked for begins without; what nobody wants doesn't."""
    asking = turn.asking
    match asking.question:
        case Question.SCREENING if asking.routine and not gate.red_flag(turn.state.health):
            weigh(turn, asking.routine)
        case Question.PAIN_BEFORE | Question.HARDER:
            lead(turn, asking.routine)
        case _:
            rest(turn)


def hurts(turn: Turn, _: Asked) -> None:
    """ "That hurts" while a question is open."""
    turn.hush()
    rest(turn)
    turn.say(sentences.HURT_IDLE, Priority.SAFETY)
