"""Sentences become sound for real: whole, prompt, at the pace and volume asked for."""

import json
import subprocess
import sys
import wave
from array import array
from pathlib import Path

import numpy as np
import pytest

from assistant.errors import AssistantError, ExitCode
from assistant.speaking.render import (
    RATE_HZ,
    Cache,
    Renderer,
    VoiceError,
    chunks,
    resample,
    trim,
)
from assistant.speaking.to_file import speak_to_file
from tests.room import Recording, Samples, find_speech, read

VOICE = "gmw/en-us"
SENTENCE = "Knees bent, feet flat. Breathe out, and flatten your back into the floor."

WITHOUT_ESPEAK = """
import ctypes
load = ctypes.cdll.LoadLibrary
def refuse(name, *rest):
    if "espeak" in str(name):
        raise OSError(f"{name}: cannot open shared object file: No such file or directory")
    return load(name, *rest)
ctypes.cdll.LoadLibrary = refuse
"""


def spoken(
    folder: Path, text: str, **other: object
) -> "np.ndarray[tuple[int], np.dtype[np.int16]]":
    path = folder / "spoken.wav"
    settings: dict[str, object] = {"voice": VOICE, "rate_wpm": 155, "volume": 0.8} | other
    speak_to_file(path, [(0.0, text)], **settings)  # type: ignore[arg-type]
    with wave.open(str(path)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (RATE_HZ, 1, 2)
        return np.frombuffer(file.readframes(file.getnframes()), np.int16)


def test_a_sentence_is_audible_from_its_first_to_its_last_word(tmp_path: Path) -> None:
    samples = spoken(tmp_path, SENTENCE)
    assert 4.0 < len(samples) / RATE_HZ < 7.0  # 13 words at 155 a minute
    loud = np.flatnonzero(np.abs(samples) > np.abs(samples).max() / 100)
    assert 0.02 < loud[0] / RATE_HZ < 0.08  # at once, yet not so early that a sink swallows it
    assert 0.09 < (len(samples) - loud[-1]) / RATE_HZ < 0.2
    assert 0.1 < np.abs(samples).max() / 32768 < 0.9


def test_a_rate_of_155_is_about_180_words_a_minute_within_a_sentence(tmp_path: Path) -> None:
    """As the configuration says of it: espeak-ng counts short ones."""
    text = "Keep your back long while you move the leg slowly to the side and come back again."
    words_a_minute = 60 * len(text.split()) * RATE_HZ / len(spoken(tmp_path, text))
    assert 165 < words_a_minute < 215


def test_trimming_takes_silence_only(tmp_path: Path) -> None:
    for text in ("Three.", "Halfway.", "First, pelvic tilt.", "Hold.", "Six, five."):
        raw = tmp_path / "raw.wav"
        subprocess.run(["espeak-ng", "-v", "en-us", "-s", "155", "-w", str(raw), text], check=True)
        whole = (read(raw) * 32768).astype(np.int16)
        kept = np.frombuffer(trim(array("h", whole.tobytes())), np.int16)
        energy = [float(np.sum(samples.astype(np.float64) ** 2)) for samples in (whole, kept)]
        assert energy[1] > 0.9999 * energy[0], text
        assert len(kept) < len(whole), text


def test_every_one_of_many_sentences_in_a_row_has_the_pace_and_volume_asked_for() -> None:
    program = """
import json, os, sys
from assistant.speaking.render import Renderer
from array import array
channel = os.dup(1)
os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
renderer, made = Renderer("gmw/en-us"), []
for turn in range(60):
    text = ("Three.", "Halfway there, keep going.", "And let go.")[turn % 3]
    rate, volume = (100, 155, 250)[turn // 3 % 3], (0.3, 1.0)[turn % 2]
    samples = array("h", renderer.render(text, rate, volume))
    made.append([text, rate, volume, len(samples), max(samples)])
os.write(channel, json.dumps(made).encode())
os._exit(0)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=50)
    assert done.returncode == 0, done.stderr
    same: dict[tuple[str, int], list[int]] = {}
    peaks: dict[tuple[str, float], list[int]] = {}
    for text, rate, volume, length, peak in json.loads(done.stdout):
        same.setdefault((text, rate), []).append(length)
        peaks.setdefault((text, volume), []).append(peak)
    for lengths in same.values():
        assert max(lengths) < 1.05 * min(lengths)
    for text in ("Three.", "Halfway there, keep going.", "And let go."):
        slow, usual, fast = (same[text, rate][0] for rate in (100, 155, 250))
        assert slow > 1.2 * usual > 1.2 * 1.15 * fast
        assert min(peaks[text, 1.0]) > 2 * max(peaks[text, 0.3])


def test_pace_and_rate_stay_within_what_can_be_followed(tmp_path: Path) -> None:
    assert len(spoken(tmp_path, SENTENCE, rate_wpm=10)) == pytest.approx(
        len(spoken(tmp_path, SENTENCE, rate_wpm=80)), rel=0.02
    )
    assert len(spoken(tmp_path, SENTENCE, rate_wpm=900)) == pytest.approx(
        len(spoken(tmp_path, SENTENCE, rate_wpm=300)), rel=0.02
    )


def test_at_volume_zero_a_sentence_is_silent_and_as_long_as_ever(tmp_path: Path) -> None:
    silent = spoken(tmp_path, SENTENCE, volume=0.0)
    assert not silent.any()
    assert len(silent) == pytest.approx(len(spoken(tmp_path, SENTENCE)), rel=0.02)


def test_any_characters_are_spoken_or_passed_over(tmp_path: Path) -> None:
    assert (
        len(spoken(tmp_path, "Über\x00 die Brücke,\n\tna gut \ud83d and 你好 😀 <b>&amp;"))
        > RATE_HZ
    )
    assert len(Renderer(VOICE).render("...", 155, 0.8)) == 0
    assert len(Renderer(VOICE).render("\x07\x1b", 155, 0.8)) == 0


def test_a_very_long_text_is_spoken_to_its_end(tmp_path: Path) -> None:
    once = len(spoken(tmp_path, "This goes on and on and on, without an end in sight. "))
    long = len(spoken(tmp_path, "This goes on and on and on, without an end in sight. " * 100))
    assert 90 * once < long < 130 * once


def test_chunks_hold_every_word_and_no_chunk_is_long() -> None:
    text = "One two three. " * 100 + "word " * 300 + "x" * 1000
    made = list(chunks(text))
    assert max(map(len, made)) <= 400
    assert "".join(made).replace(" ", "") == text.replace(" ", "")
    assert list(chunks(" \n ")) == []


def test_resampling_keeps_length_and_pitch() -> None:
    at = np.arange(RATE_HZ) / RATE_HZ
    tone = (8000 * np.sin(2 * np.pi * 500 * at)).astype(np.int16)
    for rate_hz in (16000, 44100, 48000):
        made = np.frombuffer(resample(tone.tobytes(), rate_hz), np.int16)
        assert len(made) == pytest.approx(rate_hz, abs=3)
        assert np.argmax(np.abs(np.fft.rfft(made))) == pytest.approx(500, abs=2)


def test_the_cache_forgets_the_least_recently_used() -> None:
    cache = Cache(100)
    for name in "abc":
        cache.put((name, 155, 1.0), bytes(40))
        cache.get(("a", 155, 1.0))
    kept = [name for name in "abc" if (name, 155, 1.0) in cache]
    assert kept == ["a", "c"]
    cache.put(("d", 155, 1.0), bytes(500))
    assert cache.get(("d", 155, 1.0)) == bytes(500)
    assert ("a", 155, 1.0) not in cache


@pytest.mark.parametrize(
    ("text", "name", "voice", "code", "says"),
    [
        ("", "x.wav", VOICE, ExitCode.COMMAND_LINE, "nothing to say"),
        (" \n", "x.wav", VOICE, ExitCode.COMMAND_LINE, "nothing to say"),
        ("\x07\x1b", "x.wav", VOICE, ExitCode.COMMAND_LINE, "nothing to say"),
        ("...?!", "x.wav", VOICE, ExitCode.COMMAND_LINE, "nothing to say"),
        ("Hello", "no/such/x.wav", VOICE, ExitCode.FILE_ACCESS, "no such file"),
        ("Hello", "", VOICE, ExitCode.FILE_ACCESS, "folder"),
        ("Hello", "x.wav", "gmw/klingon", ExitCode.CONFIGURATION, "gmw/en"),
    ],
)
def test_what_can_not_be_written_is_said_plainly_and_leaves_nothing(
    tmp_path: Path, text: str, name: str, voice: str, code: ExitCode, says: str
) -> None:
    with pytest.raises(AssistantError, match=says) as caught:
        speak_to_file(tmp_path / name, [(0.0, text)], voice=voice, rate_wpm=155, volume=0.8)
    assert caught.value.code == code
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_was_there_stays_when_the_new_one_fails(tmp_path: Path) -> None:
    path = tmp_path / "x.wav"
    path.write_text("precious")
    with pytest.raises(AssistantError):
        speak_to_file(path, [(0.0, "Hello")], voice="no/such", rate_wpm=155, volume=0.8)
    assert path.read_text() == "precious"
    assert list(tmp_path.iterdir()) == [path]


def test_without_espeak_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text(WITHOUT_ESPEAK)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(AssistantError, match="sudo apt install espeak-ng"):
        speak_to_file(tmp_path / "x.wav", [(0.0, "Hello")], voice=VOICE, rate_wpm=155, volume=0.8)
    assert not (tmp_path / "x.wav").exists()


def test_a_sentence_that_the_engine_broke_off_is_spoken_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Seldom, on a busy machine, an utterance ends before its end; it is begun again."""
    renderer = Renderer(VOICE)
    whole = renderer.render("Hold.", 155, 0.8)
    speak, breaks = renderer._engine.runAndWait, ["once", "twice"]

    def speak_and_break_off() -> None:
        speak()
        if breaks:
            breaks.pop()
            renderer._on_finished(None, completed=False)

    monkeypatch.setattr(renderer._engine, "runAndWait", speak_and_break_off)
    assert len(renderer.render("Hold.", 155, 0.8)) == pytest.approx(len(whole), rel=0.05)
    breaks += ["once", "twice", "and for good"]
    with pytest.raises(VoiceError, match="broke off"):
        renderer.render("Hold.", 155, 0.8)


def test_a_sentence_is_known_again_whatever_was_said_before_it_and_however_loud() -> None:
    """The rooms' tests tell sentences apart by this: espeak-ng's pitch flutters on through all
    that a process says, so no two renderings are the same."""

    def said(*sentences: str, volume: float = 0.8) -> Samples:
        voice = Renderer(VOICE)
        pcm = b"".join(voice.render(one, 155, volume) for one in sentences)
        return (np.frombuffer(pcm, np.int16) / 32768).astype(np.float32)

    clauses = "That's it.", "Sit down,", "or keep walking,", "as you like.", "Next at ten to four."
    recording = Recording(said("Thank you.", " ".join(clauses), volume=0.48), 0.0, RATE_HZ)
    begins = [find_speech(recording, said(clause)) for clause in clauses]
    assert [len(times) for times in begins] == [1] * len(clauses)
    assert begins == sorted(begins)
    assert not find_speech(recording, said("Press the button."))
