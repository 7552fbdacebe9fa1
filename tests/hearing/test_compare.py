"""The bench itself: what a recording is taken to mean, and what it counts."""

from pathlib import Path

import numpy as np
import pytest

from assistant.coach.effects import Context
from assistant.hearing.models import shipped
from tests.hearing.compare import Clip, meaning, recall, to_rate, wake_phrases
from tests.hearing.engines import RATE_HZ
from tests.hearing.measure import Sound
from tests.hearing.setting import UNDERSTANDING
from tests.hearing.voices import lacking, speech

VOICE = "espeak:en-us+f5"


def said(text: str, folder: Path) -> Sound:
    if missing := lacking(VOICE):
        pytest.skip(missing)
    rate_hz, samples = speech(VOICE, text, folder)
    return to_rate(np.frombuffer(samples.tobytes(), np.int16).astype(np.float32) / 32768, rate_hz)


@pytest.mark.parametrize(
    ("text", "context"),
    [
        ("stop", Context.SESSION),
        ("yes", Context.QUESTION),
        ("start", Context.AWAKE),
        ("resume", Context.PAUSED),
        ("hey coach start", Context.IDLE),
        ("snooze ten minutes", Context.DUE),
    ],
)
def test_a_phrase_is_said_where_it_is_a_command(text: str, context: Context) -> None:
    assert meaning(text) == (context, UNDERSTANDING.commands(context)[text])


def test_what_is_a_command_nowhere_means_nothing() -> None:
    assert meaning("zebra") == (None, None)


def test_a_wake_phrase_counts_where_it_is_the_one_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same sound as a recording of "jarvis" and, wrongly labelled, of "alexa"."""
    sound = said("jarvis", tmp_path)
    clips = [Clip("wakeword", text, "made", sound) for text in ("jarvis", "jarvis", "alexa")]
    wake_phrases(shipped(), clips, [], ["clean"])
    rows = [line for line in capsys.readouterr().out.splitlines() if line.startswith("|")]
    assert rows[-2:] == ["| alexa | 1 | 0 |", "| jarvis | 2 | 2 |"]


def test_each_source_of_recordings_has_its_sum(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    context, command = meaning("stop")
    stop, silent = said("stop", tmp_path), np.zeros(RATE_HZ, np.float32)
    silent[0] = 0.01
    clips = [
        Clip("word", "stop", source, sound, context, command)
        for source, sound in (("ann", stop), ("ann", silent), ("bob", stop))
    ]
    recall(["ours"], shipped(), clips, [], ["clean"], 1)
    rows = [line for line in capsys.readouterr().out.splitlines() if line.startswith("| all")]
    assert rows == ["| all | ann | 2 | 1 (0) |", "| all | bob | 1 | 1 (0) |"]
