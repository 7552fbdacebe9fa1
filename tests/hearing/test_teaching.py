"""What `assistant teach` learns of a voice, what it refuses to learn, and what it keeps."""

from collections.abc import Iterator
from pathlib import Path
from queue import SimpleQueue

import pytest

from assistant.cli import main
from assistant.cli.teach import Live, negatives
from assistant.errors import AssistantError
from assistant.hearing import taught
from assistant.hearing.decoder import Decoder
from assistant.hearing.door import settings
from assistant.hearing.ear import Ear
from assistant.hearing.ear_protocol import TO_CHILD
from assistant.hearing.level_gate import BLOCK_S
from assistant.hearing.models import shipped
from assistant.hearing.repetition import MOST_S, Cutter
from assistant.hearing.taught import Taught, Voice
from assistant.hearing.teaching import ASKED, Outcome, Sound, Teaching, to_keep
from assistant.machine.messages import Protocol, encode
from tests.hearing.setting import UNDERSTANDING, commands
from tests.hearing.voices import hiss, lacking, quiet, speech

VOICES = ("espeak:en-us", "espeak:en-us+f3", "espeak:en-gb")
OTHERS = ("espeak:en-us+f5", "espeak:en-gb+m7")


@pytest.fixture(scope="module")
def decoder() -> Decoder:
    return Decoder(shipped(), commands())


def said(text: str, folder: Path, voices: tuple[str, ...] = VOICES) -> Iterator[Sound]:
    """The text in some voices, one after the other."""
    for voice in voices:
        if missing := lacking(voice):
            pytest.skip(f"{missing} is not installed: no synthetic speech")
        rate_hz, samples = speech(voice, text, folder)
        yield Sound(tuple(blocks(rate_hz, samples.tobytes())), rate_hz)


def blocks(rate_hz: int, samples: bytes) -> list[bytes]:
    size = 2 * round(rate_hz * BLOCK_S)
    return [samples[i : i + size].ljust(size, b"\0") for i in range(0, len(samples), size)]


def learnt(decoder: Decoder, phrase: str, sounds: Iterator[Sound], tried: list[Sound]) -> Outcome:
    teaching = Teaching(decoder, {phrase: ASKED[phrase]}, tried)
    for sound in sounds:
        teaching.add(phrase, sound)
    [outcome] = teaching.learn()
    return outcome


def accepted(decoder: Decoder, phrase: str, sounds: Iterator[Sound]) -> list[str]:
    teaching = Teaching(decoder, {phrase: ASKED[phrase]})
    return [u.text for sound in sounds if (u := teaching.add(phrase, sound)) is not None]


def test_a_word_that_somebody_says_otherwise_is_heard_afterwards(
    decoder: Decoder, tmp_path: Path
) -> None:
    """Somebody's "go" sounds like "dog" here; the next ones, of other voices, are taken for it,
    and what is handed on is "go"."""
    assert accepted(decoder, "go", said("dog", tmp_path, OTHERS)) == []
    outcome = learnt(decoder, "go", said("dog", tmp_path), [*said("gun", tmp_path)])
    assert "dog" in outcome.taught.heard_as
    assert (outcome.before, outcome.after) == (0, 3)
    now = decoder.taught(to_keep([outcome]))
    assert accepted(now, "go", said("dog", tmp_path, OTHERS)) == ["go", "go"]
    assert accepted(now, "go", said("go", tmp_path)) == ["go"] * 3, "as they always were"
    assert accepted(decoder, "go", said("dog", tmp_path, OTHERS)) == [], "others learn nothing"


def test_what_would_take_something_else_is_not_learnt(decoder: Decoder, tmp_path: Path) -> None:
    outcome = learnt(decoder, "go", said("dog", tmp_path), [*said("dog", tmp_path, OTHERS)])
    assert not outcome.taught
    assert outcome.after == outcome.before


def test_what_is_heard_well_stays_as_it_is(decoder: Decoder, tmp_path: Path) -> None:
    outcome = learnt(decoder, "stop", said("stop", tmp_path), [])
    assert (outcome.before, outcome.number) == (3, 3)
    assert not outcome.taught


