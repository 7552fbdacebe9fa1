"""What people would say in their own words, and what they may expect of it."""

from dataclasses import replace

import pytest

from assistant.coach.effects import Aim, Context, Record, Week
from assistant.coach.events import Asked, Health, Source, Unclear, WallClock
from assistant.coach.events import Command as C
from assistant.coach.question import opened
from assistant.coach.state import Due as DueToStand
from assistant.coach.state import Hurt, Leading, Paused, Question
from assistant.content import plan_sentences, sentences
from assistant.content.safety_question_texts import QUESTIONS
from assistant.content.types import Kind
from assistant.content.words import number
from assistant.hearing.understand import Understanding
from tests.coach.driver import STARTS, Drive
from tests.coach.test_plan_of_the_week import (
    MONDAY,
    asked,
    at_clock,
    at_its_time,
    session,
    settings,
)
from tests.coach.test_session_start import (
    DESK,
    GENTLE,
    ROUTINES,
    STRENGTH,
    led,
    person,
    rows,
    score,
    start,
    strengthening,
    texts,
)

DAY, H = 86400.0, 3600.0
MOBILITY = "mobility"


def test_what_was_that_says_the_last_words_again_and_nothing_begins_anew() -> None:
    """Not the count, which is over."""
    drive = Drive()
    drive.at(0.0, C.START)
    drive.at(STARTS["work"] + 19.5)
    assert texts(drive)[-1] == "one"
    before = drive.session
    drive.at(STARTS["work"] + 19.6, C.SAY_AGAIN)
    assert texts(drive)[-1] == "Halfway."
    assert drive.session is not None
    assert before is not None
    assert drive.session.index == before.index


def test_why_beside_a_safety_question_tells_what_is_meant_by_it() -> None:
    drive = person(Health(), screening=True)
    drive.at(1.0, start(GENTLE))
    drive.at(30.0, C.WHY)
    assert QUESTIONS[0].help in texts(drive)[-1]


def test_beside_a_question_what_was_that_asks_it_again() -> None:
    drive = at_its_time()
    drive.at(drive.now + 2.0, C.SAY_AGAIN)
    assert texts(drive)[-1] == plan_sentences.SHALL_WE


@pytest.mark.parametrize(
    ("when", "told"),
    [
        (1.0, "Two more exercises."),
        (STARTS["work"] + 5, "One more exercise after this one."),
        (STARTS["left"] + 1, "This is the last one."),
        (STARTS["outro"] + 1, "This is the last one."),
    ],
)
def test_how_many_are_left(when: float, told: str) -> None:
    drive = Drive()
    drive.at(0.0, C.START)
    drive.at(when, C.HOW_MANY)
    assert texts(drive)[-1] == told


def test_of_repetitions_it_is_told_how_many_are_left() -> None:
    drive = person()
    drive.at(0.0, start(STRENGTH), score(0))
    while (session := drive.session) is None or not session.working or session.segment.reps < 2:
        drive.at(drive.now + 0.5)
    reps, began = session.segment.reps, session.began
    drive.at(began + session.segment.unit_s, C.HOW_MANY)  # the first is just over
    left = number(reps - 1).capitalize()
    assert texts(drive)[-1].startswith(f"{left} more of these, then ")


def test_minutes_more_in_the_midst_of_an_exercise_are_more_of_it() -> None:
    """A reminder to stand up isn't there to be put off."""
    drive = Drive()
    drive.at(0.0, C.START)
    drive.at(STARTS["work"] + 1, Asked(C.SNOOZE, Source.TYPED, seconds=300.0))
    assert drive.session is not None
    assert drive.session.length_s == 50.0
    assert texts(drive)[-1] == "Thirty seconds more, that is the most."


