"""The tables of the machines: every row is true, and somebody can come to it.

The real interpreter is walked through everything that can be said, pressed, typed, seen or waited
for, with the routines and settings as they are shipped, until nothing new turns up.
"""

import ast
import math
import runpy
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from assistant.coach import tables
from assistant.coach.answers import ANSWERS
from assistant.coach.effects import Aim, Context, Place, Remembered, Wanted, Week
from assistant.coach.events import (
    GUEST,
    Asked,
    Command,
    Event,
    Health,
    Met,
    Offered,
    Present,
    Quit,
    Slept,
    Source,
    Spoken,
    Talking,
    Trained,
    Unclear,
    WallClock,
)
from assistant.coach.events import Due as Deadline
from assistant.coach.fitting import early
from assistant.coach.interpreter import Machine, Row, Trigger, put_ear
from assistant.coach.lead import name_routines
from assistant.coach.priorities import HUSHED_S
from assistant.coach.question import opened
from assistant.coach.session_start import say_how
from assistant.coach.settings import Settings
from assistant.coach.stand_up import at_work
from assistant.coach.state import (
    Asking,
    Asleep,
    AtRest,
    Awake,
    Closed,
    Exercising,
    Hurt,
    Leading,
    Led,
    Paused,
    Question,
    Reentry,
    State,
)
from assistant.coach.step import begin, deadline, step
from assistant.coach.suitability import WAKES_S, asks, red_flag
from assistant.coach.triggers import Signal, Time
from assistant.coach.turn import Turn
from assistant.coach.working_hours import DAY_S, Hours
from assistant.content.plan import compile_plan
from assistant.content.types import Item, Kind, Phase, Routine
from assistant.hearing.understand import Understanding
from tests.coach.driver import SETTINGS, Drive, session_of, stand_at_of
from tests.coach.test_session_start import ROUTINES, SEEN, shipped

ROOT = Path(__file__).resolve().parents[2]
NOON = 1_800_000_000.0 // 86400 * 86400 + 12 * 3600
EARLY = NOON - 6 * 3600


class Edge(NamedTuple):
    """One way through a table."""

    machine: str
    row: int
    state: str
    trigger: Trigger
    to: str


def written() -> set[Edge]:
    """All that the tables say."""
    return {
        Edge(machine.name, machine.rows.index(row), state.__name__, trigger, to.__name__)
        for machine in tables.MACHINES
        for (state, trigger), rows in machine.table.items()
        for row in rows
        if row.do not in FROM_OUTSIDE
        for to in row.leads_to(state)
    }


FROM_OUTSIDE = (name_routines, say_how)
"""What is done about a routine or a number that isn't there: no phrase says one, and the
configuration is checked; a recording, or whoever else sends commands, may."""
OTHER = "lower-back-strength-3"
SOMEBODY = tuple(
    Asked(Command.THIS_IS, Source.TYPED, person=name) for name in ("maria", "ben", GUEST)
)
AS_PEOPLE_WRITE = (
    Asked(Command.SNOOZE, Source.TYPED, seconds=300.0),
    *(Asked(one, Source.TYPED) for one in (Command.TIRED, Command.WELCOME)),
)
"""In the midst of a routine."""
TYPED_ONLY: dict[type, tuple[Asked, ...]] = {
    # Heard beside "stop", "start" would be too close to it; and "go" does what "go on" would do.
    Leading: (
        *AS_PEOPLE_WRITE,
        Asked(Command.START, Source.TYPED),
        Asked(Command.START, Source.TYPED, OTHER),
        Asked(Command.RESUME, Source.TYPED),
        *SOMEBODY,
    ),
    Paused: (
        *AS_PEOPLE_WRITE,
        Asked(Command.RETURNED, Source.TYPED),
        Asked(Command.START, Source.TYPED),
        Asked(Command.START, Source.TYPED, OTHER),
    ),
    # Nor while it counts, just before.
    Reentry: (
        *AS_PEOPLE_WRITE,
        Asked(Command.START, Source.TYPED),
        Asked(Command.RESUME, Source.TYPED),
        Asked(Command.LEAVING, Source.TYPED),
        Asked(Command.LUNCH, Source.TYPED),
        *SOMEBODY,
    ),
    # A closed ear hears nothing.
    Closed: (Asked(Command.CLOSE_EAR, Source.TYPED), Asked(Command.OPEN_EAR, Source.TYPED)),
    # While it speaks "pause" is heard; the walk waits for its last word.
    Hurt: (Asked(Command.PAUSE, Source.TYPED), *SOMEBODY),
    # Beside a question only its own answers are listened for.
    Asking: (
        Asked(Command.YES, Source.TYPED),
        Asked(Command.NO, Source.TYPED),
        Asked(Command.NUMBER, Source.TYPED, value=5),
        Asked(Command.COMPARED, Source.TYPED, value=0),
        *(Asked(one, Source.TYPED) for one in (Command.START, Command.SNOOZE, Command.GO)),
        *(Asked(one, Source.TYPED) for one in (Command.TOMORROW, Command.NOT_TODAY)),
        *(Asked(one, Source.TYPED) for one in (Command.SKIP_TODAY, Command.DID_IT, Command.TIRED)),
        *(Asked(one, Source.TYPED) for one in (Command.EASIER, Command.HARDER)),
        Asked(Command.HURTS, Source.TYPED),
    ),
    # The speech model doesn't know the word.
    AtRest: (Asked(Command.TIRED, Source.TYPED),),
    # In the middle of a routine a clock time, or a day, would be too much to listen for.
    Exercising: (
        Asked(Command.QUIET, Source.TYPED, until_s=3600.0),
        Asked(Command.NOT_TODAY, Source.TYPED),
    ),
}
"""What only a typed line reaches, by what is going on, and why."""


