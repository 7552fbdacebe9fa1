"""The training program: what it learns from, how it changes sounds, what it writes.

Everything but the last part runs without torch: tiny made recordings, real files.
"""

import importlib
import io
import math
import shutil
import struct
from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from models.build_graph import Numbering, read_filler
from models.train import blend, data, kaldi, sounds
from models.train.audio import RATE_HZ, Samples, level, resampled
from models.train.augment import augmented
from models.train.batches import AGAIN, Maker, bigram, drawn_at, with_silence
from models.train.features import BANDS, cepstra

PHONES = read_filler(data.ROOT / "models" / "filler.txt")[0]
SHIPPED = str(data.ROOT / "models" / "en-command")
HEADER = "path\tkind\ttext\tspeaker\tseconds\tsplit\tsource\tlicence\n"


def chance(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def tone(hertz: float, seconds: float = 1.0, rate_hz: int = RATE_HZ) -> Samples:
    at = np.arange(round(seconds * rate_hz)) / rate_hz
    return (8000 * np.sin(2 * np.pi * hertz * at)).astype(np.float32)


@pytest.fixture
def recordings(tmp_path: Path) -> Path:
    """Twelve clips to learn from, one of noise, and one that is kept for measuring."""
    folder = tmp_path / "recordings"
    folder.mkdir()
    rows = []
    for number in range(12):
        soundfile.write(folder / f"{number}.wav", tone(200 + 50 * number) / 32768, RATE_HZ)
        rows.append((f"{number}.wav", "word", "Stop!" if number % 2 else "go", f"anna{number}"))
    soundfile.write(folder / "rain.wav", sounds.hiss(chance(), RATE_HZ) / 10, RATE_HZ)
    rows.append(("rain.wav", "noise", "", ""))
    lines = [f"{p}\t{k}\t{t}\t{s}\t1.0\ttrain\tours\tours\n" for p, k, t, s in rows]
    lines.append("kept.wav\tword\tstop\tbert\t1.0\teval\tours\tours\n")  # and there is no such file
    (folder / "labels.tsv").write_text(HEADER + "".join(lines), encoding="utf-8")
    return folder


@pytest.fixture
def corpus(recordings: Path, tmp_path: Path) -> data.Corpus:
    work = tmp_path / "work"
    wanted = {"synthetic": 0, "noises": 2, "seed": 1, "processes": 1}
    data.prepare(work, [recordings], PHONES, **wanted, tell=lambda _: None)
    return data.Corpus(work)


def test_what_is_kept_for_measuring_is_never_read(corpus: data.Corpus) -> None:
    """The recording isn't even there; nobody misses it."""
    assert len(corpus.clips) == 12 + 1 + 2
    assert "bert" not in {clip.speaker for clip in corpus.clips}


def test_a_speaker_stands_on_one_side_only(corpus: data.Corpus) -> None:
    sides = {clip.speaker: clip.split for clip in corpus.clips if clip.speaker}
    for clip in corpus.clips:
        assert clip.split == sides.get(clip.speaker, "train")
    many = [data.kept_apart("ours", f"person {n}") for n in range(4000)]
    assert data.DEV_SHARE / 2 < sum(many) / len(many) < data.DEV_SHARE * 2


def test_clips_come_back_with_their_words_and_samples(corpus: data.Corpus) -> None:
    [clip] = [clip for clip in corpus.clips if clip.speaker == "anna3"]
    assert clip.text == "stop"
    assert np.abs(corpus.sound(clip) - tone(350)).max() < 2
    assert corpus.pronunciations["stop"]


def test_a_folder_without_labels_is_named(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"labels\.tsv: not found"):
        list(data.labelled(tmp_path))


def labels_of(folder: Path, *rows: str) -> Path:
    folder.mkdir()
    (folder / "labels.tsv").write_text(HEADER + "".join(rows), encoding="utf-8")
    return folder


@pytest.mark.parametrize("voice", data.FOR_MEASURING)
def test_a_voice_kept_for_measuring_is_refused_by_name(tmp_path: Path, voice: str) -> None:
    """Alone or in a mix, whatever its source is called; measuring with it stays possible."""
    row = "a.opus\tword\tstop\tkokoro:{}\t0.8\t{}\t{}\tours\n"
    kept = row.format(voice, "eval", data.NEURAL)
    assert not list(data.labelled(labels_of(tmp_path / "kept", kept)))
    for number, (speaker, source) in enumerate(
        ((voice, data.NEURAL), (f"af_sarah*0.7+{voice}*0.3 child 1.4", "mine"))
    ):
        folder = labels_of(tmp_path / str(number), row.format(speaker, "train", source))
        with pytest.raises(SystemExit, match=rf"labels\.tsv: a\.opus is spoken by {voice}, .* row"):
            list(data.labelled(folder))


def test_neural_voices_for_choosing_are_kept_apart_with_their_mixes() -> None:
    for voice in data.FOR_CHOOSING:
        assert data.kept_apart(data.NEURAL, f"kokoro:{voice} scottish")
        assert data.kept_apart(data.NEURAL, f"kokoro:af_sky*0.52+{voice}*0.48")
    learnt = [f"kokoro:af_sky*0.{n}+bf_lily*0.{100 - n}" for n in range(30, 70)]
    assert not any(data.kept_apart(data.NEURAL, who) for who in learnt)


@pytest.mark.parametrize("source", ["gcompris", "asterisk", "fsdd"])
def test_what_few_people_say_is_learnt_from_whole(source: str) -> None:
    assert not any(data.kept_apart(source, f"person {n}") for n in range(200))


def test_a_neural_clip_counts_as_a_made_one_and_drowns_no_person(tmp_path: Path) -> None:
    """A hundred of them leave people's words the weight that they have alone."""
    folder, row = tmp_path / "recordings", "{}.wav\tword\tstop\t{}\t0.5\ttrain\t{}\tours\n"
    rows = [row.format(n, f"kokoro:af_sky*0.{n}", data.NEURAL) for n in range(100)]
    rows += [row.format(n, f"anna{n}", "ours") for n in range(100, 103)]
    labels_of(folder, *rows)
    for n in range(103):
        soundfile.write(folder / f"{n}.wav", tone(300, 0.5) / 32768, RATE_HZ)
    wanted = {"synthetic": 0, "noises": 1, "seed": 1, "processes": 1}
    data.prepare(tmp_path / "work", [folder], PHONES, **wanted, tell=lambda _: None)
    clips = data.Corpus(tmp_path / "work").clips
    weights = {
        source: {c.weight for c in clips if c.source == source} for source in ("ours", data.NEURAL)
    }
    assert weights["ours"] == {data.WEIGHTS["command"]}
    assert weights[data.NEURAL] == {data.NEURAL_SHARE * data.SYNTHETIC["short"]}


def test_foreign_words_are_not_taken_for_english() -> None:
    assert data.plain("estor [es]", "otherword") == ""
    assert data.plain("One guess will do, Ernest's retort.", "phrase") == (
        "one guess will do ernest's retort"
    )


def test_no_single_word_drowns_the_others() -> None:
    def clip(text: str, weight: float, source: str = "people") -> data.Clip:
        return data.Clip(0, RATE_HZ, weight, "train", "speech", source, "", text)

    clips = [clip("go", 12.5)] * 200 + [clip("no", 5.0)] * 3 + [clip("go on", 2.0)]
    weights = [clip.weight for clip in data.balanced(clips)]
    assert sum(weights[:200]) == pytest.approx(data.MOST)
    assert weights[200:] == [5.0, 5.0, 5.0, 2.0]


def test_what_synthesisers_say_holds_every_kind_of_text() -> None:
    script = data.Script(
        phrases={"stop": ["stop", "please stop"], "more_time": ["ten more seconds"]},
        words=["ankle", "bridge"],
        near=["top"],
        prose=["a man had walked his old dog"],
    )
    texts = [data.drawn_text(chance(n), script) for n in range(300)]
    assert {"stop", "please stop", "ten more seconds", "ankle", "top"} <= set(texts)
    assert any("walked his" in text for text in texts)


def test_words_near_a_command_are_found() -> None:
    sounds = {
        "stop": [["s", "t", "aa", "p"]],
        "top": [["t", "aa", "p"]],
        "step": [["s", "t", "eh", "p"]],
        "stops": [["s", "t", "aa", "p", "s"]],
        "ankle": [["ae", "ng", "k", "ax", "l"]],
        "taps": [["t", "ae", "p", "s"]],
    }
    assert data.confusable(sounds) == ["step", "stops", "top"]


def test_every_batch_is_shown_twice() -> None:
    order = [drawn_at(step) for step in range(4 * AGAIN)]
    first = list(range(AGAIN))
    assert order == [*first, *first, *range(AGAIN, 2 * AGAIN), *range(AGAIN, 2 * AGAIN)]


@pytest.mark.parametrize("seed", range(5))
def test_the_same_chance_changes_a_sound_the_same_way(seed: int) -> None:
    def once(seed: int) -> Samples:
        return augmented(tone(300), chance(seed), _noise, _noise)

    assert np.array_equal(once(seed), once(seed))
    assert not np.array_equal(once(seed)[:8000], once(seed + 1)[:8000])
    assert np.isfinite(once(seed)).all()
    assert np.abs(once(seed)).max() <= 32767


def _noise(chance: np.random.Generator, length: int) -> Samples:
    return sounds.other_than_speech(chance, length)


@pytest.mark.parametrize(
    "maker",
    [
        *(sounds.hiss, sounds.knocks, sounds.motor, sounds.calls, sounds.bursts, sounds.crackle),
        *(sounds.beeps, sounds.waves, sounds.music, sounds.noise),
    ],
)
@pytest.mark.parametrize("length", [2000, 48000])
def test_made_noise_sounds(maker: Any, length: int) -> None:
    for seed in range(4):
        made = maker(chance(seed), length)
        assert made.shape == (length,)
        assert np.isfinite(made).all()
    assert level(maker(chance(1), 48000)) > 0.01


def test_another_rate_keeps_the_pitch() -> None:
    changed = resampled(tone(1000, rate_hz=22050), 22050)
    assert len(changed) == RATE_HZ
    loudest = np.argmax(np.abs(np.fft.rfft(changed[:RATE_HZ])))
    assert abs(loudest - 1000) <= 1


def test_features_are_one_row_of_bands_every_ten_milliseconds() -> None:
    assert cepstra(tone(500)).shape == (98, BANDS)
    assert cepstra(tone(500)[:399]).shape == (0, BANDS)
    assert not np.allclose(cepstra(tone(500)), cepstra(tone(500), warp=1.1))
    louder = cepstra(tone(500) * 2)[20] - cepstra(tone(500))[20]
    # Twice the amplitude: each band 2 ln 2 more, which is the first cepstrum's alone.
    assert louder[0] == pytest.approx(2 * math.log(2) * math.sqrt(BANDS), abs=0.05)


def test_a_step_is_the_same_batch_every_time(corpus: data.Corpus) -> None:
    one, again = Maker(corpus, PHONES, seed=3)(7), Maker(corpus, PHONES, seed=3)(7)
    assert np.array_equal(one.frames, again.frames)
    assert one.said == again.said
    assert one.frames.shape[2] == BANDS
    assert len(one.lengths) == len(one.said) == len(one.frames)
    assert not np.array_equal(one.frames[0][:20], Maker(corpus, PHONES, seed=3)(8).frames[0][:20])


def test_pauses_may_stand_around_words() -> None:
    assert with_silence([[1, 2], [3]], 9) == [9, 1, 2, 9, 3, 9]


def test_the_table_of_sounds_is_of_probabilities() -> None:
    table = bigram(["go", "go go"], {"go": [["g", "ow"]]}, ["g", "ow"], pause=0.25)
    assert np.allclose(table.sum(axis=1), 1)
    assert table[0, 1] > 0.7  # "ow" follows "g"
    assert table[2, 0] > 0.7  # "g" follows silence


def test_numbers_are_written_as_the_recogniser_reads_them() -> None:
    file = io.BytesIO()
    kaldi.token(file, "<Dim>")
    kaldi.integer(file, 5)
    kaldi.real(file, 0.5)
    kaldi.integers(file, [1, 2])
    kaldi.vector(file, np.array([1.0], np.float32))
    assert file.getvalue() == (
        b"<Dim> \x04\x05\0\0\0\x04\0\0\0\x3f\x04\x02\0\0\0\x01\0\0\0\x02\0\0\0FV \x04\x01\0\0\0"
        + struct.pack("<f", 1.0)
    )


def test_eight_bits_are_near_enough() -> None:
    weights = chance().normal(0, 0.1, (30, 40)).astype(np.float32)
    step = (weights.max() - weights.min()) / 255
    assert np.abs(kaldi.as_read(weights) - weights).max() <= 0.51 * step
    file = io.BytesIO()
    kaldi.matrix(file, weights)
    assert file.getvalue().startswith(b"CM3 ")
    assert len(file.getvalue()) == 4 + 16 + 30 * 40
    assert np.array_equal(kaldi.as_read(np.full((2, 2), 3.0, np.float32)), np.full((2, 2), 3.0))


LINES = ["input-node name=input dim=3", "component-node name=first component=first input=input"]


def write_small(folder: Path, bias: float, inputs: int = 3) -> Path:
    weights = chance(int(10 * bias)).normal(0, 1, (4, inputs)).astype(np.float32)
    first = (weights, np.full(4, bias, np.float32))
    parts: dict[str, kaldi.AffineLike | int] = {"first": first, "relu": 4}
    kaldi.write_model(folder / "am" / "final.mdl", PHONES, LINES, parts, (29, 17))
    return folder


def test_a_model_is_read_as_it_was_written(tmp_path: Path) -> None:
    """Every part of it: written again, the file is the same to the last byte."""
    for model in (write_small(tmp_path / "small", 0.5), Path(SHIPPED)):
        path, again = model / "am" / "final.mdl", tmp_path / "again.mdl"
        found = kaldi.read_model(path)
        kaldi.write_model(again, PHONES, found.lines, found.parts, found.context)
        assert again.read_bytes() == path.read_bytes()


def test_a_blend_lies_between_its_models(tmp_path: Path) -> None:
    models = [
        kaldi.read_model(write_small(tmp_path / str(bias), bias) / "am" / "final.mdl")
        for bias in (0.5, 1.5)
    ]
    middle = blend.blended(models, [0.25, 0.75]).parts["first"]
    one, other = (model.parts["first"] for model in models)
    assert isinstance(middle, tuple)
    assert isinstance(one, tuple)
    assert isinstance(other, tuple)
    assert np.allclose(middle[0], 0.25 * one[0] + 0.75 * other[0], atol=1e-6)
    assert np.allclose(middle[1], 1.25)
    alone = blend.blended(models, [1.0, 0.0])
    assert isinstance(alone.parts["first"], tuple)
    assert np.array_equal(alone.parts["first"][0], one[0])
    assert (alone.lines, alone.context, alone.parts["relu"]) == (LINES, (29, 17), 4)


@pytest.mark.parametrize(
    ("inputs", "shares", "said"),
    [(3, [0.5, 0.6], "sum to 1.1"), (2, [0.5, 0.5], "different shapes")],
)
def test_models_that_do_not_blend_are_refused(
    tmp_path: Path, inputs: int, shares: list[float], said: str
) -> None:
    paths = [write_small(tmp_path / "a", 0.5), write_small(tmp_path / "b", 0.5, inputs)]
    models = [kaldi.read_model(path / "am" / "final.mdl") for path in paths]
    with pytest.raises(ValueError, match=said):
        blend.blended(models, shares)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([SHIPPED, "1", "nowhere"], "MODEL SHARE"),
        ([SHIPPED, "all"], "all"),
        ([SHIPPED, "0.5", "nowhere", "0.5"], "nowhere"),
    ],
)
def test_what_is_wrong_with_a_blend_is_said(
    tmp_path: Path, given: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        blend.main([str(tmp_path / "out"), *given])
    assert said in capsys.readouterr().err.splitlines()[-1]
    assert not (tmp_path / "out").exists()


def test_a_blend_is_a_whole_model(tmp_path: Path) -> None:
    """The shipped one with itself is the shipped one, its graph included."""
    if shutil.which("fstconvert") is None:
        pytest.skip("fstconvert is not installed (Debian: libfst-tools)")
    blend.main([str(tmp_path / "out"), SHIPPED, "0.5", SHIPPED, "0.5"])
    files = [path for path in sorted(Path(SHIPPED).rglob("*")) if path.is_file()]
    assert len(files) > 4
    for path in files:
        made = tmp_path / "out" / path.relative_to(SHIPPED)
        assert made.read_bytes() == path.read_bytes(), path.name


def test_transitions_are_numbered_as_in_the_graph() -> None:
    ids = Numbering(PHONES)
    triples = kaldi.triples_of(PHONES)
    assert 2 * len(triples) == ids.last_transition
    for rank, triple in enumerate(triples):
        assert ids.loop(triple) == 2 * rank + 1
        assert ids.forward(triple) == 2 * rank + 2


# From here on: with torch.


def needs(*programs: str) -> Any:
    """torch, or the test is skipped and says what is missing."""
    torch = pytest.importorskip("torch", reason="torch is not installed: pip install torch==2.13.0")
    for program in programs:
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed (Debian: libfst-tools)")
    return torch


def test_the_objective_sums_over_every_alignment() -> None:
    """Against listing them all: two phones and silence, four frames."""
    torch = needs()
    objective = importlib.import_module("models.train.objective")
    scores = torch.from_numpy(chance().normal(0, 1, (1, 4, 6)).astype(np.float32))
    table = torch.tensor([[0.2, 0.5, 0.3], [0.4, 0.1, 0.5], [0.6, 0.4, 0.0]])
    rows: list[list[float]] = scores[0].tolist()

    def score(path: Sequence[tuple[int, bool]]) -> float:
        return sum(row[2 * p + (not begins)] for row, (p, begins) in zip(rows, path, strict=True))

    everything: list[float] = []
    said: list[float] = []
    choices = [[(p, b) for p in range(3) for b in (True, False)]] * 4
    for path in product(*choices):
        before, likely, phones = -1, 1.0, []
        for phone, begins in path:
            if begins:
                start = [0.5 * 0.6, 0.5 * 0.4, 0.5]
                likely *= start[phone] if before < 0 else float(table[before, phone])
                phones.append(phone)
            elif phone != before:
                likely = 0.0
            before = phone
        if likely > 0:
            everything.append(score(path) + math.log(likely))
        follows = all(b or (i and path[i - 1][0] == p) for i, (p, b) in enumerate(path))
        if (
            follows
            and [p for p in phones if p != 2] == [0, 1]
            and phones
            in (
                *(
                    [0, 1],
                    [2, 0, 1],
                    [0, 2, 1],
                    [0, 1, 2],
                    [2, 0, 2, 1],
                    [2, 0, 1, 2],
                    [0, 2, 1, 2],
                ),
            )
        ):
            said.append(score(path))
    lengths = torch.tensor([4])
    ours, _ = objective.numerator(scores, lengths, [[2, 0, 2, 1, 2]], 2)
    assert ours.item() == pytest.approx(math.log(sum(map(math.exp, said))), abs=1e-4)
    ours, _ = objective.denominator(scores, lengths, table)
    assert ours.item() == pytest.approx(math.log(sum(map(math.exp, everything))), abs=1e-4)


def test_the_slope_is_that_of_the_loss() -> None:
    """One score at a time moved up and down; several ways, a clip that ends early, a silent one."""
    torch = needs()
    objective = importlib.import_module("models.train.objective")
    scores = torch.from_numpy(chance().normal(0, 1, (3, 5, 6))).float().double()
    table = torch.tensor([[0.2, 0.5, 0.3], [0.4, 0.1, 0.5], [0.6, 0.4, 0.0]])
    lengths = torch.tensor([5, 3, 4])
    said = [[[2, 0, 2, 1, 2], [0, 1]], [[2, 1, 2]], [[2]]]

    def loss(moved: Any) -> Any:
        return objective.loss_of(moved.float(), lengths, said, table)

    leaf = scores.float().requires_grad_()
    loss(leaf).backward()
    for place in product(range(3), range(5), range(6)):
        step = torch.zeros_like(scores)
        step[place] = 0.05
        slope = (loss(scores + step) - loss(scores - step)) / 0.1
        assert leaf.grad[place].item() == pytest.approx(slope.item(), abs=2e-4)
    assert not leaf.grad[1, 3:].any()


def test_what_an_earlier_model_hears_is_kept_by_its_share() -> None:
    """The slope is that of the loss again; whoever hears as it does, and has all to keep, has
    nothing to learn; and what has nothing to keep is learnt by its text alone."""
    torch = needs()
    objective = importlib.import_module("models.train.objective")
    scores, earlier = torch.from_numpy(chance().normal(0, 1, (2, 2, 4, 6)).astype(np.float32))
    table = torch.tensor([[0.2, 0.5, 0.3], [0.4, 0.1, 0.5], [0.6, 0.4, 0.0]])
    lengths, said = torch.tensor([4, 3]), [[[2, 0, 2, 1, 2]], [[2]]]
    kept = objective.denominator(earlier, lengths, table)[1]

    def loss(moved: Any, *keep: Any) -> Any:
        return objective.loss_of(moved, lengths, said, table, *keep)

    shares = torch.tensor([0.6, 0.2])
    leaf = scores.clone().requires_grad_()
    loss(leaf, kept, shares).backward()
    for place in product(range(2), range(4), range(6)):
        step = torch.zeros_like(scores)
        step[place] = 0.05
        slope = (loss(scores + step, kept, shares) - loss(scores - step, kept, shares)) / 0.1
        assert leaf.grad[place].item() == pytest.approx(slope.item(), abs=2e-4)
    same = earlier.clone().requires_grad_()
    loss(same, kept, torch.ones(2)).backward()
    assert not same.grad.abs().max() > 1e-6
    assert loss(scores, kept, torch.zeros(2)).item() == pytest.approx(loss(scores).item())


def test_a_source_that_the_earlier_model_never_heard_is_learnt_by_its_text_alone(
    corpus: data.Corpus,
) -> None:
    torch = needs()
    learn = importlib.import_module("models.train.learn")
    network = importlib.import_module("models.train.network")
    batch = Maker(corpus, PHONES, 2)(0)
    batch.sources[:2] = ["new", "old"]
    earlier = learn.Earlier(random_network(torch, network), ["new"])
    lengths = torch.tensor([(length + 2) // 3 for length in batch.lengths])
    kept, shares = earlier.hears(batch, lengths, learn.likely_of(corpus, PHONES))
    assert shares[:2].tolist() == pytest.approx([0.0, learn.KEPT])
    assert kept[1, 0].sum().item() == pytest.approx(1.0, abs=1e-4), "of each frame, a whole"


@pytest.mark.parametrize("frames", [1, 4])
def test_a_batch_in_which_each_text_is_a_single_sound_has_a_loss(frames: int) -> None:
    """ "Oh", or nothing but noise: no word has a second sound, and no row is padded."""
    torch = needs()
    objective = importlib.import_module("models.train.objective")
    scores = torch.from_numpy(chance().normal(0, 1, (2, frames, 6)).astype(np.float32))
    lengths = torch.tensor([frames, frames])
    total, slope = objective.numerator(scores, lengths, [[1], [2]], 2)
    for row, sound in enumerate((1, 2)):  # one way only: it begins, and lasts
        begun, lasted = scores[row, 0, 2 * sound], scores[row, 1:, 2 * sound + 1].sum()
        assert total[row].item() == pytest.approx((begun + lasted).item(), abs=1e-5)
        assert slope[row].sum().item() == pytest.approx(frames, abs=1e-4)


def random_network(torch: Any, network: Any) -> Any:
    torch.manual_seed(0)
    net = network.Network(2 * (len(PHONES) + 1))
    torch.nn.init.normal_(net.last.weight)
    for norm in (*net.norms, net.last_norm):
        norm.running_mean.uniform_(0, 0.5)
        norm.running_var.uniform_(0.3, 2)
    net.learn_range(torch.randn(50, BANDS) * 10 + 3)
    return net.eval()


def test_learning_goes_on_from_a_written_model(tmp_path: Path) -> None:
    """A network takes over what a model's file says, but for its eight bits, and the file that is
    written of it is the same."""
    torch = needs()
    network, export = (importlib.import_module(f"models.train.{n}") for n in ("network", "export"))
    first = random_network(torch, network)
    export.write_acoustic(first, PHONES, tmp_path / "first.mdl")
    written = kaldi.read_layers(tmp_path / "first.mdl")
    frames = torch.randn(4, 90, BANDS) * 9 + 2
    second = network.Network(2 * (len(PHONES) + 1))
    second.learn_range(frames.flatten(0, 1))
    second.take_over(written, [frames])
    apart = (second.eval()(frames) - first(frames)).abs().mean() / first(frames).abs().mean()
    assert apart.item() < 0.03
    export.write_acoustic(second, PHONES, tmp_path / "second.mdl")
    for name, (weights, bias) in kaldi.read_layers(tmp_path / "second.mdl").items():
        assert np.abs(weights - written[name][0]).max() <= np.ptp(weights) / kaldi.LEVELS, name
        assert np.abs(bias - written[name][1]).max() < 1e-3, name
    # Each batch norm knows what reaches it, so that the first step of learning changes little.
    learning = second.train()(frames)
    assert ((learning - first(frames)).abs().mean() / first(frames).abs().mean()).item() < 0.5


def test_a_network_grows_from_a_smaller_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """It begins with what that one has learnt: the new blocks hardly say anything yet, but may."""
    torch = needs()
    network = importlib.import_module("models.train.network")
    whole, before = network.BLOCKS, network.BEFORE
    monkeypatch.setattr(network, "BLOCKS", whole[:4])
    monkeypatch.setattr(network, "BEFORE", 2 + 3 * sum(back for back, _ in whole[:4]))
    small = random_network(torch, network)
    frames = torch.randn(2, 90, BANDS)
    learnt = small(frames)
    layers = {
        name: (part.weights, part.bias)
        for name, part in network.as_components(small)[1].items()
        if isinstance(part, network.Affine)
    }
    monkeypatch.setattr(network, "BLOCKS", whole)
    monkeypatch.setattr(network, "BEFORE", before)
    large = network.Network(2 * (len(PHONES) + 1))
    large.take_over(layers, [frames])
    share = float((large(frames) - learnt).abs().mean() / learnt.abs().mean())
    assert 0 < share < 0.2, share
    with pytest.raises(ValueError, match="other parts: more"):
        large.take_over({**layers, "more": layers["last"]}, [frames])


@pytest.mark.parametrize("text", [b"", b"no model", b"<NumComponents> <ComponentName> a <Affine"])
def test_a_file_that_is_no_model_is_named(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "final.mdl").write_bytes(text)
    with pytest.raises(ValueError, match=r"final\.mdl: not a model"):
        kaldi.read_layers(tmp_path / "final.mdl")


def test_the_recogniser_computes_what_was_trained(tmp_path: Path) -> None:
    """libvosk's score of a path through a random network equals ours."""
    torch = needs("fstcompile")
    pytest.importorskip("vosk", reason="vosk is not installed")
    network, export, verify = (
        importlib.import_module(f"models.train.{name}") for name in ("network", "export", "verify")
    )
    net = random_network(torch, network)
    export.write_acoustic(net, PHONES, tmp_path / "am" / "final.mdl")
    assert verify.difference(net, tmp_path, PHONES, clips=4) < verify.ALLOWED


def test_the_learning_rate_is_nothing_when_the_steps_or_the_minutes_are_over(
    tmp_path: Path,
) -> None:
    needs()
    learn = importlib.import_module("models.train.learn")
    run = learn.Run(tmp_path, PHONES, 1, 1000, 10, fastest=0.0005)
    run.step = 200
    assert run.done() == pytest.approx(0.2)
    assert run.rate() == 0.0005
    run.took_s = 9 * 60
    assert run.done() == pytest.approx(0.9)
    assert 0 < run.rate() < 0.0001
    run.took_s = 11 * 60
    assert run.done() == 1
    assert run.rate() == 0


def test_training_goes_on_where_it_was_ended(corpus: data.Corpus, tmp_path: Path) -> None:
    """Six steps at once and three, then three, give the same weights."""
    torch = needs()
    learn = importlib.import_module("models.train.learn")
    objective = {"seed": 2, "tell": lambda _: None}
    torch.set_num_threads(1)
    work = tmp_path / "work"
    whole = learn.train(work, PHONES, steps=6, **objective)
    (work / "checkpoint.pt").unlink()

    class Ended(Exception):
        pass

    run = learn.Run(work, PHONES, 2, 6)
    assert not run.restore()
    make = Maker(corpus, PHONES, 2)
    run.begin([make(6 + n) for n in range(learn.RANGE_BATCHES)], None)
    likely = learn.likely_of(corpus, PHONES)
    for step in range(3):
        run.learn(make(step), likely)
    run.keep()
    rest = learn.train(work, PHONES, steps=6, **objective)
    for one, other in zip(
        whole.mean.state_dict().values(), rest.mean.state_dict().values(), strict=True
    ):
        assert torch.allclose(one.double(), other.double(), atol=1e-6)
