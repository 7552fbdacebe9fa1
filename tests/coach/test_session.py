"""Leading a session."""

from dataclasses import replace
from itertools import pairwise

import pytest

from assistant.coach.controls import FORGOTTEN_S
from assistant.coach.effects import (
    Chime,
    Context,
    Exit,
    Hush,
    Ignored,
    Lamp,
    Listen,
    Prepare,
    Priority,
    Record,
    Say,
    SetLamp,
    Show,
    Sound,
)
from assistant.coach.events import Asked, Command, Due, Event, Quit, Spoken, Touched, WallClock
from assistant.coach.state import Hurt, Leading, Paused, Reentry, Sitting
from assistant.coach.step import begin, deadline, step
from assistant.content import sentences
from tests.coach.driver import SETTINGS, STARTS, Drive, kind_of

C = Command


def led(*, speaks: bool = True) -> Drive:
    """A session that has just begun, at time 0."""
    drive = Drive(speaks=speaks)
    drive.at(0.0, C.START)
    return drive


def chimes(drive: Drive, sound: Sound) -> list[float]:
    return [when for when, e in drive.ordered(Chime) if isinstance(e, Chime) and e.sound is sound]


def records(drive: Drive) -> list[tuple[str, str, float, str]]:
    rows = [e for _, e in drive.ordered(Record) if isinstance(e, Record)]
    return [(row.kind, row.name, round(row.seconds, 3), row.detail) for row in rows]


def said_at(drive: Drive, text: str) -> list[float]:
    return [when for when, said in drive.said() if said == text]


def test_a_plan_is_led_on_its_own_times() -> None:
    """Every hold begins and ends when the plan says, and the end comes after the last segment."""
    drive = led()
    drive.at(200.0)
    assert chimes(drive, Sound.BEGIN) == [STARTS["work"], STARTS["left"], STARTS["right"]]
    assert chimes(drive, Sound.END) == [STARTS["rest"], STARTS["switch"], STARTS["outro"]]
    assert chimes(drive, Sound.DONE) == [STARTS["end"]]
    assert drive.mode() is Sitting
    assert records(drive) == [
        ("session_start", "sides", 0.0, ""),
        ("exercise", "plank", 20.0, "done"),
        ("exercise", "donkey-kick", 5.0, "done"),
        ("exercise", "donkey-kick", 5.0, "done"),
        ("session_end", "sides", 76.0, "done"),
    ]


def test_counts_come_at_their_seconds() -> None:
    """Three, two, one are said so that the hold ends with them."""
    drive = led()
    drive.at(STARTS["rest"])
    ends = STARTS["rest"]
    assert [said_at(drive, word)[0] for word in ("three", "two", "one")] == [
        ends - 3,
        ends - 2,
        ends - 1,
    ]
    assert chimes(drive, Sound.TICK) == [STARTS["work"] + 14, STARTS["work"] + 15]


def test_without_chimes_the_voice_says_the_same_at_the_same_times() -> None:
    """Nothing waits for a sound that isn't played."""
    drives = [Drive(replace(SETTINGS, chimes=on)) for on in (True, False)]
    for drive in drives:
        drive.at(0.0, Command.START)
        drive.at(STARTS["end"] + SETTINGS.sit_s + 10.0)
    loud, quiet = drives
    assert loud.ordered(Chime)
    assert not quiet.ordered(Chime)
    assert quiet.said() == loud.said()


def test_the_lamp_follows_the_plan() -> None:
    """Getting ready, holding and resting look different."""
    drive = led()
    drive.at(100.0)
    lamps = [(when, e.lamp) for when, e in drive.ordered(SetLamp) if isinstance(e, SetLamp)]
    assert lamps == [
        (0.0, Lamp.IDLE),
        (0.0, Lamp.READY),
        (17.0, Lamp.HOLDING),
        (37.0, Lamp.RESTING),
        (47.0, Lamp.READY),
        (57.0, Lamp.HOLDING),
        (62.0, Lamp.READY),
        (68.0, Lamp.HOLDING),
        (73.0, Lamp.RESTING),
        (76.0, Lamp.IDLE),
    ]


def test_the_next_sentences_are_prepared() -> None:
    """What is said in a segment was rendered before it begins."""
    drive = led()
    drive.at(STARTS["work"])
    prepared: set[str] = set()
    for _, effect in drive.log:
        if isinstance(effect, Prepare):
            prepared |= set(effect.texts)
        if isinstance(effect, Say):
            assert effect.text in prepared


