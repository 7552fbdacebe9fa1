"""More, less, the other side, all the steps: what is asked about the exercise that is going on."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.coach.adjusting import LEAST_LEFT_S, REST_S
from assistant.coach.effects import Chime, Prepare, Record, Sound
from assistant.coach.events import Asked, Command
from assistant.coach.familiarity import FIRST_TIMES
from assistant.coach.session import lengthened
from assistant.coach.state import Session
from assistant.content import sentences, words
from assistant.content.plan import compile_plan, told_to
from assistant.content.types import Cue, Kind, Phase, Plan, Rank, Segment, Wording
from tests.coach.driver import SETTINGS, STARTS, Drive, cue
from tests.content.voice import shipped

C = Command
LIBRARY = shipped()
PLANS = {name: compile_plan(routine) for name, routine in LIBRARY.routines.items()}
NAMES = sorted(PLANS)


def led(routine: str = "sides", **changes: object) -> Drive:
    settings = replace(
        SETTINGS,
        plans={**PLANS, **SETTINGS.plans},
        routines=LIBRARY.routines,
        exercises=LIBRARY.exercises,
        routine=routine,
    )
    drive = Drive(replace(settings, **changes))  # type: ignore[arg-type]
    drive.at(0.0, C.START)
    return drive


def session(drive: Drive) -> Session:
    assert drive.session is not None
    return drive.session


def run_until(
    drive: Drive, kind: Kind, item: int, side: str = "", *, into_s: float = 0.0
) -> Segment:
    """Go on to this stretch of the routine."""
    for _ in range(20000):
        now = drive.session
        assert now is not None, "the routine ended before"
        here = now.segment
        if here.kind is kind and here.item == item and side in ("", here.side):
            drive.at(drive.now + into_s)
            return here
        drive.at(drive.now + 0.1)
    raise AssertionError("it never came")


def chimes(drive: Drive, sound: Sound) -> list[float]:
    return [when for when, e in drive.ordered(Chime) if isinstance(e, Chime) and e.sound is sound]


def last_said(drive: Drive) -> str:
    return drive.said()[-1][1]


# --- how long ------------------------------------------------------------------


def test_a_hold_can_be_made_shorter() -> None:
    """Ten seconds less, and the count moves to the new end."""
    drive = led()
    drive.at(STARTS["work"] + 3, C.LESS_TIME)
    drive.at(STARTS["rest"])
    ends = STARTS["rest"] - 10
    assert chimes(drive, Sound.END)[0] == ends
    counts = [(when, text) for when, text in drive.said() if text in ("three", "two", "one")]
    assert counts == [(ends - 3, "three"), (ends - 2, "two"), (ends - 1, "one")]
    assert "Halfway." not in [text for when, text in drive.said() if when > STARTS["work"] + 6]


def test_a_hold_ends_no_sooner_than_one_can_come_down() -> None:
    """Near its end nothing is cut off; what was counted is not counted again."""
    drive = led()
    drive.at(STARTS["rest"] - 8, C.LESS_TIME)
    drive.at(STARTS["rest"])
    assert chimes(drive, Sound.END)[0] == STARTS["rest"] - 8 + LEAST_LEFT_S
    late = led()
    late.at(STARTS["rest"] - 1, C.LESS_TIME)
    late.at(STARTS["rest"])
    assert chimes(late, Sound.END)[0] == STARTS["rest"]


def test_what_was_held_is_what_is_written_down() -> None:
    """A shortened hold is a row with its own seconds, and those that were planned."""
    drive = led()
    drive.at(STARTS["work"] + 3, Asked(C.LESS_TIME, seconds=5.0))
    drive.at(STARTS["setup 2"])
    [row] = [e for _, e in drive.ordered(Record) if isinstance(e, Record) and e.kind == "exercise"]
    assert (row.seconds, row.planned_s) == (15.0, 20.0)


def test_repetitions_are_left_out_whole() -> None:
    """Never in the middle of one: what has begun is finished."""
    drive = led("desk-break")
    item = next(s.item for s in PLANS["desk-break"].segments if s.kind is Kind.WORK and s.reps > 2)
    segment = run_until(drive, Kind.WORK, item, into_s=0.3)
    one_s = segment.length_s / segment.reps
    drive.at(drive.now, C.LESS_TIME)
    left_out = (segment.length_s - session(drive).length_s) / one_s
    assert left_out == pytest.approx(round(left_out))
    assert left_out >= 1
    assert all(at_s < session(drive).length_s for at_s, _ in session(drive).marks)


def test_a_rest_can_be_made_longer_and_the_next_is_still_announced_before_its_end() -> None:
    """What announces the next exercise moves with the end of the rest."""
    drive = led("lower-back-gentle")
    run_until(drive, Kind.REST, 0, into_s=0.2)
    began, planned_s = session(drive).began, session(drive).length_s
    [*_, (before_s, _)] = session(drive).marks
    drive.at(drive.now, C.MORE_TIME)
    [*_, (at_s, announced)] = session(drive).marks
    assert at_s == pytest.approx(before_s + 10)
    assert announced is not None
    assert announced.text.startswith("Next, ")
    assert session(drive).length_s == pytest.approx(planned_s + 10)
    drive.at(began + planned_s + 9.9)
    assert session(drive).segment.kind is Kind.REST
    drive.at(began + planned_s + 10.1)
    assert session(drive).segment.kind is Kind.SETUP


def test_rests_stay_longer_or_shorter_for_the_whole_session() -> None:
    """This rest and those after it; within what is sensible, and then it says so."""
    drive = led("lower-back-gentle")
    rests = {s.item: s.length_s for s in PLANS["lower-back-gentle"].segments if s.kind is Kind.REST}
    run_until(drive, Kind.REST, 0, into_s=0.2)
    drive.at(drive.now, C.LONGER_REST)
    assert last_said(drive) == sentences.LONGER_REST
    assert session(drive).length_s == pytest.approx(rests[0] + 10)
    run_until(drive, Kind.REST, 1)
    assert session(drive).length_s == pytest.approx(rests[1] + 10)
    for _ in range(9):
        drive.at(drive.now + 0.1, C.LONGER_REST)
    assert last_said(drive) == sentences.LONGEST_REST
    assert session(drive).rest_s == REST_S[1]
    for _ in range(12):
        drive.at(drive.now + 0.1, C.SHORTER_REST)
    assert last_said(drive) == sentences.SHORTEST_REST
    assert session(drive).rest_s == REST_S[0]


def test_a_short_rest_still_says_what_it_says() -> None:
    """Thirty seconds less than ten leave the sentences, one after the other."""
    drive = led("lower-back-gentle")
    for _ in range(3):
        drive.at(drive.now + 0.5, C.SHORTER_REST)
    run_until(drive, Kind.REST, 0)
    marks = session(drive).marks
    whole = PLANS["lower-back-gentle"].segments
    rest = next(s for s in whole if s.kind is Kind.REST)
    assert session(drive).length_s < rest.length_s
    ends = [at_s + one.speech_s for at_s, one in marks if one is not None]
    assert all(end <= at_s for end, (at_s, _) in zip(ends, marks[1:], strict=False))
    assert ends[-1] <= session(drive).length_s


def test_getting_ready_can_be_made_shorter_too() -> None:
    """But not shorter than what is said in it."""
    drive = led()
    drive.at(STARTS["setup"] + 1, C.LESS_TIME)
    assert session(drive).length_s < 10
    assert last_said(drive) == sentences.LESS_TIME
    drive.at(STARTS["setup"] + 5)
    assert session(drive).segment.kind is not Kind.SETUP


def counted(length_s: float, cues: tuple[Cue, ...], ticks: tuple[float, ...] = ()) -> Plan:
    work = Segment(Kind.WORK, 0, "Hold", length_s, cues, ticks=ticks, reps=1)
    outro = Segment(Kind.OUTRO, -1, "Done", 2.0)
    return Plan("one", "One", "one", ("hold",), ("hold",), (work, outro))


def test_a_count_upwards_stays_where_it_is() -> None:
    """Five is said after five seconds, however long the hold has become."""
    up = counted(20, tuple(cue(float(n), f"{w}.", Rank.COUNT) for n, w in UP))
    drive = Drive(replace(SETTINGS, plans={"one": up}, routine="one"))
    drive.at(0.0, C.START)
    drive.at(1.0, C.MORE_TIME)
    drive.at(25.0)
    said = [(when, text) for when, text in drive.said() if text in ("Five.", "Ten.", "Fifteen.")]
    assert said == [(5.0, "Five."), (10.0, "Ten."), (15.0, "Fifteen.")]


UP = ((5, "Five"), (10, "Ten"), (15, "Fifteen"))


@settings(max_examples=30)
@given(
    st.sampled_from(["desk-break", "lower-back-gentle", "lower-back-strength"]),
    st.lists(
        st.tuples(
            st.floats(0, 40),
            st.sampled_from(
                [
                    *(C.MORE_TIME, C.LESS_TIME, C.LONGER_REST, C.SHORTER_REST, C.OTHER_SIDE),
                    *(
                        C.EASIER,
                        C.HARDER,
                        C.EXPLAIN,
                        C.FULL_WORDS,
                        C.SHORT_WORDS,
                        C.PAUSE,
                        C.GO,
                        C.NEXT,
                        C.BACK,
                    ),
                ]
            ),
        ),
        max_size=12,
    ),
)
def test_whatever_is_asked_nothing_is_said_after_its_stretch(
    name: str, asked: list[tuple[float, Command]]
) -> None:
    """Marks stay in the order of their times, inside their stretch, and the routine ends."""
    drive = led(name)
    for gap_s, command in asked:
        drive.at(drive.now + gap_s, command)
        now = drive.session
        if now is None:
            return
        assert list(now.marks) == sorted(now.marks, key=lambda mark: mark[0])
        assert all(at_s <= now.length_s + 1e-6 for at_s, _ in now.marks)
        assert now.length_s > 0
    drive.at(drive.now + 1.0, C.RESUME)
    drive.at(drive.now + 5400.0)
    assert drive.session is None


# --- the other side --------------------------------------------------------------


def test_in_a_rest_the_other_side_is_the_next_exercise_s() -> None:
    """The plank before is the same on both sides, the kick that comes isn't."""
    drive = led()
    drive.at(STARTS["rest"] + 6, C.OTHER_SIDE)
    assert last_said(drive) == sentences.BOTH_SIDES


