"""Several people and one coach: what one has told never counts for another."""

from dataclasses import replace

import pytest

from assistant.coach import identity, suitability, week_plan
from assistant.coach.effects import Meet, Recall, Record, Remember
from assistant.coach.events import GUEST, Asked, Health, Met, Source, Trained
from assistant.coach.events import Command as C
from assistant.coach.fitting import known
from assistant.coach.memory import Remembered, Wanted, Week, Wish
from assistant.coach.settings import Settings
from assistant.coach.state import Asking, AtRest, Awake, Leading, Question
from assistant.coach.turn import Turn
from assistant.content import sentences, voice_sentences, welcome_sentences
from assistant.content.safety_question_texts import QUESTIONS
from tests.coach.driver import Drive, as_said
from tests.coach.test_session_start import SEEN, STRENGTH, led, shipped, start, strengthening, texts

HOUR = 3600.0
SQUEEZE = start("shoulder-squeeze")
"""Needs no answer."""
FLAG = replace(SEEN, yes=frozenset({"numbness"}))
SEVERAL = replace(
    shipped(),
    people={"maria": "Maria", "ben": "Ben"},
    person="maria",
    stranger=GUEST,
    forget_s=HOUR,
    ask_pain=False,
)


def drive(settings: Settings = SEVERAL) -> Drive:
    return Drive(replace(settings, health=SEEN))


def this_is(name: str) -> Asked:
    return Asked(C.THIS_IS, Source.VOICE, person=name, text=f"this is {name}")


def last_rows(drive: Drive) -> list[tuple[str, str, str]]:
    found = [one for _, one in drive.ordered(Record) if isinstance(one, Record)]
    return [(one.kind, one.name, one.detail) for one in found]


def test_what_one_has_told_never_counts_for_another() -> None:
    """Maria's answers open the strengthening to her; Ben, of whom nothing is known yet, is asked,
    and what the journal says of him decides."""
    coach = drive()
    coach.at(1.0, this_is("ben"))
    assert coach.ordered(Meet) == [(1.0, Meet("ben"))]
    assert coach.state.person.health == Health(unknown=True)
    coach.at(2.0, Met(person="ben", health=FLAG))
    coach.at(10.0, start(STRENGTH))
    assert coach.mode() is not Leading
    assert as_said(sentences.RED_FLAG_STILL) in texts(coach)


def test_until_the_journal_has_answered_only_what_suits_every_back_is_led() -> None:
    """Faster than the disk is nobody's consent."""
    coach = drive()
    coach.at(1.0, this_is("ben"), start(STRENGTH))
    assert coach.mode() is Asking
    coach.at(300.0)
    assert not strengthening(led(coach))


def test_a_session_that_is_led_ends_first_and_is_whose_it_was() -> None:
    """Its rows are ordered before the other person's."""
    coach = drive()
    coach.at(1.0, start(STRENGTH))
    assert coach.mode() is Leading
    coach.at(60.0, this_is("ben"))
    assert isinstance(coach.state.lead, AtRest)
    orders = [one for _, one in coach.log if isinstance(one, Record | Meet)]
    ended = next(i for i, one in enumerate(orders) if getattr(one, "kind", "") == "session_end")
    assert ended < orders.index(Meet("ben"))
    assert texts(coach)[-1] == sentences.hello("Ben")


def test_a_question_that_was_put_to_one_is_not_the_others_to_answer() -> None:
    coach = drive(replace(SEVERAL, ask_pain=True))
    coach.at(1.0, start(STRENGTH))
    assert coach.mode() is Asking
    coach.at(3.0, this_is("ben"))
    coach.at(10.0, Asked(C.NUMBER, value=0))
    assert isinstance(coach.state.lead, AtRest)
    assert [text for _, text in coach.said()][-1:] == [sentences.hello("Ben")]


def test_what_the_journal_told_of_somebody_is_what_they_begin_with() -> None:
    """However they come: at the start, or while the program runs."""
    trained = (Trained(20_000, STRENGTH, (), "done"),)
    kept = Remembered(step=1)
    met = Met(person="ben", health=FLAG, times={"bridge": 3}, remembered=kept, trained=trained)
    assert identity.at_start(identity.with_told(SEVERAL, met)) == met


def test_a_person_s_plan_of_an_older_version_holds_until_the_configuration_is_changed() -> None:
    planned = Week(("strength",) * 7, 7 * 3600.0)
    coach = drive(replace(SEVERAL, keeps=True))
    coach.at(1.0, this_is("ben"))
    coach.at(
        2.0, Met(person="ben", health=SEEN, remembered=Remembered(wanted=Wanted(week=planned)))
    )
    kept = [one.remembered.wanted for _, one in coach.log if isinstance(one, Remember)][-1]
    assert (kept.week, kept.week_instead_of) == (planned, week_plan.NO_WEEK)


