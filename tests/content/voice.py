"""What the voice really takes, and the corpus of all our sentences.

Used by the tests and by `measure_speech.py`; decides nothing.
"""

import importlib.util
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from assistant.content import sentences, words
from assistant.content.limits import sentences as split
from assistant.content.plan import compile_plan, told_to
from assistant.content.routine_reader import Library, load
from assistant.content.types import Item, Kind, Routine

ROUTINES = Path(__file__).parents[2] / "routines"
RATE_HZ = 22050


def missing() -> str:
    """Why nothing can be rendered here; empty when it can."""
    if importlib.util.find_spec("pyttsx3") is None:
        return "pyttsx3 is not installed"
    return "" if shutil.which("espeak-ng") else "espeak-ng is not installed"


def rendered_s(texts: Iterable[str]) -> dict[str, float]:
    """Seconds of sound for each sentence, trailing silence included, at 155 words a minute."""
    return _by_a_child(texts)


def _by_a_child(texts: Iterable[str], *arguments: str) -> dict[str, float]:
    wanted = sorted(set(texts))
    child = subprocess.run(
        [sys.executable, "-m", "tests.content.voice", *arguments],
        cwd=Path(__file__).parents[2],
        input=json.dumps(wanted),
        capture_output=True,
        text=True,
        check=True,
    )
    lengths = json.loads(child.stdout.splitlines()[-1])
    return dict(zip(wanted, lengths, strict=True))


def _render(texts: list[str]) -> list[float]:
    """pyttsx3 as the product uses it, in a process of its own."""
    import pyttsx3

    engine = pyttsx3.init("espeak")
    engine.setProperty("voice", "gmw/en-us")
    engine.setProperty("rate", 155)
    lengths = []
    with tempfile.TemporaryDirectory() as folder:
        for place, text in enumerate(texts):
            path = Path(folder) / f"{place}.wav"
            lengths.append(0.0)
            for _ in range(3):  # on a busy machine the voice sometimes leaves a sentence out
                engine.save_to_file(text, str(path))
                engine.runAndWait()
                limit = time.monotonic() + 5
                while not (path.exists() and path.stat().st_size > 44) and time.monotonic() < limit:
                    time.sleep(0.005)
                lengths[-1] = (path.stat().st_size - 44) / 2 / RATE_HZ
                if lengths[-1] > 0:
                    break
    return lengths


PACES = (0.8, 1.0, 1.25)
"""Slower, as configured, faster: what a person may ask for."""


def spoken_s(texts: Iterable[str], pace: float) -> dict[str, float]:
    """Seconds from the first to the last sound of each sentence at this pace, as it is played live
    (short silences before and behind included)."""
    return _by_a_child(texts, str(round(155 * pace)))


def _render_live(texts: list[str], rate_wpm: int) -> list[float]:
    from assistant.speaking.render import Renderer

    renderer = Renderer("gmw/en-us")
    return [len(renderer.render(text, rate_wpm, 0.8)) / 2 / RATE_HZ for text in texts]


def slots(routines: Iterable[Routine], pace: float) -> dict[str, float]:
    """The shortest time that each sentence has until the next one, or until its stretch ends. What
    isn't work waits for a slower voice; work never does."""
    shortest: dict[str, float] = {}
    for routine in routines:
        plan = compile_plan(routine)
        for segment in (*plan.segments, *told_to(plan, plan.exercise_ids).segments):
            wait = 1.0 if segment.kind is Kind.WORK else max(1.0, 1.0 / pace)
            ends = [*(cue.at_s for cue in segment.cues[1:]), segment.length_s]
            for cue, end in zip(segment.cues, ends, strict=False):
                has = (end - cue.at_s) * wait
                shortest[cue.text] = min(has, shortest.get(cue.text, 1e9))
    return shortest


def shipped() -> Library:
    return load([ROUTINES])


def alone(library: Library) -> Iterator[Routine]:
    """Each exercise as a routine of its own, begun on either side."""
    for exercise in library.exercises.values():
        items = tuple(
            Item(exercise=exercise, dose=exercise.dose, start_side=side)
            for side in ("left", "right")
        )
        yield Routine(
            id=exercise.id, name=exercise.name, spoken_names=("my own",), intro="", items=items
        )


def said_in(routine: Routine) -> set[str]:
    return {cue.text for segment in compile_plan(routine).segments for cue in segment.cues}


def corpus() -> list[str]:
    """Every sentence of every plan and exercise, all numbers, and the assistant's own sentences."""
    library = shipped()
    texts: set[str] = set()
    for routine in (*library.routines.values(), *alone(library)):
        texts |= said_in(routine)
    for exercise in library.exercises.values():
        for text in (*exercise.mistakes, *exercise.contraindications, exercise.setup):
            texts |= {text, *split(text)}
    for value in range(60):
        word = words.number(value)
        texts |= {f"{word.capitalize()}.", f"{word.capitalize()}, left.", f"Set {word}."}
        texts.add(f"About {words.length(value * 17)}.")
    for name, value in vars(sentences).items():
        if name.isupper() and isinstance(value, str) and "{" not in value:
            texts |= {value, *split(value)}
    return sorted(texts)


if __name__ == "__main__":
    wanted_texts = json.loads(sys.stdin.read())
    rate = sys.argv[1:]
    print(json.dumps(_render_live(wanted_texts, int(rate[0])) if rate else _render(wanted_texts)))
