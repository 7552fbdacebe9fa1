"""What it tells somebody to say can be said there: every such sentence is taken at its word, by
voice and typed, in the situation in which it was said."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from types import ModuleType

import pytest

from assistant.coach.effects import Aim, Context, Effect, Ignored, Place, Say, Week
from assistant.coach.events import GUEST, Asked, Event, Health, Source, Unclear, WallClock
from assistant.coach.events import Command as C
from assistant.coach.question import help_with, opened
from assistant.coach.settings import Settings
from assistant.coach.state import (
    Asking,
    Asleep,
    Closed,
    Hurt,
    Leading,
    Paused,
    Question,
    Sitting,
    State,
)
from assistant.coach.step import step
from assistant.content import plan_sentences, sentences, welcome_sentences
from assistant.content.plan import compile_plan
from assistant.content.types import Kind
from assistant.hearing.understand import Understanding
from tests.coach.driver import SETTINGS, Drive, as_said
from tests.coach.test_plan_of_the_week import MONDAY, session
from tests.coach.test_session_start import GENTLE, ROUTINES, SEEN, STRENGTH, score, shipped, start
from tests.coach.test_tables import silent

DAY, H = 86400.0, 3600.0
OWN = replace(shipped(), spoken_names=("desk break",), welcomes=True)
FLAG = replace(OWN, health=replace(SEEN, yes=frozenset({"numbness"})))
GUESTS = replace(OWN, people={"ben": "Ben"}, owner="ben", person=GUEST, stranger=GUEST)
BEND_BACK = tuple(
    item for item in OWN.routines["desk-break"].items if item.exercise.id == "desk-back-bend"
)
ALONE = replace(OWN.routines["desk-break"], items=BEND_BACK)
NOTHING_SUITS = replace(
    OWN,
    health=replace(SEEN, yes=frozenset({"stenosis"})),
    routines={"desk-break": ALONE},
    plans={"desk-break": compile_plan(ALONE)},
    gentle="desk-break",
    instead=(),
)
PLANNED = replace(OWN, week=Week((Aim.NEXT,) * 7, 18.5 * H))
NOON = WallClock(MONDAY * DAY + 12 * H)
TRAINED = replace(
    OWN, button=True, trained=(session(MONDAY - 3, STRENGTH), session(MONDAY - 1, STRENGTH))
)
CUT = Place(
    routine=GENTLE,
    exercise=OWN.plans[GENTLE].exercise_ids[0],
    part=Kind.SETUP,
    exercises=OWN.plans[GENTLE].exercise_ids,
)
CLOSE = Asked(C.CLOSE_EAR, Source.BUTTON)


def once(hour: float, value: int = 0) -> Asked:
    return Asked(C.PLAN_ONCE, until_s=hour * H, whole_day=True, value=value, text="at that time")


Scene = tuple[Settings, Sequence[float | Event | C | Question | Place]]
"""Who it is, and what happens: a question is put, a `Place` is a start after a power cut, a number
the time (seconds) of what follows."""
SCENES: dict[str, Scene] = {
    "sitting": (OWN, ()),
    "switched on": (OWN, (Place(),)),
    "not understood": (OWN, (C.WAKE, Unclear())),
    "a power cut": (OWN, (CUT,)),
    "a power cut, hurt": (OWN, (replace(CUT, hurt=True),)),
    "standing": (OWN, (C.UP,)),
    "away": (OWN, (C.LEAVING,)),
    "at lunch": (OWN, (C.LUNCH,)),
    "a reminder": (OWN, (OWN.sit_s,)),
    "a reminder, up": (OWN, (OWN.sit_s, C.UP)),
    "a reminder that waits": (OWN, (OWN.sit_s + 260.0,)),
    "snoozed before": (OWN, (OWN.sit_s, C.SNOOZE, OWN.sit_s + 310.0)),
    "no snooze left": (replace(OWN, snoozes=0), (OWN.sit_s,)),
    "reminders off": (OWN, (NOON, C.REMINDERS_OFF)),
    "reminders off, without a clock": (OWN, (C.REMINDERS_OFF,)),
    "reminders off while paused": (OWN, (NOON, C.START, 30.0, C.PAUSE, C.REMINDERS_OFF)),
    "quiet until, without a clock": (OWN, (Asked(C.QUIET, until_s=2 * H),)),
    "led": (OWN, (C.START, 30.0)),
    "led, at its beginning": (OWN, (start(STRENGTH), score(0))),
    "led, in work": (OWN, (start(STRENGTH), score(0), 30.0, *(C.GO,) * 4)),
    "paused": (OWN, (C.START, 30.0, C.PAUSE)),
    "going on": (OWN, (C.START, 30.0, C.PAUSE, C.GO)),
    "another while led": (OWN, (C.START, 30.0, start(GENTLE))),
    "as easy as it gets": (OWN, (C.START, 30.0, *(C.EASIER,) * 6)),
    "short instructions": (OWN, (C.START, 30.0, C.SHORT_WORDS)),
    "it hurts": (OWN, (C.START, 30.0, C.HURTS)),
    "it hurts a lot": (OWN, (C.START, 30.0, score(8))),
    "a red flag": (FLAG, (C.START,)),
    "a red flag, standing": (FLAG, (C.UP, C.START)),
    "a red flag, a reminder": (FLAG, (FLAG.sit_s, C.BACK_HURTS)),
    "a red flag, away": (replace(FLAG, week=PLANNED.week), (NOON, C.LEAVING, C.TELL_TODAY)),
    "a red flag, up": (replace(FLAG, week=PLANNED.week), (NOON, C.UP, C.TELL_TODAY)),
    "no plan": (OWN, (NOON, C.TELL_PLAN)),
    "a plan refused": (OWN, (NOON, C.MAKE_PLAN, C.NO)),
    "over for today": (PLANNED, (NOON, once(9.0))),
    "a plan, without a clock": (PLANNED, (once(9.0),)),
    "after midnight": (PLANNED, (NOON, once(25.0))),
    "over for today, asked": (PLANNED, (NOON, 6.5 * H + 30.0, once(9.0))),
    "after midnight, asked": (PLANNED, (NOON, 6.5 * H + 30.0, once(25.0))),
    "a guest": (GUESTS, (C.START,)),
    "a guest, asked for pain": (GUESTS, (start(GENTLE), *(C.NO,) * 18)),
    "a guest, led": (replace(GUESTS, screening=False), (C.START,)),
    "nothing suits": (NOTHING_SUITS, (C.START,)),
    "not answered": (OWN, (start(GENTLE), 200.0)),
    "not answered, a reminder": (OWN, (OWN.sit_s - 5.0, start(GENTLE), OWN.sit_s + 200.0)),
    "a first start left": (replace(OWN, welcome=True, health=Health()), (40.0, C.STOP)),
    "a first start to its end": (
        replace(OWN, welcome=True, health=Health()),
        (40.0, C.YES, 60.0, C.NEXT, 80.0, C.NO),
    ),
    "a first start, nobody": (replace(OWN, welcome=True, health=Health()), (400.0,)),
    **{
        f"{question}, {ear}": (TRAINED, (NOON, question, *more))
        for question in Question
        for ear, more in {
            "asked": (C.REPEAT,),
            "once more": (C.REPEAT, 80.0),
            "after the wake phrase": (C.REPEAT, 20.0, C.WAKE),
            "with a closed ear": (C.REPEAT, 20.0, CLOSE, 100.0),
        }.items()
    },
}
UNDERSTANDING = Understanding(
    ROUTINES / "commands.yaml",
    [SETTINGS.wake],
    {name: routine.spoken_names for name, routine in OWN.routines.items()},
    people={"ben": ["ben"]},
)
TOLD = re.compile(r"\b(?:(?<!I )[Ss]ay|Ask|Or(?= skip| repeat)),? ([^.?!:]*)")
NO_WORDS = (
    *("a little louder", "we begin", "i tell you what i heard", "i suggest one", "me again later"),
    "then ask again",
)
"""What stands beside the words that are to be said."""
FOR = {
    "a number": "three",
    "start, a routine's name": "start desk break",
    "hey coach this is, your name": "hey coach this is ben",
    "quiet until, the hour": "quiet until five",
    "for help to hear what you can say": "help",
}
ENDS = re.compile(r" (?:to (?:begin|hear every step)|when you are ready|when you're there)$")

HEARD = {True: (Source.TYPED,), False: (Source.VOICE, Source.TYPED)}
"""What is understood, where the ear is closed and where it isn't."""


