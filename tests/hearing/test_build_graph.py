"""The shipped model can be rebuilt from its word list, and the stock recogniser loads it."""

import importlib.util
import json
import shutil
from pathlib import Path
from types import ModuleType

import pytest

from assistant.coach.effects import Context
from assistant.coach.events import Command
from assistant.hearing.decoder import ANY_ENGLISH, Decoder
from assistant.hearing.ear import Ear
from assistant.hearing.models import shipped
from tests.hearing.setting import TEMPLATES, accepted, feed, new_ear
from tests.hearing.voices import lacking, sentence

SOURCES = TEMPLATES.parents[1] / "models"
VOICE = "espeak:en-us"


@pytest.fixture(scope="module")
def builder() -> ModuleType:
    if not (SOURCES / "words.txt").is_file():
        pytest.skip("the word list is not installed, only the model")
    if shutil.which("fstconvert") is None:
        pytest.skip("OpenFst's tools are missing (Debian: libfst-tools)")
    if not [*Path("/usr/lib").glob("*/fst/*/olabel_lookahead-fst.so")]:
        pytest.skip("OpenFst's plug-ins are missing (Debian: libfst22-plugins-base or later)")
    spec = importlib.util.spec_from_file_location("build_graph", SOURCES / "build_graph.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def rebuild(builder: ModuleType, folder: Path, words: dict[str, list[list[str]]]) -> Path:
    model = folder / "model"
    shutil.copytree(shipped() / "am", model / "am")
    builder.build(model, words, builder.read_filler(SOURCES / "filler.txt"))
    return model


def graph_words(model: Path) -> set[str]:
    return {line.split()[0] for line in (model / "graph/words.txt").read_text().splitlines()}


def test_the_committed_graph_is_the_built_one(builder: ModuleType, tmp_path: Path) -> None:
    """Same words, same settings, same size: nobody forgot to build."""
    model = rebuild(builder, tmp_path, builder.vocabulary())
    assert graph_words(model) == graph_words(shipped())
    for name in ("conf/model.conf", "conf/mfcc.conf", "graph/phones/word_boundary.int"):
        assert (model / name).read_text() == (shipped() / name).read_text()
    sizes = [(path / "graph/HCLr.fst").stat().st_size for path in (model, shipped())]
    assert sizes[0] == pytest.approx(sizes[1], rel=0.01)


def test_what_was_checked_goes_before_what_was_not(builder: ModuleType) -> None:
    """A word may stand in both lists; the unchecked one holds known phones only, nothing twice."""
    phones = set(builder.read_filler(SOURCES / "filler.txt")[0])
    checked, frequent = (
        builder.read_words(SOURCES / name) for name in ("words.txt", "frequent.txt")
    )
    assert builder.vocabulary() == {**checked, **frequent}
    for word, spoken in frequent.items():
        assert word.islower()
        assert all(variant and set(variant) <= phones for variant in spoken), word
        assert len(set(map(tuple, spoken))) == len(spoken), word
    assert len({**checked, **frequent}) > 4000


def test_a_line_is_suggested_for_a_new_word(
    builder: ModuleType, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    if missing := lacking("flite:kal16"):
        pytest.skip(f"{missing} is not installed: nothing says how words are pronounced")
    monkeypatch.setattr("sys.argv", ["build_graph", "--add", "Zeppelin", "blogger", "stop"])
    assert builder.main() == 0
    assert capsys.readouterr().out.splitlines() == [
        "zeppelin z eh p ih l ih n",
        "blogger b l aa g er",
        "blogger b l aa g ax",
        "stop s t aa p",
    ]


def test_a_word_that_is_added_is_heard(builder: ModuleType, tmp_path: Path) -> None:
    """The stock recogniser, a rebuilt graph, a word that no one trained."""
    if missing := lacking(VOICE):
        pytest.skip(f"{missing} is not installed: no synthetic speech")
    import vosk

    vosk.SetLogLevel(-1)
    words = builder.vocabulary()
    assert "zeppelin" not in words
    model = rebuild(
        builder, tmp_path, {**words, "zeppelin": [["z", "eh", "p", "ax", "l", "ax", "n"]]}
    )
    rate_hz, samples, _ = sentence(VOICE, "zeppelin", tmp_path)
    grammar = json.dumps(["zeppelin", "stop", "[unk]"])
    recogniser = vosk.KaldiRecognizer(vosk.Model(str(model)), rate_hz, grammar)
    recogniser.AcceptWaveform(samples.tobytes())
    assert json.loads(recogniser.FinalResult())["text"] == "zeppelin"


def test_a_rebuilt_model_hears_commands(builder: ModuleType, tmp_path: Path) -> None:
    if missing := lacking(VOICE):
        pytest.skip(f"{missing} is not installed: no synthetic speech")
    model = rebuild(builder, tmp_path, builder.vocabulary())
    rate_hz, samples, _ = sentence(VOICE, "skip this one", tmp_path)
    heard = feed(new_ear(rate_hz, Context.SESSION, model), rate_hz, samples.tobytes())
    assert accepted(heard) == [Command.NEXT]


def test_a_phone_that_does_not_exist_is_named(builder: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="'qq'"):
        rebuild(builder, tmp_path, {"stop": [["s", "qq"]]})


def test_a_model_that_knows_any_english_is_asked_again(builder: ModuleType, tmp_path: Path) -> None:
    """What its free recogniser writes for the same sound decides, where something would start."""
    if missing := lacking(VOICE):
        pytest.skip(f"{missing} is not installed: no synthetic speech")
    exactly = ["z", "eh", "p", "ih", "l", "ih", "n"]
    almost = [*exactly[:-1], "m"]  # near enough if no other phrase is listened for
    words = {"zeppelin": [exactly], "marmalade": [almost]}
    words |= {word: [[*exactly, *exactly]] for word in ANY_ENGLISH}
    model = rebuild(builder, tmp_path, builder.vocabulary() | words)
    rate_hz, samples, _ = sentence(VOICE, "zeppelin", tmp_path)
    for phrase, taken in (("zeppelin", True), ("marmalade", False)):
        ear = Ear(Decoder(model, {context: {phrase: Command.WAKE} for context in Context}), rate_hz)
        [heard] = [u for u in feed(ear, rate_hz, samples.tobytes()) if u.text == phrase]
        assert heard.verdict.accepted is taken, heard
        assert ("freely" in heard.verdict.reason) is not taken