def test_my_back_hurts_typed_in_the_midst_of_a_routine_stops_it() -> None:
    """At rest it is asked how much; heard in a routine it is another command, typed the same."""
    drive = Drive()
    drive.at(0.0, C.START)
    drive.at(STARTS["work"] + 1, Asked(C.BACK_HURTS, Source.TYPED))
    assert drive.mode() is Hurt


# --- what is typed of the body -----------------------------------------------------------------

UNDERSTANDING = Understanding(ROUTINES / "commands.yaml", ["hey coach"], {})


def typed(line: str) -> Asked:
    asked = UNDERSTANDING.match(line, Context.AWAKE, Source.TYPED)
    assert isinstance(asked, Asked), line
    return asked


def at_question(name: str) -> Drive:
    """A safety question is open, all before it are answered with no."""
    drive = person(Health(), screening=True)
    drive.at(1.0, start(GENTLE))
    for question in QUESTIONS:
        if question.id == name:
            break
        drive.at(drive.now + 5.0, C.NO)
    return drive


def at_confirm() -> Drive:
    drive = person(Health(screened=True, screened_days=1, yes=frozenset({"numbness"})))
    drive.at(1.0, C.SCREENING)
    for _ in QUESTIONS:
        drive.at(drive.now + 5.0, C.NO)
    assert asked(drive) is Question.CONFIRM
    return drive


@pytest.mark.parametrize(
    "line",
    [
        *("sharp", "it's sharp", "down my leg", "yes, it goes down my leg", "yes, it hurts"),
        *("ok", "okay", "sure", "y", "yeah", "hey coach okay", "my back hurts", "pain 8"),
    ],
)
def test_only_a_plain_yes_takes_a_red_flag_back(line: str) -> None:
    drive = at_confirm()
    drive.at(drive.now + 5.0, typed(line))
    assert asked(drive) is Question.CONFIRM
    assert drive.state.person.health.yes == {"numbness"}
    drive.at(drive.now + 5.0, typed("yes"))
    assert not drive.state.person.health.yes


def test_nor_does_okay_settle_what_a_doctor_should_see() -> None:
    drive = at_question("accident")
    drive.at(drive.now + 5.0, C.YES)
    for line in ("okay", "yes, it is sore"):
        drive.at(drive.now + 5.0, typed(line))
        assert asked(drive) is Question.SCREENING
    assert drive.state.person.health.yes == {"accident"}
    drive.at(drive.now + 5.0, typed("yes I have"))
    assert "accident_then" in drive.state.person.health.yes


@pytest.mark.parametrize(
    ("question", "line"),
    [
        *(("numbness", "yes, I'm numb there"), ("both_legs", "yes, I have a numb leg")),
        *(("chest", "I have chest pain"), ("chest", "yes, chest pain")),
        ("leg_pain", "it goes down my leg"),
        ("weakness", "my leg gave way"),
    ],
)
def test_what_tells_of_it_is_the_answer_to_a_safety_question(question: str, line: str) -> None:
    drive = at_question(question)
    drive.at(drive.now + 5.0, typed(line))
    assert question in drive.state.person.health.yes


@pytest.mark.parametrize(
    "line", ["I am numb", "my back hurts", "sharp", "No, it hurts", "pain 8", "pain 5"]
)
def test_what_else_hurts_leaves_the_safety_question_open(line: str) -> None:
    """It is asked again, nothing is led, and how much it hurts is asked before anything is, or was
    told with it."""
    drive = at_question("numbness")
    drive.at(drive.now + 5.0, typed(line))
    assert asked(drive) is Question.SCREENING
    assert texts(drive)[-1] == QUESTIONS[0].text
    for _ in QUESTIONS:
        drive.at(drive.now + 5.0, C.NO)
    much = line == "pain 8"
    assert (sentences.much_pain(8) in texts(drive)) == much
    assert asked(drive) is (Question.GENTLE if much else Question.PAIN_BEFORE)


