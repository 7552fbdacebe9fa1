"""Questions around a routine: what each answer leads to, and what no answer can lead to."""

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from assistant.coach import fitting, levels, suitability
from assistant.coach.effects import Context, Place, Record, Say
from assistant.coach.events import Asked, Event, Health, Lost, Part, Spoken, Touched, WallClock
from assistant.coach.events import Command as C
from assistant.coach.fitting import known
from assistant.coach.question import ANSWER_S
from assistant.coach.settings import Settings
from assistant.coach.state import Asking, Due, Leading, Question, Sitting
from assistant.coach.step import begin
from assistant.coach.turn import Turn
from assistant.content import plan_sentences, routine_reader, sentences
from assistant.content.plan import compile_plan
from assistant.content.safety_question_texts import QUESTIONS
from assistant.content.types import Condition, Kind, Phase, Plan
from assistant.content.ways import FLOOR
from tests.coach.driver import DEFAULTS, Drive, as_said, session_of

ROUTINES = Path(__file__).resolve().parents[2] / "routines"
STRENGTH, GENTLE, DESK = "lower-back-strength", "lower-back-gentle", "desk-break"
SEEN = Health(screened=True)
FLAGS = [question.id for question in QUESTIONS if question.flag is not None]
NOON = 1_800_000_000.0 // 86400 * 86400 + 12 * 3600


@cache
def shipped() -> Settings:
    library = routine_reader.load([ROUTINES])
    return replace(
        DEFAULTS,
        plans={name: compile_plan(routine) for name, routine in library.routines.items()},
        routines=library.routines,
        exercises=library.exercises,
        health=SEEN,
        keeps=False,
    )


def person(health: Health = SEEN, **changes: object) -> Drive:
    return Drive(replace(shipped(), health=health, **changes))  # type: ignore[arg-type]


def start(routine: str) -> Asked:
    return Asked(C.START, routine=routine)


def score(value: int) -> Asked:
    return Asked(C.NUMBER, value=value)


def texts(drive: Drive) -> list[str]:
    return [text for _, text in drive.said()]


def rows(drive: Drive, kind: str) -> list[tuple[str, int | None]]:
    records = [e for _, e in drive.ordered(Record) if isinstance(e, Record)]
    return [(row.name or row.detail, row.value) for row in records if row.kind == kind]


def led(drive: Drive) -> tuple[str, ...]:
    """The exercises that are being led."""
    session = drive.session
    return () if session is None else session.plan.exercise_ids


def work_s(plan: Plan) -> float:
    return sum(segment.length_s for segment in plan.segments if segment.kind is Kind.WORK)


def strengthening(exercises: Iterable[str]) -> list[str]:
    known = shipped().exercises
    return [name for name in exercises if known[name].phase is Phase.STRENGTH]


# --- "my back hurts" ----------------------------------------------------------


@pytest.mark.parametrize("value", [0, 3, 5, 7, 9])
def test_a_back_that_hurts_is_asked_how_much_and_offered_the_gentle_one(value: int) -> None:
    """Whatever the number: nobody has asked to move."""
    drive = person()
    drive.at(1.0, C.BACK_HURTS)
    drive.at(10.0, score(value))
    assert rows(drive, "pain") == [("before", value)]
    assert drive.mode() is Asking
    assert texts(drive)[-1] == sentences.GENTLE_INSTEAD
    drive.at(30.0, C.YES)
    assert drive.session is not None
    assert drive.session.plan.id == GENTLE
    assert not strengthening(led(drive))


def test_a_back_that_hurts_and_says_no_more_is_left_in_peace() -> None:
    """Silence leads nothing here, nor does "later": not even what suits every back."""
    for health in (SEEN, Health()):
        drive = person(health)
        drive.at(1.0, C.BACK_HURTS)
        drive.at(600.0)
        assert drive.mode() is not Leading
        assert not led(drive)
        drive = person(health)
        drive.at(1.0, C.BACK_HURTS)
        drive.at(10.0, C.NEXT)
        assert not led(drive)


def test_a_back_that_hurts_counts_until_it_is_told_how_much() -> None:
    """Whoever said so, and no number, isn't led to the desk's back bends by the next press."""
    drive = person()
    drive.at(1.0, C.BACK_HURTS)
    drive.at(600.0)
    assert drive.state.person.pain_told == (1.0, 6)
    drive.at(610.0, C.PRESS)
    assert texts(drive)[-1] == sentences.PAIN_BEFORE
    drive.at(620.0, score(2))
    assert drive.state.person.pain_told == (620.0, 2)
    assert drive.mode() is Leading


def test_a_back_that_hurts_for_the_first_time_is_asked_the_safety_questions_first() -> None:
    """And then how much, and only then the gentle one is offered."""
    drive = person(Health())
    drive.at(1.0, C.BACK_HURTS)
    for second in range(30):
        if drive.asking is None or drive.asking.question is not Question.SCREENING:
            break
        drive.at(60.0 + 10.0 * second, C.NO)
    assert texts(drive)[-1] == sentences.PAIN_BEFORE
    drive.at(drive.now + 20.0, score(2))
    assert texts(drive)[-1] == sentences.GENTLE_INSTEAD


def test_a_red_flag_comes_before_the_gentle_one() -> None:
    drive = person(replace(SEEN, yes=frozenset({"numbness"})))
    drive.at(1.0, C.BACK_HURTS)
    assert texts(drive)[-1] == as_said(sentences.RED_FLAG_STILL)