def test_the_other_side_comes_at_once() -> None:
    """On the first side it is the switch; on the second it is the exercise from its steps on."""
    drive = led()
    drive.at(STARTS["left"] + 1, C.OTHER_SIDE)
    assert session(drive).segment.kind is Kind.SWITCH
    assert session(drive).segment.side == "right"
    drive.at(drive.now + 7)
    assert session(drive).segment.side == "right"
    drive.at(drive.now, C.OTHER_SIDE)
    assert session(drive).segment.item == 1
    assert session(drive).segment.side in ("", "left")


def test_before_the_first_side_both_are_promised() -> None:
    drive = led()
    drive.at(STARTS["setup 2"] + 1, C.OTHER_SIDE)
    assert last_said(drive) == sentences.BOTH_SIDES


@pytest.mark.parametrize("at_s", [1.0, STARTS["work"] + 1])
def test_where_there_are_no_sides_it_says_so(at_s: float) -> None:
    drive = led()
    drive.at(at_s, C.OTHER_SIDE)
    assert last_said(drive) == sentences.NO_OTHER_SIDE


# --- another one instead ----------------------------------------------------------


def exercise_rows(drive: Drive) -> list[Record]:
    found = [e for _, e in drive.ordered(Record) if isinstance(e, Record)]
    return [row for row in found if row.kind == "exercise"]