@pytest.mark.parametrize("question", [C.TIME_LEFT, C.WHATS_NEXT, C.LIST, C.HELP, C.SLOWER])
def test_a_hold_ends_on_time_whatever_is_being_said(question: Command) -> None:
    """An answer that is still being spoken does not move the end of a hold."""
    drive = led()
    drive.at(STARTS["rest"] - 0.5, question)
    drive.at(STARTS["rest"] + 1)
    assert chimes(drive, Sound.END) == [STARTS["rest"]]


def test_a_dead_voice_never_stalls_a_hold() -> None:
    """With a voice that never answers the routine still goes to its end."""
    drive = led(speaks=False)
    drive.at(400.0)
    begins, ends = chimes(drive, Sound.BEGIN), chimes(drive, Sound.END)
    assert [end - start for start, end in zip(begins, ends, strict=True)] == [20.0, 5.0, 5.0]
    assert drive.mode() is Sitting


def test_instructions_are_finished_before_the_hold() -> None:
    """A segment that instructs waits for the voice; the hold after it keeps its length."""
    drive = led()
    drive.at(STARTS["steps"] + 0.1, C.HELP)
    drive.at(80.0)
    begins, ends = chimes(drive, Sound.BEGIN), chimes(drive, Sound.END)
    assert begins[0] > STARTS["work"] + 1
    assert ends[0] - begins[0] == pytest.approx(20.0)


def test_paused_time_is_not_held_time() -> None:
    """After a pause of any length the rest of the hold is what was left of it."""
    drive = led()
    drive.at(STARTS["work"] + 5, C.PAUSE)
    drive.at(STARTS["work"] + 300, C.RESUME)
    drive.at(STARTS["work"] + 400)
    assert chimes(drive, Sound.END)[0] == STARTS["work"] + 300 + 3 + 15
    assert records(drive)[1] == ("exercise", "plank", 20.0, "done")


def test_a_pause_is_silent_at_once() -> None:
    """Pausing cuts what is being said."""
    drive = led()
    effects = drive.at(0.5, C.PAUSE)
    assert effects.index(Hush()) < [isinstance(e, Say) for e in effects].index(True)


def test_going_on_is_counted_in() -> None:
    """Three seconds pass between "go on" and the hold, and they are counted."""
    drive = led()
    drive.at(STARTS["work"] + 5, C.PAUSE)
    drive.at(100.0, C.GO)
    drive.at(104.0)
    assert [when for when, text in drive.said() if text in sentences.REENTRY] == [100, 101, 102]
    assert chimes(drive, Sound.BEGIN) == [STARTS["work"], 103.0]


def test_an_instruction_that_was_cut_is_said_again() -> None:
    """Outside a hold, going on begins the segment anew."""
    drive = led()
    drive.at(STARTS["setup"] + 0.3, C.PRESS)
    drive.at(50.0, C.PRESS)
    drive.at(53.5)
    assert said_at(drive, "Lie on your front.") == [STARTS["setup"], 53.0]


def test_the_button_pauses_and_goes_on() -> None:
    """A press pauses, the next goes on, one during the count-in pauses again."""
    drive = led()
    for when, mode in ((20.0, Paused), (25.0, Reentry), (26.0, Paused)):
        drive.at(when, C.PRESS)
        assert drive.mode() is mode
    drive.at(30.0, C.PRESS)
    drive.at(33.0)
    assert drive.mode() is Leading


def test_touching_the_button_is_silence() -> None:
    """The voice stops when the button goes down, before it is known what the press means."""
    drive = led()
    assert drive.at(0.5, Touched())[0] == Hush()
    assert drive.mode() is Leading
    quiet = Drive()
    assert Hush() not in quiet.at(1.0, Touched())


def test_a_forgotten_pause_ends() -> None:
    """After ten minutes of pause the session ends by itself, kindly."""
    drive = led()
    drive.at(20.0, C.PAUSE)
    drive.at(20.0 + FORGOTTEN_S + 1)
    assert drive.mode() is Sitting
    assert sentences.FORGOTTEN in [text for _, text in drive.said()]
    assert records(drive)[-1][3] == "forgotten"


def test_next_and_back_move_by_exercises() -> None:
    """Next goes to the next exercise, back to the one before, and both say so; before the first one
    there is none."""
    drive = led()
    drive.at(20.0, C.NEXT)
    assert drive.session is not None
    assert drive.session.segment.title == "Kick"
    drive.at(21.0, C.BACK)
    assert drive.session.segment.title == "Plank"
    drive.at(22.0, C.BACK)
    assert drive.session.segment.title == "Plank"
    said = [text for _, text in drive.said()]
    assert sentences.SKIPPED in said
    assert said.count(sentences.BACK) == said.count(sentences.AGAIN) == 1
    assert ("exercise", "plank", 3.0, "left") in records(drive)


