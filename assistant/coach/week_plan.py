"""The plan for a week: which days, which routine is next, and why.

Decides, as a function of what is known, what a day of the plan is for and which routine that is:
after a start or a break first the gentle one, then mobility, then strength in turn with it;
strength never two days in a row, and not while the back speaks against it. More pain is to settle
within a day (the convention of physiotherapists in the UK), so after a session that was too much
for the back, strength or not, the next is the gentle one, which holds only what each exercise's
sources have for an acute spell, and then mobility before strength again (own). Strength on two or
three days of a week that don't follow one another is what guidelines for adults ask for (WHO 2020;
HHS 2018), and four to six weeks of it what the spine programme of the American Academy of
Orthopaedic Surgeons begins with. A person's own word goes before the plan: what is asked for by
name is led whatever was done the day before. Whether an exercise may be led at all is
`suitability`'s.
"""

from dataclasses import dataclass, replace

from assistant.coach import suitability
from assistant.coach.effects import Aim, Moved, Remembered, Wanted, Week
from assistant.coach.events import Trained
from assistant.coach.fitting import health_now, instead, mostly_suits
from assistant.coach.levels import BREAK_DAYS, strong, was_much
from assistant.coach.settings import Settings
from assistant.coach.turn import Turn
from assistant.coach.working_hours import DAY_S, weekday
from assistant.content import plan_sentences
from assistant.content.types import Phase

GENTLE_FIRST, MOBILITY_NEXT = 3, 3
"""So many sessions of each before the plan has strength."""
GENTLE_AGAIN, MOBILITY_AGAIN = 1, 2
"""The same after a break, for whoever has had all of those before it (own)."""
FAMILIAR = 6
"""After so many sessions of it, others come in turn with the routine for mobility (own)."""
MOST_STRENGTH = 3
"""On so many days of seven, unless somebody wants more."""
DEFAULT = (Aim.NEXT, Aim.REST, Aim.NEXT, Aim.REST, Aim.NEXT, Aim.REST, Aim.REST)
"""Monday, Wednesday and Friday."""
NEVER = (Aim.REST,) * 7
NO_WEEK = Week(NEVER, 0.0)


@dataclass(frozen=True, slots=True)
class Next:
    """What the plan has for a day."""

    routine: str
    why: str = ""
    """In a sentence, where it isn't what the day is for."""


# --- the week --------------------------------------------------------------------


def week_of(turn: Turn) -> Week | None:
    """The plan that holds: what was asked for, else the configured one; None: there is none."""
    wanted, configured = turn.memory.wanted, turn.settings.week or NO_WEEK
    asked_since = wanted.week_instead_of in (None, configured)
    week = wanted.week if wanted.week is not None and asked_since else configured
    return week if any(week.days) else None


def with_week(turn: Turn, week: Week) -> Wanted:
    """What is wanted, with this plan from now on."""
    configured = turn.settings.week or NO_WEEK
    return replace(turn.memory.wanted, week=week, week_instead_of=configured)


def since_now(remembered: Remembered, settings: Settings) -> Remembered:
    """A plan that an older version kept holds before the one that is configured now, and until
    that is changed."""

    def known(wanted: Wanted) -> Wanted:
        if wanted.week is None or wanted.week_instead_of is not None:
            return wanted
        return replace(wanted, week_instead_of=settings.week or NO_WEEK)

    before = remembered.before
    return replace(remembered, wanted=known(remembered.wanted), before=before and known(before))


def moved_to(turn: Turn, day: int) -> Moved | None:
    """The other time that was asked for on a day; None: there is none."""
    moved = turn.memory.wanted.moved
    return moved if moved is not None and moved.day == day else None


def aim_of(turn: Turn, day: int) -> str:
    """What a day is for; empty: nothing. What was moved to it is for what it was for before."""
    aim = own_aim(turn, day)
    moved = moved_to(turn, day)
    if not aim and moved is not None and not done_on(turn, moved.instead_of):
        aim = (own_aim(turn, moved.instead_of) if moved.instead_of else "") or Aim.NEXT
    return aim if aim in list(Aim) else turn.there(aim)


def own_aim(turn: Turn, day: int) -> str:
    """What the plan has a day for."""
    week = week_of(turn)
    return Aim.REST if week is None else week.days[weekday(day)]


def at_s(turn: Turn, day: int) -> float:
    """The time of day at which a day's session is asked for."""
    week, moved = week_of(turn), moved_to(turn, day)
    return moved.at_s if moved is not None else 0.0 if week is None else week.at_s