def test_one_command_is_never_learnt_as_another(decoder: Decoder, tmp_path: Path) -> None:
    """Whoever says "next" when "stop" is asked for doesn't make a stop of it."""
    outcome = learnt(decoder, "stop", said("next", tmp_path), [])
    assert not outcome.taught


def test_one_slip_of_three_proves_nothing(decoder: Decoder, tmp_path: Path) -> None:
    """There is no second one that it would help with."""
    sounds = [*said("stop", tmp_path, VOICES[:2]), *said("dog", tmp_path, VOICES[:1])]
    outcome = learnt(decoder, "stop", iter(sounds), [])
    assert (outcome.before, outcome.number) == (2, 3)
    assert not outcome.taught


def test_less_confidence_is_enough_only_for_the_phrase_that_was_taught(
    decoder: Decoder, tmp_path: Path
) -> None:
    now = decoder.taught([Taught("go", least_confidence=0.3)])
    assert now.at_most == {"go": 0.3}
    assert decoder.at_most == {}


def test_whoever_is_there_is_heard_as_they_say_it_and_whoever_comes_after_is_not(
    decoder: Decoder, tmp_path: Path
) -> None:
    """In the same stream of sound: somebody says who they are while it is heard."""
    [sound] = said("dog", tmp_path, OTHERS[:1])
    ear = Ear(decoder, sound.rate_hz)
    ear.listen(ASKED["go"])
    pause = [bytes(2 * round(sound.rate_hz * BLOCK_S))] * round(1.2 / BLOCK_S)

    def taken() -> list[str]:
        heard = [u for block in (*sound.blocks, *pause) for u in ear.hear(block)]
        return [u.text for u in heard if u.verdict.accepted]

    assert taken() == []
    ear.teach(decoder.taught([Taught("go", ("dog",), 72)]))
    assert taken() == ["go"]
    ear.teach(decoder.taught([]))
    assert taken() == []


def test_the_child_is_told_what_was_taught() -> None:
    begin = settings(
        UNDERSTANDING, model=shipped(), microphone="", taught=[Taught("go", ("dog",), 72, 0.4)]
    )
    assert Protocol(*TO_CHILD).decode(encode(begin)).taught == begin.taught


# --- what is kept ---------------------------------------------------------------


def test_only_words_and_numbers_are_kept_for_their_owner_alone(tmp_path: Path) -> None:
    path = taught.path_of(tmp_path, "anna")
    voice = Voice(taught.fingerprint(shipped()), (Taught("go", ("dog",), 72, 0.5),), 11)
    taught.save(path, voice)
    assert taught.load(path) == voice
    assert path.stat().st_mode & 0o077 == 0
    assert taught.known(tmp_path, shipped()) == (voice.phrases, [])


def test_with_another_model_it_counts_for_nothing_and_says_so(tmp_path: Path) -> None:
    taught.save(taught.path_of(tmp_path, "anna"), Voice("another", (Taught("go", ("dog",)),)))
    phrases, [problem] = taught.known(tmp_path, shipped())
    assert phrases == ()
    assert "assistant teach --name anna" in problem
    _, [problem] = taught.known(tmp_path, shipped(), ["maria", "ben"], "maria")
    assert "assistant teach --forget anna" in problem, "there is no anna to teach it again"


def test_where_people_are_told_apart_each_voice_counts_for_one_of_them(tmp_path: Path) -> None:
    """What was taught before is that of whose desk it is; a guest has taught nothing."""
    for name in ("me", "maria", "ben"):
        voice = Voice(taught.fingerprint(shipped()), (Taught("go", (name,)),))
        taught.save(taught.path_of(tmp_path, name), voice)

    def heard_as(person: str, *people: str) -> list[str]:
        phrases, problems = taught.known(tmp_path, shipped(), people, person)
        assert problems == []
        return sorted(word for one in phrases for word in one.heard_as)

    assert heard_as("maria", "maria", "ben") == ["maria", "me"]
    assert heard_as("ben", "maria", "ben") == ["ben"]
    assert heard_as("guest", "maria", "ben") == []
    assert heard_as("") == ["ben", "maria", "me"], "where nobody is told apart"


def test_what_several_taught_counts_as_one() -> None:
    [one] = taught.combined([[Taught("go", ("dog",), 72)], [Taught("go", ("girl", "dog"), 0, 0.5)]])
    assert one == Taught("go", ("dog", "girl"), 72, 0.5)


