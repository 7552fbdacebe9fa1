"""How much it hurts: the number before and after a routine, and a session that was stopped for it.

Decides what counts as pain and for how long a session that ended badly is remembered. What may be
led with how much of it is decided in `suitability`.
"""

import math
from dataclasses import replace

from assistant.coach import suitability, week_plan
from assistant.coach.effects import Priority
from assistant.coach.events import Asked, Command
from assistant.coach.question import ask, no_more, opened, put, words
from assistant.coach.session_start import begin_gently, choose
from assistant.coach.state import Asking, AtRest, Lead, Question
from assistant.coach.triggers import Signal
from assistant.coach.turn import Turn
from assistant.coach.what_counts import EASIER_FROM, more_than_before
from assistant.coach.working_hours import DAY_S
from assistant.content import plan_sentences, sentences

QUARTER_DAYS = 91
SHARP = frozenset({"sharp", "leg_pain", "numb", "weakness"})
"""What a typed line may tell of pain that ends a session, and asks for the safety questions."""


def before(turn: Turn, asking: Asking, asked: Asked) -> Lead:
    """How much it hurts before a routine; the number is one of zero to ten."""
    turn.hush()
    value = asked.value or 0
    turn.record("pain", detail="before", value=value)
    health = turn.person.health
    pains = health.pains
    if (civil := turn.civil()) is not None:
        pains = (*pains, (int(civil // DAY_S), value))
    health = replace(health, pain=value, pains=pains)
    told = (turn.now, value)
    person = replace(turn.person, pain_told=told, unsaid=False, unanswered=False)
    turn.person = replace(person, told_before=value, health=health)
    if value and pains:
        tell_how_long(turn)
    return choose(turn, asking.routine, just_told=True, offered=asking.offered)


def correct(turn: Turn, asking: Asking, _: Asked) -> Lead:
    """ "I meant two": a number that was just told, asked for again."""
    turn.hush()
    return ask(turn, opened(Question.PAIN_BEFORE, asking.wanted))


def tell_how_long(turn: Turn) -> None:
    """Once after two weeks without its getting better, and once after three months."""
    health = turn.person.health
    days, less = suitability.hurting_for(health.pains, health.pains[-1][0])
    name = ""
    if days >= QUARTER_DAYS:
        name, text = "three months", sentences.THREE_MONTHS
    elif days >= suitability.FORTNIGHT_DAYS and not less:
        name, text = "two weeks", sentences.TWO_WEEKS
    if name and name not in health.told:
        turn.person = replace(turn.person, health=replace(health, told=health.told | {name}))
        turn.record("told", name)
        turn.say(text)


def after(turn: Turn, asking: Asking, asked: Asked) -> Lead:
    """The same question after a routine."""
    turn.hush()
    value = asked.value or 0
    turn.record("pain", detail="after", value=value)
    was = turn.person.told_before
    turn.person = replace(turn.person, pain_told=(turn.now, value), unsaid=False)
    if not more_than_before(value, was):
        ended_well(turn)
        turn.say(sentences.PAIN_NOTED)
    else:
        ended_worse(turn)
        mark(turn, "worse")
        if suitability.worse_again(turn.person.health.ended):
            turn.say(worse_again(turn))
        elif was is not None and value == was + 1:  # as much as exercise that is new may do
            turn.say(plan_sentences.A_LITTLE_MORE)
        else:
            turn.say(sentences.WORSE)
    if value >= suitability.SEE_SOMEONE_FROM:
        turn.say(sentences.much_pain(value))
    return no_more(turn)


def worse_again(turn: Turn) -> str:
    """What is said when it was worse twice in a row."""
    strengthens = week_plan.strength_suits(turn, week_plan.strength_of(turn))
    return sentences.WORSE_AGAIN if strengthens else sentences.WORSE_AGAIN_MILD


def mark(turn: Turn, how: str) -> None:
    """What is known now of the session that is just over. It is one of those that count where it
    was long enough, and, where it ended worse, however short it was."""
    person, ended = turn.person, turn.person.ended
    if ended is None:  # the journal has answered since, and told of it
        return
    counted = person.trained[-1:] == (ended,)
    told = replace(ended, how=how, told=True)
    trained = person.trained[:-1] if counted else person.trained
    if counted or (how == "worse" and told.day):
        trained = (*trained, told)
    turn.person = replace(person, trained=trained, ended=told)


def told_meanwhile(turn: Turn, value: int) -> None:
    """A number in the midst of a routine that ends it."""
    turn.record("pain", detail="after", value=value)
    keep_in_mind(turn, value)


def told_within(turn: Turn, value: int) -> None:
    """A number in the midst of a routine that goes on. Where none was told before it, the one after
    it is measured by this."""
    turn.record("pain", detail="in", value=value)
    if turn.person.told_before is None:
        turn.person = replace(turn.person, told_before=value)
    if value >= EASIER_FROM:
        keep_in_mind(turn, value)


def keep_in_mind(turn: Turn, value: int) -> None:
    """For what is led now, and for two hours."""
    health = replace(turn.person.health, pain=value)
    person = replace(turn.person, pain_told=(turn.now, value), health=health)
    turn.person = replace(person, unanswered=False)


def goes_on(turn: Turn) -> None:
    """What hurt was taken back, or isn't sharp: that it was said is nothing to reckon with, in a
    session of which a power cut leaves no end either."""
    turn.record("goes_on", "hurts")


def stopped(turn: Turn) -> None:
    """A session was stopped for pain: that counts as six at least, and as one that ended worse."""
    ended_worse(turn)
    take_for_six(turn)


def without_session(turn: Turn, lead: AtRest | Asking, asked: Asked) -> AtRest:
    """ "That hurts", or "I'm dizzy", and nothing is led, or a question is open."""
    turn.hush()
    rest = lead if isinstance(lead, AtRest) else no_more(turn)
    if asked.command is Command.DIZZY:
        note_dizzy(turn, asked)
        turn.say(sentences.DIZZY, Priority.SAFETY)
        return rest
    turn.say(sentences.HURT_IDLE, Priority.SAFETY)
    note_hurt(turn, asked)
    return rest


def back_hurts(turn: Turn, lead: AtRest, asked: Asked) -> Lead:
    """ "My back hurts": it counts until it is told how much; and the gentle routine is offered."""
    note_hurt(turn, asked)
    return begin_gently(turn, lead, asked)


def beside_question(turn: Turn, asking: Asking, asked: Asked) -> Asking:
    """ "That hurts", where it is asked how much, or in the midst of the safety questions: kept in
    mind, and asked again."""
    turn.hush()
    note_hurt(turn, asked)
    return replace(asking, put=put(turn, words(asking)))


def note_hurt(turn: Turn, asked: Asked) -> None:
    """A number of six and more counts as it is; without one, or of less, it is asked again before
    the next routine. That it is sharp, or goes down the leg, counts without being asked."""
    if asked.tells & SHARP:
        sharp(turn)
    value = asked.value or 0
    much = value >= suitability.REST_FROM
    if much:
        told_within(turn, value)
    else:
        take_for_six(turn)
    turn.person = replace(turn.person, unsaid=not much)
    if value >= suitability.SEE_SOMEONE_FROM:
        turn.say(sentences.much_pain(value), Priority.SAFETY)


def note_dizzy(turn: Turn, asked: Asked) -> None:
    """Whoever says nothing more after that is led nothing, and isn't asked to stand up; who tells
    of their chest is asked the safety questions before the next routine."""
    if "chest" in asked.tells:
        sharp(turn)
    turn.person = replace(turn.person, dizzy_at=turn.now)
    turn.signal(Signal.DIZZY)


def take_for_six(turn: Turn) -> None:
    """Nobody knows how much it hurts: as if six were told, or what was in the last two hours if
    that is more."""
    told = suitability.pain_still(turn.person.pain_told, turn.now) or 0
    keep_in_mind(turn, max(told, suitability.REST_FROM))


def ended_worse(turn: Turn) -> None:
    """One more of those, and a good session for none of its exercises."""
    health = turn.person.health
    health = replace(health, ended=(*health.ended, True), good={})
    turn.person = replace(turn.person, health=health)


def ended_well(turn: Turn) -> None:
    """With no more pain; one that was over at once says nothing about how a session goes."""
    ended, health = turn.person.ended, turn.person.health
    if ended is not None and not ended.short:
        health = replace(health, ended=(*health.ended, False))
        turn.person = replace(turn.person, health=health)
        mark(turn, ended.how)


def worse_since(turn: Turn, *, told: bool) -> None:
    """The morning after it is worse: what was `told` of the last session doesn't hold any more."""
    if told:
        health = turn.person.health
        turn.person = replace(turn.person, health=replace(health, ended=health.ended[:-1]))
    ended_worse(turn)


def sharp(turn: Turn) -> None:
    """Sharp, down the leg, or in the chest: the safety questions are asked again before the next
    routine."""
    turn.person = replace(turn.person, screened_at=-math.inf)
    turn.record("screening", "all", value=0)