@cache
def understanding() -> Understanding:
    names = {routine.id: routine.spoken_names for routine in shipped().routines.values()}
    return Understanding(ROUTINES / "commands.yaml", ["hey coach"], names, people=PEOPLE)


PEOPLE = {"maria": ("maria",), "ben": ("ben",)}
SEVERAL = replace(
    shipped(),
    people={"maria": "Maria", "ben": "Ben"},
    person="maria",
    stranger=GUEST,
    forget_s=1200.0,
)


@cache
def heard(context: Context) -> tuple[Asked, ...]:
    """What can be said in a situation: for each command and its values one sentence."""
    found: dict[object, Asked] = {}
    routines = ("desk break", "lower back gentle", "full strength")
    for phrase in understanding().commands(context):
        asked = understanding().match(phrase, context)
        if not isinstance(asked, Asked):
            continue
        named = asked.routine is not None and not phrase.endswith(routines)
        if named or (asked.value or 0) not in (0, 2, 5, 8):
            continue
        which = (asked.routine, asked.person, bool(asked.aim))
        found.setdefault((asked.command, *which, asked.value, asked.until_s is None), asked)
    return tuple(found.values())


BUTTON = tuple(
    Asked(command, Source.BUTTON)
    for command in (Command.PRESS, Command.NEXT, Command.CLOSE_EAR, Command.STOP)
)
KEYS = tuple(
    Asked(command, Source.KEY)
    for command in (Command.PRESS, Command.NEXT, Command.STOP, Command.BACK, Command.HELP)
)
HAPPENS: tuple[Event, ...] = (
    Talking(),
    Slept(60.0),
    Slept(4000.0),
    Present(False),
    Present(True),
    Offered(("office break",), suggestion=True),
    WallClock(NOON),
    WallClock(NOON + 40 * 86400.0, trusted=False),
    Unclear(),
    Unclear(Source.TYPED),
    Quit(),
)


def kind(state: State) -> tuple[object, ...]:
    """What is told apart: a state is looked at for each two of these that are new together."""
    lead, desk, session = state.lead, state.desk, session_of(state)
    stand_at = stand_at_of(state)
    return (
        type(lead),
        (lead.question, lead.number, lead.follow_up, bool(lead.routine), bool(lead.flagged))
        if isinstance(lead, Asking)
        else (getattr(lead, "answered", None) is None, getattr(lead, "ends", None)),
        early(Turn(state)),
        (Turn(state).time_of_day(state.now) or WAKES_S) < WAKES_S,
        session is not None and session.segment.kind,
        session is not None and asks(session.plan),
        type(desk),
        (stand_at is not None and stand_at < state.now, getattr(desk, "snoozes", 0)),
        (type(state.pack), getattr(state.pack, "said", 0), getattr(state.pack, "halved", None)),
        (type(state.ear), getattr(state.ear, "misheard", 0)),
        state.room.absent_since is None,
        state.room.civil_offset is None,
        state.now - state.room.talked_at < HUSHED_S,
        state.wishes.quiet_until is None,
        state.wishes.unheard,
        getattr(desk, "until", 0.0) == math.inf,
        at_work(Turn(state)),
        state.person.health.pain,
        state.person.id,
        session is not None
        and session.segment.kind is Kind.OUTRO
        and (type(lead), asks(session.plan), state.person.health.pain is None),
        red_flag(state.person.health),
        state.exit_code,
    )


