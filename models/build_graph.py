"""Build the graph of the shipped command model: which words it knows, and what counts as none.

Reads `words.txt` (pronunciations that somebody has checked: all that commands and shipped names
need), `frequent.txt` (frequent words with a synthesiser's pronunciations, so that the name of a new
routine is mostly known) and `filler.txt` (how speech sounds follow one another, for the filler that
`[unk]` stands for), and writes `<model>/graph` and `<model>/conf`. It needs OpenFst's
command-line tools (Debian: libfst-tools and its plug-ins); `--add` also needs flite. It doesn't
touch the acoustic part, `<model>/am/final.mdl`, whose phone numbering it must follow:

- phone 1 is silence; then four ids a speech phone (begin, end, inside, alone in a word); then
  four ids shared by the whole filler. Every speech phone has one forward and one self-loop
  output of the network wherever it stands; a filler id owns one pair for each speech phone.
- transition ids follow the sorted (phone, forward, loop) triples, loop first, counting from 1.

The word label stands on a word's first arc, which is what lets the recogniser look ahead into a
grammar that is made at run time.
"""

import argparse
import math
import os
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
PLACES = ("begin", "end", "internal", "singleton")
FILLER = "[unk]"
FILLER_COST = -1.6
"""Added for each filler sound, in nats. Lower: more is taken for unknown speech, commands too."""
HALF = math.log(2)

MFCC = {
    "sample-frequency": 16000,
    "use-energy": "false",
    "num-mel-bins": 40,
    "num-ceps": 40,
    "low-freq": 20,
    "high-freq": 7600,
    "allow-downsample": "true",
    "allow-upsample": "true",
    "dither": 0,
}
DECODER = {
    "min-active": 200,
    "max-active": 3000,
    "beam": 12.0,
    "lattice-beam": 4.0,
    "acoustic-scale": 1.0,
    "frame-subsampling-factor": 3,
    "endpoint.silence-phones": 1,
    "endpoint.rule2.min-trailing-silence": 0.9,
    "endpoint.rule3.min-trailing-silence": 1.0,
    "endpoint.rule4.min-trailing-silence": 1.2,
}
"""Rule 2 ends an utterance that is surely a whole phrase, rule 3 a likely one, rule 4 any other;
all of them later than the ear does, or they would cut a phrase in which somebody hesitates."""

Arc = tuple[int, int, int, int, float]
"""From state, to state, transition id, word id, cost."""


def vocabulary(folder: Path = HERE) -> dict[str, list[list[str]]]:
    """All words with their pronunciations; what was checked goes before what wasn't."""
    return {**read_words(folder / "frequent.txt"), **read_words(folder / "words.txt")}


def read_words(path: Path) -> dict[str, list[list[str]]]:
    """Each word with its pronunciations."""
    words: dict[str, list[list[str]]] = {}
    for line in data_lines(path):
        word, *phones = line.split()
        words.setdefault(word, []).append(phones)
    return words


def read_filler(path: Path) -> tuple[list[str], dict[tuple[str, str], float]]:
    """The speech phones, and the cost of each after silence or another one."""
    header, *rows = data_lines(path)
    phones = header.split()[1:]
    costs = {}
    for row in rows:
        before, *values = row.split()
        costs.update({(before, after): float(v) for after, v in zip(phones, values, strict=True)})
    return phones, costs


def data_lines(path: Path) -> Iterator[str]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line


class Numbering:
    """Phone, network-output and transition ids, as the acoustic part has them."""

    def __init__(self, phones: list[str]) -> None:
        self.phones = phones
        self.index = {phone: i for i, phone in enumerate(phones)}
        self.filler_id = 2 + 4 * len(phones)
        quiet = len(phones)
        self.silence = (1, 2 * quiet, 2 * quiet + 1)
        triples = [self.silence]
        for filler in (False, True):
            triples += [self.triple(p, place, filler) for p in phones for place in PLACES]
        self._rank = {triple: i for i, triple in enumerate(sorted(triples))}
        self.last_transition = 2 * len(triples)

    def phone_id(self, phone: str, place: str) -> int:
        return 2 + 4 * self.index[phone] + PLACES.index(place)

    def triple(self, phone: str, place: str, filler: bool = False) -> tuple[int, int, int]:
        i = self.index[phone]
        ident = self.filler_id + PLACES.index(place) if filler else self.phone_id(phone, place)
        return ident, 2 * i, 2 * i + 1

    def loop(self, triple: tuple[int, int, int]) -> int:
        return 2 * self._rank[triple] + 1

    def forward(self, triple: tuple[int, int, int]) -> int:
        return 2 * self._rank[triple] + 2