@pytest.mark.parametrize("said_early", [True, False])
def test_who_was_dizzy_is_led_nothing_without_an_answer_after_somebody_else(
    said_early: bool,
) -> None:
    """By the journal's word, or by their own that came before it."""
    two = drive(replace(SEVERAL, ask_pain=True))
    two.at(1.0, this_is("ben"), this_is("maria"), *[C.DIZZY] * said_early)
    told = replace(SEEN, dizzy_age_s=None if said_early else 60.0)
    two.at(2.0, Met(person="maria", health=told))
    two.at(30.0, start("morning"))
    two.at(60.0, C.NEXT)
    assert two.session is None
    assert texts(two)[-1] == sentences.LEFT_UNTIL_PRESS


def test_what_hurt_is_written_down_for_who_was_hurt() -> None:
    """The question that was open about it ends as if nobody had answered."""
    coach = drive()
    coach.at(1.0, start(STRENGTH))
    coach.at(60.0, C.HURTS)
    coach.at(70.0, this_is("ben"))
    rows = last_rows(coach)
    assert rows.index(("session_end", STRENGTH, "hurt")) < rows.index(("person", "ben", ""))
    coach.at(71.0, Met(person="ben", health=SEEN))
    assert coach.state.person.pain_told is None


def test_who_says_their_own_name_again_goes_on() -> None:
    """They are greeted; a name is no way to stop."""
    coach = drive()
    coach.at(1.0, start(STRENGTH))
    coach.at(60.0, this_is("maria"))
    assert sentences.hello("Maria") in texts(coach)
    assert coach.mode() is Leading
    assert not coach.ordered(Meet)


def test_the_gate_is_asked_anew_when_the_journal_answers_late() -> None:
    """What was begun meanwhile ends where it may not be led."""
    coach = drive()
    coach.at(1.0, start(STRENGTH))
    assert coach.mode() is Leading
    coach.at(5.0, Met(person="maria", health=FLAG))
    assert coach.mode() is not Leading
    assert sentences.NOTHING_MORE_TODAY in texts(coach)


def test_an_answer_about_somebody_who_has_gone_is_left_alone() -> None:
    coach = drive()
    coach.at(1.0, this_is("ben"), this_is("maria"))
    coach.at(2.0, Met(person="ben", health=FLAG))
    assert coach.state.person.id == "maria"
    assert coach.state.person.health == Health(unknown=True)


def test_a_guest_gets_the_cautious_answers_and_nothing_is_looked_up() -> None:
    """Also the next one: a second guest is somebody else."""
    coach = drive()
    coach.at(1.0, this_is(GUEST))
    coach.at(2.0, C.DID_TODAY)
    assert not coach.ordered(Recall)
    coach.at(3.0, start(STRENGTH))
    assert coach.mode() is Asking
    coach.at(4.0, C.STOP)
    coach.state = replace(coach.state, person=replace(coach.state.person, health=SEEN))
    coach.at(5.0, this_is(GUEST))
    assert coach.state.person.health == Health(unknown=True)


def test_an_hour_after_the_last_routine_nobody_knows_who_is_there() -> None:
    """Without a word; and before the next routine it is said once how to be known."""
    coach = drive()
    coach.at(1.0, start(STRENGTH))
    coach.at(600.0, C.STOP)
    coach.at(600.0 + HOUR - 10.0)
    assert coach.state.person.id == "maria"
    before = len(texts(coach))
    coach.at(600.0 + HOUR + 10.0)
    assert coach.state.person.id == GUEST
    assert len(texts(coach)) == before
    for _ in range(2):
        coach.at(coach.now + 10.0, start("desk-break"))
        coach.at(coach.now + 10.0, C.STOP)
    assert texts(coach).count(as_said(sentences.WHO)) == 1
    ordered = len(coach.log)
    coach.at(coach.now + 10 * HOUR)
    assert not [one for _, one in coach.log[ordered:] if isinstance(one, Meet)]


def test_reminders_answered_are_no_sign_of_who_is_there() -> None:
    """Whoever stands up all day at the desk isn't the one who exercised in the morning."""
    coach = drive()
    coach.at(1.0, this_is("ben"), Met(person="ben", health=SEEN))
    for minute in range(10, 80, 10):
        coach.at(minute * 60.0, C.UP)
    assert coach.state.person.id == GUEST