@pytest.mark.parametrize("kind", [Kind.REST, Kind.SETUP, Kind.STEPS, Kind.WORK])
def test_easier_is_the_neighbour_in_the_same_place(kind: Kind) -> None:
    """From wherever it is asked; in the rest before it already. What was done is written down."""
    drive = led("mcgill-three")
    run_until(drive, kind, 1 if kind is Kind.REST else 2, into_s=2.0)
    if kind is Kind.REST:
        run_until(drive, kind, 1, into_s=60.0)
        while session(drive).plan.segments[session(drive).index + 1].item == 1:
            drive.at(drive.now + 1.0)
        run_until(drive, kind, 1)
    drive.at(drive.now, C.EASIER)
    here = session(drive).segment
    assert (here.kind, here.item) == (Kind.SETUP, 2)
    assert session(drive).plan.exercise_ids[1:] == ("curl-up", "plank-knees", "bird-dog")
    left = [(row.name, row.detail) for row in exercise_rows(drive) if row.detail == "left"]
    assert left == ([("side-plank-knees", "left")] if kind is Kind.WORK else [])


def test_where_there_is_no_easier_one_it_is_less_of_the_same() -> None:
    """Down to where nothing is left to take away; then it says so."""
    drive = led("lower-back-gentle")
    work_s = [session(drive).plan.total_s]
    for _ in range(12):
        run_until(drive, Kind.SETUP, 0)
        drive.at(drive.now + 1.0, C.EASIER)
        if last_said(drive) == sentences.NO_EASIER:
            break
        work_s.append(session(drive).plan.total_s)
    assert last_said(drive) == sentences.NO_EASIER
    assert work_s == sorted(work_s, reverse=True)
    assert len(set(work_s)) > 1


