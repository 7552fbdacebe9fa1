"""What the coach is told of the configuration, in its own words and units.

Decides nothing but in which order routines are named: each key of the file is one of the coach's
settings, minutes are seconds, and what can't be used was left out before.
"""

from collections.abc import Mapping

from assistant.coach.effects import Week
from assistant.coach.settings import Settings
from assistant.coach.working_hours import Hours
from assistant.config import Config, hours, household
from assistant.config.keys import Plan
from assistant.content.plans import Plans
from assistant.content.types import Library, Routine

UPRIGHT = {
    "lower-back-gentle": "chair",
    "mobility": "without-the-floor",
    **{f"lower-back-strength{step}": "legs-and-balance" for step in ("", "-2", "-3")},
}
"""What takes the place of these for whoever doesn't get down to the floor."""


def settings_for(config: Config, known: Library, once: bool) -> Settings:
    """What the coach is told about the configuration."""
    reminder, planned = config.reminder, hours.plan(config)
    return Settings(
        plans=Plans(known.routines),
        routines=known.routines,
        exercises=known.exercises,
        gentle=config.session.gentle,
        floor=config.session.floor,
        upright=UPRIGHT,
        screening=config.session.screening,
        ask_pain=config.session.pain,
        spared_until_s=config.session.no_bending_before * 3600.0,
        spoken_names=names_to_tell(known.routines, config.session.routine),
        routine=config.session.routine,
        wake=config.wake.phrases[0],
        reminders=reminder.on,
        sit_s=reminder.sit_min * 60,
        up_s=reminder.up_min * 60,
        snooze_s=reminder.snooze_min * 60,
        snoozes=reminder.snoozes,
        courtesy_s=reminder.courtesy_min * 60,
        gap_s=reminder.gap_min * 60,
        hours=Hours(
            days=hours.week(config) if config.hours.on else (),
            lunch=hours.lunch(config) if config.hours.on else None,
            holidays=hours.holidays(config) if config.hours.on else frozenset(),
            intervals=hours.intervals(config),
        ),
        stretch=reminder.routine,
        week=Week(*planned) if planned else None,
        mobility=config.plan.mobility,
        strength=config.plan.strength,
        beside_mobility=beside_mobility(config.plan),
        instead=config.plan.instead,
        offers_plan=config.plan.offer,
        asks_after=config.plan.ask,
        looks_back=config.plan.look_back,
        people={one.id: one.name for one in household.everybody(config)},
        owner=household.owner(config),
        stranger=household.stranger(config),
        forget_s=config.people.forget_min * 60,
        wording=config.session.instructions,
        volume=config.voice.volume,
        rate_wpm=config.voice.rate_wpm,
        chimes=config.voice.chimes,
        metronome=config.session.metronome,
        night=hours.night(config),
        night_volume=config.voice.night_volume,
        welcomes=config.session.welcome,
        once=once,
        keeps=True,
        page=config.page.on,
    )


def beside_mobility(plan: Plan) -> tuple[str, ...]:
    """What comes in turn with the routine for mobility: with one of somebody's own, what they list
    themselves."""
    shipped = Plan()
    own = plan.mobility != shipped.mobility
    return () if own and plan.beside_mobility == shipped.beside_mobility else plan.beside_mobility


def names_to_tell(routines: Mapping[str, Routine], usual: str) -> tuple[str, ...]:
    """What routines are called aloud: the usual one first, and those of a series
    ("desk-break-2") last, since only the first few are said."""

    def rank(name: str) -> tuple[bool, bool, str]:
        return name != usual, name[-1:].isdigit(), name

    return tuple(routines[name].spoken_names[0] for name in sorted(routines, key=rank))