# --- pain, before ------------------------------------------------------------


@pytest.mark.parametrize("value", range(11))
def test_every_answer_leads_where_the_rule_says(value: int) -> None:
    """Up to three it goes on; four and five are easier, without strengthening; from six on the
    gentle routine is offered, or rest."""
    drive = person()
    drive.at(1.0, start("fifteen-minutes"))
    assert drive.mode() is Asking
    assert drive.asking is not None
    drive.at(10.0, score(value))
    assert rows(drive, "pain") == [("before", value)]
    whole = shipped().plans["fifteen-minutes"]
    if value <= 3:
        assert led(drive) == whole.exercise_ids
        assert sentences.EASIER_TODAY not in texts(drive)
    elif value <= 5:
        assert drive.mode() is Leading
        assert not strengthening(led(drive))
        assert drive.session is not None
        assert work_s(drive.session.plan) < 0.75 * work_s(whole)
        assert sentences.EASIER_TODAY in texts(drive)
    else:
        assert drive.mode() is Asking
        told = sentences.much_pain(value)
        assert texts(drive)[-2:] == [told, sentences.GENTLE_INSTEAD]


def test_the_number_is_listened_for_when_the_question_is_over() -> None:
    """And yes or no beside the other questions."""
    drive = person()
    drive.at(1.0, start(STRENGTH))
    drive.at(10.0)
    assert drive.context() is Context.PAIN
    drive.at(10.0, score(8))
    drive.at(25.0)
    assert drive.context() is Context.QUESTION


@pytest.mark.parametrize(("answer", "then"), [(C.YES, Leading), (C.NO, Sitting)])
def test_a_lot_of_pain_offers_the_gentle_one(answer: C, then: type) -> None:
    drive = person()
    drive.at(1.0, start(STRENGTH))
    drive.at(10.0, score(7))
    drive.at(20.0, answer)
    assert drive.mode() is then
    assert not strengthening(led(drive))
    if then is Sitting:
        assert texts(drive)[-1] == sentences.REST_TODAY


def test_the_reason_is_said_before_the_question() -> None:
    """The voice takes what matters more first, so a question must not outrank what leads to it."""
    for told, answer in (
        (Health(), None),
        (SEEN, score(8)),
        (replace(SEEN, ended=(True, True)), score(0)),
    ):
        drive = person(told)
        drive.at(1.0, start(STRENGTH))
        if answer is not None:
            drive.at(10.0, answer)
        *_, reason, question = [e for _, e in drive.log if isinstance(e, Say)]
        assert question.text.endswith("?")
        assert reason.priority >= question.priority


def test_strengthening_alone_is_replaced_when_it_hurts() -> None:
    """Of a routine of which little would be left nothing is led."""
    drive = person()
    drive.at(1.0, start(STRENGTH))
    drive.at(10.0, score(4))
    assert texts(drive)[-2:] == [sentences.NOT_TODAY, sentences.GENTLE_INSTEAD]
    drive.at(20.0, C.YES)
    assert drive.session is not None
    assert drive.session.plan.id == GENTLE


@pytest.mark.parametrize("way", [C.NEXT, C.PRESS, None])
def test_without_an_answer_only_what_suits_every_back_is_led(way: C | None) -> None:
    """Whoever skips the question, or is silent when it was asked twice: the gentle routine, and of
    that what is safe in an acute spell."""
    drive = person()
    drive.at(1.0, start(STRENGTH))
    drive.at(10.0, *([way] if way else []))
    drive.at(1.0 + 2 * (ANSWER_S + 10.0))
    assert drive.mode() is Leading
    assert rows(drive, "pain") == []
    assert led(drive) == shipped().plans[GENTLE].exercise_ids
    assert sentences.without_answer("lower back gentle") in texts(drive)
    asked = texts(drive).count(sentences.PAIN_BEFORE)
    assert asked == (1 if way else 2)


def test_before_bending_backwards_lying_it_asks_however_short_that_is() -> None:
    """With much pain none of it is led. Standing, at the desk, nobody is asked."""
    drive = person()
    drive.at(1.0, start("lying-extension"))
    assert texts(drive)[-1] == sentences.PAIN_BEFORE
    drive.at(10.0, score(7))
    assert "press-up" not in led(drive)
    drive = person()
    drive.at(1.0, start("standing-extension"))
    assert led(drive)


def test_how_long_it_takes_is_told_as_if_the_questions_were_answered() -> None:
    """Whoever is told beforehand hears how long it will be, not how long it would be unasked."""
    for yes in ((), ("leg_pain",)):
        drive = person(replace(SEEN, yes=frozenset(yes)))
        drive.at(1.0, start("mobility"))
        drive.at(20.0, score(0))
        assert drive.session is not None
        told = Turn(person(Health(yes=frozenset(yes))).state)
        assert fitting.length_s(told, "mobility") == drive.session.plan.total_s


TOLD = {
    "nothing": (),
    "a red flag": ("numbness",),
    "one that nobody settled": ("weight", "pregnancy"),
    **{name: (name,) for name in ("pregnancy", "leg_pain", "hip_replacement", "osteoporosis")},
    **{name: (name,) for name in ("stenosis", "surgery")},
    "several": ("pregnancy", "leg_pain", "hip_replacement", "osteoporosis"),
}