@pytest.mark.parametrize("name", NAMES)
def test_harder_stays_in_the_phase_of_its_routine(name: str) -> None:
    """Whatever is asked: what suits an acute spell goes on suiting it, and nothing is for strength
    where nothing was."""
    order = list(Phase)
    latest = max(map(order.index, PLANS[name].phases))
    drive = led(name)
    for item in range(len(PLANS[name].exercises)):
        run_until(drive, Kind.SETUP, item)
        drive.at(drive.now + 0.5, C.HARDER)
        assert max(map(order.index, session(drive).plan.phases)) <= latest


def test_harder_goes_up_where_there_is_one() -> None:
    drive = led("lower-back-strength-2")
    item = session(drive).plan.exercise_ids.index("dead-bug")
    run_until(drive, Kind.SETUP, item)
    drive.at(drive.now + 0.5, C.HARDER)
    assert session(drive).plan.exercise_ids[item] == "curl-up"
    drive.at(drive.now + 0.5, C.HARDER)
    assert last_said(drive) == sentences.NO_HARDER


def test_a_plan_without_its_routine_can_t_be_changed() -> None:
    drive = led()
    drive.at(STARTS["work"] + 1, C.EASIER)
    assert last_said(drive) == sentences.NOT_NOW


# --- how much is told --------------------------------------------------------------


def steps(plan: Plan, item: int) -> Segment:
    return next(s for s in plan.segments if s.kind is Kind.STEPS and s.item == item)


@pytest.mark.parametrize("name", NAMES)
def test_a_known_exercise_takes_less_telling(name: str) -> None:
    """Less is said, the work is the same to the second, and the total at the start is told anew."""
    whole = PLANS[name]
    brief = told_to(whole, set(whole.exercise_ids))
    assert brief.total_s < whole.total_s
    work = [(s.length_s, s.cues) for s in whole.segments if s.kind is Kind.WORK]
    assert [(s.length_s, s.cues) for s in brief.segments if s.kind is Kind.WORK] == work
    for item in range(len(whole.exercises)):
        said = [cue.text for cue in steps(brief, item).cues]
        assert said[-1] == steps(whole, item).cues[-1].text  # what leads into the movement
        assert set(said) < {cue.text for cue in steps(whole, item).cues}
    about = [cue.text for cue in brief.segments[0].cues if cue.text.startswith("About")]
    near = {words.length(brief.total_s + more) for more in (-1, 0, 1)}  # the words take time too
    assert set(about) <= {f"About {length}." for length in near}
    assert bool(about) != name.startswith("minutes")  # whose name says it already
    assert told_to(brief, ()) == whole
    assert told_to(whole, ()) is whole


def test_the_fourth_time_the_steps_are_short() -> None:
    """Counted from what the journal knows and from what was done since."""
    names = PLANS["lower-back-gentle"].exercise_ids
    drive = led("lower-back-gentle", times={names[0]: FIRST_TIMES, names[1]: FIRST_TIMES - 1})
    assert steps(session(drive).plan, 0).full is not None
    assert steps(session(drive).plan, 1).brief is not None
    drive.at(3000.0)
    assert drive.session is None
    assert drive.state.person.times[names[1]] == FIRST_TIMES
    assert drive.state.person.times[names[2]] == 1
    drive.at(drive.now, C.START)
    assert steps(session(drive).plan, 1).full is not None
    assert steps(session(drive).plan, 2).brief is not None


def test_an_exercise_that_was_left_is_not_known_better() -> None:
    drive = led("lower-back-gentle")
    run_until(drive, Kind.WORK, 0, into_s=1.0)
    drive.at(drive.now, C.NEXT)
    drive.at(drive.now + 0.1, C.STOP)
    assert drive.state.person.times == {}


@pytest.mark.parametrize(
    ("wording", "short"), [(Wording.FULL, False), (Wording.SHORT, True), (Wording.COUNTED, False)]
)
def test_the_configuration_may_say_how_much_is_told(wording: Wording, short: bool) -> None:
    drive = led("lower-back-gentle", wording=wording)
    assert (steps(session(drive).plan, 0).full is not None) == short


def test_short_or_full_can_be_asked_for_at_any_time() -> None:
    """It holds for the exercises that come, and for the next routine."""
    drive = led("lower-back-gentle")
    drive.at(1.0, C.SHORT_WORDS)
    assert last_said(drive) == sentences.SHORT_WORDS
    assert steps(session(drive).plan, 3).full is not None
    drive.at(2.0, C.STOP)
    drive.at(3.0, C.START)
    assert steps(session(drive).plan, 0).full is not None
    drive.at(4.0, C.STOP)
    drive.at(5.0, C.FULL_WORDS)
    drive.at(6.0, C.START)
    assert steps(session(drive).plan, 0).full is None


