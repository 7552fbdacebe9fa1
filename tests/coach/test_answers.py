"""Questions, the voice, help, the wake phrase, and parts that fail."""

import pytest

from assistant.coach.answers import HELP
from assistant.coach.attention import AWAKE_S
from assistant.coach.effects import (
    Chime,
    Context,
    Duck,
    Hush,
    Ignored,
    Lamp,
    Record,
    Say,
    SetVoice,
    Sound,
)
from assistant.coach.events import (
    Asked,
    Command,
    Found,
    Lost,
    Part,
    Perhaps,
    Source,
    Spoken,
    Unclear,
)
from assistant.coach.how_it_speaks import PACES
from assistant.coach.state import (
    Asking,
    Away,
    Due,
    Hurt,
    Leading,
    Overdue,
    Paused,
    Reentry,
    Sitting,
    Standing,
)
from assistant.coach.step import begin
from assistant.coach.turn import TAIL_S
from assistant.content import sentences
from tests.coach.driver import SETTINGS, STARTS, Drive, as_said, kind_of

C = Command


def last(drive: Drive) -> str:
    return drive.said()[-1][1]


def test_it_says_how_to_start() -> None:
    """The greeting names the wake phrase."""
    state, _ = begin(SETTINGS, 0.0)
    assert state.voice.last_said == sentences.READY.format(wake="hey coach")


def test_the_wake_phrase_opens_eight_seconds() -> None:
    """A chime, the lamp, and any command is taken; then it needs the wake phrase again."""
    drive = Drive()
    effects = drive.at(5.0, C.WAKE)
    assert effects[0] == Chime(Sound.WAKE)
    assert drive.lamp() is Lamp.LISTENING
    assert drive.context() is Context.AWAKE
    drive.at(5.0 + AWAKE_S)
    assert drive.lamp() is Lamp.IDLE
    assert drive.context() is Context.IDLE


def test_a_command_uses_up_the_wake_phrase() -> None:
    """After a command the next one needs the wake phrase again."""
    drive = Drive()
    drive.at(5.0, C.WAKE)
    drive.at(6.0, C.LIST)
    drive.at(15.0)
    assert drive.context() is Context.IDLE


def test_in_a_session_the_wake_phrase_only_chimes() -> None:
    """It is polite but not needed."""
    drive = Drive()
    drive.at(0.0, C.START)
    effects = drive.at(20.0, C.WAKE)
    assert drive.awake_until is None
    assert effects == [Chime(Sound.WAKE), Record("command", C.WAKE, detail=Source.VOICE)]


def test_what_was_not_understood_is_said_twice_at_most() -> None:
    """Two kind words, then silence; the eight seconds begin when they are said."""
    drive = Drive()
    drive.at(5.0, C.WAKE)
    for when in (7.0, 20.0):
        drive.at(when, Unclear())
        assert drive.awake_until is not None
    drive.at(27.0)
    spoken_until = drive.state.voice.quiet_at - TAIL_S
    assert drive.awake_until == pytest.approx(spoken_until + AWAKE_S)
    drive.at(28.0, Unclear())
    assert [text for _, text in drive.said()] == [sentences.UNCLEAR] * 2
    assert drive.context() is Context.IDLE
    assert isinstance(drive.at(40.0, Unclear())[0], Ignored)


def test_a_typed_line_that_means_nothing_is_answered() -> None:
    """Whoever types has asked; no wake phrase is needed for an answer."""
    drive = Drive()
    drive.at(5.0, Unclear(Source.TYPED))
    assert last(drive) == sentences.UNCLEAR


@pytest.mark.parametrize(
    ("when", "answer"),
    [
        (1.0, "One minute 15 in all."),
        (STARTS["work"] + 5, "Twenty-five seconds of plank. Fifty-four seconds in all."),
        (STARTS["left"] + 1, "Fifteen seconds of kick. Eighteen seconds in all."),
        (STARTS["outro"] + 1, "Two seconds in all."),
    ],
)
def test_how_long_is_left(when: float, answer: str) -> None:
    """The answer counts this exercise and the whole."""
    drive = Drive()
    drive.at(0.0, C.START)
    drive.at(when, C.TIME_LEFT)
    if when == 1.0:
        answer = sentences.time_left(0.0, "", 75.0)
    assert last(drive) == answer