@pytest.mark.parametrize("screened", [True, False])
@pytest.mark.parametrize("told", TOLD)
def test_silence_leads_the_safe_part_or_nothing_with_a_kind_word(told: str, screened: bool) -> None:
    """Whatever was told before, and however much it hurt an hour ago: nothing at all after a red
    flag or with much pain; else nothing but what is safe in an acute spell and suits what was told,
    of a routine of which that is more than half, and at the desk what is led there unasked."""
    yes = frozenset(TOLD[told])
    answered = frozenset(question.id for question in QUESTIONS) if screened else yes
    for pain, routine, floor in (
        *[(pain, name, True) for pain in (None, 4, 8) for name in (GENTLE, STRENGTH, "mobility")],
        *[(4, name, True) for name in ("pregnancy", "wind-down", "minutes-10")],
        *[(pain, GENTLE, False) for pain in (None, 4)],
    ):
        health = Health(screened=screened, answered=answered or None, yes=yes)
        drive = person(replace(health, pain=pain, pain_age_s=3000.0), floor=floor)
        drive.at(1.0, start(routine))
        for _ in drive.passing(600.0):
            if drive.session is not None:
                break
        flagged = not yes.isdisjoint(FLAGS)
        if flagged or pain == 8:
            assert drive.session is None
            kind = {sentences.LEFT_UNTIL_PRESS, sentences.REST_TODAY}
            assert texts(drive)[-1] in ({as_said(sentences.RED_FLAG_STILL)} if flagged else kind)
            continue
        assert drive.session is not None
        plan, exercises = drive.session.plan, shipped().exercises
        assert sentences.without_answer(plan.spoken_name) in texts(drive)
        for name in plan.exercise_ids:
            acute = exercises[name].phase is Phase.ACUTE
            assert acute or plan.id.startswith(DESK)
            assert suitability.conditions(health).isdisjoint(exercises[name].leave_out_with)
            assert screened or (acute and not exercises[name].leave_out_with)
            assert floor or exercises[name].position not in FLOOR
        if not plan.id.startswith("minutes"):
            wanted = shipped().plans[plan.id]
            assert len(plan.exercise_ids) * 2 > len(wanted.exercise_ids)
        assert plan.id in (routine, Turn(drive.state).gentle) or plan.id.startswith(DESK)


def test_a_number_of_an_hour_ago_is_no_answer_today() -> None:
    """Four was told, and when it is asked again nobody answers: nothing for later in the healing
    until a number is told, be it in the midst of what is led."""
    drive = person(replace(SEEN, pain=4, pain_age_s=3000.0))
    drive.at(1.0, start("mobility"), C.NEXT)
    assert drive.session is not None
    assert drive.session.plan.id == GENTLE
    assert not known(Turn(drive.state), "mobility").pain_answered
    drive.at(60.0, score(4))
    assert known(Turn(drive.state), "mobility").pain_answered
    drive.at(70.0, C.STOP)
    drive.at(80.0, score(4))
    drive.at(90.0, start("mobility"))
    drive.at(100.0, score(4))
    assert drive.session is not None
    assert drive.session.plan.id == "mobility"


@pytest.mark.parametrize("led_before", [False, True])
@pytest.mark.parametrize(("later_s", "leads"), [(1700.0, False), (1900.0, True)])
def test_silence_leads_nothing_after_dizziness(
    later_s: float, *, leads: bool, led_before: bool
) -> None:
    """For half an hour: whoever doesn't answer may not be able to. An answer leads as ever."""
    drive = person()
    drive.at(1.0, *([start("morning"), score(1)] if led_before else []), C.DIZZY)
    drive.at(later_s, start("morning"), C.NEXT)
    assert bool(led(drive)) == leads
    assert (texts(drive)[-1] == sentences.LEFT_UNTIL_PRESS) != leads  # no reminder is due meanwhile
    drive.at(later_s + 10.0, *([] if leads else [start("morning"), score(1)]))
    assert led(drive) == shipped().plans["morning"].exercise_ids


@pytest.mark.parametrize(("age_s", "leads"), [(0.0, False), (1700.0, False), (None, True)])
def test_who_was_dizzy_before_a_restart_is_led_nothing_without_an_answer(
    age_s: float | None, leads: bool
) -> None:
    """The half hour goes on; then it is over."""
    drive = person(replace(SEEN, dizzy_age_s=age_s))
    drive.at(60.0, start("morning"), C.NEXT)
    assert bool(led(drive)) == leads
    drive.at(1801.0, C.STOP, start("morning"), C.NEXT)
    assert led(drive)


def test_what_needs_no_answer_is_led_itself() -> None:
    """The morning routine is all of it safe in an acute spell."""
    drive = person()
    drive.at(1.0, start("morning"), C.NEXT)
    assert led(drive) == shipped().plans["morning"].exercise_ids