def offers(text: str) -> list[str]:
    """What somebody is told to say, one after the other, as it is said."""
    found = []
    for match in TOLD.finditer(text):
        told = match[1].lower().replace("hey coach, ", "hey coach ").replace(", and ", ", ")
        for some, one in FOR.items():
            told = told.replace(some, one)
        for part in re.split(r",? or (?:say )?|, ", told):
            words = ENDS.sub("", part)
            if words not in NO_WORDS and not words.startswith(("press", "take your")):
                found.append(words)
    after = f"{SETTINGS.wake} " * text.startswith(f"After {SETTINGS.wake}")
    return [f"{after}{words}" for words in dict.fromkeys(found)]


class Told(Drive):
    """Takes whatever is said in a scene at its word, as soon as it is said to its end."""

    def __init__(self, settings: Settings, place: Place | None = None) -> None:
        self.texts: list[str] = []
        self.untrue: list[str] = []
        super().__init__(settings, place=place)
        self.try_all([effect for _, effect in self.log], self.state)

    def _step(self, event: Event) -> None:
        before = len(self.log)
        super()._step(event)
        self.try_all([effect for _, effect in self.log[before:]], self.state)

    def ask_for_help(self) -> None:
        state, effects = step(self.state, Asked(C.HELP, Source.KEY), self.now)
        self.try_all(effects, state)

    def try_all(self, effects: Sequence[Effect], state: State) -> None:
        for effect in effects:
            if isinstance(effect, Say):
                self.try_each(effect.text, state)

    def try_each(self, text: str, state: State) -> None:
        self.texts.append(text)
        state, now = silent(state, self.now)
        context = state.shown.context
        assert context is not None
        for words in offers(text):
            for source in HEARD[isinstance(state.ear, Closed)]:
                if why := untrue(words, source, state, now):
                    self.untrue.append(f"{text} | {words}, {source}, {context}: {why}")