def test_with_nobody_named_there_is_nobody_to_be() -> None:
    """One person, no name: as ever; the sentence means nothing."""
    coach = Drive(shipped())
    coach.at(1.0, this_is("ben"))
    assert not coach.ordered(Meet)
    assert texts(coach) == [sentences.NOT_NOW]
    coach.at(10 * HOUR)
    assert coach.state.person.id == ""
    assert not [row for row in last_rows(coach) if row[0] == "person"]


def test_a_name_that_isnt_known_changes_nothing() -> None:
    coach = drive()
    coach.at(1.0, this_is("eve"))
    assert coach.state.person.id == "maria"
    assert texts(coach) == [sentences.NOT_NOW]


def test_what_can_not_be_read_is_told_and_is_the_cautious_answer() -> None:
    coach = drive()
    coach.at(1.0, this_is("ben"))
    coach.at(2.0, Met(person="ben", health=Health(unknown=True)))
    assert texts(coach)[-1] == sentences.CANT_REMEMBER


def test_a_plan_and_the_voice_are_each_persons_own_and_the_reminders_the_desks() -> None:
    """What the journal tells isn't written back, nor is that nothing is known yet."""
    coach = drive(replace(SEVERAL, keeps=True))
    usual_s, volume = coach.state.settings.sit_s, coach.state.settings.volume
    coach.at(1.0, Asked(C.INTERVAL, seconds=2400.0), C.QUIETER)
    kept = len(coach.ordered(Remember))
    bens = Remembered(wanted=Wanted(days_goal=4, sit_s=Wish(600.0, usual_s)), before=Wanted())
    coach.at(2.0, this_is("ben"))
    coach.at(3.0, Met(person="ben", health=SEEN, remembered=bens))
    assert len(coach.ordered(Remember)) == kept
    memory = coach.state.memory
    assert (memory.wanted.days_goal, memory.before) == (4, None)
    assert memory.wanted.sit_s == Wish(2400.0, usual_s)
    assert coach.state.voice.volume == volume
    coach.at(4.0, C.QUIETER)
    assert len(coach.ordered(Remember)) == kept + 1


def test_who_wants_to_be_heard_better_is_told_what_to_type_for_their_own_voice() -> None:
    coach = drive(replace(SEVERAL, owner="maria"))
    coach.at(1.0, C.LEARN_VOICE)
    coach.at(10.0, this_is("ben"), C.LEARN_VOICE)
    coach.at(20.0, this_is(GUEST), C.LEARN_VOICE)
    alone = Drive(replace(SEVERAL, people={}, person="", stranger="", health=SEEN))
    alone.at(1.0, C.LEARN_VOICE)
    for said in (
        voice_sentences.HOW_TO_TEACH,
        voice_sentences.HOW_TO_TEACH_AS.format(name="Ben"),
        voice_sentences.NOT_A_GUESTS,
    ):
        assert texts(coach).count(said) == 1
    assert voice_sentences.HOW_TO_TEACH in texts(alone)


def test_who_is_new_hears_in_short_how_this_works_once_and_how_to_skip_it() -> None:
    """Then "show me" needs no wake phrase. What was told holds through a restart."""
    coach = drive(replace(SEVERAL, owner="maria", welcomes=True, keeps=True))
    coach.at(1.0, this_is("ben"))
    coach.at(2.0, Met(person="ben", health=Health()))
    assert texts(coach)[-4:] == list(welcome_sentences.IN_SHORT)
    assert "stop" in texts(coach)[-4]
    assert isinstance(coach.state.ear, Awake)
    assert ("told", "welcome in short", "") in last_rows(coach)
    coach.at(40.0, C.WELCOME)
    assert coach.asking is not None
    coach.at(41.0, C.STOP)
    told = coach.state.person.health
    coach.at(50.0, this_is("maria"), Met(person="maria", health=SEEN))
    coach.at(60.0, this_is("ben"), Met(person="ben", health=told))
    assert texts(coach)[-1] == sentences.hello("Ben")


@pytest.mark.parametrize(
    "met",
    [
        Met(person="ben", health=SEEN),
        Met(person="ben", health=Health(), times={"bridge": 1}),
        Met(person=GUEST, health=Health(unknown=True)),
    ],
)
def test_who_was_here_before_and_a_guest_hear_no_welcome(met: Met) -> None:
    coach = drive(replace(SEVERAL, owner="maria", welcomes=True))
    coach.at(1.0, this_is(met.person), met)
    assert not set(welcome_sentences.IN_SHORT) & set(texts(coach))