def test_how_long_is_left_stands_still_in_a_pause() -> None:
    """Asked in a pause, the answer is that of its beginning."""
    drive = Drive()
    drive.at(0.0, C.START)
    drive.at(STARTS["work"] + 5, C.PAUSE)
    drive.at(200.0, C.TIME_LEFT)
    assert last(drive).startswith("Twenty-five seconds of plank")


@pytest.mark.parametrize(
    ("when", "answer"),
    [
        (1.0, "Next comes plank."),
        (20.0, "Next comes kick."),
        (60.0, "This is the last one."),
        (74.5, "This is the last one."),
    ],
)
def test_what_comes_next(when: float, answer: str) -> None:
    """The next exercise is named, and the last one is known as the last."""
    drive = Drive()
    drive.at(0.0, C.START)
    drive.at(when, C.WHATS_NEXT)
    assert last(drive) == answer


@pytest.mark.parametrize(
    ("command", "end", "limit"),
    [
        (C.SLOWER, PACES[0], sentences.SLOWEST),
        (C.FASTER, PACES[-1], sentences.FASTEST),
        (C.LOUDER, 1.0, sentences.LOUDEST),
        (C.QUIETER, 0.1, sentences.QUIETEST),
    ],
)
def test_the_voice_has_limits_and_says_so(command: Command, end: float, limit: str) -> None:
    """Slower, faster, louder and quieter go by steps to a limit, which is said."""
    drive = Drive()
    for i in range(12):
        drive.at(10.0 * i + 1, command)
    orders = [e for _, e in drive.ordered(SetVoice) if isinstance(e, SetVoice)]
    values = [o.pace if command in (C.SLOWER, C.FASTER) else o.volume for o in orders]
    assert values == sorted(set(values), reverse=command in (C.SLOWER, C.QUIETER))
    assert values[-1] == end
    assert last(drive) == limit


@pytest.mark.parametrize("mode", [*HELP, Asking])
def test_help_fits_what_is_going_on(mode: type) -> None:
    """Help is answered in every mode and changes nothing."""
    ways = {
        Sitting: (),
        Leading: (C.START,),
        Paused: (C.START, C.PAUSE),
        Reentry: (C.START, C.PAUSE, C.GO),
        Hurt: (C.START, C.HURTS),
        Standing: (C.UP,),
        Away: (C.LEAVING,),
        Asking: (C.SCREENING,),
    }
    since = {Due: SETTINGS.sit_s, Overdue: SETTINGS.sit_s + 240.0}
    drive = Drive()
    drive.at(since.get(mode, 1.0), *ways.get(mode, ()))
    assert drive.mode() is mode
    drive.at(drive.now, C.HELP)
    assert drive.mode() is mode
    assert last(drive).startswith(
        ("You can say", "After hey coach", "Say", "When you are", "I mean")
    )


def test_the_last_sentence_is_said_again() -> None:
    """Repeat, when nothing is led, says the last sentence; before the first, the help."""
    drive = Drive()
    drive.at(1.0, C.REPEAT)
    assert last(drive) == as_said(sentences.HELP_IDLE)
    drive.at(20.0, C.LIST)
    drive.at(30.0, C.REPEAT)
    assert last(drive) == sentences.known(["sides"])


def test_pain_outside_a_session_is_answered_kindly() -> None:
    """It says to rest and whom to see, and nothing begins or ends by it."""
    drive = Drive()
    drive.at(1.0, C.HURTS)
    assert last(drive) == sentences.HURT_IDLE
    assert drive.mode() is Sitting


def test_what_cannot_be_done_now_is_answered_if_it_was_said() -> None:
    """A spoken command that means nothing now gets an answer; a key just does nothing."""
    drive = Drive()
    drive.at(1.0, Asked(C.RESUME, text="go on"))
    assert last(drive) == sentences.NOT_NOW
    effects = drive.at(20.0, Asked(C.NEXT, Source.BUTTON))
    assert isinstance(effects[0], Ignored)
    assert len(drive.said()) == 1