def silent(state: State, now: float, each_s: float = 0.5) -> tuple[State, float]:
    """The voice has said all that it was to say, `each_s` a sentence."""
    while state.voice.utterances and not state.over:
        now += each_s
        state, _ = step(state, Spoken(state.voice.utterances[0].number), now)
        if not state.voice.utterances:  # and its echo is over
            now = state.voice.quiet_at
            state, _ = step(state, Deadline(), now)
    return state, now


def inputs(state: State) -> Iterator[Event]:
    """Everything that may come now."""
    if state.shown.context is not None:
        yield from heard(state.shown.context)
    yield from BUTTON
    yield from KEYS
    yield from TYPED_ONLY.get(type(state.lead), ())
    if isinstance(state.lead, Led) and state.lead.session.plan.id == "bends":
        yield from (WallClock(NOON - 8 * 3600.0 - 60.0), WallClock(NOON - 6 * 3600.0))
    yield from TYPED_ONLY.get(type(state.desk), ())
    yield from TYPED_ONLY.get(type(state.ear), ())
    yield from HAPPENS
    if state.settings.people:
        yield Met(person=state.person.id, health=SEEN)
        yield Met(person=state.person.id, health=replace(SEEN, yes=frozenset({"numbness"})))


def just_done() -> Iterator[tuple[State, float]]:
    """A session is over, and it was asked whether it was easy."""
    for state, now in in_need_of_an_answer():
        if isinstance(state.lead, Asking) and state.lead.question is Question.EASY:
            yield silent(step(state, Asked(Command.YES), now)[0], now)


def in_its_work(settings: Settings) -> tuple[State, float]:
    """In the first exercise of the usual routine."""
    state, now = begin(settings, 0.0, greet=False)[0], 0.0
    state, now = silent(step(state, Asked(Command.START, Source.TYPED), now)[0], now)
    while (session := session_of(state)) is not None and not session.working:
        now = deadline(state) or now
        state, now = silent(step(state, Deadline(), now)[0], now)
    assert session is not None
    return state, now


