"""Proves that libvosk computes what was trained: features, network, transitions, graph.

On short random sounds the recogniser may only say "yes" or nothing. The score of its best path
through "yes" must equal the best through our own outputs, but for a constant (the grammar's and
the graph's costs).
"""

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from models.build_graph import build, read_filler
from models.train.data import ROOT
from models.train.features import LENGTH, STEP, Frames, cepstra
from models.train.kaldi import as_read
from models.train.network import AFTER, BEFORE, BLOCKS, Affine, Network, as_components

WORD = "yes"
SOUNDS = ("y", "eh", "s")
CLIPS = 8
ALLOWED = 0.01
"""In nats over a whole clip; the recogniser multiplies in another order than we do."""

Scores = npt.NDArray[np.float32]


def difference(net: Network, model: Path, phones: Sequence[str], *, clips: int = CLIPS) -> float:
    """The largest deviation from the mean difference, in nats. `model` gives the acoustic part."""
    import vosk

    vosk.SetLogLevel(-1)
    number = {phone: i for i, phone in enumerate(phones)}
    path = [len(phones), *(number[sound] for sound in SOUNDS), len(phones)]
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "am").mkdir()
        (place / "am" / "final.mdl").write_bytes((model / "am" / "final.mdl").read_bytes())
        build(place, {WORD: [list(SOUNDS)]}, read_filler(ROOT / "models" / "filler.txt"))
        widen(place / "conf" / "model.conf")
        loaded: Any = vosk.Model(str(place))
        found = []
        for number_of_clip in range(clips):
            chance = np.random.default_rng(number_of_clip)
            loudness = 10 ** chance.uniform(1, 4)
            # Five frames out: few ways through the word, all of them listed below.
            hiss = np.round(chance.normal(0, loudness, LENGTH + 14 * STEP))
            sound = np.clip(hiss, -32767, 32767).astype(np.float32)
            scores = scores_as_read(net, cepstra(sound))
            found.append(heard(vosk, loaded, sound) - best(scores, path))
    return float(np.abs(np.array(found) - np.mean(found)).max())


def heard(vosk: Any, model: Any, sound: npt.NDArray[np.float32]) -> float:
    recogniser = vosk.KaldiRecognizer(model, 16000, json.dumps([WORD]))
    recogniser.SetMaxAlternatives(5)  # then its "confidence" is the path's score
    recogniser.AcceptWaveform(sound.astype("<i2").tobytes())
    found = json.loads(recogniser.FinalResult())["alternatives"]
    # A trained network calls noise silence, so the word is rarely the first alternative.
    return next(float(a["confidence"]) for a in found if a["text"].strip() == WORD)


def widen(conf: Path) -> None:
    """Let the recogniser keep every path, however unlikely."""
    lines = [line for line in conf.read_text().splitlines() if "beam=" not in line]
    conf.write_text("\n".join([*lines, "--beam=10000", "--lattice-beam=10000", ""]))


def best(scores: Scores, path: Sequence[int]) -> float:
    """The best way through silence, the word's sounds and silence; both silences may be missing."""
    at = np.full(len(path), -np.inf)
    at[0], at[1] = scores[0, 2 * path[0]], scores[0, 2 * path[1]]
    for row in scores[1:]:
        onward = at + [row[2 * phone + 1] for phone in path]
        for i in range(1, len(path)):
            onward[i] = max(onward[i], at[i - 1] + row[2 * path[i]])
        at = onward
    return float(max(at[-1], at[-2]))


def scores_as_read(net: Network, frames: Frames) -> Scores:
    """The exported layers with their numbers as the recogniser reads them back from 8 bits."""
    parts = as_components(net)[1]

    def affine(name: str, rows: Scores) -> Scores:
        part = parts[name]
        assert isinstance(part, Affine)
        return np.asarray(rows @ as_read(part.weights).T + part.bias, np.float32)

    count = (len(frames) + 2) // 3
    after = max(0, (count - 1) * 3 + 1 + AFTER - len(frames))
    x = np.pad(frames, ((BEFORE, after), (0, 0)), mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(x, 5, axis=0)[::3].transpose(0, 2, 1)
    x = np.maximum(affine("first", windows.reshape(len(windows), -1)), 0)
    for i, (back, ahead) in enumerate(BLOCKS, 1):
        seen = np.concatenate([x[: len(x) - back], x[back:]], axis=1) if back else x
        low = affine(f"narrow{i}", seen)
        seen = np.concatenate([low[: len(low) - ahead], low[ahead:]], axis=1) if ahead else low
        x = x[back : len(x) - ahead] + np.maximum(affine(f"wide{i}", seen), 0)
    return affine("last", x)[:count]