@pytest.mark.parametrize(
    ("line", "mode"),
    [
        *(("it hurts 3", Hurt), ("my back hurts 5", Hurt), ("it hurts 8", Hurt)),
        *(("ouch, 4", Hurt), ("ouch, 9", Hurt), ("pain 3", Leading)),
    ],
)
def test_it_hurts_with_a_number_stops_as_it_does_without(line: str, mode: type) -> None:
    """What is told is kept; a number that only tells of pain lets it go on, up to five."""
    drive = Drive()
    drive.at(0.0, C.START)
    drive.at(STARTS["work"] + 1, typed(line))
    assert drive.mode() is mode
    told = [e.value for _, e in drive.log if isinstance(e, Record) and e.kind == "pain"]
    assert told == [int(line[-1])]


@pytest.mark.parametrize("line", ["sharp", "it's sharp", "down my leg", "yes it hurts a lot"])
def test_sharp_answers_whether_it_is_sharp(line: str) -> None:
    drive = Drive()
    drive.at(0.0, C.START)
    drive.at(STARTS["work"] + 1, typed("it hurts"))
    assert drive.mode() is Hurt
    drive.at(drive.now + 5.0, typed(line))
    assert texts(drive)[-1] == sentences.HURT_YES


@pytest.mark.parametrize("line", ["sharp", "down my leg", "yes it is sharp", "pain 8"])
@pytest.mark.parametrize("question", [Question.HARDER, Question.GENTLE, Question.STEP])
def test_who_tells_of_pain_is_led_nothing_harder(question: Question, line: str) -> None:
    drive = person()
    asking = replace(opened(question, STRENGTH), exercise="curl-up")
    drive.state = replace(drive.state, lead=asking)
    drive.at(1.0, typed(line))
    assert drive.asking is None
    assert drive.session is None
    assert sentences.HURT_IDLE in texts(drive)
    assert drive.state.person.health.pain == (8 if "8" in line else 6)


@pytest.mark.parametrize("line", ["a little pain", "that hurts", "my back hurts", "sharp"])
def test_where_a_number_is_asked_pain_without_one_is_asked_how_much(line: str) -> None:
    drive = person()
    drive.at(1.0, start(STRENGTH))
    drive.at(10.0, typed(line))
    assert asked(drive) is Question.PAIN_BEFORE
    drive.at(20.0, typed("my pain is a 3"))
    assert drive.state.person.health.pain == 3


@pytest.mark.parametrize("line", ["two, but it hurts", "my back hurts, two"])
def test_where_a_number_is_asked_one_beside_what_hurts_is_the_answer(line: str) -> None:
    drive = person()
    drive.at(1.0, start(STRENGTH))
    drive.at(10.0, typed(line))
    assert drive.mode() is Leading
    assert rows(drive, "pain") == [("before", 2)]


@pytest.mark.parametrize(
    ("line", "counts", "advice"),
    [("it hurts 3", 6, False), ("my back hurts 7", 7, False), ("my pain is a 9", 9, True)],
)
def test_a_number_of_pain_that_nobody_asked_for_is_not_passed_over(
    line: str, counts: int, advice: bool
) -> None:
    """At rest: from six on it counts as it is, and is written down; from eight on, see somebody; of
    less it is asked again."""
    drive = person()
    drive.at(1.0, typed(line))
    assert texts(drive)[0] == sentences.HURT_IDLE
    assert (sentences.much_pain(counts) in texts(drive)) == advice
    assert drive.state.person.pain_told == (1.0, counts)
    assert rows(drive, "pain") == ([("in", counts)] if counts == int(line[-1]) else [])
    drive.at(60.0, start(DESK))
    assert (asked(drive) is Question.PAIN_BEFORE) == (counts != int(line[-1]))


