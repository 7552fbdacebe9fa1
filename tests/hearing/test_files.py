"""Files are heard as the microphone would be."""

import os
from array import array
from pathlib import Path
from typing import Any

import pytest

from assistant.coach.effects import Context
from assistant.errors import AssistantError, ExitCode
from assistant.hearing.files import hear
from assistant.hearing.models import shipped
from tests.hearing.setting import ROUTINES, TEMPLATES, WAKE
from tests.hearing.voices import lacking, quiet, render, save, sentence

VOICE = "espeak:en-us"
SPEECH = Path(os.environ.get("ASSISTANT_SPEECH_DIR", TEMPLATES.parents[2] / "shared" / "speech"))


def heard(*paths: Path, context: Context = Context.IDLE) -> list[dict[str, Any]]:
    return list(
        hear(
            paths,
            model=shipped(),
            wake_phrases=WAKE,
            routines=ROUTINES,
            templates=TEMPLATES,
            context=context,
        )
    )


@pytest.fixture(autouse=True)
def _needs_speech() -> None:
    if missing := lacking(VOICE):
        pytest.skip(f"{missing} is not installed: no synthetic speech")


def test_an_utterance_and_a_summary_for_each_file(tmp_path: Path) -> None:
    rate_hz, samples, end_s = sentence(VOICE, "hey coach start lower back", tmp_path)
    path = save(tmp_path / "said.wav", rate_hz, samples)
    row, summary = heard(path)
    assert row["file"] == str(path)
    assert (row["accepted"], row["command"]) == (True, "start")
    assert row["slots"] == {"routine": "lower-back-gentle"}
    assert (row["state"], row["model"]) == ("idle", "en-command")
    assert row["text"] == "hey coach start lower back"
    assert 0.5 < row["start_s"] < 1.0
    assert row["end_s"] == pytest.approx(end_s, abs=0.2)
    assert row["end_s"] < row["decided_s"] < end_s + 0.5
    assert row["confidence"] >= 0.7
    assert summary["summary"] is True
    assert summary["utterances"] == 1
    assert summary["audio_s"] == pytest.approx(len(samples) / rate_hz, abs=0.01)
    assert summary["cpu_s"] > 0


def test_what_is_refused_has_its_reason(tmp_path: Path) -> None:
    rate_hz, samples, _ = sentence(VOICE, "the weather is very nice today", tmp_path)
    path = save(tmp_path / "talk.wav", rate_hz, samples)
    *rows, summary = heard(path, context=Context.SESSION)
    assert rows
    assert not any(row["accepted"] for row in rows)
    assert all(row["reason"] for row in rows)
    assert summary["utterances"] == len(rows)


@pytest.mark.parametrize(("rate_hz", "channels"), [(8000, 1), (16000, 2), (44100, 1), (48000, 2)])
def test_rates_and_stereo(rate_hz: int, channels: int, tmp_path: Path) -> None:
    """The same word at every rate a microphone may have. (8 kHz lacks half of the sound.)"""
    original, samples, _ = sentence(VOICE, "stop", tmp_path)
    step = original / rate_hz
    picked = array("h", (samples[int(i * step)] for i in range(int(len(samples) / step))))
    both = picked if channels == 1 else array("h", (s for s in picked for _ in range(2)))
    path = save(tmp_path / "said.wav", rate_hz, both, channels)
    *rows, summary = heard(path, context=Context.SESSION)
    assert summary["audio_s"] == pytest.approx(len(samples) / original, abs=0.01)
    if rate_hz > 8000:
        assert [row["command"] for row in rows if row["accepted"]] == ["stop"]


def test_speech_without_silence_around_it_is_heard(tmp_path: Path) -> None:
    """The end of the file is the end of the word."""
    path = render(VOICE, "stop", tmp_path / "bare.wav")
    row, _ = heard(path, context=Context.SESSION)
    assert (row["command"], row["accepted"]) == ("stop", True)


def test_silence_and_an_empty_file_hold_nothing(tmp_path: Path) -> None:
    empty = save(tmp_path / "empty.wav", 16000, array("h"))
    silent = save(tmp_path / "silent.wav", 16000, quiet(16000, 5.0))
    assert [row["utterances"] for row in heard(empty, silent)] == [0, 0]


def bad_files(folder: Path) -> dict[str, bytes]:
    good = save(folder / "good.wav", 16000, quiet(16000, 0.5)).read_bytes()
    return {
        "text.wav": b"This is no sound.",
        "nothing.wav": b"",
        "header.wav": good[:30],
        "eight_bit.wav": good[:34] + b"\x08\x00" + good[36:],
        "slow.wav": good[:24] + (4000).to_bytes(4, "little") + good[28:],
        "fast.wav": good[:24] + (192000).to_bytes(4, "little") + good[28:],
        "float.wav": good[:20] + b"\x03\x00" + good[22:],
    }


def test_a_file_that_is_no_usable_sound_is_a_clear_error(tmp_path: Path) -> None:
    for name, content in bad_files(tmp_path).items():
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(AssistantError, match="expected a WAV file") as caught:
            heard(path)
        assert str(path) in str(caught.value)
        assert caught.value.code == ExitCode.FILE_ACCESS


def test_a_missing_file_is_a_clear_error(tmp_path: Path) -> None:
    for path in (tmp_path / "nothing.wav", tmp_path):
        with pytest.raises(AssistantError, match="can't be read"):
            heard(path)


def test_a_truncated_file_is_heard_as_far_as_it_goes(tmp_path: Path) -> None:
    rate_hz, samples, _ = sentence(VOICE, "stop", tmp_path, after_s=0.6)
    path = save(tmp_path / "cut.wav", rate_hz, samples)
    path.write_bytes(path.read_bytes()[:-1001])
    *rows, _ = heard(path, context=Context.SESSION)
    assert [row["command"] for row in rows if row["accepted"]] == ["stop"]


@pytest.mark.parametrize("kind", ["talk", "noise"])
def test_peoples_talk_and_noise_wake_nothing(kind: str, tmp_path: Path) -> None:
    """In IDLE no recording of people talking or of household noise is a command."""
    soundfile = pytest.importorskip("soundfile")
    if not (SPEECH / "labels.tsv").is_file():
        pytest.skip("no recordings of people (set ASSISTANT_SPEECH_DIR)")
    lines = (SPEECH / "labels.tsv").read_text().splitlines()
    rows = [dict(zip(lines[0].split("\t"), line.split("\t"), strict=True)) for line in lines[1:]]
    chosen = [row["path"] for row in rows if row["split"] == "eval" and row["kind"] == kind][::7]
    paths = []
    for i, name in enumerate(chosen):
        samples, rate_hz = soundfile.read(SPEECH / name, dtype="int16")
        paths.append(save(tmp_path / f"{i}.wav", rate_hz, array("h", samples.tobytes())))
    found = heard(*paths)
    assert sum(row.get("summary", False) for row in found) == len(chosen) > 5
    assert [row for row in found if row.get("accepted")] == []