def untrue(words: str, source: Source, state: State, now: float) -> str:
    """Why it isn't obeyed; empty: it is."""
    assert state.shown.context is not None
    asked = UNDERSTANDING.match(words, state.shown.context, source)
    if not isinstance(asked, Asked) or asked.command is C.WAKE:
        return "not understood"
    _, effects = step(state, asked, now + 0.1)
    said = [effect.text for effect in effects if isinstance(effect, Say)]
    if sentences.NOT_NOW in said or any(isinstance(effect, Ignored) for effect in effects):
        return "not obeyed"
    lead = state.lead
    return "no answer" if isinstance(lead, Asking) and help_with(lead) in said else ""


Happening = float | Event | C | Question


def happen(told: Told, happens: Sequence[Happening]) -> None:
    at = 1.0
    for one in happens:
        if isinstance(one, int | float):
            at = one
        elif isinstance(one, Question):
            told.state = replace(told.state, lead=replace(opened(one, GENTLE), exercise="bridge"))
        else:
            at = max(at, told.now + 2.0)
            told.at(at, one)
    told.at(max(at, told.now))


@cache
def lived(name: str) -> Told:
    settings, happens = SCENES[name]
    places = [one for one in happens if isinstance(one, Place)]
    told = Told(settings, *places)
    happen(told, [one for one in happens if not isinstance(one, Place)])
    told.ask_for_help()
    return told


@pytest.mark.parametrize("name", SCENES)
def test_what_one_is_told_to_say_is_heard_and_obeyed(name: str) -> None:
    """With the wake phrase where it is told with it, and without it where it isn't."""
    told = lived(name)
    assert told.texts
    assert not told.untrue, "\n".join(told.untrue)


def templates(*modules: ModuleType) -> Iterator[str]:
    for module in modules:
        for name, value in vars(module).items():
            if name.isupper() and name[0] != "_":
                texts = value.values() if isinstance(value, dict) else (value,)
                yield from (as_said(text) for text in texts if isinstance(text, str))


def test_all_that_tells_what_to_say_is_said_in_one_of_the_scenes() -> None:
    """A sentence that is new needs one of its own."""
    said = "\n".join(text for name in SCENES for text in lived(name).texts)
    told = [t for t in templates(sentences, plan_sentences, welcome_sentences) if offers(t)]
    assert len(told) > 40
    forms = {t: ".+".join(map(re.escape, re.split(r"\{\w+\}", t))) for t in told}
    assert [t for t, form in forms.items() if re.search(form, said) is None] == []


