"""What the recogniser may write, and that it comes without what would fetch models."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.coach.effects import Context
from assistant.coach.events import Command
from assistant.hearing.decoder import _grammar
from assistant.hearing.ear import Ended
from tests.hearing.setting import UNDERSTANDING, WAKE, feed, new_ear
from tests.hearing.voices import ESPEAK, FLITE, hiss, lacking, quiet, sentence, speech

LOADED = """
import sys
from assistant.hearing import decoder
vosk = decoder.load_vosk()
assert callable(vosk.Model) and callable(vosk.KaldiRecognizer)
print(*sorted({"requests", "urllib3", "srt", "tqdm", "urllib.request"} & set(sys.modules)))
import urllib.request
print(callable(urllib.request.urlretrieve))
"""


def test_vosk_is_loaded_without_what_fetches_models() -> None:
    """And whoever needs such a library afterwards gets the real one."""
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True)
    assert done.stdout.splitlines() == ["", "True"], done.stderr


def test_words_reach_the_recogniser_as_they_are_written() -> None:
    """It reads no escapes, and would drop the word."""
    assert "começar" in _grammar(Context.SESSION, {"começar": GO}, [])
    assert json.loads(_grammar(Context.SESSION, {"começar": GO}, []))


GO = UNDERSTANDING.commands(Context.SESSION)["go"]
VOICES = (*ESPEAK, *FLITE)


def texts(context: Context, said: str, voice: str, folder: Path) -> list[str]:
    """What is accepted of it."""
    if missing := lacking(voice):
        pytest.skip(f"{missing} is not installed: no synthetic speech")
    rate_hz, samples, _ = sentence(voice, said, folder)
    ear = new_ear(rate_hz, context)
    heard = feed(ear, rate_hz, samples.tobytes()) + ear.finish()
    return [one.text for one in heard if one.verdict.accepted]


@pytest.mark.parametrize(
    ("context", "said"),
    [
        (Context.DUE, "snooze forty six minutes"),
        (Context.DUE, "snooze for forty two minutes"),
        (Context.SESSION, "thirteen more seconds"),
        (Context.SESSION, "fifty more seconds"),
        (Context.IDLE, "hey coach remind me every nineteen minutes"),
        (Context.IDLE, "hey coach remind me every fourteen minutes"),
        (Context.AWAKE, "ice for sixteen minutes"),
        (Context.AWAKE, "quiet for fifty seven minutes"),
    ],
)
@pytest.mark.parametrize("voice", ["espeak:en-us", "espeak:en-us+f3", "espeak:en-gb"])
def test_a_number_is_itself_or_nothing(
    context: Context, said: str, voice: str, tmp_path: Path
) -> None:
    assert [text.replace(" for ", " ") for text in texts(context, said, voice, tmp_path)] in (
        [said.replace(" for ", " ")],
        [],
    )


@pytest.mark.parametrize(
    ("context", "said"),
    [
        (Context.DUE, "not done"),
        (Context.DUE, "no lunch"),
        (Context.SESSION, "not ready"),
        (Context.PAUSED, "not ready"),
        (Context.SESSION, "not go"),
        (Context.QUESTION, "not yes"),
    ],
)
@pytest.mark.parametrize("voice", ["espeak:en-us", "espeak:en-gb", "espeak:en-gb+m7"])
def test_a_command_with_not_or_no_before_it_is_none(
    context: Context, said: str, voice: str, tmp_path: Path
) -> None:
    assert texts(context, said, voice, tmp_path) == []
    word = said.split()[1]
    assert texts(context, word, voice, tmp_path) == [word], "and alone it is one"


def asked(context: Context, said: str, voice: str, folder: Path) -> set[Command]:
    """Which commands are accepted of it."""
    wake = f"{WAKE[0]} " if context is Context.IDLE else ""
    commands = UNDERSTANDING.commands(context)
    return {commands[text] for text in texts(context, f"{wake}{said}", voice, folder)}


@pytest.mark.parametrize("context", [Context.AWAKE, Context.IDLE])
@pytest.mark.parametrize("voice", VOICES)
def test_who_cannot_get_down_is_never_heard_to_get_down(
    context: Context, voice: str, tmp_path: Path
) -> None:
    """The model knows no "can't"; and the other way round the floor is had back as it is said."""
    for said in ("get down again", "get down", "do exercises on the floor again"):
        said = f"i can't {said}"
        assert asked(context, said, voice, tmp_path) <= {Command.NO_FLOOR}, said
    assert asked(context, "exercises on the floor again", voice, tmp_path) == {Command.FLOOR}


def ended(samples: bytes, rate_hz: int, context: Context = Context.SESSION) -> list[Ended]:
    ear = new_ear(rate_hz, context)
    return [one.ended for one in [*feed(ear, rate_hz, samples), *ear.finish()]]


def test_each_utterance_tells_why_it_ended(tmp_path: Path) -> None:
    voice = ESPEAK[0]
    if missing := lacking(voice):
        pytest.skip(f"{missing} is not installed: no synthetic speech")
    rate_hz, stop = speech(voice, "stop", tmp_path)
    _, begun = speech(voice, "ten more", tmp_path)
    _, other = speech(voice, "potatoes", tmp_path)
    before, after = quiet(rate_hz, 0.5), quiet(rate_hz, 1.5)
    assert ended((before + stop + after).tobytes(), rate_hz) == [Ended.WHOLE]
    assert ended((before + begun + after).tobytes(), rate_hz) == [Ended.QUIET]
    assert ended((before + other + after).tobytes(), rate_hz) == [Ended.OTHERS]
    assert ended((before + stop).tobytes(), rate_hz) == [Ended.NO_MORE]
    noise = hiss(12 * rate_hz, -30.0)
    talk = (before + noise[: len(noise) // 2]).tobytes()
    assert set(ended(talk, rate_hz)) <= {Ended.LONG, Ended.DECODED, Ended.OTHERS, Ended.NO_MORE}