@pytest.mark.parametrize(
    ("line", "moment", "value"),
    [("it hurts 8", "after", 8), ("7", "after", 7), ("it's a 4", "in", 4)],
)
def test_a_number_told_where_it_is_asked_whether_it_is_sharp_is_kept(
    line: str, moment: str, value: int
) -> None:
    """And the question is still open; six and more end it, whatever is answered."""
    drive = person()
    drive.at(1.0, start(STRENGTH), score(1))
    drive.at(60.0, typed("it hurts"))
    drive.at(65.0, typed(line))
    assert drive.mode() is Hurt
    assert texts(drive)[-1] == sentences.SHARP
    assert rows(drive, "pain") == [("before", 1), (moment, value)]
    drive.at(80.0, C.NO)
    assert drive.state.person.pain_told == (80.0 if value >= 6 else 65.0, value)
    assert (drive.session is None) == (value >= 6)
    assert not strengthening(led(drive))


def test_worse_is_no_number() -> None:
    """In a routine before which none was told, the one after it isn't measured by it."""
    drive = person()
    drive.at(1.0, start(DESK))
    drive.at(20.0, typed("worse"))
    assert drive.mode() is Hurt
    assert drive.state.person.told_before is None
    assert rows(drive, "pain") == []


def test_whose_chest_hurts_is_asked_the_safety_questions_next() -> None:
    drive = person()
    drive.at(1.0, typed("my chest hurts"))
    drive.at(30.0, start(GENTLE))
    assert texts(drive)[-1] == QUESTIONS[0].text


@pytest.mark.parametrize("line", ["what should I do now", "what can I do now?"])
def test_what_to_do_now_is_todays_plan_at_rest_and_help_in_a_session(line: str) -> None:
    drive = at_clock(settings())
    drive.at(60.0, typed("what should I do"))
    plan = texts(drive)[-1]
    drive.at(90.0, typed(line))
    assert texts(drive)[-2:] == [plan, plan]
    drive.at(120.0, start(GENTLE), score(0))
    drive.at(150.0, typed(line))
    assert texts(drive)[-1] == sentences.HELP_SESSION


@pytest.mark.parametrize("paused", [False, True])
def test_worse_typed_in_the_midst_of_a_routine_stops_it(paused: bool) -> None:
    """ "Better" and "the same" are no answer there."""
    for value, stops in ((-1, True), (0, False), (1, False)):
        drive = Drive()
        drive.at(0.0, C.START)
        drive.at(STARTS["work"] + 1, *[C.PAUSE] * paused)
        drive.at(STARTS["work"] + 2, Asked(C.COMPARED, Source.TYPED, value=value, text="x"))
        assert (drive.mode() is Hurt) is stops
        assert (texts(drive)[-1] == sentences.NOT_NOW) is not stops


def test_not_yet_typed_puts_off_what_is_asked_and_pauses_what_is_led() -> None:
    """As "not just now" does."""
    understanding = Understanding(ROUTINES / "commands.yaml", ["hey coach"], {})
    for words in ("not yet", "not just now"):
        typed = understanding.match(words, Context.AWAKE, Source.TYPED)
        assert isinstance(typed, Asked)
        drive = at_its_time()
        drive.at(drive.now + 5.0, typed)
        assert texts(drive)[-1] == plan_sentences.later(19 * H)
        drive = Drive()
        drive.at(drive.state.settings.sit_s + 5.0)
        assert drive.mode() is DueToStand
        drive.at(drive.now, typed)
        assert drive.snoozes == 1
        drive = Drive()
        drive.at(0.0, C.START)
        drive.at(STARTS["work"] + 1, typed)
        assert drive.mode() is Paused


def test_later_typed_beside_a_question_is_its_later() -> None:
    """Typed at a reminder the same word puts that off."""
    for source, command in ((Source.VOICE, C.NEXT), (Source.TYPED, C.SNOOZE)):
        drive = person(Health(), screening=True)
        drive.at(1.0, start(GENTLE))
        drive.at(30.0, Asked(command, source))
        assert drive.asking is None


