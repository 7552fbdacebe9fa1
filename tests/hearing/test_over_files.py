"""Files are heard as the microphone would be."""

import math
import os
import struct
import tracemalloc
import wave
from array import array
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from assistant.coach.effects import Context
from assistant.errors import AssistantError, ExitCode
from assistant.hearing import over_files
from assistant.hearing.models import shipped
from assistant.hearing.over_files import hear
from assistant.sound.files import sound_file
from tests.hearing import hostile
from tests.hearing.hostile import outcome
from tests.hearing.setting import ROUTINES, TEMPLATES, UNDERSTANDING, WAKE
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


def save_floats(path: Path, rate_hz: int, numbers: "array[float]") -> Path:
    """A WAV file of 32 bit floating-point numbers; `wave` writes none."""
    content = numbers.tobytes()
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 3, 1, rate_hz, 4 * rate_hz, 4, 32)
    body = b"WAVE" + form + struct.pack("<4sI", b"data", len(content)) + content
    path.write_bytes(struct.pack("<4sI", b"RIFF", len(body)) + body)
    return path


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
        "text.ogg": b"Neither is this.",
        "text.vox": b"A headerless kind of sound might hold anything.",
        "nothing.wav": b"",
        "short.wav": b"no",
        "header.wav": good[:30],
        "magic.flac": b"fLaC",
        "slow.wav": good[:24] + (4000).to_bytes(4, "little") + good[28:],
        "fast.wav": good[:24] + (384000).to_bytes(4, "little") + good[28:],
    }


def test_a_file_that_is_no_usable_sound_is_a_clear_error(tmp_path: Path) -> None:
    for name, content in bad_files(tmp_path).items():
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(AssistantError, match="expected a WAV, FLAC or OGG file") as caught:
            heard(path)
        assert str(path) in str(caught.value)
        assert caught.value.code == ExitCode.FILE_ACCESS


KINDS = (
    ("wav", "PCM_24"),
    ("wav", "PCM_U8"),
    ("wav", "FLOAT"),
    ("flac", "PCM_16"),
    ("ogg", "VORBIS"),
    ("ogg", "OPUS"),
)


@pytest.mark.parametrize(("ending", "coding"), KINDS)
def test_every_kind_of_file_is_heard_alike(ending: str, coding: str, tmp_path: Path) -> None:
    soundfile = pytest.importorskip("soundfile")
    rate_hz, samples, _ = sentence(VOICE, "stop", tmp_path)
    numbers, _ = soundfile.read(save(tmp_path / "plain.wav", rate_hz, samples))
    at_hz = 48000 if coding == "OPUS" else rate_hz
    if coding == "OPUS":
        numbers = [
            numbers[int(i * rate_hz / at_hz)] for i in range(len(samples) * at_hz // rate_hz)
        ]
    path = tmp_path / f"said.{ending}"
    soundfile.write(path, numbers, at_hz, subtype=coding)
    *rows, summary = heard(path, context=Context.SESSION)
    assert summary["audio_s"] == pytest.approx(len(samples) / rate_hz, abs=0.01)
    assert [row["command"] for row in rows if row["accepted"]] == ["stop"]


def test_a_recording_may_come_through_a_pipe(tmp_path: Path) -> None:
    """What another program is just making needs no file."""
    rate_hz, samples, _ = sentence(VOICE, "stop", tmp_path)
    content = save(tmp_path / "said.wav", rate_hz, samples).read_bytes()
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with ThreadPoolExecutor(1) as other:
        other.submit(pipe.write_bytes, content)
        *rows, summary = heard(pipe, context=Context.SESSION)
    assert [row["command"] for row in rows if row["accepted"]] == ["stop"]
    assert summary["audio_s"] == pytest.approx(len(samples) / rate_hz, abs=0.01)


def test_a_file_that_was_cut_off_is_heard_as_far_as_it_goes(tmp_path: Path) -> None:
    """A recording whose end is missing is no reason to hear none of it, nor of the next one."""
    soundfile = pytest.importorskip("soundfile")
    rate_hz, samples, _ = sentence(VOICE, "stop", tmp_path)
    numbers, _ = soundfile.read(save(tmp_path / "plain.wav", rate_hz, samples))
    path = tmp_path / "cut.flac"
    soundfile.write(path, [*numbers, *numbers], rate_hz)
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])
    *rows, summary = heard(path, context=Context.SESSION)
    assert [row["command"] for row in rows if row["accepted"]] == ["stop"]
    assert summary["audio_s"] > len(samples) / rate_hz