class Walk:
    """What was taken of the tables on all ways from some beginnings."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.rows: set[tuple[str, int, type, Trigger, type]] = set()
        self.seen: set[object] = set()
        walk = self
        real = Machine.run

        def run(self: Machine[Any], turn: Any, trigger: Trigger, value: object = None) -> bool:
            before = type(getattr(turn, self.name))
            if (before, trigger) not in self.table:
                return False
            row = None if self.name in turn.running else self.row(turn, trigger, value)
            done = real(self, turn, trigger, value)
            if row is not None:
                after = type(getattr(turn, self.name))
                walk.rows.add((self.name, id(row), before, trigger, after))
            return done

        monkeypatch.setattr(Machine, "run", run)

    @property
    def taken(self) -> set[Edge]:
        numbers = {id(row): n for one in tables.MACHINES for n, row in enumerate(one.rows)}
        return {
            Edge(name, numbers[row], before.__name__, trigger, after.__name__)
            for name, row, before, trigger, after in self.rows
        }

    def go(self, name: str, state: State) -> None:
        waiting = deque([silent(state, 0.0)])
        while waiting:
            state, now = waiting.popleft()
            new = set(combinations(enumerate((name, *kind(state))), 2)) - self.seen
            if state.over or not new:
                continue
            self.seen |= new
            only_said = False
            for event in inputs(state):
                after, _ = step(state, event, now + 0.1)
                if stays(state, after):  # after the words of one, all stands as after those of all
                    only_said, walked = True, only_said
                    if walked:
                        continue
                waiting.append(silent(after, now + 0.1))
            for later_s in (1800.0, 36_000.0):  # a machine that looks late
                late = now + later_s
                waiting.append(silent(step(state, Deadline(), late)[0], late))
            waiting += at_the_last_moment(state, now)
            waiting += [waited(state, now, kind), waited(state, now, types)]
            waiting += at_its_end(state, now)


def stays(before: State, after: State) -> bool:
    """Whether nothing was done but to say something."""
    return (
        before.lead is after.lead
        and before.desk is after.desk
        and before.pack is after.pack
        and before.agenda is after.agenda
        and before.ear is after.ear
        and before.person is after.person
        and before.memory is after.memory
        and before.exit_code == after.exit_code
        and before.wishes == after.wishes
        and replace(before.room, alive_at=after.room.alive_at) == after.room
    )


def types(state: State) -> tuple[object, ...]:
    return type(state.lead), type(state.desk), type(state.pack), type(state.ear)


def at_the_last_moment(state: State, now: float) -> Iterator[tuple[State, float]]:
    """A second before something falls due."""
    at = min(
        (due[0] for one in tables.MACHINES if (due := one.next_time(Turn(state)))), default=now
    )
    for event in (Asked(Command.WAKE), Asked(Command.UP), Talking()) if at > now + 1.5 else ():
        then = step(state, event, at - 1.0)[0]
        yield then, at - 1.0
        yield step(then, Deadline(), at)[0], at


def waited(
    state: State, now: float, what: Callable[[State], tuple[object, ...]]
) -> tuple[State, float]:
    """Until something else is going on."""
    before = what(state)
    for _ in range(600):
        at = deadline(state)
        if at is None or what(state) != before:
            break
        now = max(now, at)
        state, now = silent(step(state, Deadline(), now)[0], now)
    return state, now


def at_its_end(state: State, now: float) -> Iterator[tuple[State, float]]:
    """A session whose exercises are skipped, in its last words, and when they are over."""
    for _ in range(30):
        if not isinstance(state.lead, Leading) or state.lead.session.segment.kind is Kind.OUTRO:
            break
        state, now = silent(state, now)
        state, _ = step(state, Asked(Command.NEXT, Source.KEY), now)
    yield state, now
    yield silent(state, now, 8.0)


OFFICE = Hours(days=(((9 * 3600.0, 18 * 3600.0),),) * 7)
GOOD = replace(SEEN, good=dict.fromkeys(shipped().exercises, 3))
HARD = next(
    one for one in shipped().exercises.values() if one.phase is Phase.STRENGTH and not one.easier
)
OWN_ROUTINE = Routine(
    id="own",
    name="Own",
    spoken_names=("own",),
    intro="One.",
    items=(Item(exercise=HARD, dose=HARD.dose),),
)
OWN = replace(
    shipped(),
    routine="own",
    health=replace(SEEN, pain=5),
    routines={**shipped().routines, "own": OWN_ROUTINE},
    plans={**shipped().plans, "own": compile_plan(OWN_ROUTINE)},
)
"""Nothing of it is left while it hurts."""
BEND = next(one for one in shipped().exercises.values() if one.id == "cat-stretch")
BENDING = replace(OWN_ROUTINE, id="bends", items=(Item(exercise=BEND, dose=BEND.dose),))
BENDS = replace(
    shipped(),
    routine="bends",
    routines={**shipped().routines, "bends": BENDING},
    plans={**shipped().plans, "bends": compile_plan(BENDING)},
)
"""Nothing of it is left in the early morning."""
STILL = shipped().exercises["abdominal-brace"]
HALF_BENDING = replace(BENDING, items=(*BENDING.items, Item(exercise=STILL, dose=STILL.dose)))
HALF = replace(
    BENDS,
    routines={**BENDS.routines, "bends": HALF_BENDING},
    plans={**BENDS.plans, "bends": compile_plan(HALF_BENDING)},
)
"""Half of it is left then."""
KICK = shipped().exercises["donkey-kick"]
KICKING = replace(BENDING, items=(Item(exercise=KICK, dose=KICK.dose),))
KICKS = replace(
    BENDS,
    ask_pain=False,
    routines={**BENDS.routines, "bends": KICKING},
    plans={**BENDS.plans, "bends": compile_plan(KICKING)},
)
"""Longer from step to step of strength."""
LONG = replace(shipped(), routine="mobility", stretch="mobility")
PLACE = Place("mobility", part="intro")
CHANGED = Remembered(before=Wanted(days_goal=3))
BEGINNINGS: dict[str, tuple[Settings, Place | None]] = {
    "working hours": (replace(shipped(), hours=OFFICE, remembered=CHANGED), None),
    "as shipped": (replace(shipped(), health=Health()), None),
    "screened": (shipped(), None),
    "gone well": (replace(shipped(), health=GOOD), None),
    "red flag": (replace(shipped(), health=replace(SEEN, yes=frozenset({"numbness"}))), None),
    "not asked about pain": (replace(shipped(), health=Health(), ask_pain=False), None),
    "it hurts": (replace(shipped(), health=Health(pain=8)), None),
    "it hurts, and nothing is gentle": (replace(shipped(), health=Health(pain=8), gentle=""), None),
    "a long routine": (LONG, None),
    "hurt, with a routine of one's own": (OWN, None),
    "reminders off": (replace(shipped(), reminders=False), None),
    "a long routine, never asked": (replace(LONG, health=Health()), None),
    "nothing is gentle": (replace(shipped(), gentle=""), None),
    "early in the morning": (BENDS, None),
    "several people": (SEVERAL, None),
    "it hurt when cut": (shipped(), replace(PLACE, hurt=True)),
    "a session was cut": (shipped(), PLACE),
    "away when cut": (shipped(), Place(away_left_s=600.0)),
    "quiet when cut": (shipped(), Place(quiet_left_s=600.0)),
    "sitting when cut": (shipped(), Place(sit_left_s=600.0)),
    "ear closed when cut": (shipped(), Place(ear_closed=True)),
    "ice when cut": (shipped(), Place(timer="ice", timer_s=600.0)),
}


TODAY = int(NOON // DAY_S)


def trained(days_ago: int, routine: str, after: int | None = 0) -> Trained:
    exercises = shipped().plans[routine].exercise_ids
    return Trained(TODAY - days_ago, routine, exercises, "done", easy=True, after=after)


def in_need_of_an_answer() -> Iterator[tuple[State, float]]:
    """Every question that is brought up, as time alone, or the end of a session, brings it up."""
    strong, loose = "lower-back-strength", "mobility"
    easy_twice = (trained(6, strong), trained(4, strong), trained(2, loose))
    evening = Week((Aim.STRENGTH,) * 7, 12 * 3600.0 + 600.0)
    planned = replace(shipped(), week=evening, asks_after=True)
    for told, first in (
        (planned, Question.PLANNED),
        (replace(planned, ask_pain=False), Question.PLANNED),
        (replace(planned, trained=(trained(2, loose, None),)), Question.MORNING),
        (replace(planned, trained=easy_twice), Question.STEP),
    ):
        yield asked_by_itself(told, NOON, first)
    offered = replace(
        planned,
        week=Week((Aim.NEXT,) * 7, evening.at_s),
        trained=easy_twice,
        remembered=Remembered(plan_day=TODAY - 28),
    )
    yield asked_by_itself(offered, NOON, Question.TWICE)
    early = replace(
        BENDS, gentle="bends", instead=(), week=Week(("bends",) * 7, 6 * 3600.0 + 600.0)
    )
    yield asked_by_itself(early, EARLY, Question.PLANNED)
    told = replace(planned, week=None, trained=(trained(1, loose, None),))
    yield asked_by_itself(told, NOON, Question.MORNING, Asked(Command.LOUDER))
    told = replace(shipped(), offers_plan=True, ask_pain=False)
    yield asked_by_itself(told, NOON, Question.PLAN, Asked(Command.START, routine=loose))
    told = replace(planned, week=None)
    yield asked_by_itself(told, NOON, Question.PAIN_AFTER, *begun(strong))
    yield asked_by_itself(planned, NOON, Question.EASY, *begun(strong))
    newcomer = replace(shipped(), health=Health(), welcome=True, button=True)
    for settings in (newcomer, replace(newcomer, plans=SETTINGS.plans, routine="")):
        yield asked_by_itself(settings, NOON, Question.HEAR)
        yield asked_by_itself(settings, NOON, Question.TOUCH, Asked(Command.YES))
    flagged = replace(newcomer, health=replace(SEEN, yes=frozenset({"numbness"})))
    for settings in (newcomer, flagged):
        yield asked_by_itself(settings, NOON, Question.TOGETHER, PRESSED)


PRESSED = Asked(Command.PRESS, Source.BUTTON)


def begun(routine: str) -> tuple[Asked, ...]:
    return Asked(Command.START, routine=routine), Asked(Command.NUMBER, value=1)


def asked_by_itself(
    told: Settings, clock: float, question: Question, *events: Event
) -> tuple[State, float]:
    """Wait until it is asked; how much it hurts is answered on the way."""
    drive = Drive(told)
    drive.at(0.0, WallClock(clock))
    for event in events:
        drive.at(drive.now + 20.0, event)
    while drive.asking is None or drive.asking.question is not question:
        assert drive.now < 3000.0, (question, drive.said())
        at_end = drive.asking is not None and drive.asking.question is Question.PAIN_AFTER
        drive.at(drive.now + 2.0, *([Asked(Command.NUMBER, value=1)] if at_end else ()))
    return silent(drive.state, drive.now)


def answered_in_every_way(state: State, now: float) -> None:
    """Also when nobody answers, and when the clock has been set meanwhile."""
    clocks = [state, step(state, WallClock(NOON, trusted=False), now)[0]]
    for before in clocks:
        for event in inputs(before):
            silent(step(before, event, now + 0.1)[0], now + 0.1)
    for _ in range(2):
        state, now = waited(state, now, lambda one: (type(one.lead), put_of(one)))


def put_of(state: State) -> object:
    return state.lead.put.again if isinstance(state.lead, Asking) else None


@pytest.mark.timeout(600)
def test_everybody_can_come_to_every_row_and_every_row_is_true(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No row is written that nobody can take, none that leads elsewhere than it says."""
    walk = Walk(monkeypatch)
    for name, (settings, place) in BEGINNINGS.items():
        state, _ = begin(settings, 0.0, greet=False, place=place)
        if settings.hours.days:  # with a clock
            walk.go(name, step(state, WallClock(NOON), 0.0)[0])
        walk.go(name, state)
    # While a question is open the clock is set, and all of what was asked for bends too early.
    state, _ = begin(BENDS, 0.0, greet=False)
    for question in (Question.GENTLE, Question.HARDER):
        for answer in (Command.YES, Command.NO):
            asking = replace(opened(question, "bends"), exercise=BEND.id)
            open_one, _ = step(replace(state, lead=asking), WallClock(EARLY), 0.0)
            answered, _ = step(open_one, Asked(answer, Source.TYPED), 1.0)
            assert isinstance(answered.lead, AtRest)
    for state, now in in_need_of_an_answer():
        answered_in_every_way(state, now)
    # While three is counted, four is told of a session that is nothing but strengthening.
    state, now = begin(replace(OWN, health=SEEN), 0.0, greet=False)[0], 0.0
    for command, value in (
        *((Command.START, None), (Command.NUMBER, 0), (Command.PAUSE, None)),
        *((Command.RESUME, None), (Command.NUMBER, 4)),
    ):
        state, now = silent(step(state, Asked(command, Source.TYPED, value=value), now)[0], now)
    assert isinstance(state.lead, AtRest)
    # How much it hurts is told where it is asked whether it is sharp.
    state, now = in_its_work(KICKS)
    for command, value in ((Command.HURTS, None), (Command.NUMBER, 3)):
        state, now = silent(step(state, Asked(command, Source.TYPED, value=value), now)[0], now)
    assert isinstance(state.lead, Hurt)
    # How it was is told without being asked, too; and what was done isn't led again.
    for state, now in just_done():
        for told in (Command.EASIER, Command.HARDER):
            step(state, Asked(told, Source.TYPED), now)
        step(state, Asked(Command.START, Source.TYPED, aim="exercises"), now)
    # More is asked for of what grows from step to step.
    for commands in ((), (Command.PAUSE,), (Command.PAUSE, Command.RESUME)):
        state, now = in_its_work(KICKS)
        for command in commands:
            state, now = silent(step(state, Asked(command, Source.TYPED), now)[0], now)
        for more in (Command.MORE_TIME, Command.SNOOZE):
            step(state, Asked(more, Source.TYPED, seconds=60.0), now)
        # And it is told that it is sharp, without being asked.
        sharp = Asked(Command.HURTS, Source.TYPED, tells=frozenset({"sharp"}))
        assert isinstance(step(state, sharp, now)[0].lead, AtRest)
    # The clock is set in the midst of a session, and half of it bends too early.
    for kind_of_lead, commands in (
        (Leading, ()),
        (Paused, (Command.PAUSE,)),
        (Reentry, (Command.PAUSE, Command.RESUME)),
    ):
        state, now = begin(HALF, 0.0, greet=False)[0], 0.0
        for command in (Command.START, *commands):
            state, now = silent(step(state, Asked(command, Source.TYPED), now)[0], now)
        assert isinstance(state.lead, kind_of_lead)
        state, _ = step(state, WallClock(EARLY), now)
        assert isinstance(state.lead, kind_of_lead)
        left_over = session_of(state)
        assert left_over is not None
        assert left_over.plan.exercise_ids == (STILL.id,)
        # Somebody says that they don't get down, where all that is left is on the floor.
        for commands in ((), (Command.PAUSE,), (Command.PAUSE, Command.RESUME)):
            state, now = begin(replace(LONG, ask_pain=False), 0.0, greet=False)[0], 0.0
            for command in (Command.START, *commands, Command.NO_FLOOR):
                state, now = silent(step(state, Asked(command, Source.TYPED), now)[0], now)
            assert isinstance(state.lead, Asking)
    # The last of the safety questions is answered anew, once the number is asked for.
    mobility = Asked(Command.START, Source.TYPED, routine="mobility")
    state, now = silent(begin(replace(shipped(), health=Health()), 0.0, greet=False)[0], 0.0)
    state, now = silent(step(state, mobility, now)[0], now)
    while isinstance(state.lead, Asking) and state.lead.question is Question.SCREENING:
        state, now = silent(step(state, Asked(Command.NO, Source.TYPED), now)[0], now)
    assert isinstance(state.lead, Asking)
    step(state, Asked(Command.UNDO, Source.TYPED), now)
    # A time that is over for today is no answer.
    planned = opened(Question.PLANNED, "bends")
    state, _ = step(replace(begin(BENDS, 0.0, greet=False)[0], lead=planned), WallClock(NOON), 0.0)
    over = Asked(Command.PLAN_ONCE, Source.TYPED, until_s=3600.0, whole_day=True)
    assert isinstance(step(state, over, 1.0)[0].lead, Asking)
    left = written() - walk.taken
    assert not left, "\n".join(map(str, sorted(left)))