@dataclass
class Graph:
    """Arcs of the word loop; state 0 begins, 1 is between words, 2 ends a word."""

    ids: Numbering
    arcs: list[Arc] = field(default_factory=list)
    states: int = 3

    def state(self) -> int:
        self.states += 1
        return self.states - 1

    def arc(
        self, start: int, end: int, transition: int = 0, word: int = 0, cost: float = 0.0
    ) -> None:
        self.arcs.append((start, end, transition, word, cost))

    def optional_silence(self, start: int) -> None:
        """From `start` to the word loop, with or without a pause, equally likely."""
        quiet = self.state()
        self.arc(start, 1, cost=HALF)
        self.arc(start, quiet, self.ids.forward(self.ids.silence), cost=HALF)
        self.arc(quiet, quiet, self.ids.loop(self.ids.silence))
        self.arc(quiet, 1)

    def word(self, label: int, phones: list[str]) -> None:
        here = 1
        for k, phone in enumerate(phones):
            triple = self.ids.triple(phone, place_of(k, len(phones)))
            there = self.state()
            self.arc(here, there, self.ids.forward(triple), label if k == 0 else 0)
            self.arc(there, there, self.ids.loop(triple))
            here = there
        self.arc(here, 2)

    def filler(self, label: int, costs: dict[tuple[str, str], float], extra: float) -> None:
        """Any sequence of speech sounds, as one word."""
        ids = self.ids
        at = {(p, place): self.state() for p in ids.phones for place in PLACES}
        for (phone, place), state in at.items():
            self.arc(state, state, ids.loop(ids.triple(phone, place, True)))
            if place in ("begin", "singleton"):
                cost = costs["sil", phone] + extra
                self.arc(1, state, ids.forward(ids.triple(phone, place, True)), label, cost)
            if place in ("end", "singleton"):
                self.arc(state, 2)
                continue
            for after in ids.phones:
                cost = costs[phone, after] + extra
                for onward in ("internal", "end"):
                    transition = ids.forward(ids.triple(after, onward, True))
                    self.arc(state, at[after, onward], transition, 0, cost)


def place_of(index: int, length: int) -> str:
    if length == 1:
        return "singleton"
    return "begin" if index == 0 else "end" if index == length - 1 else "internal"


def build(
    model: Path,
    words: dict[str, list[list[str]]],
    filler: tuple[list[str], dict[tuple[str, str], float]],
    cost: float = FILLER_COST,
) -> None:
    """Write `model/graph` and `model/conf`."""
    phones, costs = filler
    for word, spoken in words.items():
        for unknown in {phone for variant in spoken for phone in variant} - set(phones):
            raise SystemExit(
                f"words.txt: {word}: no phone {unknown!r}; it must be one of {' '.join(phones)}"
            )
    ids = Numbering(phones)
    labels = {word: i + 1 for i, word in enumerate([*sorted(words), FILLER])}
    graph = Graph(ids)
    graph.optional_silence(0)
    graph.optional_silence(2)
    for word, spoken in words.items():
        for variant in spoken:
            graph.word(labels[word], variant)
    graph.filler(labels[FILLER], costs, cost)
    folder = model / "graph"
    (folder / "phones").mkdir(parents=True, exist_ok=True)
    relabelled = write_lexicon(folder, graph, labels)
    write_unigram(folder, relabelled)
    (folder / "disambig_tid.int").write_text(f"{ids.last_transition + 1}\n")
    (folder / "phones" / "word_boundary.int").write_text("".join(boundary_lines(ids)))
    (model / "conf").mkdir(exist_ok=True)
    for name, options in (("mfcc.conf", MFCC), ("model.conf", DECODER)):
        text = "".join(f"--{key}={value}\n" for key, value in options.items())
        (model / "conf" / name).write_text(text)