@pytest.mark.parametrize("content", [b"", b"[]", b"\xff\xfe", b'{"is": "Voice", "model": 3}'])
def test_a_damaged_file_is_named_with_its_cure_and_left_out(content: bytes, tmp_path: Path) -> None:
    path = taught.path_of(tmp_path, "anna")
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(AssistantError, match="--forget anna"):
        taught.load(path)
    phrases, [problem] = taught.known(tmp_path, shipped())
    assert (phrases, "--forget anna" in problem) == ((), True)


@pytest.mark.parametrize("name", ["", "../x", "Anna", "a b", "x" * 41])
def test_a_name_is_a_name(name: str, tmp_path: Path) -> None:
    assert taught.path_of(tmp_path, "zoë-maria").name == "zoë-maria.json"
    with pytest.raises(AssistantError, match="expected small letters"):
        taught.path_of(tmp_path, name)


# --- words out of a microphone's sound ----------------------------------------


def cut(rate_hz: int, samples: bytes) -> list[float]:
    """How long each word is that is cut out of it, in seconds."""
    cutter = Cutter()
    found = [cutter.take(block) for block in blocks(rate_hz, samples)]
    return [len(word) * BLOCK_S for word in found if word is not None]


def test_each_word_is_cut_out_and_neither_a_click_nor_talk_is_one(tmp_path: Path) -> None:
    if missing := lacking(VOICES[0]):
        pytest.skip(f"{missing} is not installed: no synthetic speech")
    rate_hz, stop = speech(VOICES[0], "stop", tmp_path)
    pause, click = quiet(rate_hz, 1.0), hiss(round(0.04 * rate_hz), -20.0)
    assert len(cut(rate_hz, (pause + stop + pause + stop + pause).tobytes())) == 2
    assert cut(rate_hz, (pause + click + pause).tobytes()) == []
    talk = stop * round((MOST_S + 1.0) * rate_hz / len(stop))
    assert cut(rate_hz, (pause + talk).tobytes()) == []


# --- the command ----------------------------------------------------------------


@pytest.mark.timeout(240)  # a minute of sound is heard: longer on a busy machine
def test_it_is_taught_by_recordings_heard_so_and_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if missing := lacking(VOICES[0]):
        pytest.skip(f"{missing} is not installed: no synthetic speech")
    import soundfile

    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    folder = tmp_path / "said"
    folder.mkdir()
    for number, voice in enumerate(VOICES):
        rate_hz, samples = speech(voice, "dog", tmp_path)
        whole = quiet(rate_hz, 0.4) + samples + quiet(rate_hz, 0.8)
        soundfile.write(folder / f"go-{number}.wav", whole, rate_hz, subtype="PCM_16")
    heard = ["hear", str(folder / "go-0.wav"), "--state", "session"]
    assert main(heard) == 0
    assert "-> go" not in capsys.readouterr().out
    assert main(["teach", "--name", "anna", "--recordings", str(folder)]) == 0
    assert "Learnt 1 of 1" in capsys.readouterr().out
    assert main(["teach", "--list"]) == 0
    assert 'also written "dog"' in capsys.readouterr().out
    assert main(heard) == 0
    assert "-> go" in capsys.readouterr().out
    assert main(["teach", "--forget", "anna"]) == 0
    assert main(heard) == 0
    assert "-> go" not in capsys.readouterr().out
    assert main(["teach", "--forget", "anna"]) == 2
    assert "--list" in capsys.readouterr().err


def test_a_microphone_that_is_gone_is_told_and_no_louder_word_asked_for() -> None:
    """Silence comes in blocks too; where none come, there is nothing that hears."""
    with pytest.raises(AssistantError, match="No sound comes"):
        next(Live(SimpleQueue(), 16000, "gone").said("stop"))


def test_what_comes_along_to_try_it_with_is_short_sound(decoder: Decoder) -> None:
    """Each minute of it is a minute of waiting on a small machine."""
    sound = negatives()
    assert 20 < len(sound.blocks) * BLOCK_S < 90
    assert max(map(max, sound.blocks[:200])) > 0