def test_a_typed_line_that_is_no_answer_is_told_how_the_question_is_answered() -> None:
    drive = person()
    drive.at(1.0, start(GENTLE))
    drive.at(20.0, Unclear(Source.TYPED, ("it hurts",)))
    assert texts(drive)[-1].endswith(sentences.HELP_NUMBER)
    assert drive.asking is not None


# --- the plan ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "said"),
    [(C.DID_IT, plan_sentences.DID_IT), (C.SKIP_TODAY, plan_sentences.NOT_TODAY)],
)
def test_who_has_done_it_or_skips_it_is_not_asked_again_today(word: C, said: str) -> None:
    """Said before it is asked for, or then. Tomorrow it is."""
    early = at_clock(settings())
    early.at(60.0, word)
    late = at_its_time()
    late.at(late.now + 5.0, word)
    for drive in (early, late):
        assert texts(drive)[-1] == said
        drive.at(5 * H)
        assert asked(drive) is None
        assert texts(drive)[-1] == said
        drive.at(DAY + 0.5 * H + 20.0)
        assert asked(drive) is Question.PLANNED


def test_todays_exercises_can_be_begun_before_they_are_asked_for() -> None:
    """What the plan has, not what a press starts; without a plan that."""
    drive = at_clock(settings())
    drive.at(60.0, Asked(C.START, aim="exercises"), score(0))
    assert drive.session is not None
    assert drive.session.plan.id == GENTLE
    drive = at_clock(settings(None))
    drive.at(60.0, Asked(C.START, aim="exercises"))
    assert drive.session is not None
    assert drive.session.plan.id == drive.state.settings.routine


@pytest.mark.parametrize("how", ["done", "hurt", "worse"])
def test_todays_exercises_are_not_led_twice(how: str) -> None:
    """Least of all strength again, after it hurt. By its name it is led all the same."""
    strength = settings(Week((Aim.STRENGTH,) * 7, 18.5 * H))
    drive = at_clock(replace(strength, trained=(replace(session(MONDAY, STRENGTH), how=how),)))
    drive.at(60.0, Asked(C.START, aim="exercises"), score(0))
    assert texts(drive) == [plan_sentences.DONE_TODAY]
    assert drive.session is None
    drive.at(90.0, start(GENTLE), score(0))
    assert drive.session is not None


def test_good_morning_is_answered_by_the_time_of_day_and_with_the_plan() -> None:
    for hour, greeting in (
        (7.0, "Good morning."),
        (13.0, "Good afternoon."),
        (20.0, "Good evening."),
    ):
        drive = at_clock(settings(), hour)
        drive.at(1.0, C.HELLO)
        assert texts(drive)[-2] == greeting
        assert "Today's routine is" in texts(drive)[-1]
    drive = person()
    drive.at(1.0, C.HELLO)
    assert texts(drive) == ["Hello."]


def test_who_is_tired_is_offered_the_gentle_one_and_asked_no_more_today() -> None:
    drive = at_its_time()
    drive.at(drive.now + 5.0, C.TIRED, score(0))
    assert asked(drive) is Question.GENTLE
    assert sentences.SORE in texts(drive)
    drive.at(drive.now + 5.0, C.NO)
    drive.at(5 * H)
    assert texts(drive)[-1] == sentences.REST_TODAY


def test_who_is_tired_in_the_midst_of_it_gets_less_of_it() -> None:
    drive = person()
    drive.at(1.0, start(STRENGTH), score(0))
    while drive.session is not None and drive.session.segment.kind is not Kind.WORK:
        drive.at(drive.now + 5.0)
    before = led(drive)
    drive.at(drive.now, C.TIRED)
    assert drive.session is not None
    assert led(drive) != before or sentences.LIGHTER in texts(drive)


