"""What is wrong with a microphone shows in its levels."""

import pytest

from assistant.coach.effects import Context
from assistant.coach.events import Command
from assistant.hearing.accept import Verdict
from assistant.hearing.ear import Utterance
from assistant.hearing.level_gate import BLOCK_S
from assistant.hearing.microphone_level import (
    MUTED_S,
    TOLD,
    WAIT_S,
    Fault,
    Watch,
    judge,
)
from assistant.sound.pcm import SILENCE_DB, Level

SILENT = Level(SILENCE_DB, SILENCE_DB, 0.0)
HISS = Level(-66.0, -54.0, 0.0)
SPEECH = Level(-25.0, -12.0, 0.0)
FAINT = Level(-50.0, -38.0, 0.0)
CUT = Level(-6.0, 0.0, 0.05)
MACHINES = Level(-30.0, -18.0, 0.0)


@pytest.mark.parametrize(
    ("quiet", "spoken", "found"),
    [
        (HISS, SPEECH, None),
        (SILENT, SILENT, Fault.MUTED),
        (HISS, FAINT, Fault.QUIET),
        (HISS, CUT, Fault.CLIPPING),
        (MACHINES, SPEECH, Fault.NOISY),
        (Level(-36.0, -20.0, 0.0), Level(-30.0, -18.0, 0.0), Fault.NOISY),
        (HISS, HISS, Fault.ELSEWHERE),
        (SILENT, SPEECH, None),
    ],
)
def test_what_a_guided_check_finds(quiet: Level, spoken: Level, found: Fault | None) -> None:
    assert judge([quiet] * 40, [quiet] * 10 + [spoken] * 20 + [quiet] * 10) is found


def minutes(watch: Watch, heard: Level, count: float) -> list[str | None]:
    """What was told in so many minutes of this."""
    blocks = round(count * 60 / BLOCK_S)
    return [watch.told for _ in range(blocks) if watch.block(heard)]


def test_a_muted_microphone_is_told_once_and_again_when_it_sounds() -> None:
    watch = Watch()
    assert minutes(watch, SILENT, MUTED_S / 60 - 0.1) == []
    assert minutes(watch, SILENT, 60) == [TOLD[Fault.MUTED]]
    assert minutes(watch, HISS, 1) == [None]
    assert minutes(watch, SILENT, 60) == [], "a microphone may cut the silence between words"


def test_an_overdriven_microphone_is_told_after_a_while_and_again_when_it_is_right() -> None:
    watch = Watch()
    assert minutes(watch, CUT, 2 / 60) == [], "a slammed door"
    assert minutes(watch, HISS, 2) == []
    assert minutes(watch, CUT, 1) == [TOLD[Fault.CLIPPING]]
    assert minutes(watch, HISS, WAIT_S / 60 * 2) == [None]


def test_noise_and_quiet_rooms_are_no_fault_of_the_microphone() -> None:
    watch = Watch()
    assert minutes(watch, MACHINES, 10) + minutes(watch, HISS, 10) == []


def say(watch: Watch, heard: Level, accepted: bool = True) -> bool:
    for _ in range(30):
        watch.block(heard)
    verdict = Verdict(Command.STOP, accepted, "a test")
    return watch.said(Utterance("stop", 0.9, 0.0, 0.9, 1.25, Context.SESSION, verdict))


def test_commands_that_are_all_faint_tell_that_it_is_too_quiet() -> None:
    watch = Watch()
    assert not any(say(watch, FAINT, accepted=False) for _ in range(9)), "talk from far away"
    assert [say(watch, FAINT) for _ in range(4)] == [False, False, True, False]
    assert watch.told == TOLD[Fault.QUIET]
    assert say(watch, SPEECH)
    assert watch.told is None