@pytest.mark.parametrize("pace", [1.0, 0.6])
def test_the_time_for_an_answer_begins_after_the_last_word(pace: float) -> None:
    """Forty-five seconds, at every pace of the voice; and anew after each word that is said."""
    drive = person(Health())
    drive.at(0.0, *[C.SLOWER] * (4 if pace < 1.0 else 0))
    drive.at(20.0, start(STRENGTH))
    while drive.state.voice.utterances:
        drive.at(drive.now + 0.1)
    assert drive.asking is not None
    assert drive.asking.put.until == pytest.approx(drive.now + 45.0, abs=0.2)
    drive.at(drive.now + 40.0, C.REPEAT)
    drive.at(drive.now + 44.0, score(11))
    drive.at(drive.now + 44.0, C.HELP)
    drive.at(drive.now + 44.0, C.SLOWER)
    drive.at(drive.now + 44.0)
    assert drive.asking is not None
    assert not drive.asking.put.again


@pytest.mark.parametrize("cut", [Asked(C.PAUSE), Touched(), Asked(C.WAKE)])
@pytest.mark.parametrize("told", [Health(), SEEN])
def test_a_question_that_is_hushed_is_asked_again(cut: Event, told: Health) -> None:
    """Pause, a touch of the button, the wake phrase: silence at once, and nothing is lost by it,
    neither the question nor what leads to it."""
    drive = person(told)
    drive.at(1.0, start(STRENGTH))
    before = texts(drive)
    drive.at(2.0, cut)
    assert not drive.state.voice.utterances
    drive.at(60.0)
    assert texts(drive) == before * 2
    assert drive.mode() is Asking
    assert drive.asking is not None
    assert drive.asking.put.heard
    assert not drive.asking.put.again


def test_a_voice_that_is_gone_asks_nobody_for_ever() -> None:
    """Three times unheard is unanswered: nothing but what suits every back."""
    drive = Drive(shipped(), speaks=False)
    drive.at(1.0, start(STRENGTH))
    drive.at(600.0)
    assert texts(drive).count(sentences.PAIN_BEFORE) == 3
    assert led(drive) == shipped().plans[GENTLE].exercise_ids


def test_where_nothing_can_be_heard_a_question_is_read_and_waits_as_long() -> None:
    """On a screen it stands until it is answered; before, it was gone after half a minute."""
    drive = Drive(shipped(), speaks=False)
    drive.at(0.5, Lost(Part.LOUDSPEAKER, "no loudspeaker was found"))
    drive.at(1.0, start(STRENGTH))
    for utterance in drive.state.voice.utterances:
        drive.at(1.1, Spoken(utterance.number, complete=False))
    drive.at(1.1 + ANSWER_S - 1.0)
    assert texts(drive).count(sentences.PAIN_BEFORE) == 1
    drive.at(drive.now + 1.0, score(1))
    assert drive.session is not None
    assert drive.session.plan.id == STRENGTH


@pytest.mark.parametrize(
    "health", [replace(SEEN, pain=7), replace(SEEN, yes=frozenset({"cancer"}))]
)
def test_silence_begins_nothing_where_even_the_gentle_one_waits(health: Health) -> None:
    for command in (None, C.NEXT):
        drive = person(health)
        drive.at(1.0, start(STRENGTH))
        drive.at(20.0, *([command] if command else []))
        drive.at(200.0)
        assert drive.mode() is Sitting
        assert drive.session is None


@pytest.mark.parametrize("value", range(11))
def test_pain_holds_for_two_hours(value: int) -> None:
    """Four and more: nobody gets strengthening by asking for it again. Six and more: nothing but
    the gentle one, whatever was asked for, and the number isn't asked again. Nothing of it depends
    on how long the machine has been up."""
    for up_s in (0.0, 100_000.0):
        for later_s in (60.0, 7199.0, 7200.0):
            for routine in (STRENGTH, "desk-break-4"):
                drive = Drive(shipped(), now=up_s)
                drive.at(up_s + 1.0, start(STRENGTH))
                drive.at(up_s + 10.0, score(value))
                drive.at(up_s + 11.0, C.STOP)
                drive.at(up_s + 12.0, *([C.STOP] if drive.mode() is Asking else []))
                drive.at(up_s + 10.0 + later_s, start(routine))
                holds = later_s < 7200.0
                if value >= 6 and holds:
                    assert texts(drive)[-1] == sentences.GENTLE_INSTEAD
                    continue
                drive.at(drive.now + 10.0, *([C.NEXT] if drive.mode() is Asking else []))
                assert not strengthening(led(drive))
                known = {shipped().exercises[name].phase for name in led(drive)}
                assert (Phase.SUBACUTE in known) == (routine != STRENGTH)


@pytest.mark.parametrize("word", [C.BACK, C.UNDO])
def test_a_number_that_was_misheard_is_asked_for_again(word: C) -> None:
    """ "Go back", right after it."""
    drive = person()
    drive.at(1.0, start(STRENGTH))
    drive.at(10.0, score(10))
    drive.at(30.0, word)
    assert texts(drive)[-1] == sentences.PAIN_BEFORE
    drive.at(40.0, score(2))
    assert led(drive) == shipped().plans[STRENGTH].exercise_ids


def test_the_answer_of_a_moment_ago_survives_a_power_cut() -> None:
    """For what is left of its two hours."""
    drive = person(replace(SEEN, pain=7, pain_age_s=7000.0))
    drive.at(1.0, start(STRENGTH))
    assert texts(drive)[-1] == sentences.GENTLE_INSTEAD
    drive.at(100.0, C.NO)
    drive.at(201.0, start(STRENGTH))
    assert texts(drive)[-1] == sentences.PAIN_BEFORE


