"""Random lives against the gate: `python -m tests.coach.lives [HOW_MANY] [FIRST_SEED]`.

Each life asks, answers, is silent, pauses, exchanges, hurts, sets clocks, follows a plan, loses
power, restarts, imports, and loses its journal, in any order, by voice, button, key, page, and from
another program. An oracle of its own knows what was written down, what
happened, and the rules' plain numbers, and nothing of the gate. It says, whenever work begins,
whether that exercise may be led; of all exercises, whether the gate lets through one that may not;
what a power cut may bring back, what may be asked beside a red flag, and when the safety questions
count as answered. A life is made from its number alone, so one that fails can be lived again.
"""

import math
import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from assistant.coach import suitability
from assistant.coach.effects import Aim, Chime, Keep, Place, Record, Say, Sound, Week
from assistant.coach.events import Asked, Event, Health, Quit, Slept, Source, Touched, WallClock
from assistant.coach.events import Command as C
from assistant.coach.fitting import known
from assistant.coach.question import too_soon
from assistant.coach.settings import Settings
from assistant.coach.state import Asking, AtRest, Hurt, Leading, Paused, Question
from assistant.coach.step import begin
from assistant.coach.turn import Turn
from assistant.content import sentences
from assistant.content.safety_question_texts import QUESTIONS
from assistant.content.sentences import went_well
from assistant.content.types import Condition, Exercise, Phase
from tests.coach.driver import Drive
from tests.coach.test_session_start import shipped

HOUR = 3600.0
DAY = 24 * HOUR
GENTLE = "lower-back-gentle"
ROUTINES = (
    *("desk-break", "desk-break-3", "desk-break-4", "desk-break-5", "reverse-the-slump"),
    *(GENTLE, "morning", "mobility", "fifteen-minutes", "wind-down"),
    *("lower-back-strength", "lower-back-strength-3", "mcgill-three"),
)
LONG = {*ROUTINES[5:], "minutes-10", "minutes-15", "minutes-20"}
"""Those before which it is asked how much it hurts."""

KEPT_S = 10.0
"""Of a time at rest the last places are kept; nothing can come back to those before."""
AT_REST = "at rest"
"""What stands, for the model alone, beside a "that hurts" outside a session."""

# --- what is written down, and what a restart makes of it -------------------------------


@dataclass
class Past:
    """A session, as it was written down."""

    measured_by: int | None
    after: int | None = None
    how: str | None = None
    seconds: float = 0.0
    did: bool = False

    def worse(self) -> bool | None:
        """Whether it ended worse; None: that isn't known, or it was over too soon to tell."""
        if self.how in ("hurt", None):  # one that goes on hasn't ended
            return True if self.how else None
        before = 3 if self.measured_by is None else self.measured_by
        if self.after is not None and self.after > before:
            return True
        return False if self.after is not None and self.seconds >= 240 and self.did else None


def hurts(row: Record) -> bool:
    return row.kind == "command" and row.name in ("hurts", "back_hurts")