def test_next_after_the_last_exercise_is_the_end() -> None:
    """Skipping the last exercise leads to the closing words; skipping those, to the end."""
    drive = led()
    drive.at(60.0, C.NEXT)
    assert drive.session is not None
    assert drive.session.segment.title == "Done"
    drive.at(61.0, C.BACK)
    assert drive.session.segment.title == "Kick"
    drive.at(62.0, C.NEXT)
    drive.at(62.5, C.NEXT)
    assert drive.mode() is Sitting
    assert ("session_end", "sides", 62.5, "done") in records(drive)


def test_back_in_the_introduction_begins_again() -> None:
    """Before the first exercise, back means the beginning."""
    drive = led()
    drive.at(1.0, C.BACK)
    drive.at(6.0)
    assert len(said_at(drive, "Sides. One minute.")) == 2


def test_go_ends_the_waiting() -> None:
    """Go means: I am in position. It never shortens a hold."""
    drive = led()
    drive.at(STARTS["setup"] + 2, C.GO)
    assert drive.session is not None
    assert drive.session.segment.title == "Plank"
    drive.at(STARTS["setup"] + 2 + 3.5)
    assert chimes(drive, Sound.BEGIN) == [STARTS["setup"] + 5]
    effects = drive.at(STARTS["setup"] + 8, C.GO)
    assert any(isinstance(e, Ignored) for e in effects)
    drive.at(60.0)
    assert chimes(drive, Sound.END)[0] == STARTS["setup"] + 25


def test_again_goes_back_to_the_last_instruction() -> None:
    """Repeat leads to the steps of this exercise, on the second side to the switch."""
    drive = led()
    drive.at(STARTS["work"] + 5, C.REPEAT)
    drive.at(STARTS["work"] + 10)
    assert len(said_at(drive, "Lift your hips.")) == 2
    other = led()
    other.at(STARTS["right"] + 1, C.REPEAT)
    other.at(STARTS["right"] + 5)
    assert len(said_at(other, "Switch sides.")) == 2


def test_ten_more_seconds_move_the_end_and_its_count() -> None:
    """A hold that is lengthened ends later by just that, with its count and its halfway word."""
    drive = led()
    drive.at(STARTS["work"] + 2, C.MORE_TIME)
    drive.at(80.0)
    assert chimes(drive, Sound.END)[0] == STARTS["rest"] + 10
    assert said_at(drive, "one") == [STARTS["rest"] + 9]
    assert said_at(drive, "Halfway.") == [STARTS["work"] + 15]
    longer = led()
    longer.at(STARTS["work"] + 2, Asked(C.MORE_TIME, seconds=30.0))
    longer.at(100.0)
    assert chimes(longer, Sound.END)[0] == STARTS["rest"] + 30


def test_a_slow_voice_gets_more_time_except_in_holds() -> None:
    """At a slower pace instructions take longer and holds do not."""
    drive = led()
    drive.at(STARTS["steps"] - 5, C.SLOWER)
    drive.at(200.0)
    begins, ends = chimes(drive, Sound.BEGIN), chimes(drive, Sound.END)
    assert ends[0] - begins[0] == pytest.approx(20.0)
    assert begins[1] - ends[0] == pytest.approx(20.0 / 0.9)


def test_that_hurts_stops_at_once() -> None:
    """At the word of pain: silence, one question, nothing else goes on."""
    drive = led()
    effects = drive.at(STARTS["steps"] + 0.2, C.HURTS)
    assert isinstance(effects[0], Hush)
    words = [e for e in effects if isinstance(e, Say)]
    assert [(w.text, w.priority) for w in words] == [(sentences.HURT, Priority.SAFETY)]
    drive.at(STARTS["steps"] + 30)
    assert chimes(drive, Sound.BEGIN) == []
    assert drive.context() is Context.QUESTION


def test_sharp_pain_ends_the_session() -> None:
    """Yes to the question ends the session and says whom to see."""
    drive = led()
    drive.at(20.0, C.HURTS)
    drive.at(30.0, C.YES)
    assert drive.mode() is Sitting
    assert drive.said()[-1][1] == sentences.HURT_YES
    assert records(drive)[1:] == [
        ("exercise", "plank", 3.0, "hurt"),
        ("session_end", "sides", 30.0, "hurt"),
        ("screening", "all", 0.0, ""),
    ]