@pytest.mark.parametrize("flag", FLAGS)
def test_a_power_cut_brings_no_session_back_after_a_red_flag(flag: str) -> None:
    told = replace(shipped(), health=replace(SEEN, yes=frozenset({flag})))
    for routine in (STRENGTH, DESK):
        state, _ = begin(told, 0.0, place=Place(routine, part="intro"))
        assert session_of(state) is None
        asked = replace(shipped(), health=replace(SEEN, pain=1))
        state, _ = begin(asked, 0.0, place=Place(routine, part="intro"))
        assert session_of(state) is not None


@pytest.mark.parametrize("routine", [DESK, "desk-break-7", "reverse-the-slump"])
def test_a_short_routine_begins_without_the_question(routine: str) -> None:
    drive = person()
    drive.at(1.0, start(routine))
    assert drive.mode() is Leading


def test_both_can_be_switched_off() -> None:
    drive = person(Health(), screening=False, ask_pain=False)
    drive.at(1.0, start(STRENGTH))
    assert drive.mode() is Leading


def test_stop_and_pain_leave_the_questions() -> None:
    for command, said in ((C.STOP, sentences.LEFT_FOR_NOW), (C.HURTS, sentences.HURT_IDLE)):
        drive = person(Health(), screening=True)
        drive.at(1.0, start(STRENGTH))
        drive.at(10.0, command)
        assert drive.mode() is Sitting
        assert texts(drive)[-1] == said


def test_pain_without_a_number_is_asked_how_much_and_nothing_is_led_without_it() -> None:
    """Where that is the question, it is no end of it; and who says no more is left in peace."""
    drive = person()
    drive.at(1.0, start(GENTLE))
    drive.at(10.0, C.HURTS)
    assert drive.asking is not None
    assert drive.asking.question is Question.PAIN_BEFORE
    assert texts(drive)[-1] == sentences.PAIN_BEFORE
    drive.at(20.0, score(1))
    assert drive.mode() is Leading
    for silent in (False, True):
        drive = person()
        drive.at(1.0, start(DESK if silent else GENTLE))
        drive.at(10.0, C.HURTS)
        drive.at(600.0, *([] if silent else [C.NEXT]))
        assert drive.mode() is Sitting
        assert not led(drive)


def test_what_is_no_answer_is_helped_with() -> None:
    drive = person()
    drive.at(1.0, start(STRENGTH))
    drive.at(10.0, C.YES)
    assert texts(drive)[-1] == sentences.HELP_NUMBER
    drive.at(20.0, score(11))
    assert texts(drive)[-1] == sentences.HELP_NUMBER
    drive.at(30.0, C.REPEAT)
    assert texts(drive)[-1] == sentences.PAIN_BEFORE
    drive.at(31.0, score(9), score(3))
    assert texts(drive)[-1] == sentences.HELP_QUESTION
    drive.at(32.0, C.SCREENING, C.WHY)
    assert texts(drive)[-1] == sentences.NO_WHY
    assert drive.mode() is Asking


def test_the_reminder_waits_for_the_answer_and_sitting_counts_on() -> None:
    """A question that nobody answers costs no reminder, and after it comes a pause first."""
    drive = person()
    drive.at(1190.0, start(STRENGTH))
    drive.at(1195.0, C.STOP)
    assert drive.mode() is Sitting
    drive.at(1195.0 + shipped().gap_s - 0.1)
    assert drive.mode() is Sitting
    drive.at(1195.0 + shipped().gap_s)
    assert drive.mode() is Due


def test_the_gentle_one_is_not_offered_instead_of_itself() -> None:
    """With much pain it is still asked whether to do it."""
    drive = person()
    drive.at(1.0, start(GENTLE))
    drive.at(10.0, score(7))
    assert texts(drive)[-1] == sentences.GENTLE_STILL
    drive.at(20.0, C.YES)
    assert led(drive)


# --- pain, after -------------------------------------------------------------


def through(drive: Drive, before: int, after: int | None) -> None:
    """A whole session with both answers."""
    drive.at(drive.now + 1.0, start("mobility"))
    drive.at(drive.now + 10.0, score(before))
    drive.at(drive.now + 5.0, *([C.NO] if drive.mode() is Asking else []))
    assert drive.mode() is Leading
    while drive.session is not None:
        drive.at(drive.now + 20.0)
    assert drive.mode() is Asking
    drive.at(drive.now + 8.0, *([] if after is None else [score(after)]))
    drive.at(drive.now + 2 * (ANSWER_S + 10.0))
    assert drive.mode() is Sitting


def test_the_answer_before_is_asked_for_again_afterwards() -> None:
    drive = person()
    through(drive, 3, 2)
    assert rows(drive, "pain") == [("before", 3), ("after", 2)]
    through(drive, 3, None)
    assert rows(drive, "pain")[2:] == [("before", 3)]
    drive.at(drive.now + 1.0, start("mobility"))
    drive.at(drive.now + 10.0, score(1))
    drive.at(drive.now + 10.0, C.STOP)
    drive.at(drive.now + 10.0, C.PRESS)
    assert drive.mode() is Sitting
    assert rows(drive, "pain")[3:] == [("before", 1)]


def test_one_point_more_is_no_reason_to_see_a_doctor_and_counts_all_the_same() -> None:
    drive = person()
    through(drive, 2, 3)
    assert texts(drive)[-1] == plan_sentences.A_LITTLE_MORE
    assert drive.state.person.health.ended == (True,)