def test_a_lost_part_is_said_once_and_shown_until_it_is_back() -> None:
    """The reason is said; the lamp and the screen keep it; when it works again that is said."""
    drive = Drive()
    for when in (1.0, 20.0):
        drive.at(when, Lost(Part.MICROPHONE, "no microphone is plugged in"))
    assert [text for _, text in drive.said()] == [
        sentences.LOST["microphone"].format(reason="no microphone is plugged in")
    ]
    assert drive.lamp() is Lamp.FAULT
    assert drive.state.shown.view is not None
    assert len(drive.state.shown.view.faults) == 1
    drive.at(40.0, Found(Part.MICROPHONE))
    assert last(drive) == "I can hear again."
    assert drive.lamp() is Lamp.IDLE
    drive.at(60.0, Found(Part.MICROPHONE))
    assert len(drive.said()) == 2


def test_a_lost_voice_is_shown_and_not_said() -> None:
    """What can't be heard needs no words; the screen and the lamp tell it."""
    drive = Drive()
    drive.at(1.0, Lost(Part.LOUDSPEAKER, "it is unplugged"))
    assert not drive.said()
    assert drive.lamp() is Lamp.FAULT


def test_the_journal_may_fail_quietly_for_the_lamp() -> None:
    """Without the journal everything goes on, so the lamp stays calm."""
    drive = Drive()
    drive.at(1.0, Lost(Part.JOURNAL, "the disk is full"))
    assert drive.lamp() is Lamp.IDLE


def test_a_sentence_that_comes_back_twice_is_noted() -> None:
    """An answer that nobody waits for changes nothing."""
    drive = Drive()
    before = drive.state
    assert drive.at(1.0, Spoken(77)) == [Ignored("sentence 77 came back twice")]
    assert drive.mode() is kind_of(before)


def test_a_voice_that_never_answers_is_given_up() -> None:
    """Listening comes back even if the voice never says that it has finished."""
    drive = Drive(speaks=False)
    drive.at(1.0, C.HELP)
    assert drive.context() is Context.SPEAKING
    drive.at(60.0)
    assert drive.context() is Context.IDLE
    assert any(isinstance(e, Ignored) for _, e in drive.log)


def test_many_routines_are_not_all_read_out() -> None:
    """Of many names the first few are said, and how many there are."""
    names = [f"routine {i}" for i in range(17)]
    said = sentences.known(names)
    assert said.endswith("routine 5 and eleven more.")
    assert sentences.known(names[:3]) == "I know routine 0, routine 1 and routine 2."


def test_every_command_is_written_down_with_how_it_came() -> None:
    """The journal can tell what was asked by voice and what by the button."""
    drive = Drive()
    drive.at(1.0, C.HELP)
    drive.at(20.0, Asked(C.NEXT, Source.BUTTON))
    rows = [e for _, e in drive.log if isinstance(e, Record)]
    assert [(row.kind, row.name, row.detail) for row in rows] == [
        ("command", "help", "voice"),
        ("command", "next", "button"),
    ]


def test_it_makes_way_while_somebody_may_be_speaking() -> None:
    """Only its own voice can be in the way."""
    drive = Drive()
    assert Duck() not in drive.at(1.0, Perhaps())
    drive.at(2.0, C.HELP)
    assert drive.at(2.5, Perhaps()) == [Duck()]


def test_the_wake_phrase_ends_what_it_is_saying() -> None:
    """Whoever says it wants to say something."""
    drive = Drive()
    drive.at(1.0, C.HELP)
    assert drive.at(1.5, C.WAKE)[:2] == [Hush(), Chime(Sound.WAKE)]


@pytest.mark.parametrize("command", [C.STOP, C.PAUSE])
def test_stop_where_nothing_runs_is_about_its_voice(command: C) -> None:
    """It is silent at once and says nothing about it; in silence it says that nothing runs."""
    drive = Drive()
    drive.at(1.0, C.HELP)
    effects = drive.at(1.5, Asked(command, text="stop"))
    assert Hush() in effects
    assert not any(isinstance(effect, Say) for effect in effects)
    assert any(isinstance(effect, Say) for effect in drive.at(9.0, Asked(command, text="stop")))