@dataclass
class Rows:
    """A journal in memory: what was written, and when in the life that was."""

    rows: list[tuple[float, Record]] = field(default_factory=list)
    unreadable: bool = False
    since: float = 0.0
    """What was written before can't be read."""
    began: float = 0.0
    """When the program was started."""
    booted: float = 0.0
    """When the machine was started."""

    def known(self) -> list[tuple[float, Record]]:
        return [row for row in self.rows if row[0] > self.since]

    def add(self, at: float, record: Record) -> None:
        self.rows.append((at, record))
        self.rows.sort(key=lambda row: row[0])

    def bring(self, at: float, record: Record) -> None:
        """Take in a row of another machine."""
        self.add(at, self.elsewhere(record))

    def elsewhere(self, record: Record) -> Record:
        """What was told on another machine belongs to no session of this one."""
        return replace(record, detail="elsewhere")

    def answers(self) -> dict[str, tuple[float, int]]:
        """The last answer to each safety question, by when it was given."""
        last: dict[str, tuple[float, int]] = {}
        for at, row in self.known():
            if row.kind == "screening":
                last[row.name] = (at, row.value or 0)
        return last

    def told(self, now: float) -> list[tuple[float, int]]:
        """Pain that was told in the last two hours; a session that was stopped for it, or "that
        hurts" outside of one, is six, or what was told in the two hours before if that is more. So
        is "that hurts" in a session of which nobody knows, after a power cut, how it went on."""
        found: list[tuple[float, int]] = []
        kinds = ("session_start", "session_end", "goes_on")
        edges = [one for one in self.known() if one[1].kind in kinds]
        for at, row in self.known():
            value = row.value or 0
            if row.kind == "pain" and at <= now and row.detail != "held":
                if row.detail != "in" or value >= 4:
                    found.append((at, value))
            elif at <= now and (
                (row.kind == "session_end" and row.detail == "hurt")
                or (hurts(row) and (row.side == AT_REST or self.cut(at, edges)))
            ):
                before = [value for when, value in found if at - when < 2 * HOUR]
                found.append((at, max([6, *before])))
        return [one for one in found if now - one[0] < 2 * HOUR]

    def cut(self, at: float, edges: list[tuple[float, Record]]) -> bool:
        """Whether the machine was started anew before the session of this time came to an end."""
        follows = next((row.kind for when, row in edges if at < when), "")
        return at < self.began and follows not in ("session_end", "goes_on")

    def sessions(self) -> Iterator["Past"]:
        """What was written down of each, the oldest first."""
        asked: tuple[float, int] | None = None
        past: Past | None = None
        for at, row in self.known():
            value = row.value or 0
            going_on = past is not None and past.how is None
            match row.kind, row.detail:
                case "pain", "before" if not going_on:
                    asked = (at, value)
                case "pain", "before" | "held" | "in" as moment if past is not None and going_on:
                    if moment != "in" or past.measured_by is None:
                        past.measured_by = value
                    asked = (at, value) if moment == "before" else asked
                case "pain", "after" if past is not None:
                    past.after = max(value, past.after or 0)
                case "session_start", _:
                    if past is not None:
                        past.how = past.how or "cut"
                        yield past
                    lately = asked is not None and at - asked[0] < 600.0
                    past, asked = Past(asked[1] if asked and lately else None), None
                case "session_end", how if past is not None and going_on:
                    past.how, past.seconds, asked = how, row.seconds, None
                case "exercise", "done" | "hurt" if past is not None and going_on:
                    past.did = True
        if past is not None:
            yield past

    def ended(self) -> tuple[bool, ...]:
        """Of each session of which it is known: whether it ended with more pain, or for pain."""
        known = [past.worse() for past in self.sessions()]
        return tuple(worse for worse in known if worse is not None)

    def strength_rests(self) -> bool:
        """Two in a row ended worse, and after the last such two no two in a row ended well."""
        letters = "".join("w" if worse else "g" for worse in self.ended())
        return letters.rfind("ww") > letters.rfind("gg")

    def health(self, now: float) -> Health:
        """What a coach is begun with."""
        if self.unreadable:
            return Health(unknown=True)
        last = self.answers()
        asked_at, asked = last.pop("all", (0.0, 0))
        told, past = self.told(now), [*self.sessions()][-1:]
        levels = {
            r.name: r.value for _, r in self.rows if r.kind == "level" and r.value is not None
        }
        return Health(
            screened=bool(asked),
            screened_days=int((now - asked_at) // DAY) if asked else None,
            answered=frozenset(last),
            yes=frozenset(name for name, (_, value) in last.items() if value),
            pain=told[-1][1] if told else None,
            pain_age_s=now - told[-1][0] if told else None,
            unsaid=any(
                hurts(row) and row.side == AT_REST and at == told[-1][0]
                for at, row in self.known()
                if told
            ),
            before=next((one.measured_by for one in past if one.how is None), None),
            ended=self.ended(),
            levels=levels,
            good=dict.fromkeys(("bridge", "abdominal-brace", "donkey-kick", "pelvic-tilt"), 3),
        )


# --- the oracle ---------------------------------------------------------------------------

EMERGENCIES = {"numbness", "bladder", "weakness", "both_legs", "chest", "fever", "unwell"}
UNLESS_SETTLED = {"accident", "swelling", "weight", "night", "cancer"}
BROKEN_BY_A_FALL = {"osteoporosis", "steroids"}
CONDITIONS = {
    "osteoporosis": Condition.OSTEOPOROSIS,
    "steroids": Condition.OSTEOPOROSIS,
    "stenosis": Condition.STENOSIS,
    "leg_pain": Condition.LEG_PAIN,
    "surgery": Condition.SURGERY,
    "hip_replacement": Condition.HIP_REPLACEMENT,
    "pregnancy": Condition.PREGNANCY,
}
ALLOWED_BY_A_DOCTOR = {"surgery", "hip_replacement", "pregnancy"}


WITHOUT_ANSWER = {sentences.without_answer(plan.spoken_name) for plan in shipped().plans.values()}
AFTER_A_FLAG = {
    *(sentences.PAIN_BEFORE, sentences.PAIN_AFTER),
    *(sentences.GENTLE_INSTEAD, sentences.TRY_HARDER),
}
"""What nobody is asked of whom a doctor should look first."""


@dataclass
class Oracle:
    """What may be led, by the plain rules."""

    rows: Rows
    answered: bool = False
    """Whether it is known how much it hurts for the session that is led, or that comes."""
    early: bool = False
    """Whether it is early now."""
    sharp_at: float = -math.inf
    """When it was last sharp, or went down the leg."""
    flagged: bool = False
    """Whether there was a red flag when the safety questions began."""
    confirming: bool = False
    """Whether a yes to "has a doctor looked at it?" is being obeyed."""
    going_on: bool = False
    """Whether it is being obeyed that what hurt isn't sharp, or was nothing."""
    heard: set[str] = field(default_factory=set)
    """Which of the safety questions were answered with yes or no, since the first was last put."""

    def flag(self) -> str:
        """Why nothing at all may be led."""
        yes = {name for name, (_, value) in self.rows.answers().items() if value}
        settled = {name.removesuffix("_then") for name in yes if name.endswith("_then")}
        if yes & EMERGENCIES or (yes & UNLESS_SETTLED) - settled:
            return "a red flag"
        return "a red flag: a fall" if yes & BROKEN_BY_A_FALL & settled else ""

    def rule(self, routine: str, now: float) -> Callable[[Exercise], str]:
        """What tells of an exercise why it may not be led; empty: it may."""
        flag, last = self.flag(), self.rows.answers()
        yes = {name for name, (_, value) in last.items() if value}
        settled = {name.removesuffix("_then") for name in yes if name.endswith("_then")}
        told = {CONDITIONS[name] for name in yes & CONDITIONS.keys()}
        told -= {CONDITIONS[name] for name in yes & ALLOWED_BY_A_DOCTOR & settled}
        asked_at, asked = last.get("all", (0.0, 0))
        never_asked = not asked or now - asked_at > 92 * DAY or asked_at <= self.sharp_at
        never_asked = never_asked or not {question.id for question in QUESTIONS} <= last.keys()
        pains = self.rows.told(now)
        pain = pains[-1][1] if pains else 0
        unsure = told & {Condition.SURGERY, Condition.PREGNANCY}
        waits = pain >= 4 or unsure or self.rows.strength_rests() or self.rows.unreadable

        def refuses(exercise: Exercise) -> str:
            acute, strength = exercise.phase is Phase.ACUTE, exercise.phase is Phase.STRENGTH
            if flag:
                return flag
            if told & set(exercise.leave_out_with):
                return "a condition"
            if never_asked and (not acute or exercise.leave_out_with):
                return "never asked"
            if routine in LONG and not self.answered and not acute:
                return "nobody knows how much it hurts"
            if pain >= 6 and (routine != GENTLE or not acute):
                return "pain of six"
            if strength and waits:
                return "strengthening waits"
            return "early" if self.early and exercise.flexion else ""

        return refuses


# --- a life -----------------------------------------------------------------------------------


class Life:
    """One person, and all the programs that are begun for them."""

    def __init__(self, seed: int, rows: Rows | None = None) -> None:
        self.chance = random.Random(seed)
        self.rows, self.script = rows or Rows(), list[object]()
        self.oracle = Oracle(self.rows)
        self.kept: Place | None = None
        self.settings: Settings = replace(shipped(), keeps=True, spared_until_s=8 * HOUR)
        if self.chance.random() < 0.3:
            aim = self.chance.choice((Aim.NEXT, Aim.STRENGTH, "mcgill-three"))
            self.settings = replace(self.settings, week=Week((aim,) * 7, 18 * HOUR))
        self.began, self.led = 100 * DAY, 0
        if self.chance.random() < 0.7:
            asked = (
                QUESTIONS if self.chance.random() < 0.9 else QUESTIONS[3:]
            )  # of an older version
            for question in asked:
                self.rows.add(self.began - 30.0, Record("screening", question.id, value=0))
            self.rows.add(self.began - 10.0, Record("screening", "all", value=1))
        if self.chance.random() < 0.3:
            told = Record("screening", self.chance.choice(sorted(CONDITIONS)), value=1)
            self.rows.add(self.began - 20.0, told)
        self.civil: float | None = None
        self.start(None)

    @property
    def now(self) -> float:
        """In seconds of the whole life."""
        return self.began + self.drive.now

    def start(self, place: Place | None) -> None:
        """A program begins, at the time 0 of its own clock or later."""
        self.rows.began = self.began
        health = self.rows.health(self.began)
        unanswered = place is not None and place.routine and not self.oracle.answered
        told_of = bool(self.rows.told(self.began)) and not self.rows.unreadable
        self.oracle.answered = told_of and not unanswered
        up_s = self.chance.choice((0.0, 10_000.0))
        self.began -= up_s
        self.rows.booted = self.began
        told = replace(self.settings, health=health)
        self.drive = Drive(told, now=up_s)
        self.drive.state, effects = begin(told, up_s, greet=False, place=place)
        self.drive.log = []
        self.seen = 0
        self.drive.take(effects)
        self.look()

    def at(self, gap_s: float, *events: Event) -> None:
        self.script.append((round(gap_s, 2), *events))
        until = self.drive.now + gap_s
        if self.drive.session is None and gap_s > KEPT_S:
            self.keeps(False)
            self.let_pass(until - KEPT_S)
            self.keeps(True)
        self.let_pass(until)
        for event in events:
            lead = self.drive.state.lead
            planned = isinstance(lead, Asking) and lead.question is Question.PLANNED
            at_rest = isinstance(lead, AtRest) or planned
            starts = isinstance(event, Asked) and event.command in (STARTS + (C.YES,) * planned)
            if starts and at_rest:
                pains = self.rows.told(self.now)
                self.oracle.answered = bool(pains) and pains[-1][1] >= 4
            if isinstance(event, WallClock):
                self.civil = event.local_s - self.drive.now
            if isinstance(event, Asked):
                self.note_answer(event)
            self.drive.at(self.drive.now, event)
            self.drive.now += 0.1  # nothing is said twice in one moment
            if at_rest and isinstance(event, Asked) and event.command not in (C.BACK, C.UNDO):
                self.note_first_question()
            self.look()
            if at_rest and isinstance(event, Asked) and event.command is C.START:
                self.compare(self.chance.choice(ROUTINES), exactly=True)

    def let_pass(self, until: float) -> None:
        """What time brings is looked at as it comes."""
        for _ in self.drive.passing(until):
            self.look()

    def keeps(self, keeps: bool) -> None:
        settings = replace(self.drive.state.settings, keeps=keeps)
        self.drive.state = replace(self.drive.state, settings=settings)

    def note_first_question(self) -> None:
        """The safety questions begin; after "I meant no" they only go on."""
        if isinstance(self.drive.state.lead, Asking):
            self.oracle.heard.clear()
            self.oracle.flagged = bool(self.oracle.flag())

    def note_answer(self, asked: Asked) -> None:
        """What is answered by it, as the state is before. Another program answers nothing."""
        lead, command = self.drive.state.lead, asked.command
        if asked.source is Source.MQTT or too_soon(Turn(self.drive.state, self.drive.now), asked):
            return
        confirms = isinstance(lead, Asking) and lead.question is Question.CONFIRM
        self.oracle.confirming = confirms and command is C.YES
        self.oracle.going_on = isinstance(lead, Hurt) and command in (C.NO, C.GO, C.RESUME)
        if isinstance(lead, Hurt) and command is C.YES:
            self.oracle.sharp_at = self.now
        screening = isinstance(lead, Asking) and lead.question is Question.SCREENING
        if isinstance(lead, Asking) and screening and command in (C.YES, C.NO):
            self.oracle.heard.add(QUESTIONS[lead.number].id)

    def is_early(self, at: float | None = None) -> bool:
        """Now, or at a time of the program's own clock."""
        if self.civil is None:
            return False
        at = self.drive.now if at is None else at
        return 4 * HOUR <= (self.civil + at) % DAY < 8 * HOUR

    def look(self) -> None:
        """Take in what was written down, and hold what is led against the oracle."""
        before = ""
        for when, effect in self.drive.log[self.seen :]:
            if isinstance(effect, Record):
                self.write(self.began + when, effect)
                held = effect.detail == "in" and (effect.value or 0) >= 4
                if effect.kind == "pain" and (effect.detail == "before" or held):
                    self.oracle.answered = True
            if isinstance(effect, Say):
                if effect.text in AFTER_A_FLAG:
                    assert not self.oracle.flag(), (effect.text, self.oracle.flag(), self.script)
                if effect.text in WITHOUT_ANSWER:
                    self.oracle.answered = False
                if effect.text == sentences.TRY_HARDER:
                    self.may_offer(before)
                before = effect.text
            if isinstance(effect, Keep):
                self.kept = effect.place
            if isinstance(effect, Chime) and effect.sound is Sound.BEGIN:
                self.judge(when)
        self.seen = len(self.drive.log)
        self.follows_up()

    def judge(self, when: float) -> None:
        lead = self.drive.state.lead
        if not isinstance(lead, Leading) or not lead.session.working:
            return
        session = lead.session
        exercise = self.settings.exercises[session.plan.exercise_ids[session.segment.item]]
        self.led += 1
        self.may_lead(exercise.id, session.plan.id, when)
        self.compare(session.plan.id)

    def write(self, at: float, row: Record) -> None:
        """Take a row in. The safety questions count as answered when each of them was, and a red
        flag of before is one no more only when that is confirmed."""
        if hurts(row) and self.drive.session is None:
            row = replace(row, side=AT_REST)
        flagged = self.oracle.flagged and self.oracle.flag()
        self.rows.add(at, row)
        assert row.kind != "goes_on" or self.oracle.going_on, ("taken back", self.script)
        if row.kind != "screening":
            return
        assert not flagged or self.oracle.flag() or self.oracle.confirming, ("lifted", self.script)
        if row.name == "all" and row.value:
            unheard = {question.id for question in QUESTIONS} - self.oracle.heard
            assert not unheard, ("counts as asked", unheard, self.script)

    def may_offer(self, said: str) -> None:
        """What is offered as harder may be led."""
        routine = getattr(self.drive.state.lead, "routine", "")
        names = [e.id for e in self.settings.exercises.values() if said == went_well(e.spoken_name)]
        for name in names[:1]:  # none, where the question is put again
            self.may_lead(name, routine)

    def follows_up(self) -> None:
        """Until what is asked after a yes is answered, the cautious answer is written down."""
        lead = self.drive.state.lead
        if isinstance(lead, Asking) and lead.question is Question.SCREENING and lead.follow_up:
            name = QUESTIONS[lead.number].id
            _, then = self.rows.answers().get(f"{name}_then", (0.0, -1))
            assert then == int(name in BROKEN_BY_A_FALL), ("not cautious", name, self.script)

    def may_lead(self, exercise: str, routine: str, when: float | None = None) -> None:
        self.oracle.early = self.is_early(when)
        why = self.oracle.rule(routine, self.now)(self.settings.exercises[exercise])
        assert not why, (exercise, routine, why, self.script)

    def compare(self, routine: str, *, exactly: bool = False) -> None:
        """The gate refuses of all exercises what the plain rules refuse; and just when something is
        asked for, nothing else."""
        oracle = replace(self.oracle, early=self.is_early())
        refuses, now = oracle.rule(routine, self.now), known(Turn(self.drive.state), routine)
        for exercise in self.settings.exercises.values():
            rule = refuses(exercise)
            says = suitability.against(exercise, now)
            agrees = (says is not None) == bool(rule) if exactly else says is not None or not rule
            assert agrees, (exercise.id, routine, says, rule, self.script)
        ended, told = self.drive.state.person.health.ended, self.rows.ended()
        same = ended[-3:] == told[-3:] or self.rows.unreadable
        assert not exactly or same, ("ended", ended, told, self.script)

    # --- what happens ---

    def happens(self) -> None:
        chance = self.chance
        kind = chance.random()
        if self.drive.session is not None and chance.random() < 0.25:
            kind = chance.choice((0.9, 0.95))  # what comes in the midst of a session is worth most
        stories = (
            *(self.ends_badly, self.early_pause, self.presses),
            *(self.takes_back, self.exchanged, self.offered, self.planned, self.sore),
            self.asks_for_another,
        )
        gap_s = chance.choice((0.5, 3.0, 8.0, 8.0, 15.0, 40.0, 70.0, 130.0))
        if kind < 0.80:
            self.at(gap_s, self.word())
        elif kind < 0.84:
            self.at(gap_s, WallClock(chance.randrange(40) * DAY + chance.choice(TIMES)))
        elif kind < 0.87:
            self.at(chance.choice((600.0, 2 * HOUR - 60.0, 2 * HOUR, DAY)))
        elif kind < 0.93:
            self.restart(chance.choice((1.0, 60.0, 60.0, 3 * HOUR, 3 * HOUR, 95 * DAY)))
        elif kind < 0.96:
            self.imported()
        elif kind < 0.965:
            self.restart(1.0, lost=not self.rows.unreadable)
        elif kind < 0.97:
            self.at(gap_s, *self.walk_through())
        else:
            chance.choice(stories)()

    def word(self) -> Event:
        chance = self.chance
        if self.drive.session is not None:
            if chance.random() < 0.04:
                return Asked(C.NUMBER, value=chance.choice((0, 3, 6, 8, 10)))
            return Asked(chance.choice(WHILE_LED), chance.choice(tuple(Source)))
        if chance.random() < 0.15:
            return Asked(C.START, routine=chance.choice(ROUTINES))
        if chance.random() < 0.15:
            return Asked(C.NUMBER, value=chance.choice((0, 1, 3, 4, 5, 6, 8, 10)))
        if chance.random() < 0.05:
            return chance.choice((Touched(), Slept(600.0)))
        if chance.random() < 0.05:
            return Asked(C.HAVE_TIME, seconds=chance.choice((60.0, 300.0, 600.0, 1200.0)))
        return Asked(chance.choice(WORDS), chance.choice((Source.VOICE, *Source)))

    def walk_through(self) -> Iterator[Event]:
        """All safety questions answered, mostly with no, and then how much it hurts."""
        yield Asked(self.chance.choice((C.SCREENING, C.START)), routine=None)
        for _ in range(19):
            yield Asked(C.YES if self.chance.random() < 0.05 else C.NO)
        yield Asked(C.NUMBER, value=self.chance.randrange(7))

    def begins(self, *routines: str, pain: int) -> None:
        self.at(60.0, Asked(C.START, routine=self.chance.choice(routines)))
        self.at(30.0, Asked(C.NUMBER, value=pain))
        if isinstance(self.drive.state.lead, Asking):  # the gentle one, or something harder
            self.at(10.0, Asked(self.chance.choice((C.YES, C.NO))))

    def ends_badly(self) -> None:
        """Routines with more pain after them, and a short one before which nobody is asked."""
        for _ in range(self.chance.randrange(1, 4)):
            self.begins(*ROUTINES[5:], pain=self.chance.randrange(4))
            self.at(60.0, Asked(C.STOP))
            self.at(20.0, Asked(C.NUMBER, value=self.chance.randrange(11)))
        self.at(60.0, Asked(C.START, routine=self.chance.choice(ROUTINES[:5])))
        self.at(60.0, Asked(C.GO))

    def early_pause(self) -> None:
        """A pause over the hour from which bending forward is left out, and any way out of it."""
        self.at(60.0, WallClock(4 * HOUR - 190.0))
        self.begins(*ROUTINES, pain=1)
        self.at(30.0, Asked(C.PAUSE))
        self.at(90.0, Asked(self.chance.choice((C.GO, C.NEXT, C.BACK, C.REPEAT, C.EXPLAIN))))
        self.at(60.0, Asked(C.GO))

    def presses(self) -> None:
        """Somebody who presses all questions away."""
        self.at(5.0, Asked(C.START, routine=self.chance.choice(ROUTINES)))
        for _ in range(len(QUESTIONS) + 3):
            self.at(2.0, Asked(C.PRESS, Source.BUTTON))

    def takes_back(self) -> None:
        """A red flag, and then a row of noes."""
        self.at(5.0, Asked(C.SCREENING), *[Asked(C.NO)] * self.chance.randrange(12), Asked(C.YES))
        self.at(150.0, Asked(C.STOP))
        self.at(5.0, Asked(C.SCREENING), *[Asked(C.NO)] * len(QUESTIONS))
        self.at(5.0, Asked(self.chance.choice((C.YES, C.NO))))

    def exchanged(self) -> None:
        """Another exercise in the place of the present one, and a power cut; meanwhile something
        was told elsewhere that speaks against it."""
        self.begins(GENTLE, *ROUTINES[9:], pain=1)
        new = set[str]()
        while self.drive.session is not None and not new:
            self.at(20.0, Asked(self.chance.choice((C.GO, C.NEXT))))
            self.at(5.0, Asked(self.chance.choice((C.EASIER, C.HARDER))))
            if (session := self.drive.session) is not None:
                written = self.settings.routines[session.plan.id].items
                new = {*session.plan.exercise_ids} - {item.exercise.id for item in written}
        row = self.against(*sorted(new))
        if self.chance.random() < 0.3:
            row = Record("pain", detail="after", value=self.chance.randrange(3, 9))
        self.restart(1.0, (0.5, row))

    def asks_for_another(self) -> None:
        """In the place of an exercise, by word or because it hurt, one that a condition speaks
        against; and it is gone on with."""
        known = self.settings.exercises
        routine = self.chance.choice((GENTLE, "mobility", "lower-back-strength"))
        near = [
            (item.exercise.id, name)
            for item in self.settings.routines[routine].items
            for name in (item.exercise.easier, item.exercise.harder)
            if name in known and {*known[name].leave_out_with} - {*item.exercise.leave_out_with}
        ]
        old, new = self.chance.choice(near)
        self.restart(1.0, (0.5, self.against(new, but=old)))
        self.begins(routine, pain=1)
        for _ in range(12):
            session = self.drive.session
            if session is None or session.plan.exercise_ids[session.segment.item] == old:
                break
            self.at(5.0, Asked(C.NEXT))
        harder = known[old].harder == new
        ask = (C.HARDER,) if harder else self.chance.choice(((C.EASIER,), (C.HURTS, C.NO)))
        self.at(20.0, *map(Asked, ask))
        self.at(20.0, Asked(C.GO), Asked(C.GO))
        self.at(20.0, Asked(C.GO))

    def offered(self) -> None:
        """What comes next has gone well for long enough, and something speaks against it."""
        routine = self.chance.choice((GENTLE, *ROUTINES[9:]))
        items = self.settings.routines[routine].items
        names = sorted({item.exercise.harder for item in items} - {""})
        row = self.against(*names[self.chance.randrange(9) :][:1])
        if self.chance.random() < 0.5:
            row = self.against(self.chance.choice(items).exercise.id)
        self.restart(1.0, (0.5, row))
        self.begins(routine, pain=1)
        self.goes_through()

    def sore(self) -> None:
        """The gentle one is offered, of which something may not be led either."""
        items = self.settings.routines[GENTLE].items
        self.restart(1.0, (0.5, self.against(self.chance.choice(items).exercise.id)))
        self.begins(*ROUTINES[5:], pain=self.chance.randrange(6, 9))
        self.goes_through()

    def goes_through(self) -> None:
        """From each exercise of it to the next, and a little of each."""
        for _ in range(10 if self.drive.session is not None else 0):
            self.at(8.0, Asked(C.GO))
            self.at(3.0, Asked(C.GO))
            self.at(8.0, Asked(C.NEXT))

    def planned(self) -> None:
        """It is time for the plan; where there is none, nothing comes up."""
        self.at(5.0, Asked(C.STOP))
        self.at(5.0, WallClock(self.chance.randrange(40) * DAY + 18 * HOUR - 60.0), Touched())
        self.at(
            90.0, Asked(self.chance.choice((C.YES, C.GO, C.PRESS)), self.chance.choice(BY_HAND))
        )
        self.at(40.0, Asked(C.NUMBER, value=self.chance.randrange(8)))

    def against(self, *names: str, but: str = "") -> Record:
        """A yes that speaks against one of these exercises, and not against `but`; against none,
        any."""
        known = self.settings.exercises
        against = {c for name in names if name in known for c in known[name].leave_out_with}
        against -= {*known[but].leave_out_with} if but else set()
        told = [name for name, condition in CONDITIONS.items() if condition in against]
        return Record("screening", self.chance.choice(told or sorted(CONDITIONS)), value=1)

    def restart(
        self, off_s: float, *imported: tuple[float, Record], lost: bool | None = None
    ) -> None:
        """The power fails, or the program is ended; the clock isn't known at first. The journal may
        be lost meanwhile, or found again."""
        place = self.kept
        hurt = isinstance(self.drive.state.lead, Hurt)
        self.script.append(("restart", off_s))
        if self.chance.random() < 0.4:
            hurt = False
            self.drive.at(self.drive.now, Quit())
            self.look()
            place = self.kept if self.chance.random() < 0.5 else None
        for ago_s, row in imported:
            self.rows.bring(self.now - ago_s - self.chance.random(), row)
        if lost is not None:
            self.rows.unreadable = lost
        self.rows.since = self.now if self.rows.unreadable else 0.0
        self.began, self.civil = self.now + off_s, None
        self.start(place)
        lead = self.drive.state.lead
        assert not hurt or isinstance(lead, Hurt), ("nobody asks any more", self.script)
        if isinstance(lead, Paused):
            for exercise in lead.session.plan.exercise_ids:
                self.may_lead(exercise, lead.session.plan.id)
        if isinstance(lead, Paused) and self.chance.random() < 0.6:
            self.at(5.0, Asked(C.GO))
            self.at(60.0)

    def imported(self) -> None:
        """Rows of another machine, of any time; the program is begun anew."""
        rows: list[tuple[float, Record]] = []
        for _ in range(self.chance.randrange(1, 4)):
            ago_s = self.chance.choice((60.0, HOUR, DAY, 60 * DAY, 100 * DAY))
            name = self.chance.choice((*CONDITIONS, *sorted(EMERGENCIES | UNLESS_SETTLED), "all"))
            row = Record("screening", name, value=self.chance.randrange(2))
            if self.chance.random() < 0.4:
                row = Record("pain", detail="after", value=self.chance.randrange(11))
            self.script.append(("imported", ago_s, row))
            rows.append((ago_s, row))
        self.restart(1.0, *rows)


STARTS = (C.START, C.PRESS, C.GO, C.STRETCH, C.BACK_HURTS, C.HAVE_TIME)
BY_HAND = (Source.VOICE, Source.BUTTON, Source.PAGE)
TIMES = (0.0, 4 * HOUR, 5 * HOUR, 7 * HOUR, 8 * HOUR - 90.0, 8 * HOUR, 12 * HOUR, 22 * HOUR)
WHILE_LED = (
    *(C.GO, C.GO, C.GO, C.NEXT, C.EASIER, C.EASIER, C.HARDER, C.HARDER, C.HARDER),
    *(C.DIZZY, C.PAUSE, C.RESUME, C.HURTS, C.YES, C.NO, C.BACK, C.STOP, C.REPEAT),
    *(C.EXPLAIN, C.OTHER_SIDE, C.MORE_TIME),
)
WORDS = (
    *(C.YES, C.YES, C.NO, C.NO, C.NO, C.NEXT, C.NEXT, C.PRESS, C.PRESS, C.BACK, C.REPEAT),
    *(C.STOP, C.HURTS, C.EASIER, C.HARDER, C.HARDER, C.PAUSE, C.RESUME, C.GO, C.GO, C.STRETCH),
    *(C.BACK_HURTS, C.BACK_HURTS, C.DIZZY, C.UNDO),
    *(C.SCREENING, C.WAKE, C.HELP, C.SLOWER, C.OTHER_SIDE),
)


def live(seed: int, happenings: int = 40) -> int:
    """How many stretches of work were led; raises AssertionError at the first that may not be."""
    life = Life(seed)
    for _ in range(happenings):
        life.happens()
    return life.led


def main() -> None:
    many, first = (int(one) for one in (*sys.argv[1:], "20000", "0")[:2])
    led = 0
    for number in range(first, first + many):
        try:
            led += live(number)
        except AssertionError as error:
            raise SystemExit(f"life {number}: {error}") from error
    print(f"{many} lives, {led} stretches of work led, none that may not be.")


if __name__ == "__main__":
    main()