def test_a_file_that_is_refused_leaves_nothing_open(tmp_path: Path) -> None:
    """Thousands of bad files in one go are no reason to run out of places for good ones."""
    (tmp_path / "bad.flac").write_bytes(b"fLaC" + bytes(100))
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(20):
        with pytest.raises(AssistantError), sound_file(tmp_path / "bad.flac"):
            pass
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_what_is_no_number_is_silence_and_what_is_too_loud_is_cut(tmp_path: Path) -> None:
    """A WAV of floating-point numbers may hold anything."""
    numbers = array("f", [math.nan, math.inf, -math.inf, 1e30, 0.5, 0.0] * 4000)
    path = save_floats(tmp_path / "wild.wav", 16000, numbers)
    with sound_file(path) as sound:
        first = array("h", next(iter(sound.blocks(0.05))))
    assert list(first[:6]) == [0, 32767, -32767, 32767, 16384, 0]
    assert heard(path, context=Context.SESSION)[-1]["audio_s"] == 1.5


def test_two_breaths(tmp_path: Path) -> None:
    """After the wake phrase alone any command is taken for eight seconds, then none."""
    rate_hz, wake, _ = sentence(VOICE, "hey coach", tmp_path)
    _, start, _ = sentence(VOICE, "start lower back", tmp_path)
    soon = save(tmp_path / "soon.wav", rate_hz, wake + start)
    late = save(tmp_path / "late.wav", rate_hz, wake + quiet(rate_hz, 8.0) + start)
    rows = [row for row in heard(soon, late) if row.get("accepted")]
    told = [(Path(row["file"]).stem, row["command"], row["state"]) for row in rows]
    assert told == [("soon", "wake", "idle"), ("soon", "start", "awake"), ("late", "wake", "idle")]


def test_a_wake_phrase_that_the_model_lacks_is_refused(tmp_path: Path) -> None:
    """Nothing would ever be heard; the words that it lacks are named."""
    silent = save(tmp_path / "silent.wav", 16000, quiet(16000, 0.2))
    rows = hear(
        [silent],
        model=shipped(),
        wake_phrases=["hey xylograph"],
        routines=ROUTINES,
        templates=TEMPLATES,
        context=Context.IDLE,
    )
    with pytest.raises(AssistantError, match='doesn\'t know "xylograph"') as caught:
        list(rows)
    assert caught.value.code == ExitCode.CONFIGURATION


def test_a_long_file_takes_no_more_memory_than_a_short_one(tmp_path: Path) -> None:
    """It is read a little at a time, and time is counted in samples: nothing drifts."""
    rate_hz, said, _ = sentence(VOICE, "stop", tmp_path)
    path, minutes = tmp_path / "long.wav", 4
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate_hz)
        minute = said + array("h", bytes(2 * (60 * rate_hz - len(said))))
        for _ in range(minutes):
            file.writeframes(minute.tobytes())
    with sound_file(path) as sound:
        tracemalloc.start()
        size = sum(map(len, sound.blocks(0.05)))
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert size == 2 * 60 * rate_hz * minutes
    assert peak < 200_000
    *rows, summary = heard(path, context=Context.SESSION)
    ends = [row["end_s"] - 60 * i for i, row in enumerate(row for row in rows if row["accepted"])]
    assert len(ends) == minutes
    assert max(ends) - min(ends) <= 0.1
    assert summary["audio_s"] == 60 * minutes


def test_one_bad_file_keeps_no_other_from_being_heard(tmp_path: Path) -> None:
    (tmp_path / "text.wav").write_text("This is no sound.")
    silent = save(tmp_path / "silent.wav", 16000, quiet(16000, 0.5))
    told: list[AssistantError] = []
    rows = list(
        hear(
            [tmp_path / "text.wav", silent],
            model=shipped(),
            wake_phrases=WAKE,
            routines=ROUTINES,
            templates=TEMPLATES,
            context=Context.IDLE,
            failed=told.append,
        )
    )
    assert [str(tmp_path / "text.wav") in str(error) for error in told] == [True]
    assert [row["file"] for row in rows if row.get("summary")] == [str(silent)]


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


def test_hostile_files_are_heard_or_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every kind of them; `python -m tests.hearing.hostile` takes ten thousand."""
    monkeypatch.setattr(over_files, "Understanding", lambda *_: UNDERSTANDING)  # made once
    outcomes = {
        (kind, outcome(path, seed))
        for seed, (kind, path) in enumerate(hostile.made(tmp_path, range(32)))
    }
    assert {result for _, result in outcomes} == {"heard", "refused"}
    assert {kind for kind, _ in outcomes} == {kind.__name__ for kind in hostile.KINDS}


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