def test_the_diagrams_are_drawn_from_the_tables(capsys: pytest.CaptureFixture[str]) -> None:
    """What is printed in the coach's README is what the interpreter uses."""
    runpy.run_path(str(ROOT / "assistant" / "coach" / "tables.py"), run_name="__main__")
    text = (ROOT / "assistant" / "coach" / "README.md").read_text(encoding="utf-8")
    _, rest = text.split("<!-- diagrams -->\n")
    assert rest.split("<!-- /diagrams -->")[0] == capsys.readouterr().out


def test_only_the_interpreter_changes_a_machine() -> None:
    """Nowhere else is a machine's state assigned, and a turn begins with those of the state."""
    names = {machine.name for machine in tables.MACHINES}
    for path in sorted((ROOT / "assistant" / "coach").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            targets = node.targets if isinstance(node, ast.Assign) else []
            for target in [each for one in targets for each in ast.walk(one)]:
                if isinstance(target, ast.Attribute) and target.attr in names:
                    assert path.stem == "interpreter" or ast.unparse(target).startswith("self.")


def test_every_command_means_something_somewhere() -> None:
    """No command can only be ignored, and none has two meanings at once."""
    triggers = {trigger for machine in tables.MACHINES for _, trigger in machine.table}
    commands = {trigger for trigger in triggers if isinstance(trigger, Command)}
    assert commands | set(ANSWERS) == set(Command)
    assert not commands & set(ANSWERS)


def test_triggers_are_told_apart() -> None:
    """Commands, times and signals are all words; none is two of them."""
    words = [str(one) for kind in (Command, Time, Signal) for one in kind]
    assert len(words) == len(set(words))


def test_a_row_that_leads_elsewhere_than_it_says_is_found_out() -> None:
    """The interpreter holds every row to its word."""
    row: Row[Any] = Row(Asleep, Signal.INVITED, lambda *_: Awake(1.0))
    broken: Machine[Any] = Machine(
        "ear", [row], read=lambda turn: turn.ear, put=put_ear, next_time=lambda _: None
    )
    with pytest.raises(AssertionError):
        broken.run(Turn(Drive().state), Signal.INVITED)