def test_explain_tells_all_the_steps_and_then_the_hold_begins_anew() -> None:
    """In the midst of a hold, on its own side, and without saying which side comes first."""
    drive = led("lower-back-gentle", wording=Wording.SHORT)
    item = next(
        s.item for s in PLANS["lower-back-gentle"].segments if s.kind is Kind.WORK and s.side
    )
    here = run_until(drive, Kind.WORK, item, "right", into_s=1.0)
    whole = PLANS["lower-back-gentle"].explained[item]
    before = drive.now
    drive.at(before, C.EXPLAIN)
    assert session(drive).segment.kind is Kind.STEPS
    prepared = [e for _, e in drive.ordered(Prepare) if isinstance(e, Prepare)][-1]
    assert {whole.cues[i].text for i in range(3)} <= set(prepared.texts)
    drive.at(before + whole.length_s + 4)
    told = [text for when, text in drive.said() if when >= before]
    for one in whole.cues:
        if not one.text.endswith("side first."):
            assert one.text in told
    assert "Left side first." not in told
    assert session(drive).segment == here
    assert session(drive).length_s == here.length_s


def test_explain_before_the_steps_makes_them_whole() -> None:
    """While one gets into position they come next; while they are told briefly they begin anew."""
    drive = led("lower-back-gentle", wording=Wording.SHORT)
    run_until(drive, Kind.SETUP, 1)
    drive.at(drive.now, C.EXPLAIN)
    assert last_said(drive) == sentences.EXPLAINED_SOON
    assert session(drive).segment.kind is Kind.SETUP
    assert steps(session(drive).plan, 1) == PLANS["lower-back-gentle"].explained[1]
    run_until(drive, Kind.STEPS, 2, into_s=0.5)
    drive.at(drive.now, C.EXPLAIN)
    assert session(drive).segment == PLANS["lower-back-gentle"].explained[2]


@pytest.mark.parametrize("at_s", [STARTS["outro"] + 0.5, STARTS["left"] + 1])
def test_where_there_are_no_steps_there_is_nothing_to_explain(at_s: float) -> None:
    """At the end, and in a plan that has none for this exercise."""
    drive = led()
    drive.at(at_s, C.EXPLAIN)
    assert last_said(drive) == sentences.NOTHING_TO_EXPLAIN


def test_a_pause_in_an_explanation_begins_it_anew() -> None:
    """And "go" ends it; the hold then has its whole length."""
    drive = led("lower-back-gentle")
    here = run_until(drive, Kind.WORK, 0, into_s=1.0)
    drive.at(drive.now, C.EXPLAIN)
    first = drive.said()[-1][1]
    drive.at(drive.now + 4, C.PAUSE)
    drive.at(drive.now + 1, C.RESUME)
    drive.at(drive.now + 3.5)
    assert session(drive).segment.kind is Kind.STEPS
    assert [text for _, text in drive.said()].count(first) >= 2
    drive.at(drive.now, C.GO)
    assert session(drive).segment == here
    assert session(drive).length_s == here.length_s


# --- a kind word -------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_praise_is_seldom_varied_and_prepared(name: str) -> None:
    """At most after every third exercise, never the same twice in a row, rendered ahead."""
    drive = led(name)
    kind = {*sentences.ALL_DONE, sentences.BOTH_SIDES_DONE, sentences.HALF_DONE, sentences.ONE_LEFT}
    drive.at(2400.0)
    said = [text for _, text in drive.said() if text in kind]
    count = len(PLANS[name].exercises)
    assert len(said) <= (count - 1) / 3 + 0.1
    if count >= 6:
        assert said
    assert len(said) == len(set(said))
    prepared = {
        text for _, e in drive.ordered(Prepare) if isinstance(e, Prepare) for text in e.texts
    }
    assert set(said) <= prepared


def test_praise_is_true() -> None:
    """What wasn't done to its end earns none, nor what was skipped."""
    kind = {*sentences.ALL_DONE, sentences.BOTH_SIDES_DONE, sentences.HALF_DONE, sentences.ONE_LEFT}
    drive = led("fifteen-minutes")
    while drive.session is not None:
        if session(drive).working:
            drive.at(drive.now + 0.2, C.LESS_TIME)
        drive.at(drive.now + 1.0)
    short = [text for _, text in drive.said() if text in kind]
    whole = led("fifteen-minutes")
    whole.at(2400.0)
    assert len(short) < len([text for _, text in whole.said() if text in kind])


def test_what_is_said_at_the_very_beginning_stays_there() -> None:
    """A rest that is longer from its start begins with the same words."""
    said = Cue(0.0, "And rest.", speech_s=1.0)
    assert lengthened(((0.0, said),), 10.0, 5.0) == (15.0, ((0.0, said),))