def test_what_the_journal_tells_while_it_is_asked_how_much_it_hurts_changes_no_answer() -> None:
    """It answers late: of the session that is over it may know more than the program by then."""
    coach = drive(replace(SEVERAL, ask_pain=True))
    coach.at(1.0, this_is("ben"), Met(person="ben", health=SEEN), start(STRENGTH))
    coach.at(20.0, Asked(C.NUMBER, value=1))
    coach.at(60.0, C.STOP)
    assert coach.asking is not None
    coach.at(65.0, Met(person="ben", health=replace(SEEN, pain=1)))
    coach.at(70.0, Asked(C.NUMBER, value=4))
    assert isinstance(coach.state.lead, AtRest)
    assert coach.state.person.health.ended == (True,)
    assert ("pain", "", "after") in last_rows(coach)


def first_question(coach: Drive) -> bool:
    asking = coach.asking
    return asking is not None and (asking.question, asking.number) == (Question.SCREENING, 0)


@pytest.mark.parametrize("checks", [True, False])
def test_no_answer_of_a_stranger_takes_back_what_somebody_has_told(checks: bool) -> None:
    """The safety questions were begun before the journal told of a fever: a no counts for nothing
    until it has, and then it is no more than ever."""
    coach = drive()
    asked = Asked(C.SCREENING) if checks else start(STRENGTH)
    coach.at(1.0, this_is("ben"), asked)
    coach.at(2.0, C.NO)
    assert first_question(coach)
    assert not [row for row in last_rows(coach) if row[0] == "screening"]
    coach.at(3.0, Met(person="ben", health=replace(SEEN, yes=frozenset({"fever"}))))
    if not checks:
        assert isinstance(coach.state.lead, AtRest)
        assert texts(coach)[-1] == as_said(sentences.RED_FLAG_STILL)
        coach.at(10.0, C.SCREENING)
    coach.at(20.0, *[C.NO] * len(QUESTIONS))
    assert coach.asking is not None
    assert coach.asking.question is Question.CONFIRM
    assert suitability.red_flag(coach.state.person.health)


def test_who_has_answered_the_safety_questions_is_not_asked_them_as_a_stranger() -> None:
    """Who hasn't, goes on with the one that was put."""
    for health, asked_on in ((SEEN, False), (Health(), True)):
        coach = drive(replace(SEVERAL, ask_pain=True))
        coach.at(1.0, this_is("ben"), start(STRENGTH))
        assert first_question(coach)
        said = len(texts(coach))
        coach.at(1.5, Met(person="ben", health=health))
        assert first_question(coach) == asked_on
        assert texts(coach)[said:] == [] if asked_on else [sentences.PAIN_BEFORE]


@pytest.mark.parametrize(
    ("said", "lately", "counts"),
    [
        ((C.HURTS,), None, 6),
        ((C.HURTS,), 8, 8),
        ((SQUEEZE, Asked(C.NUMBER, value=5)), None, 5),
        ((SQUEEZE, Asked(C.NUMBER, value=5)), 7, 7),
        ((SQUEEZE, C.HURTS, C.YES), None, 6),
    ],
)
def test_what_hurt_before_the_journal_had_answered_counts(
    said: tuple[Asked | C, ...], lately: int | None, counts: int
) -> None:
    """Of what it knows and what was told since, the worse; and sharp is sharp."""
    coach = drive(replace(SEVERAL, ask_pain=True))
    coach.at(1.0, this_is("ben"), *said)
    told = replace(SEEN, pain=lately, pain_age_s=None if lately is None else 600.0)
    coach.at(2.0, Met(person="ben", health=told))
    person = coach.state.person
    assert person.pain_told is not None
    assert person.health.pain == person.pain_told[1] == counts
    assert person.unsaid == (said == (C.HURTS,))
    assert person.told_before == (5 if said[-1] == Asked(C.NUMBER, value=5) else None)
    coach.at(10.0, C.STOP)
    coach.at(20.0, start(STRENGTH))
    sharp = C.YES in said
    assert first_question(coach) == sharp


def test_a_red_flag_that_was_told_before_the_journal_had_answered_stays() -> None:
    coach = drive()
    coach.at(1.0, this_is("ben"), start(STRENGTH), C.YES)
    coach.at(2.0, Met(person="ben", health=SEEN))
    coach.at(10.0, start(STRENGTH))
    assert isinstance(coach.state.lead, AtRest)
    assert texts(coach)[-1] == as_said(sentences.RED_FLAG_STILL)


def test_a_number_of_before_answers_no_question_that_a_stranger_left_out() -> None:
    """What is led without an answer stays what needs none."""
    coach = drive(replace(SEVERAL, ask_pain=True))
    coach.at(1.0, this_is("ben"), start(STRENGTH), C.NEXT)
    assert coach.session is not None
    coach.at(2.0, Met(person="ben", health=replace(SEEN, pain=2, pain_age_s=600.0)))
    assert not known(Turn(coach.state), STRENGTH).pain_answered
