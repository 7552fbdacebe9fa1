"""The real coach and its plan with a simulated person, for weeks or years in seconds.

Decides what a person does about what is brought up: whether they begin, put off or leave, how their
back is, what they find easy, when they are away, whether they stand up when reminded. What the
coach makes of it is the coach's; what came of each day is written down as it was seen and heard.
Desks with all that can happen at them are `world`'s.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from random import Random

from assistant.coach.effects import Chime, Effect, Hush, Record, Say, Sound
from assistant.coach.events import Asked, Command, Due, Event, Spoken, WallClock
from assistant.coach.settings import Settings
from assistant.coach.state import Asking, AtRest, Hurt, Lead, Leading, Question, State
from assistant.coach.state import Due as AtDesk
from assistant.coach.step import begin, deadline, step
from assistant.coach.working_hours import DAY_S, weekday
from assistant.content import plan_sentences, sentences, words
from assistant.content.safety_question_texts import QUESTIONS
from assistant.content.speech import estimate_s
from assistant.content.types import Phase
from assistant.simulation.desk_people import FIRST_DAY, HOUR_S, Habits

UP_S, BED_S = 7 * HOUR_S, 23 * HOUR_S
THINKS_S = 3.0
"""Before somebody answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trainee:
    """A kind of person. Chances are from 0 to 1."""

    about: str
    keeps: float = 0.9
    """Begins when asked; else puts it off, until tomorrow or for a while, or leaves it."""
    silent: float = 0.0
    """Isn't in the room, and answers nothing all day."""
    pain: tuple[int, int] = (0, 2)
    """How much it hurts before a session, from and to."""
    flares: float = 0.0
    """The chance of a day on which it hurts six or more."""
    after: float = 0.05
    """The chance that it hurts more after a session."""
    worse: float = 0.05
    """The chance that the next morning is worse."""
    easy: float = 0.8
    dares: float = 1.0
    """Says yes to something harder."""
    hurts: float = 0.0
    """Says "that hurts" once in a session."""
    away: tuple[tuple[int, int], ...] = ()
    """From and to which day (counted from 0) nobody is there."""
    wants: tuple[Asked, ...] = ()
    """What is said on the first day; nobody: the plan that is offered is taken."""
    cuts: float = 0.0
    """The chance of a power cut in a night."""
    yes: frozenset[str] = frozenset()
    """The safety questions that are answered with yes; their follow-ups with no, but
    `settled`."""
    settled: bool = False
    """Somebody has said what may be done."""
    mute: bool = False
    """Answers no question, but begins the gentle routine every other evening."""
    stands: float | None = None
    """The chance of standing up when reminded; else it is put off, or not answered. None: reminders
    are off."""


def _days(aim: str, *days: int) -> Asked:
    return Asked(Command.PLAN_DAYS, aim=aim, days=days)


DAILY = Asked(Command.PLAN_TIME, until_s=18.5 * HOUR_S, whole_day=True, days=tuple(range(7)))
TRAINEES = {
    "beginner": Trainee(about="new to it, says yes to most of it"),
    "eager": Trainee(
        about="every day, and more of it", keeps=1.0, easy=1.0, wants=(DAILY,), stands=1.0
    ),
    "careful": Trainee(about="says no to anything harder", dares=0.0),
    "sore": Trainee(about="hurts most days", pain=(2, 5), flares=0.1, worse=0.3, easy=0.3),
    "forgetful": Trainee(about="puts it off, or isn't there", keeps=0.4, silent=0.3, stands=0.3),
    "traveller": Trainee(about="away for weeks", away=((20, 38), (120, 141), (250, 300))),
    "strong": Trainee(
        about="wants strength on three days", wants=(_days("strength", 0, 2), _days("strength", 4))
    ),
    "often-hurt": Trainee(about="says that hurts", hurts=0.4, after=0.3, worse=0.3),
    "restless": Trainee(about="a machine that loses power", cuts=0.3, keeps=0.7),
    "desk-worker": Trainee(
        about="forty-five, with an old ache that is settled",
        pain=(1, 4),
        worse=0.1,
        easy=0.6,
        stands=0.8,
    ),
    "thin-bones": Trainee(about="seventy, has osteoporosis", yes=frozenset({"osteoporosis"})),
    "pregnant": Trainee(
        about="pregnant, and has asked nobody yet", pain=(0, 3), yes=frozenset({"pregnancy"})
    ),
    "leg-pain": Trainee(
        about="has pain below the knee", pain=(2, 5), worse=0.2, yes=frozenset({"leg_pain"})
    ),
    "mute": Trainee(about="answers no question", mute=True),
    "on-off": Trainee(
        about="two weeks on, three off", away=tuple((n, n + 21) for n in range(14, 365, 35))
    ),
}