def write_lexicon(folder: Path, graph: Graph, labels: dict[str, int]) -> dict[str, int]:
    """Write HCLr.fst and words.txt; the look-ahead format renumbers the words."""
    arcs = sorted(graph.arcs, key=lambda arc: arc[0])
    text = "".join(f"{a} {b} {t} {w} {c:.5g}\n" for a, b, t, w, c in arcs) + "1 0\n"
    with tempfile.NamedTemporaryFile(suffix=".pairs") as pairs:
        lookahead = f"--save_relabel_opairs={pairs.name}"
        pipe(
            folder,
            text,
            ["fstcompile"],
            ["fstarcsort", "--sort_type=olabel"],
            ["fstconvert", "--fst_type=olabel_lookahead", lookahead, "-", "HCLr.fst"],
        )
        rows = [line.split() for line in Path(pairs.name).read_text().splitlines()]
    renumbered = {int(old): int(new) for old, new in rows}
    relabelled = {word: renumbered[i] for word, i in labels.items()}
    lines = ["<eps> 0\n"]
    lines += [f"{word} {i}\n" for word, i in sorted(relabelled.items(), key=lambda item: item[1])]
    (folder / "words.txt").write_text("".join(lines))
    return relabelled


def write_unigram(folder: Path, labels: dict[str, int]) -> None:
    """Write Gr.fst: any words in any order, for a recogniser that is given no phrases."""
    cost = math.log(len(labels) + 1)
    text = "".join(f"0 0 {i} {i} {cost:.4f}\n" for i in sorted(labels.values())) + f"0 {cost:.4f}\n"
    pipe(
        folder,
        text,
        ["fstcompile"],
        ["fstarcsort", "--sort_type=ilabel"],
        ["fstsymbols", "--isymbols=words.txt", "--osymbols=words.txt"],
        ["fstconvert", "--fst_type=const", "-", "Gr.fst"],
    )


def boundary_lines(ids: Numbering) -> Iterator[str]:
    yield "1 nonword\n"
    for first in range(2, ids.filler_id + 1, len(PLACES)):
        yield from (f"{first + i} {place}\n" for i, place in enumerate(PLACES))


def pipe(folder: Path, text: str, *commands: list[str]) -> None:
    """Run OpenFst's tools one after the other, in `folder`: the names they get end up in files."""
    data = text.encode()
    for command in commands:
        try:
            done = subprocess.run(
                command, input=data, capture_output=True, env=tool_environment(), cwd=folder
            )
        except FileNotFoundError:
            raise SystemExit(f"{command[0]} is missing: install the package libfst-tools") from None
        if done.returncode:
            raise SystemExit(f"{' '.join(command)}: {done.stderr.decode().strip()}")
        data = done.stdout


def tool_environment() -> dict[str, str]:
    """OpenFst loads its file formats by bare name: name the folder that holds them."""
    folders = sorted(Path("/usr/lib").glob("*/fst/*/olabel_lookahead-fst.so"))
    return {**os.environ, "LD_LIBRARY_PATH": ":".join(str(path.parent) for path in folders)}


def pronounced(words: Sequence[str]) -> dict[str, list[str]]:
    """flite's pronunciations, one a word."""
    found: dict[str, list[str]] = {}
    for begin in range(0, len(words), 20):
        some = list(words[begin : begin + 20])
        parts = _sounds(", ".join(some))
        # A word that flite reads as two sentences spoils the count: then one at a time.
        if len(parts) != len(some):
            parts = [[p for part in _sounds(word) for p in part] for word in some]
        found.update(zip(some, parts, strict=True))
    return found


def _sounds(text: str) -> list[list[str]]:
    # Not its default voice, which merges two vowels; this one is quick too.
    command = ["flite", "-voice", "kal16", "-ps", "-o", "none", "-t", f"{text}."]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return [part.split() for part in printed.split("pau") if part.strip()]


def suggested(words: Sequence[str], phones: Collection[str]) -> Iterator[str]:
    """Lines for words.txt: what flite says, and the British ending of "later"."""
    for word, sounds in pronounced(words).items():
        spoken = [sound for sound in sounds if sound in phones]
        yield f"{word} {' '.join(spoken)}"
        if len(spoken) > 2 and spoken[-1] == "er":
            yield f"{word} {' '.join([*spoken[:-1], 'ax'])}"


def main() -> int:
    parser = argparse.ArgumentParser(description="Rebuild the graph of the shipped command model.")
    parser.add_argument("--model", type=Path, default=HERE / "en-command")
    parser.add_argument("--filler-cost", type=float, default=FILLER_COST)
    parser.add_argument("--add", nargs="+", metavar="WORD", help="print lines for words.txt")
    options = parser.parse_args()
    filler = read_filler(HERE / "filler.txt")
    if options.add:
        print("\n".join(suggested([word.lower() for word in options.add], filler[0])))
        return 0
    words = vocabulary()
    build(options.model, words, filler, options.filler_cost)
    size = sum(path.stat().st_size for path in options.model.rglob("*") if path.is_file())
    print(f"{options.model.name}: {len(words)} words, {size / 1e6:.2f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