def test_pain_that_is_not_sharp_leaves_the_exercise_out() -> None:
    """No to the question goes on with the next exercise, never with the same."""
    drive = led()
    drive.at(20.0, C.HURTS)
    drive.at(30.0, C.NO)
    assert drive.session is not None
    assert drive.session.segment.title == "Kick"
    assert drive.mode() is Leading


def test_pain_at_the_end_ends() -> None:
    """In the closing words there is no next exercise to go on with."""
    drive = led()
    drive.at(STARTS["outro"] + 0.5, C.HURTS)
    drive.at(STARTS["outro"] + 12, C.NO)
    drive.at(STARTS["outro"] + 40)
    assert drive.mode() is Sitting


@pytest.mark.parametrize("answer", [C.STOP, C.PRESS])
def test_pain_can_end_the_session_without_an_answer(answer: Command) -> None:
    """Stop or the button instead of an answer ends the session."""
    drive = led()
    drive.at(20.0, C.HURTS)
    drive.at(30.0, answer)
    assert drive.mode() is Sitting
    assert drive.said()[-1][1] == sentences.HURT_ENDED


def test_a_question_about_pain_does_not_stay_open() -> None:
    """Asked once more; without an answer then the session ends."""
    drive = led()
    drive.at(20.0, C.HURTS)
    drive.at(90.0)
    assert drive.mode() is Hurt
    drive.at(150.0)
    assert drive.mode() is Sitting
    asked = [text for _, text in drive.said() if text.endswith(sentences.SHARP)]
    assert asked == [sentences.HURT, sentences.SHARP]
    assert drive.said()[-1][1] == sentences.HURT_ENDED
    assert drive.state.person.health.pain == 6


@pytest.mark.parametrize("cut", [Asked(C.PAUSE), Touched(), Asked(C.WAKE)])
def test_a_question_about_pain_that_is_hushed_is_asked_again(cut: Event) -> None:
    """Nobody has heard it, so nobody has left it unanswered."""
    drive = led()
    drive.at(20.0, C.HURTS)
    drive.at(21.0, cut)
    assert not drive.state.voice.utterances
    drive.at(60.0)
    assert drive.said()[-1][1] == sentences.SHARP
    drive.at(80.0)
    assert drive.mode() is Hurt


@pytest.mark.parametrize("word", [C.RESUME, C.GO])
def test_an_ouch_that_was_none_is_taken_back(word: Command) -> None:
    """On after three seconds, from where it was, and no level is lower for it."""
    drive = led()
    drive.at(20.0, C.HURTS)
    drive.at(30.0, word)
    assert sentences.NOTHING_HURTS in [text for _, text in drive.said()]
    drive.at(33.5)
    assert drive.mode() is Leading
    assert drive.session is not None
    assert drive.session.segment.title == "Plank"
    assert [row for row in records(drive) if row[0] == "level"] == []
    assert drive.state.person.pain_told is None


def test_pain_can_be_asked_about_again() -> None:
    """Repeat says the question again and keeps waiting."""
    drive = led()
    drive.at(20.0, C.HURTS)
    drive.at(30.0, C.REPEAT)
    assert said_at(drive, sentences.SHARP) == [30.0]
    assert drive.mode() is Hurt


def test_stop_ends_and_thanks() -> None:
    """Stop ends the session from a hold and from a pause."""
    for pause in (False, True):
        drive = led()
        if pause:
            drive.at(20.0, C.PAUSE)
        drive.at(25.0, C.STOP)
        assert drive.mode() is Sitting
        assert drive.said()[-1][1] == sentences.STOPPED
        assert records(drive)[1][2] == (3.0 if pause else 8.0)


def test_start_in_the_middle_is_answered() -> None:
    """Starting what is going on, or something else, changes nothing and is answered."""
    drive = led()
    drive.at(20.0, C.START)
    assert drive.said()[-1][1] == sentences.ALREADY_GOING
    drive.at(25.0, Asked(C.START, routine="other"))
    assert drive.said()[-1][1] == sentences.STOP_FIRST.format(name="sides")
    drive.at(30.0, C.PAUSE)
    for when, routine, mode in ((35.0, "other", Paused), (45.0, "sides", Reentry)):
        drive.at(when, Asked(C.START, routine=routine))
        assert drive.mode() is mode


def test_an_unknown_routine_is_named() -> None:
    """A routine that is not there is answered with those that are."""
    drive = Drive()
    drive.at(1.0, Asked(C.START, routine="nothing"))
    assert drive.mode() is Sitting
    assert drive.said()[-1][1] == sentences.NO_SUCH_ROUTINE.format(names="sides")