@dataclass(slots=True)
class Day:
    """What came of one."""

    day: int
    """Since 1970-01-01."""
    asked: list[str] = field(default_factory=list)
    """What was brought up, and what was answered to it, in the order of their times."""
    led: list[str] = field(default_factory=list)
    """The routines that were begun."""
    worked: set[str] = field(default_factory=set)
    """The exercises in which work began."""
    rows: list[Record] = field(default_factory=list)
    said: list[tuple[float, str]] = field(default_factory=list)
    """The time of day, and what was said."""
    broken: list[str] = field(default_factory=list)
    """Promises that were broken."""


class Weeks:
    """One person and one coach; `now` is seconds since the first midnight."""

    def __init__(self, trainee: Trainee, settings: Settings, chance: Random) -> None:
        self.trainee, self.chance = trainee, chance
        reminded = trainee.stands is not None
        hours = Habits(about="").working_hours() if reminded else settings.hours
        self.settings = replace(settings, reminders=reminded, hours=hours, keeps=False)
        self.now = 0.0
        self.chimed_at, self.stands_at = -math.inf, math.inf
        self.waiting: list[tuple[float, int]] = []
        self.today = Day(FIRST_DAY)
        self.silent, self.begun = False, False
        self.state: State
        self.start(self.settings)

    def start(self, settings: Settings) -> None:
        """A program begins, and learns what time it is."""
        self.waiting = []
        self.state, effects = begin(settings, self.now, greet=False)
        self.take(effects)
        self.tell(WallClock(FIRST_DAY * DAY_S + self.now))

    def lose_power(self) -> None:
        """What the journal would tell the next start."""
        person = self.state.person
        health = replace(person.health, screened_days=0 if person.screened_at is not None else None)
        told = replace(
            self.settings,
            health=health,
            trained=person.trained,
            remembered=self.state.memory,
            times=person.times,
        )
        self.start(told)

    def live(self, number: int) -> Day:
        """One day, from getting up to bed."""
        self.today = Day(FIRST_DAY + number)
        midnight = number * DAY_S
        away = any(start <= number < end for start, end in self.trainee.away)
        self.silent = away or self.chance.random() < self.trainee.silent
        self.run(midnight + UP_S)
        if self.chance.random() < self.trainee.cuts:
            self.lose_power()
        if not self.silent:
            self.tell(Asked(Command.NEXT_BREAK))  # a sign of life
            for wish in () if self.begun else self.trainee.wants:
                self.tell(wish)
            alone = self.trainee.mute and number % 2 == 0
            if alone or not (self.begun or self.trainee.wants):
                self.run(midnight + 18 * HOUR_S)
                self.tell(Asked(Command.START, routine=self.settings.gentle))
            self.begun = True
        self.run(midnight + BED_S)
        return self.today

    # --- time ---

    def run(self, until: float) -> None:
        while True:
            own = deadline(self.state)
            voice = self.waiting[0][0] if self.waiting else math.inf
            answers = self.now + THINKS_S if self.open() else math.inf
            soonest = min(math.inf if own is None else own, voice, answers, self.stands_at)
            if soonest > until:
                break
            self.now = max(self.now, soonest)
            if voice <= soonest:
                self.tell(Spoken(self.waiting.pop(0)[1]))
            elif answers <= soonest:
                self.answer()
            elif self.stands_at <= soonest:
                self.stand_up()
            else:
                self.tell(Due())
        self.now = max(self.now, until)

    def open(self) -> bool:
        """Whether somebody would answer something now."""
        asks = isinstance(self.state.lead, Asking | Hurt)
        return asks and not self.silent and not self.waiting and not self.trainee.mute

    def tell(self, event: Event) -> None:
        self.state, effects = step(self.state, event, self.now)
        self.take(effects)

    def take(self, effects: list[Effect]) -> None:
        lead = self.state.lead
        for effect in effects:
            match effect:
                case Say(number, text):
                    after = self.waiting[-1][0] if self.waiting else self.now
                    self.waiting.append((after + estimate_s(text), number))
                    self.today.said.append((self.now % DAY_S, text))
                case Hush():
                    cut = [number for _, number in self.waiting]
                    self.waiting = []
                    for number in cut:
                        self.tell(Spoken(number, complete=False))
                case Chime(Sound.BEGIN) if isinstance(lead, Leading):
                    self.note_work(lead)
                case Chime(Sound.DUE):
                    self.look_at_chime(lead)
                case Record():
                    self.today.rows.append(effect)
                    if effect.kind == "session_start":
                        self.today.led.append(effect.name)
                case _:
                    pass

    def look_at_chime(self, lead: Lead) -> None:
        """Something is brought up: a reminder to stand, or what the plan has."""
        if not isinstance(lead, AtRest) or self.waiting:
            self.today.broken.append("it was brought up beside something else")
        if self.now < self.chimed_at + self.settings.gap_s:
            self.today.broken.append("it was brought up right after something else")
        self.chimed_at = self.now
        if isinstance(self.state.desk, AtDesk) and not self.silent:
            self.stands_at = self.now + self.chance.uniform(5.0, 60.0)

    def stand_up(self) -> None:
        """Or put it off, or go on sitting."""
        self.stands_at = math.inf
        if not isinstance(self.state.desk, AtDesk) or not isinstance(self.state.lead, AtRest):
            return
        lot, stands = self.chance.random(), self.trainee.stands or 0.0
        if lot < (1.0 + stands) / 2:
            self.tell(Asked(Command.UP if lot < stands else Command.SNOOZE))

    def note_work(self, lead: Leading) -> None:
        session = lead.session
        if session.segment.item < 0:
            return
        self.today.worked.add(session.plan.exercise_ids[session.segment.item])
        if session.elapsed_s == 0 and self.chance.random() < self.trainee.hurts / 12:
            self.tell(Asked(Command.HURTS))

    # --- what somebody answers ---

    def answer(self) -> None:
        lead = self.state.lead
        if isinstance(lead, Hurt):
            self.tell(Asked(Command.NO))
            return
        assert isinstance(lead, Asking)
        asked = self.reply(lead)
        self.today.asked.append(f"{lead.question}: {_answered(asked)}")
        self.tell(asked)

    def reply(self, lead: Asking) -> Asked:
        trainee, lot = self.trainee, self.chance.random()
        match lead.question:
            case Question.SCREENING:
                asked = QUESTIONS[lead.number].id
                return _yes(trainee.settled if lead.follow_up else asked in trainee.yes)
            case Question.CONFIRM:
                return Asked(Command.NO)
            case Question.PAIN_BEFORE:
                flares = lot < trainee.flares
                return Asked(
                    Command.NUMBER, value=7 if flares else self.chance.randint(*trainee.pain)
                )
            case Question.PAIN_AFTER:
                before = self.state.person.told_before or 0
                return Asked(Command.NUMBER, value=min(10, before + (lot < trainee.after)))
            case Question.EASY:
                return _yes(lot < trainee.easy)
            case Question.MORNING:
                return Asked(Command.COMPARED, value=-1 if lot < trainee.worse else int(lot > 0.6))
            case Question.STEP | Question.HARDER | Question.TWICE:
                return _yes(lot < trainee.dares)
            case Question.PLANNED if lot >= trainee.keeps:
                return Asked(
                    self.chance.choice((Command.NEXT, Command.TOMORROW, Command.NOT_TODAY))
                )
            case _:
                return _yes(True)


