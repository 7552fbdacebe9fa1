"""From recordings and synthesisers to the shipped model's folder, by one command.

    python -m models.train WORK --recordings FOLDER [--steps 6000] [--model models/en-command]

`WORK` holds the corpus, the checkpoint and the log. The corpus is made once; training goes on where
it was ended. At the end the model's acoustic part, `filler.txt` and graph are written and libvosk
is shown to compute what was trained. `models/README.md` tells what is needed and how long it takes.
"""

import argparse
import math
import os
import sys
import time
from pathlib import Path

# Before numpy comes in: each process has one thread for small matrices, several are slower.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from models.build_graph import read_filler
from models.train import data
from models.train.kaldi import read_layers

HERE = Path(__file__).resolve().parents[1]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m models.train", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("work", type=Path, help="folder for the corpus and the checkpoint")
    parser.add_argument("--recordings", type=Path, nargs="*", default=[], metavar="FOLDER")
    parser.add_argument("--synthetic", type=int, default=12000, help="synthetic clips")
    parser.add_argument("--noises", type=int, default=1500, help="made noises and pieces of music")
    parser.add_argument("--steps", type=int, default=6000)
    parser.add_argument("--minutes", type=float, default=math.inf, help="at most so long")
    parser.add_argument(
        "--begin", type=Path, metavar="MODEL", help="learn on from it, such as models/en-command"
    )
    parser.add_argument(
        "--keep", type=Path, metavar="MODEL", help="forget nothing that this model hears"
    )
    parser.add_argument(
        "--new",
        nargs="*",
        default=[],
        metavar="SOURCE",
        help="sources (as in labels.tsv) that the model of --keep hasn't learnt from",
    )
    parser.add_argument(
        "--rate",
        type=float,
        help="learning rate after the first steps; default 0.002, less for a"
        " short run that begins with a model",
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=1, help="processes that change the clips")
    parser.add_argument("--threads", type=int, default=1, help="threads of the network")
    parser.add_argument("--model", type=Path, help="where to write; default WORK/model")
    parser.add_argument("--only-prepare", action="store_true")
    options = parser.parse_args()
    for name in ("begin", "keep"):  # now, not after the corpus was made
        if model := getattr(options, name):
            try:
                read_layers(model / "am" / "final.mdl")
            except (OSError, ValueError) as error:
                parser.error(f"--{name}: {error}")
    phones = read_filler(HERE / "filler.txt")[0]
    options.work.mkdir(parents=True, exist_ok=True)
    tell = Log(options.work / "log.txt")
    if not (options.work / "clips.tsv").is_file():
        data.prepare(
            options.work,
            options.recordings,
            phones,
            synthetic=options.synthetic,
            noises=options.noises,
            seed=options.seed,
            processes=os.cpu_count() or 1,
            tell=tell,
        )
    if options.only_prepare:
        return 0
    try:
        import torch
    except ImportError:
        raise SystemExit("torch is missing: pip install -r models/train/requirements.txt") from None
    from models.train import export, learn, verify

    os.nice(19)
    torch.set_num_threads(options.threads)
    run = learn.train(
        options.work,
        phones,
        options.seed,
        options.steps,
        tell,
        minutes=options.minutes,
        workers=options.workers,
        earlier=options.begin,
        fastest=options.rate or learn.FASTEST,
        keep=options.keep,
        new=options.new,
    )
    model = options.model or options.work / "model"
    export.export(run, options.work, model)
    worst = verify.difference(run.mean, model, phones)
    tell(f"{model}: libvosk's score and ours differ by {worst:.4f} at most over random clips")
    return 0 if worst < verify.ALLOWED else 1


class Log:
    """Says a line with the time it took so far, on the screen and in a file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._begun = time.monotonic()

    def __call__(self, line: str) -> None:
        print(line, flush=True)
        with self._path.open("a", encoding="utf-8") as file:
            file.write(f"{(time.monotonic() - self._begun) / 60:.1f} min\t{line}\n")


if __name__ == "__main__":
    sys.exit(main())