def test_two_that_end_worse_pause_strengthening_until_two_in_a_row_do_not() -> None:
    """And a professional is advised, once for each time."""
    drive = person()
    through(drive, 1, 3)
    assert texts(drive)[-1] == sentences.WORSE
    assert suitability.strengthening(drive.state.person.health)
    through(drive, 1, 3)
    assert texts(drive)[-1] == sentences.WORSE_AGAIN
    drive.at(drive.now + 1.0, start(STRENGTH))
    drive.at(drive.now + 10.0, score(0))
    assert texts(drive)[-2:] == [sentences.NOT_TODAY, sentences.GENTLE_INSTEAD]
    drive.at(drive.now + 10.0, C.NEXT)
    assert drive.mode() is Sitting
    for well in (0, 1, 2):
        assert suitability.strengthening(drive.state.person.health) is (well == 2)
        drive.at(drive.now + 1.0, start(DESK), C.STOP)
        through(drive, 2, 2)
    drive.at(drive.now + 1.0, start(STRENGTH))
    drive.at(drive.now + 10.0, score(0))
    assert strengthening(led(drive))


def test_with_once_the_program_ends_after_the_last_answer() -> None:
    for last, asked in ((score(2), True), (C.STOP, True), (C.NEXT, False)):
        drive = person(once=True)
        drive.at(1.0, start(STRENGTH))
        drive.at(10.0, score(1) if asked else C.NEXT)
        drive.at(20.0, C.STOP)
        assert (drive.mode() is Asking) == asked
        drive.at(30.0, *([last] if asked else []))
        drive.at(60.0)
        assert drive.state.over


# --- how long it has hurt ----------------------------------------------------


