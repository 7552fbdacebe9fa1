"""The corpus: every clip that is learnt from, with its text, in one file of samples.

Decides what is taken (labelled recordings marked `train`, and synthetic speech of what people will
say), which speakers are kept apart for choosing the operating point (`dev`), and how often each
kind is shown. It reads no recording that is not marked `train`.

A labelled folder holds `labels.tsv` (path, kind, text, speaker, seconds, split, source, licence;
tab-separated) beside its recordings. To teach the model your own voice, make such a folder.
"""

import csv
import hashlib
import re
import tomllib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import astuple, dataclass, fields, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from models.build_graph import pronounced, read_words
from models.train import synth
from models.train.audio import RATE_HZ, Samples, level, resampled
from models.train.sounds import other_than_speech

ROOT = Path(__file__).resolve().parents[2]
DEV_SHARE = 0.08
"""Of the speakers (of the clips where no speaker is named)."""
FEW_VOICES = (
    *("fsdd", "ljspeech", "cmu_arctic_cathy", "librispeech_3speakers", "gcompris", "asterisk"),
)
LONGEST_S = 16.0
NOISE_S = 4
"""Each made noise or music."""
SHORT = (
    *("stop", "no", "next", "back", "pause", "skip", "go", "yes", "resume", "continue", "repeat"),
    *("again", "ready", "start", "help", "wait", "done", "snooze", "ouch", "louder", "quieter"),
    *("slower", "faster"),
)
"""The commands that are one word: the hard part, so the most often said by the synthesisers."""
WEIGHTS = {"sentence": 1.2, "command": 14.0, "word": 4.0, "wakeword": 2.7}
"""How often a clip of a person is shown; `command` is one of SHORT. With sentences at 2 the network
learns them well and single words badly: it is small, and commands are what it is for."""
FOR_MEASURING = (
    *("af_bella", "af_nicole", "am_fenrir", "am_puck", "bf_emma", "bm_george", "if_sara"),
    *("hm_omega", "ff_siwis", "em_alex"),
)
"""Neural voices that are measured with: never learnt from, neither alone nor in a mix."""
NEURAL = "kokoro82m"
"""The source whose clips a neural synthesiser made; their speaker names all voices of the mix."""
FOR_CHOOSING = ("af_jessica", "am_liam", "bm_daniel")
"""Neural voices kept apart for choosing the operating point, with all mixes that hold one."""
MADE = ("synthetic", NEURAL)
NEURAL_SHARE = 1.5
"""A neural clip is shown so much oftener than one of the older synthesisers that says the same."""
SYNTHETIC = {"short": 4.5, "near": 3.8, "phrase": 3.0, "words": 1.8, "longer": 0.9}
AT_ONCE = 400
"""Synthetic clips that are asked for together."""
MOST = 900.0
"""No single word weighs more than this, or hundreds of "go" would drown a few "no"."""

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Clip:
    """Where a clip's samples stand, and what is said in it."""

    start: int
    length: int
    weight: float
    split: str
    kind: str
    """speech (the text is said), talk (somebody speaks, nobody wrote down what) or noise."""
    source: str
    speaker: str
    text: str

    @property
    def seconds(self) -> float:
        return self.length / RATE_HZ


@dataclass(frozen=True)
class Script:
    """What the synthesisers may be asked to say."""

    phrases: Mapping[str, Sequence[str]]
    """By command."""
    words: Sequence[str]
    near: Sequence[str]
    """Words that differ from a short command by one sound."""
    prose: Sequence[str]