def _answered(asked: Asked) -> str:
    if asked.command is Command.COMPARED and asked.value is not None:
        return ("worse", "the same", "better")[asked.value + 1]
    return str(asked.command if asked.value is None else asked.value)


def _yes(yes: bool) -> Asked:
    return Asked(Command.YES if yes else Command.NO)


def live(name: str, days: int, seed: int, settings: Settings) -> Iterator[tuple[Weeks, Day]]:
    """So many days with one of `TRAINEES`; the same seed gives the same days."""
    chance = Random(f"{name} {seed}")  # noqa: S311 - a game, no secret
    weeks = Weeks(TRAINEES[name], settings, chance)
    for number in range(days):
        yield weeks, weeks.live(number)


def lines(name: str, days: int, seed: int, settings: Settings) -> Iterator[str]:
    """A plan as it is lived, day by day: what was said, what was answered, what was led."""
    yield f"{name}: {TRAINEES[name].about}"
    for number, (_, day) in enumerate(live(name, days, seed, settings)):
        if number % 7 == 0:
            yield f"\nweek {number // 7 + 1}"
        answers = [answer for answer in day.asked if not answer.startswith("screening")]
        led = ", ".join(day.led) or "-"
        yield f"{words.DAYS[weekday(day.day)][:3]}  {led}"
        if answers:
            yield f"     {'; '.join(answers)}"
        for time_s, text in day.said:
            begins = (*TOLD, "It is ")
            if text in PLAN_SENTENCES | OF_PAIN or text.startswith(begins):
                yield f'     {time_s // HOUR_S:.0f}:{time_s % HOUR_S // 60:02.0f} "{text}"'


PLAN_SENTENCES = {
    value
    for name, value in vars(plan_sentences).items()
    if name.isupper() and isinstance(value, str) and not value.endswith("?")
}
"""What is told of a plan besides its questions."""


OF_PAIN = {
    *(sentences.WORSE, sentences.WORSE_AGAIN, sentences.WORSE_AGAIN_MILD),
    *(say(value) for say in (sentences.much_pain, sentences.pain_lately) for value in (6, 8)),
    *(sentences.EASIER_TODAY, sentences.STRENGTH_WAITS, sentences.NOT_TODAY),
    *(sentences.GENTLE_INSTEAD, sentences.REST_TODAY),
}
"""What follows from how much it hurts."""
TOLD = ("That was four weeks", "Strength has gone", "That has gone well")


def strength_in(settings: Settings, day: Day) -> bool:
    """Whether something strengthening was done on a day."""
    return any(settings.exercises[name].phase is Phase.STRENGTH for name in day.worked)