@pytest.mark.parametrize(("word", "easy"), [(C.EASIER, 0), (C.HARDER, 1)])
def test_too_hard_after_a_session_is_kept_for_the_next(word: C, easy: int) -> None:
    """Asked for or not; long after it there is nothing that it is said of."""
    drive = person(keeps=True)
    drive.at(0.0, WallClock(MONDAY * DAY + 12 * H))
    drive.at(1.0, start(MOBILITY), score(0))
    while drive.session is not None:
        drive.at(drive.now + 30.0)
    drive.at(drive.now + 5.0, score(0))
    drive.at(drive.now + 20.0, word)
    assert texts(drive)[-1] == plan_sentences.EASY_NOTED
    felt = [
        row for _, row in drive.ordered(Record) if isinstance(row, Record) and row.kind == "felt"
    ]
    assert [row.value for row in felt] == [easy]
    assert drive.state.person.trained[-1].easy is bool(easy)
    drive.at(drive.now + 2 * H, Asked(word, text="x"))
    assert texts(drive)[-1] == sentences.NOT_NOW


def test_too_easy_is_not_said_of_a_session_before_that() -> None:
    """Without a clock nothing tells the day of the one that is just over: it isn't kept."""
    before = session(MONDAY - 3, STRENGTH)
    drive = person(keeps=True, trained=(before,))
    drive.at(1.0, start(MOBILITY), score(0))
    while drive.session is not None:
        drive.at(drive.now + 30.0)
    drive.at(drive.now + 5.0, score(0))
    drive.at(drive.now + 20.0, C.HARDER)
    assert drive.state.person.trained == (before,)
    assert "felt" not in [row.kind for _, row in drive.ordered(Record) if isinstance(row, Record)]


def test_how_it_felt_can_be_said_again() -> None:
    """A word that was misheard is taken back by another."""
    drive = person(keeps=True)
    drive.at(0.0, WallClock(MONDAY * DAY + 12 * H))
    drive.at(1.0, start(MOBILITY), score(0))
    while drive.session is not None:
        drive.at(drive.now + 30.0)
    drive.at(drive.now + 5.0, score(0))
    drive.at(drive.now + 20.0, C.HARDER)
    drive.at(drive.now + 20.0, C.EASIER)
    assert drive.state.person.trained[-1].easy is False


# --- not understood -----------------------------------------------------------------------------


def test_a_typed_line_that_means_nothing_is_told_what_is_like_it() -> None:
    drive = Drive()
    drive.at(1.0, Unclear(Source.TYPED, ("snooze ten minutes", "i have ten minutes")))
    assert "snooze ten minutes; i have ten minutes." in texts(drive)[-1]


@pytest.mark.parametrize(
    "line",
    [
        *("sharp pain", "it shoots down my leg", "a stabbing pain, 3"),
        *("my leg is numb", "I can't feel my legs", "pins and needles", "my knee gave way"),
    ],
)
@pytest.mark.parametrize("paused", [False, True])
def test_sharp_told_in_the_midst_of_a_routine_ends_it_without_being_asked(
    line: str, paused: bool
) -> None:
    """It counts as the yes to that question does."""
    drive = person()
    drive.at(1.0, start(STRENGTH), score(1))
    drive.at(60.0, *[C.PAUSE] * paused)
    drive.at(70.0, typed(line))
    assert texts(drive)[-1] == sentences.HURT_YES
    assert [name for name, _ in rows(drive, "session_end")] == [STRENGTH]
    assert drive.state.person.health.ended == (True,)
    drive.at(100.0, start(GENTLE))
    assert texts(drive)[-1] == QUESTIONS[0].text


@pytest.mark.parametrize("line", ["sharp pain", "my back hurts, my foot tingles", "my leg is weak"])
def test_sharp_told_at_rest_asks_for_the_safety_questions(line: str) -> None:
    drive = person()
    drive.at(1.0, typed(line))
    drive.at(20.0, *([] if asked(drive) is Question.SCREENING else [start(GENTLE)]))
    assert texts(drive)[-1] == QUESTIONS[0].text
    assert ("all", 0) in rows(drive, "screening")