def asked_at(turn: Turn, day: int) -> float:
    """The same in monotonic seconds."""
    offset = turn.room.civil_offset
    assert offset is not None  # there is a clock
    return day * DAY_S + at_s(turn, day) - offset


def planned_on(turn: Turn, day: int) -> bool:
    """Whether the plan still has something for a day, today or later. What was answered by a clock
    that was ahead answers nothing by the right one."""
    memory = turn.memory
    moved = memory.wanted.moved
    away = moved is not None and moved.instead_of == day
    answered = memory.asked_day == day or away or done_on(turn, day)
    return not answered and bool(next_for(turn, day))


def done_on(turn: Turn, day: int) -> bool:
    return any(one.day == day for one in turn.person.trained)


def with_strength_twice(days: tuple[str, ...]) -> tuple[str, ...]:
    """Two of the days for whatever is next become days for strength, with one between them; the
    same where there are no such two, or strength has days of its own."""
    free = [number for number, aim in enumerate(days) if aim == Aim.NEXT]
    apart = [(a, b) for a in free for b in free if b - a > 1 and (a, b) != (0, 6)]
    if not apart or Aim.STRENGTH in days:
        return days
    chosen = max(apart, key=lambda pair: min(pair[1] - pair[0], 7 - pair[1] + pair[0]))
    return tuple(Aim.STRENGTH if number in chosen else aim for number, aim in enumerate(days))


def without_neighbours(days: tuple[str, ...], aim: str, wanted: tuple[int, ...]) -> tuple[int, ...]:
    """Of the days that are wanted for strength, those without one before; all for another aim."""
    if aim != Aim.STRENGTH:
        return wanted
    kept: list[int] = []
    taken = {number for number, other in enumerate(days) if other == Aim.STRENGTH} - {*wanted}
    for number in wanted:
        if not {(number - 1) % 7, (number + 1) % 7} & {*kept, *taken}:
            kept.append(number)
    return tuple(kept)


# --- which routine ------------------------------------------------------------------


def steps(turn: Turn) -> list[str]:
    """The strengthening routines, each a step harder than the one before."""
    series = f"{turn.there(turn.settings.strength)}-"
    return sorted(name for name in turn.settings.routines if f"{name}-".startswith(series))


def is_step(turn: Turn, routine: str) -> bool:
    """Whether a routine is one of them."""
    return routine in steps(turn)


def strength_of(turn: Turn) -> str:
    """The strengthening routine that a person has come to."""
    series = steps(turn)
    return series[min(turn.memory.step, len(series) - 1)] if series else ""


def strengthens(turn: Turn, routine: str) -> bool:
    """Whether it holds anything that strengthens."""
    found = turn.settings.routines.get(routine)
    return found is not None and any(one.exercise.phase is Phase.STRENGTH for one in found.items)


def since_break(trained: tuple[Trained, ...]) -> tuple[Trained, ...]:
    """The sessions since the last time without exercise."""
    for index in range(len(trained) - 1, 0, -1):
        if trained[index].day - trained[index - 1].day > BREAK_DAYS:
            return trained[index:]
    return trained


def next_for(turn: Turn, day: int) -> Next | None:
    """What the plan has for a day; None: nothing, or nothing that may be led."""
    aim = aim_of(turn, day)
    if not aim or suitability.red_flag(turn.person.health):
        return None
    trained = tuple(one for one in turn.person.trained if one.day < day)
    found = _next(turn, trained, day, aim)
    gentle = turn.gentle
    much = bool(trained) and was_much(trained[-1])
    if much and _hardness(turn, found.routine) > _hardness(turn, gentle):
        found = Next(gentle, plan_sentences.WAS_MUCH)
    if found.routine not in turn.settings.routines:
        return None
    if mostly_suits(turn, found.routine) or not (other := instead(turn, mostly_suits, day)):
        return found
    named = plan_sentences.instead_of(turn.settings.plans[found.routine].spoken_name)
    return Next(other, found.why or (named if aim == found.routine else ""))


def as_led(turn: Turn, planned: Week) -> tuple[str, ...]:
    """What each day is for, with what takes the place of a routine that somebody named and of which
    most doesn't suit them."""
    today = turn.today() or 0

    def there(number: int, aim: str) -> str:
        if aim not in turn.settings.routines or aim in list(Aim):
            return aim
        routine = turn.there(aim)
        day = today + (number - weekday(today)) % 7
        if mostly_suits(turn, routine):
            return routine
        return instead(turn, mostly_suits, day) or routine

    return tuple(there(number, aim) for number, aim in enumerate(planned.days))