@pytest.mark.parametrize(
    ("days", "values", "said"),
    [
        (1, (4, 4), None),
        (14, (4, 4), sentences.TWO_WEEKS),
        (14, (4, 3), None),
        (91, (4, 3), sentences.THREE_MONTHS),
    ],
)
def test_long_pain_gets_one_kind_sentence(
    days: int, values: tuple[int, int], said: str | None
) -> None:
    """Two weeks without getting better, and three months, each told once."""
    today = int(NOON // 86400)
    between = tuple((today - ago, values[0]) for ago in range(days, 0, -7))
    drive = person(replace(SEEN, pains=between))
    drive.at(0.0, WallClock(NOON))
    for _ in range(2):
        drive.at(drive.now + 1.0, start(STRENGTH))
        drive.at(drive.now + 10.0, score(values[1]))
        drive.at(drive.now + 30.0, C.STOP)
        drive.at(drive.now + 30.0, C.STOP)
    told = [text for text in texts(drive) if text in (sentences.TWO_WEEKS, sentences.THREE_MONTHS)]
    assert told == ([] if said is None else [said])
    assert len(rows(drive, "told")) == len(told)


def test_a_fortnight_without_pain_begins_anew() -> None:
    assert suitability.hurting_for((), 100) == (0, False)
    assert suitability.hurting_for(((60, 5), (80, 5), (90, 5)), 90) == (10, False)
    assert suitability.hurting_for(((66, 5), (80, 5), (90, 5)), 90) == (24, False)
    assert suitability.hurting_for(((80, 5), (85, 0), (90, 5)), 90) == (0, False)


# --- what suits --------------------------------------------------------------


def test_a_plan_of_which_nothing_is_left_is_not_led() -> None:
    everything = {Condition.OSTEOPOROSIS, Condition.STENOSIS, Condition.PREGNANCY}
    only = shipped().routines[DESK]
    bend = tuple(item for item in only.items if item.exercise.id == "desk-back-bend")
    plans = {**shipped().plans, DESK: compile_plan(replace(only, items=bend))}
    routines = {**shipped().routines, DESK: replace(only, items=bend)}
    told = replace(SEEN, yes=frozenset(everything))
    drive = person(told, plans=plans, routines=routines, instead=())
    drive.at(1.0, start(DESK))
    assert texts(drive)[-2:] == [sentences.NOT_TODAY, sentences.REST_TODAY]
    alone = person(told, plans=plans, routines=routines, instead=(), gentle=DESK)
    alone.at(1.0, start(DESK))
    assert alone.mode() is Sitting
    assert texts(alone)[-1] == as_said(sentences.NOTHING_LEFT)


def test_without_a_gentle_routine_it_is_a_day_of_rest() -> None:
    drive = person(gentle="nothing")
    drive.at(1.0, start(STRENGTH))
    drive.at(10.0, score(8))
    assert drive.mode() is Sitting
    assert texts(drive)[-1] == sentences.REST_TODAY


@pytest.mark.parametrize(("hour", "spared"), [(3, False), (6, True), (9, False)])
def test_early_in_the_morning_nothing_bends_forward(hour: int, spared: bool) -> None:
    drive = person(ask_pain=False)
    drive.at(0.0, WallClock(NOON - (12 - hour) * 3600))
    drive.at(1.0, start(GENTLE))
    known = shipped().exercises
    assert any(known[name].flexion for name in led(drive)) != spared
    assert (sentences.EARLY in texts(drive)) == spared
    upright = person(ask_pain=False)
    upright.at(0.0, WallClock(NOON - (12 - hour) * 3600))
    upright.at(1.0, start(DESK))
    assert sentences.EARLY not in texts(upright)


# --- progress ----------------------------------------------------------------


def test_after_three_good_sessions_something_harder_is_offered() -> None:
    """Yes takes it from then on; no leaves it, and it is not asked again next time."""
    item = next(i for i in shipped().routines[STRENGTH].items if i.exercise.id == "bridge")
    lone = replace(shipped().routines[STRENGTH], items=(item,))
    plans = {**shipped().plans, STRENGTH: compile_plan(lone)}
    routines = {**shipped().routines, STRENGTH: lone}
    for answer, then in ((C.YES, "bridge-march"), (C.NO, "bridge"), (C.NEXT, "bridge")):
        good = replace(SEEN, good={"bridge": 3})
        drive = person(good, plans=plans, routines=routines)
        drive.at(1.0, start(STRENGTH))
        drive.at(10.0, score(1))
        assert texts(drive)[-2:] == [sentences.went_well("marching bridge"), sentences.TRY_HARDER]
        drive.at(20.0, answer)
        assert led(drive) == (then,)
        assert (("bridge", 1) in rows(drive, "level")) == (answer is C.YES)
    asked = person(replace(SEEN, good={"bridge": 3}), plans=plans, routines=routines)
    asked.at(1.0, start(STRENGTH))
    asked.at(10.0, score(1))
    asked.at(150.0)
    assert led(asked) == ("bridge",)


@pytest.mark.parametrize("routine", [GENTLE, "morning"])
def test_a_gentle_routine_stays_gentle_whatever_went_well(routine: str) -> None:
    """Strengthening is only where it was chosen: no higher level brings it in."""
    well = replace(SEEN, levels={"abdominal-brace": 1}, good={"abdominal-brace": 9})
    drive = person(well)
    drive.at(1.0, start(routine))
    drive.at(10.0, *([score(0)] if drive.mode() is Asking else []))
    assert drive.mode() is Leading
    assert not strengthening(led(drive))
    turn = Turn(person(replace(well, levels={})).state)
    assert levels.harder(turn, routine, known(turn, routine)) is None


def test_what_hurt_is_easier_at_once_and_next_time() -> None:
    """Not sharp: the easier neighbour in its place. Sharp: enough for today."""
    for answer, mode in ((C.NO, Leading), (C.YES, Sitting)):
        drive = person()
        drive.at(1.0, start(STRENGTH))
        drive.at(10.0, score(1))
        plan = shipped().plans[STRENGTH]
        at = plan.exercise_ids.index("donkey-kick")
        for _ in range(at):
            drive.at(drive.now + 1.0, C.NEXT)
        drive.at(drive.now + 1.0, C.NEXT, C.BACK)
        while drive.session and drive.session.segment.item < at:
            drive.at(drive.now + 1.0, C.NEXT)
        drive.at(drive.now + 1.0, C.HURTS)
        drive.at(drive.now + 1.0, answer)
        assert drive.mode() is mode
        assert ("donkey-kick", -1) in rows(drive, "level")
        assert (drive.state.person.pain_told is not None) == (answer is C.YES) or answer is C.NO


@pytest.mark.parametrize(
    ("levels", "hurts", "then", "noted"),
    [
        ({}, "curl-up", "dead-bug", [("dead-bug", 0), ("curl-up", -1)]),
        (
            {"curl-up": -1},
            "dead-bug",
            "abdominal-brace",
            [("abdominal-brace", 0), ("dead-bug", -1)],
        ),
    ],
)
def test_the_easier_neighbour_takes_its_place(
    levels: dict[str, int], hurts: str, then: str, noted: list[tuple[str, int]]
) -> None:
    """At once, and written down for the next time, step by step."""
    drive = person(replace(SEEN, levels=levels), ask_pain=False)
    drive.at(1.0, start("mcgill-three"))
    drive.at(2.0, C.GO, C.NEXT)
    assert drive.session is not None
    assert led(drive)[drive.session.segment.item] == hurts
    drive.at(60.0, C.HURTS)
    drive.at(61.0, C.NO)
    assert drive.mode() is Leading
    assert drive.session is not None
    assert led(drive)[drive.session.segment.item] == then
    assert sorted(rows(drive, "level")) == sorted(noted)


def test_what_was_made_easier_for_today_keeps_its_level() -> None:
    """It stands for nothing in the file, so nothing is written down."""
    drive = person()
    drive.at(1.0, start("mobility"))
    drive.at(10.0, score(5))
    written = {item.exercise.id for item in shipped().routines["mobility"].items}
    [other, *_] = [name for name in led(drive) if name not in written]
    for _ in range(led(drive).index(other) + 1):  # the first one ends the intro
        drive.at(drive.now + 1.0, C.NEXT)
    drive.at(drive.now + 1.0, C.HURTS)
    drive.at(drive.now + 1.0, C.YES)
    assert rows(drive, "level") == []


def test_what_hurts_before_the_first_exercise_makes_none_easier() -> None:
    """Nor the last one, though that has an easier neighbour."""
    drive = person(ask_pain=False)
    drive.at(1.0, start("mcgill-three"))
    assert drive.session is not None
    assert drive.session.segment.item == -1
    drive.at(2.0, C.HURTS)
    drive.at(3.0, C.YES)
    assert rows(drive, "level") == []


def test_why_is_answered() -> None:
    drive = person()
    drive.at(1.0, C.WHY)
    assert texts(drive)[-1] == sentences.NO_WHY
    drive.at(20.0, start(DESK))
    drive.at(21.0, C.WHY)
    assert texts(drive)[-1] == sentences.NO_WHY
    drive.at(31.0, C.GO)
    drive.at(32.0, C.WHY)
    care = shipped().plans[DESK].care[0]
    assert texts(drive)[-1].startswith("Back bend: it comes from ")
    assert care
    assert texts(drive)[-1].endswith(" ".join(care))


# --- another one, where most of it doesn't suit --------------------------------------------------


def pregnant() -> Drive:
    health = Health(screened=True, yes=frozenset({"pregnancy"}))
    drive = person(health, instead=("without-the-floor", "chair"))
    drive.at(1.0, start(GENTLE))
    drive.at(10.0, score(2))
    return drive


def test_where_the_gentle_one_mostly_does_not_suit_another_one_is_offered() -> None:
    """By its name, and as often as that is asked for; nothing of it is led before a yes."""
    drive = pregnant()
    asked = plan_sentences.other_instead("in pregnancy")
    assert texts(drive)[-2:] == [sentences.NOT_TODAY, asked]
    assert led(drive) == ()
    drive.at(20.0, C.REPEAT)
    assert texts(drive)[-1] == asked
    drive.at(40.0, C.YES)
    assert drive.session is not None
    assert drive.session.plan.id == "pregnancy"


@pytest.mark.parametrize(
    ("routine", "pain", "offered"),
    [
        (None, 3, "in pregnancy"),
        (None, 4, "without the floor"),
        (GENTLE, 4, "without the floor"),
        ("pregnancy", 5, "without the floor"),
        (GENTLE, 7, ""),
        ("pregnancy", 7, ""),
        (None, 7, ""),
    ],
)
def test_what_is_offered_instead_suits_today(routine: str | None, pain: int, offered: str) -> None:
    """More than half of it, with as much pain as was told, whatever led to the offer ("my back
    hurts" too). From six on there is nothing but the gentle one."""
    drive = person(Health(screened=True, yes=frozenset({"pregnancy"})))
    drive.at(1.0, C.BACK_HURTS if routine is None else start(routine))
    drive.at(10.0, score(pain))
    if offered:
        assert texts(drive)[-1] == plan_sentences.other_instead(offered)
    drive.at(20.0, C.YES)
    assert drive.session is not None
    whole = shipped().routines[drive.session.plan.id].items
    assert (len(led(drive)) * 2 > len(whole)) is bool(offered)
    assert (drive.session.plan.id == GENTLE) is not bool(offered)


def test_a_stretch_of_which_most_does_not_suit_leads_to_what_does() -> None:
    drive = person(Health(screened=True, yes=frozenset({"pregnancy"})))
    drive.at(1.0, start(DESK))
    assert texts(drive)[-1].startswith(plan_sentences.other_instead("|").partition("|")[0])


def test_whose_gentle_routine_is_on_the_floor_is_offered_one_that_is_not() -> None:
    """For who doesn't get down there."""
    drive = person(floor=False, gentle="yoga")
    drive.at(1.0, C.BACK_HURTS)
    drive.at(10.0, score(3))
    assert texts(drive)[-1] == plan_sentences.other_instead("without the floor")


def test_what_the_floor_leaves_out_is_not_for_the_sake_of_the_back() -> None:
    """Nor for today alone."""
    drive = person(floor=False, gentle="chair")
    drive.at(1.0, start(STRENGTH))
    drive.at(10.0, score(0))
    assert texts(drive)[-2:] == [plan_sentences.ON_THE_FLOOR, sentences.GENTLE_INSTEAD]
    drive = person(floor=False, gentle="morning", instead=())
    drive.at(1.0, start("morning"))
    drive.at(10.0, score(0))
    assert led(drive)
    assert plan_sentences.FLOOR_LEFT_OUT in texts(drive)
    assert sentences.LEFT_OUT not in texts(drive)


def test_no_to_another_one_is_a_day_of_rest() -> None:
    drive = pregnant()
    drive.at(20.0, C.NO)
    assert texts(drive)[-1] == sentences.REST_TODAY
    assert drive.session is None


def test_who_answers_nothing_is_led_another_one_each_time() -> None:
    """At the same hour every second day, with what suits every back."""
    drive = person(Health(), screening=True)
    found = []
    for day in range(0, 16, 2):
        at = day * 86400.0
        drive.at(at + 1.0, start(GENTLE))
        while drive.asking is not None:
            drive.at(drive.now + 5.0)
        assert drive.session is not None
        found.append(drive.session.plan.id)
        drive.at(at + 2000.0)
    assert len(set(found)) > 3


@pytest.mark.parametrize("name", sorted(shipped().routines))
def test_nothing_is_led_on_the_floor_to_whom_does_not_get_there(name: str) -> None:
    """Of any routine that is asked for by its name; of those made of minutes too."""
    drive = person(floor=False, instead=("without-the-floor", "chair"), gentle="chair")
    drive.at(1.0, start(name))
    drive.at(10.0, score(1))
    drive.at(20.0, C.YES)
    known = shipped().exercises
    assert not [one for one in led(drive) if known[one].position in FLOOR]
    assert led(drive)