PRESS = Asked(C.PRESS, Source.BUTTON)
EVERYWHERE: dict[str, tuple[Happening, ...]] = {
    "sitting": (),
    "standing": (C.UP,),
    "away": (C.LEAVING,),
    "a reminder": (OWN.sit_s,),
    "led": (C.START, 30.0),
    "paused": (C.START, 30.0, C.PAUSE),
    "it hurts": (C.START, 30.0, C.HURTS),
    "a safety question": (C.SCREENING,),
    "a number": (start(GENTLE),),
    "a plan": (NOON, C.MAKE_PLAN),
    "ice": (C.ICE,),
}


@pytest.mark.parametrize("name", EVERYWHERE)
def test_one_press_opens_a_closed_ear_wherever_it_was_closed(name: str) -> None:
    """So it is said when it closes, and to whoever asks for help meanwhile. What else the press
    does, it does too: it pauses, it ends what hurts; and no question is lost by it."""
    told = Told(OWN)
    happen(told, (*EVERYWHERE[name], CLOSE))
    before, asking = told.mode(), told.asking
    told.at(told.now + 20.0, Asked(C.HELP, Source.KEY))
    assert sentences.EAR_CLOSED_ALREADY in told.texts[-2:]
    told.at(told.now + 20.0, PRESS)
    assert isinstance(told.state.ear, Asleep)
    assert told.texts[-1] == sentences.EAR_OPEN
    if asking is not None:
        assert told.asking is not None
        assert told.asking.question is asking.question
    elif before is Leading:
        assert told.mode() is Paused
    elif before is Hurt:
        assert told.mode() is Sitting


@pytest.mark.parametrize("at", [10.0, OWN.sit_s + 20.0])
@pytest.mark.parametrize("closes", [False, True])
def test_a_press_is_spoken_of_where_it_begins_something(at: float, *, closes: bool) -> None:
    """After a question that was left: beside a reminder a press answers that, and with a closed ear
    it opens it."""
    told = Told(OWN)
    told.at(at, Asked(C.BACK_HURTS), *[CLOSE] * closes)
    told.at(at + 30.0, Asked(C.NEXT, Source.TYPED))
    assert told.texts[-1] in (sentences.LEFT_FOR_NOW, sentences.LEFT_UNTIL_PRESS)
    spoken_of = told.texts[-1] == sentences.LEFT_UNTIL_PRESS
    told.at(told.now + 5.0, PRESS)
    assert spoken_of == isinstance(told.state.lead, Asking | Leading)


def test_who_is_there_can_be_told_in_the_midst_of_a_routine() -> None:
    """As it is asked for: with the wake phrase; and what was led ends first."""
    told = Told(GUESTS)
    happen(told, (C.START, *(C.NO,) * 18, 60.0))
    context = told.state.shown.context
    assert context in (Context.PAIN, Context.SESSION)
    assert context is not None
    asked = UNDERSTANDING.match("hey coach this is ben", context)
    assert isinstance(asked, Asked)
    told.at(told.now + 1.0, asked)
    assert told.state.person.id == "ben"


def test_to_go_on_is_offered_where_it_goes_on() -> None:
    """After six and more it ends whatever is answered."""
    for happens, goes_on in (((C.START, 30.0, C.HURTS), True), ((C.START, 30.0, score(8)), False)):
        told = Told(OWN)
        happen(told, happens)
        told.ask_for_help()
        assert ("go on" in offers(told.texts[-1])) == goes_on
        told.at(told.now + 20.0, C.RESUME)
        assert (told.session is not None) == goes_on


def test_what_the_screen_tells_to_say_is_listened_for() -> None:
    """Nothing is to be said to a closed ear, and no snooze where there is none."""
    for happens in ((C.START,), (C.START, 30.0, C.PAUSE)):
        told = Told(OWN)
        happen(told, happens)
        assert offers(shown(told))
        told.at(told.now + 1.0, CLOSE)
        assert not offers(shown(told)), shown(told)
    for snoozes in (0, 1):
        told = Told(replace(OWN, snoozes=snoozes))
        happen(told, (OWN.sit_s, 1300.0))
        assert bool(offers(shown(told))) == bool(snoozes)


def shown(told: Told) -> str:
    view = told.state.shown.view
    assert view is not None
    return view.detail