def grows(turn: Turn, exercise: str) -> bool:
    """Whether it is done for longer from step to step of strength."""
    routines = (turn.settings.routines[name] for name in steps(turn))
    items = (item for routine in routines for item in routine.items)
    return len({item.dose.hold_s for item in items if item.exercise.id == exercise}) > 1


def _next(turn: Turn, trained: tuple[Trained, ...], day: int, aim: str) -> Next:
    gentle, mobility = turn.gentle, mobility_of(turn, trained)
    if aim not in list(Aim):
        strength = strengthens(turn, aim) or is_step(turn, aim)
        return _strength(turn, trained, day, aim) if strength else Next(aim)
    if aim == Aim.MOBILITY:
        return Next(mobility)
    late = bool(trained) and day - trained[-1].day > BREAK_DAYS
    lately = [] if late else [one for one in since_break(trained) if not one.short]
    if late:
        return Next(gentle, plan_sentences.BACK_AGAIN)
    if aim == Aim.STRENGTH:
        return _strength(turn, trained, day, strength_of(turn))
    before = trained[: len(trained) - len(since_break(trained))]
    again = len(before) >= GENTLE_FIRST + MOBILITY_NEXT
    first, second = (GENTLE_AGAIN, MOBILITY_AGAIN) if again else (GENTLE_FIRST, MOBILITY_NEXT)
    if len(lately) < first:
        return Next(gentle)
    just_gentle = lately[-1].routine == gentle
    if len(lately) < first + second or just_gentle or was_strength(turn, lately[-1]):
        return Next(mobility)
    often = sum(was_strength(turn, one) for one in lately if one.day > day - 7) >= MOST_STRENGTH
    found = _strength(turn, trained, day, strength_of(turn))
    return replace(found, routine=mobility) if often else found


def _strength(turn: Turn, trained: tuple[Trained, ...], day: int, routine: str) -> Next:
    """A strengthening routine, or mobility where it waits. That it isn't for somebody at all is no
    news each time."""
    if not strength_suits(turn, routine):
        return Next(mobility_of(turn, trained))
    waits = waits_with(turn, trained, day)
    return Next(mobility_of(turn, trained), waits) if waits else Next(routine)


def mobility_of(turn: Turn, trained: tuple[Trained, ...]) -> str:
    """The routine for mobility; once it is familiar, in turn with those beside it that suit."""
    settings, first = turn.settings, turn.there(turn.settings.mobility)
    led = [one.routine for one in trained if not one.short]
    if led.count(first) < FAMILIAR:
        return first
    beside = (name for name in settings.beside_mobility if name in settings.routines)
    several = [first, *(name for name in beside if mostly_suits(turn, name))]
    last = {name: number for number, name in enumerate(led)}
    return min(several, key=lambda name: last.get(name, -1))


def strength_suits(turn: Turn, routine: str) -> bool:
    """Whether a strengthening routine is for somebody at all, by what they have told of
    themselves; empty: strength in general."""
    told = suitability.conditions(turn.person.health)
    return told.isdisjoint(suitability.UNSURE) and (not routine or mostly_suits(turn, routine))


def was_strength(turn: Turn, one: Trained) -> bool:
    """Whether a session counts as one of strength: by its exercises, or by what it is for."""
    return strong(turn, one) or is_step(turn, one.routine)


def waits_with(turn: Turn, trained: tuple[Trained, ...], day: int) -> str:
    """Why strength waits on a day, in a sentence; empty: it doesn't."""
    if not suitability.strengthening(health_now(turn)):
        return plan_sentences.STRENGTH_WAITS
    if not trained:
        return ""
    last = next((one for one in reversed(trained) if was_strength(turn, one)), None)
    if last is not None and last.day >= day - 1:
        return plan_sentences.STRENGTH_YESTERDAY
    return ""


def _hardness(turn: Turn, name: str) -> int:
    """How late in the healing the latest of its exercises belongs; one that is still to be put
    together may hold all but strengthening. What takes another one's place where nothing is led on
    the floor is as hard as that one."""
    if not turn.floor:
        name = {other: one for one, other in turn.settings.upright.items()}.get(name, name)
    routine = turn.settings.routines.get(name)
    held = [one.exercise.phase for one in routine.items] if routine is not None else []
    return max(map(list(Phase).index, held or [Phase.SUBACUTE]))