class Corpus:
    """The clips of a folder made by `prepare`."""

    def __init__(self, folder: Path) -> None:
        with (folder / "clips.tsv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file, delimiter="\t"))
        self.clips = [
            Clip(
                int(row["start"]),
                int(row["length"]),
                float(row["weight"]),
                row["split"],
                row["kind"],
                row["source"],
                row["speaker"],
                row["text"],
            )
            for row in rows
        ]
        self._samples = np.memmap(folder / "samples.i16", np.int16, "r")
        self.pronunciations = read_words(folder / "pronunciations.txt")

    def sound(self, clip: Clip) -> Samples:
        return self._samples[clip.start : clip.start + clip.length].astype(np.float32)

    def of(self, split: str, kind: str) -> list[Clip]:
        return [clip for clip in self.clips if clip.split == split and clip.kind == kind]


def prepare(
    folder: Path,
    recordings: Sequence[Path],
    phones: Sequence[str],
    *,
    synthetic: int,
    noises: int,
    seed: int,
    processes: int,
    tell: Progress,
) -> None:
    """Write samples.i16, clips.tsv and pronunciations.txt; unfinished work is begun again."""
    folder.mkdir(parents=True, exist_ok=True)
    clips: list[Clip] = []
    known = read_words(ROOT / "models" / "words.txt")
    with (folder / "samples.i16").open("wb") as file:

        def add(
            sound: Samples, kind: str, source: str, text: str, who: str = "", weight: float = 1.0
        ) -> None:
            start = clips[-1].start + clips[-1].length if clips else 0
            data = np.clip(sound, -32767, 32767).astype("<i2")
            file.write(data.tobytes())
            split = "dev" if who and kept_apart(source, who) else "train"
            clips.append(Clip(start, len(data), weight, split, kind, source, who, text))

        for place in recordings:
            for row in labelled(place):
                sound = read_sound(place / row["path"])
                text = plain(row["text"], row["kind"])
                kind = "noise" if row["kind"] == "noise" else "speech" if text else "talk"
                if len(sound) <= LONGEST_S * RATE_HZ or kind == "noise":
                    who = row["speaker"] or row["path"]
                    weight = 0.0 if row["source"] == NEURAL else weight_of(row["kind"], text)
                    add(sound, kind, row["source"], text, who, weight)
            tell(f"{place.name}: {len(clips)} clips, {hours(clips):.2f} h")
        learn_words({word for clip in clips for word in clip.text.split()}, known, phones)
        tell(f"{len(known)} words")
        phrases = command_phrases() if synthetic else {}
        prose = [clip.text for clip in clips if clip.split == "train" and clip.text.count(" ") > 3]
        script = Script(phrases, list(known), confusable(known), prose)
        clips = [
            replace(c, weight=NEURAL_SHARE * synthetic_weight(c.text, script))
            if c.source == NEURAL
            else c
            for c in clips
        ]
        people = len(clips)
        for sound, text in synthetic_speech(synthetic, seed, script, processes):
            add(sound, "speech", "synthetic", text, weight=synthetic_weight(text, script))
            if len(clips) % 500 == 0:
                said = clips[people:]
                tell(f"synthetic: {len(said)} of {synthetic} clips, {hours(said):.2f} h")
        with ProcessPoolExecutor(processes) as pool:
            for sound in pool.map(partial(_made_noise, seed), range(noises), chunksize=20):
                add(sound, "noise", "made", "")
    lines = [f"{word} {' '.join(v)}\n" for word, variants in known.items() for v in variants]
    (folder / "pronunciations.txt").write_text("".join(lines), encoding="utf-8")
    clips = balanced([c for c in clips if all(word in known for word in c.text.split())])
    with (folder / "clips.tsv").open("w", encoding="utf-8", newline="") as table:
        writer = csv.writer(table, delimiter="\t")
        writer.writerow(field.name for field in fields(Clip))
        writer.writerows(astuple(clip) for clip in clips)
    tell(f"{len(clips)} clips, {hours(clips):.2f} h, {len(known)} words")


def learn_words(
    words: Collection[str], known: dict[str, list[list[str]]], phones: Sequence[str]
) -> None:
    """Add the synthesiser's pronunciation of those that are not known yet."""
    for word, sounds in pronounced(sorted(set(words) - set(known))).items():
        if sounds and set(sounds) <= set(phones):
            known[word] = [sounds]


def _made_noise(seed: int, number: int) -> Samples:
    return other_than_speech(np.random.default_rng([seed, 2, number]), NOISE_S * RATE_HZ)


def balanced(clips: Sequence[Clip]) -> list[Clip]:
    """The recorded single words, none above MOST in all."""
    heavy: defaultdict[str, float] = defaultdict(float)
    for clip in clips:
        if clip.source not in MADE and clip.text and " " not in clip.text:
            heavy[clip.text] += clip.weight
    return [
        replace(clip, weight=round(clip.weight * min(1.0, MOST / heavy[clip.text]), 4))
        if clip.source not in MADE and clip.text in heavy
        else clip
        for clip in clips
    ]


def hours(clips: Sequence[Clip]) -> float:
    return sum(clip.seconds for clip in clips) / 3600


def labelled(folder: Path) -> Iterator[dict[str, str]]:
    """The rows that may be learnt from."""
    path = folder / "labels.tsv"
    if not path.is_file():
        raise SystemExit(f"{path}: not found; a folder of recordings needs it")
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            if row["split"] != "train":
                continue
            if kept := [voice for voice in voices_of(row["speaker"]) if voice in FOR_MEASURING]:
                raise SystemExit(
                    f"{path}: {row['path']} is spoken by {kept[0]}, a voice that is kept for "
                    "measuring; write eval instead of train in its row, or take the row out"
                )
            yield row


def voices_of(speaker: str) -> list[str]:
    """The neural voices in a speaker such as `kokoro:af_sarah*0.6+bm_fable*0.4 child 1.5`."""
    return re.findall(r"[a-z]{2}_[a-z]+", speaker)


def read_sound(path: Path) -> Samples:
    samples, rate_hz = soundfile.read(path, dtype="float32", always_2d=True)
    return resampled(samples.mean(axis=1) * 32767, rate_hz)


def plain(text: str, kind: str) -> str:
    """Small words without signs; empty where the words are not known to be English as written."""
    if kind == "noise" or "[" in text:
        return ""
    text = {"heychatterbox": "hey chatterbox", "heycomputer": "hey computer"}.get(text, text)
    return " ".join(re.findall(r"[a-z]+(?:'[a-z]+)?", text.lower()))


def kept_apart(source: str, who: str) -> bool:
    """Whether a speaker is for choosing only. Sources of a few voices are needed whole."""
    if source in FEW_VOICES:
        return False
    if source == NEURAL:
        return any(voice in FOR_CHOOSING for voice in voices_of(who))
    return hashlib.sha256(f"{source} {who}".encode()).digest()[0] < 256 * DEV_SHARE


def weight_of(kind: str, text: str) -> float:
    if kind == "wakeword":
        return WEIGHTS["wakeword"]
    if text.count(" ") > 1:
        return WEIGHTS["sentence"]
    return WEIGHTS["command" if text in SHORT else "word"]


def synthetic_weight(text: str, script: Script) -> float:
    if text in SHORT:
        return SYNTHETIC["short"]
    if text in script.near:
        return SYNTHETIC["near"]
    if any(text in said for said in script.phrases.values()):
        return SYNTHETIC["phrase"]
    return SYNTHETIC["words" if text.count(" ") < 2 else "longer"]


def synthetic_speech(
    count: int, seed: int, script: Script, processes: int
) -> Iterator[tuple[Samples, str]]:
    """That many clips; each is drawn from its own number, so the rest stays when one changes."""
    if not count:
        return
    synth.voices()
    with ProcessPoolExecutor(processes) as pool:
        begin = done = 0
        while done < count:
            numbers = range(begin, begin + AT_ONCE)
            begin += AT_ONCE
            for made in pool.map(partial(_said, seed, script), numbers, chunksize=20):
                if made and done < count:
                    done += 1
                    yield made


def _said(seed: int, script: Script, number: int) -> tuple[Samples, str] | None:
    chance = np.random.default_rng([seed, 1, number])
    text = drawn_text(chance, script)
    try:
        sound = synth.say(text, chance, synth.voices())
    except synth.Refused:
        return None
    return sound / level(sound) * np.float32(3000), text


def drawn_text(chance: np.random.Generator, script: Script) -> str:
    """A short command, any phrase, one to three words, or a piece of what people read."""
    kind = chance.random()
    if kind < 0.24:
        return str(chance.choice(SHORT))
    if kind < 0.41 and script.phrases:
        command = list(script.phrases)[int(chance.integers(len(script.phrases)))]
        return str(chance.choice(script.phrases[command]))
    if kind < 0.53 and script.near:
        return str(chance.choice(script.near))
    if kind < 0.76 or not script.prose:
        return " ".join(chance.choice(script.words, chance.choice([1, 1, 1, 2, 3])))
    sentence = script.prose[int(chance.integers(len(script.prose)))].split()
    length = int(chance.integers(1, 8))
    start = int(chance.integers(max(1, len(sentence) - length + 1)))
    return " ".join(sentence[start : start + length])


def confusable(pronunciations: Mapping[str, list[list[str]]]) -> list[str]:
    """Words that are a short command but for one sound more, less or other; commands aside."""
    commands = [variant for word in SHORT for variant in pronunciations.get(word, [])]
    return sorted(
        word
        for word, variants in pronunciations.items()
        if word not in SHORT and any(_one_apart(v, c) for v in variants for c in commands)
    )


def _one_apart(some: Sequence[str], other: Sequence[str]) -> bool:
    if abs(len(some) - len(other)) > 1:
        return False
    short, long = sorted((list(some), list(other)), key=len)
    if len(short) < len(long):
        return any(short == long[:i] + long[i + 1 :] for i in range(len(long)))
    return sum(a != b for a, b in zip(short, long, strict=True)) == 1


def understanding() -> Any:
    """The product's own templates, with every shipped routine's spoken names."""
    from assistant.hearing.understand import Understanding

    names = {}
    for path in sorted((ROOT / "routines").glob("*.toml")):
        routine = tomllib.loads(path.read_text(encoding="utf-8"))
        names[routine["id"]] = [str(name) for name in routine.get("spoken_names", [])]
    return Understanding(ROOT / "routines" / "commands.yaml", ["hey coach"], names)


def command_phrases() -> dict[str, list[str]]:
    """Every sentence that is a command, by command: some have hundreds (times of day), some one."""
    from assistant.coach.effects import Context

    known = understanding()
    phrases: dict[str, set[str]] = {}
    for context in Context:
        for phrase, command in known.commands(context).items():
            phrases.setdefault(str(command), set()).add(phrase)
    return {command: sorted(said) for command, said in sorted(phrases.items())}
