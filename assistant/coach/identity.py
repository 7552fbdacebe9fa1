"""Who is there: somebody says who they are, and what was told before is theirs again.

Decides that whoever isn't known is a guest, with the cautious answers, and that somebody is taken
for who they said only for a while after the last routine. What is led ends first, as that person's.
A plan and the voice are each person's own, a guest's those of whose desk it is. Whose desk that is
doesn't change by it, nor do its reminders.
"""

import math
from dataclasses import replace

from assistant.coach import controls, suitability, week_plan, welcome
from assistant.coach.effects import Meet, Remember
from assistant.coach.events import GUEST, Asked, Health, Met
from assistant.coach.lasting_wishes import date_today, speak_as_wanted
from assistant.coach.question import no_more
from assistant.coach.session import close
from assistant.coach.settings import Settings
from assistant.coach.state import Asking, AtRest, Hurt, Lead, Led, Person
from assistant.coach.triggers import Signal
from assistant.coach.turn import Turn
from assistant.coach.working_hours import DAY_S
from assistant.content import sentences

NOT_KNOWN = Health(unknown=True)
"""Of a guest, and of anybody until the journal has answered."""


def person_of(settings: Settings, told: Met, now: float) -> Person:
    """A person as far as the journal knows them."""
    health = told.health
    return Person(
        health,
        settings.wording,
        told.times,
        pain_told(health, now),
        health.unsaid,
        dizzy_at=-math.inf if health.dizzy_age_s is None else now - health.dizzy_age_s,
        screened_at=screened_at(health, now),
        trained=told.trained,
        id=told.person,
        here_at=now,
    )


def pain_told(health: Health, now: float) -> tuple[float, int] | None:
    return None if health.pain is None else (now - (health.pain_age_s or 0.0), health.pain)


def screened_at(health: Health, now: float) -> float | None:
    """When the safety questions were gone through. Where one of them is newer than the answers they
    are due: what isn't known is taken for the cautious answer."""
    if health.screened and not suitability.complete(health):
        return -math.inf
    return None if health.screened_days is None else now - health.screened_days * DAY_S


def at_start(settings: Settings) -> Met:
    """What the journal knew of who is there at the start."""
    return Met(
        person=settings.person,
        health=settings.health,
        times=settings.times,
        remembered=settings.remembered,
        trained=settings.trained,
    )


def with_told(settings: Settings, told: Met) -> Settings:
    """The other way round: for the start."""
    return replace(
        settings,
        person=told.person,
        health=told.health,
        times=told.times,
        remembered=told.remembered,
        trained=told.trained,
    )


# --- guards ----------------------------------------------------------------------


def known(turn: Turn, asked: Asked) -> bool:
    """somebody I know, or a guest"""
    people = turn.settings.people
    return bool(people) and asked.person in (*people, GUEST)


def the_same(turn: Turn, asked: Asked) -> bool:
    """who is there already"""
    return known(turn, asked) and asked.person == turn.person.id != GUEST


# --- what is done ------------------------------------------------------------------


def greet_again(turn: Turn, lead: Lead, asked: Asked) -> Lead:
    turn.person = replace(turn.person, here_at=turn.now)
    turn.say(sentences.hello(turn.settings.people[asked.person]))
    return lead


def meet(turn: Turn, lead: Lead, asked: Asked) -> AtRest:
    """What is led or asked ends; one guest after another is somebody else, too."""
    if isinstance(lead, Hurt):
        controls.hurt_end(turn, lead, asked)
    elif isinstance(lead, Led):
        close(turn, lead, "stopped")
    else:
        turn.hush()
        if isinstance(lead, Asking):
            no_more(turn)
    become(turn, asked.person)
    guest = asked.person == GUEST
    turn.say(
        sentences.HELLO_GUEST if guest else sentences.hello(turn.settings.people[asked.person])
    )
    return AtRest()


def become(turn: Turn, name: str) -> None:
    """Somebody else is there, of whom nothing is known yet."""
    turn.record("person", name)
    turn.do(Meet(name))
    stranger = person_of(turn.settings, Met(person=name, health=NOT_KNOWN), turn.now)
    turn.person = replace(stranger, met=False)


def with_told_since(person: Person, stranger: Person) -> Person:
    """With what was told before the journal had answered, which may not know of it: of two answers
    the cautious one."""
    health, pain = person.health, person.pain_told
    unsaid = person.unsaid
    if stranger.pain_told is not None:
        at, value = stranger.pain_told
        pain, unsaid = (at, max(value, health.pain or 0)), stranger.unsaid
        health = replace(health, pain=pain[1])
    sharp = stranger.screened_at == -math.inf
    return replace(
        person,
        health=replace(health, yes=health.yes | stranger.health.yes),
        pain_told=pain,
        unsaid=unsaid,
        dizzy_at=max(person.dizzy_at, stranger.dizzy_at),
        unanswered=stranger.unanswered,
        told_before=stranger.told_before,
        screened_at=stranger.screened_at if sharp else person.screened_at,
    )


def met(turn: Turn, told: Met) -> None:
    """What the journal knows of who is there."""
    if told.person != turn.person.id:
        turn.ignore("somebody else is there by now")
        return
    if told.person == GUEST:  # who may have told something meanwhile
        turn.person = replace(turn.person, met=True)
    else:
        person = person_of(turn.settings, told, turn.now)
        turn.person = with_told_since(person, turn.person)
    # Quiet, and how often is reminded, are the desk's.
    ours, remembered = turn.memory.wanted, week_plan.since_now(told.remembered, turn.settings)
    desks = replace(remembered.wanted, sit_s=ours.sit_s, quiet_until_s=ours.quiet_until_s)
    turn.memory = replace(remembered, wanted=desks, before=None)
    if turn.settings.keeps and remembered != told.remembered:
        turn.do(Remember(turn.memory))
    date_today(turn)
    speak_as_wanted(turn)
    if told.health.unknown and told.person != GUEST:
        turn.say(sentences.CANT_REMEMBER)
    if welcome.new_here(turn):
        welcome.tell_in_short(turn)
    turn.signal(Signal.MET)


# --- nobody has said ---------------------------------------------------------------


def forget_at(turn: Turn) -> float | None:
    """When somebody is no longer taken to be who they said."""
    settings, person = turn.settings, turn.person
    as_ever = person.id == settings.stranger
    nothing_told = person.id != GUEST or person.health == NOT_KNOWN
    if not settings.people or (as_ever and nothing_told):
        return None
    return person.here_at + settings.forget_s


def forget_who(turn: Turn, lead: AtRest, _: object) -> AtRest:
    """Without a word; what a guest has told goes too."""
    become(turn, turn.settings.stranger)
    turn.person = replace(turn.person, named=False)
    return lead