def test_once_ends_the_program_after_the_last_word() -> None:
    """With `once` the program ends with code 0 when the session is over and said."""
    drive = Drive(replace(SETTINGS, once=True))
    drive.at(0.0, C.START)
    drive.at(20.0, C.STOP)
    assert not drive.ordered(Exit)
    drive.at(30.0)
    assert [e for _, e in drive.ordered(Exit)] == [Exit(0)]
    assert drive.at(31.0, C.START) == []


def test_quitting_puts_things_away() -> None:
    """Quit ends the session, silences the voice, puts out the lamp and says nothing."""
    drive = led()
    drive.at(20.0, C.NEXT)
    tail = drive.at(20.5, Quit(130))
    assert not any(isinstance(e, Say) for e in tail)
    assert {type(e) for e in tail} >= {Hush, Exit, SetLamp}
    assert Exit(130) in tail
    assert SetLamp(Lamp.OFF) in tail
    assert records(drive)[-1] == ("session_end", "sides", 20.5, "quit")


def test_a_machine_that_slept_does_not_rush() -> None:
    """What should have been said long ago is not said; the next segment gets its whole time."""
    drive = led()
    drive.at(5.0)
    drive.state, effects = step(drive.state, WallClock(0.0), 500.0)
    drive.log += [(500.0, e) for e in effects]
    drive.now = 500.0
    drive.at(600.0)
    assert chimes(drive, Sound.BEGIN)[0] >= 503.0
    begins, ends = chimes(drive, Sound.BEGIN), chimes(drive, Sound.END)
    assert ends[0] - begins[0] == pytest.approx(20.0)


def test_words_that_come_too_late_are_not_said() -> None:
    """A count that was missed stays unsaid; the next one is on time."""
    drive = led()
    drive.at(STARTS["work"] + 16)
    drive.state, _ = step(drive.state, Due(), STARTS["work"] + 18.5)
    drive.now = STARTS["work"] + 18.5
    drive.at(STARTS["rest"])
    assert [text for _, text in drive.said() if text in ("three", "two", "one")] == ["one"]
    assert chimes(drive, Sound.END)[0] == STARTS["rest"]


def test_no_drift_in_half_an_hour() -> None:
    """A pump that is always a few milliseconds late does not make the plan longer."""
    long = replace(
        SETTINGS.plans["sides"],
        segments=tuple(
            segment for _ in range(24) for segment in SETTINGS.plans["sides"].segments[:-1]
        )
        + SETTINGS.plans["sides"].segments[-1:],
    )
    state, _ = begin(replace(SETTINGS, plans={"sides": long}), 0.0, greet=False)
    state, effects = step(state, Asked(C.START), 0.0)
    now, ends = 0.0, []
    while kind_of(state) is Leading:
        for effect in effects:
            if isinstance(effect, Say):
                state, _ = step(state, Spoken(effect.utterance), now)
        due = deadline(state)
        assert due is not None
        now = max(now, due) + 0.004
        state, effects = step(state, Due(), now)
        ends += [now for e in effects if e == Chime(Sound.END)]
    assert len(ends) == 72
    assert abs(now - long.total_s) < 0.01


def test_the_screen_shows_where_we_are() -> None:
    """The view names the exercise, counts down, and stands still in a pause."""
    drive = led()
    drive.at(20.0)
    view = drive.state.shown.view
    assert view is not None
    assert (view.title, view.progress) == ("Plank", "Sides, exercise 1 of 2")
    assert (view.ends_at, view.total_s) == (STARTS["rest"], 20.0)
    drive.at(22.0, Asked(C.PAUSE, text="wait a moment"))
    view = drive.state.shown.view
    assert view is not None
    assert (view.ends_at, view.left_s) == (None, 15.0)
    assert view.heard == "wait a moment"
    shows = len(drive.ordered(Show))
    drive.at(28.0)
    drive.at(40.0)
    assert len(drive.ordered(Show)) == shows


def test_listening_comes_back_after_speech() -> None:
    """While it speaks it is deaf, and after every sentence it listens again."""
    drive = led()
    drive.at(200.0)
    contexts = [e.context for _, e in drive.ordered(Listen) if isinstance(e, Listen)]
    assert contexts.count(Context.SPEAKING) > 5
    spoken = [(a, b) for a, b in pairwise(contexts) if a is Context.SPEAKING]
    assert all(after in (Context.SESSION, Context.IDLE) for _, after in spoken)
    assert contexts[-1] is Context.IDLE
