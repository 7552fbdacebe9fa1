"""Live in a room with an echo: a person says "pause" and "stop" over the assistant's own voice.

    python -m tests.hearing.barge_in [--echo -6 -20]

Prints, for several synthetic voices, what was taken and how long after the word's end. It decides
nothing; `own_voice` measures the same in a simulated room, with recordings of people.
"""

import argparse
import tempfile
import time
from pathlib import Path
from statistics import median

import soundfile

from tests.product import Folders
from tests.synthetic import Speaker, voices
from tests.test_room import Stage, stage

MARGIN_S = 0.3
"""Silence behind the word in its file."""
LEARNS_S = 9.0
"""A few sentences of its own before."""
INTO_S = 1.4
"""So long after the sentence was asked for the person speaks."""


def said_over_it(on: Stage, word: Path) -> tuple[list[str], list[float]]:
    """What was taken after a word was said over a long sentence, and when after its end."""
    before = len(on.assistant.commands("voice"))
    on.assistant.type("list routines")
    time.sleep(INTO_S)
    length_s = soundfile.info(word).duration
    began = time.monotonic()
    on.room.play(word)
    time.sleep(max(0.0, began + length_s + 1.5 - time.monotonic()))
    taken = on.assistant.commands("voice")[before:]
    at = [s.at for s in on.assistant.steps if s.event.get("source") == "voice"][-len(taken) :]
    return taken, [when - began - length_s + MARGIN_S for when in at] if taken else []


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--echo", type=float, nargs="+", default=[-6.0, -20.0], help="in dB")
    parser.add_argument("--voices", type=int, default=4)
    options = parser.parse_args()
    right = wrong = asked = 0
    delays: list[float] = []
    for echo_db in options.echo:
        for voice in voices()[: options.voices]:
            folder = Path(tempfile.mkdtemp())
            speaker = Speaker(folder)
            arguments = (Folders(folder / "person"), speaker, folder / "state", "desk-break")
            with stage(*arguments, echo=(60, echo_db)) as on:
                time.sleep(LEARNS_S)
                for word in ("pause", "stop"):
                    taken, after = said_over_it(on, speaker.say(voice, word))
                    asked, right = asked + 1, right + (taken == [word])
                    wrong += sum(text != word for text in taken)
                    delays += after
                    print(f"{echo_db:5} dB  {voice}  {word}: {taken or 'nothing'}", flush=True)
                    if taken == ["pause"]:
                        on.assistant.type("go on")
                        time.sleep(4.5)
    print(f"taken {right} of {asked}, {wrong} others", end="")
    print(f"; {median(delays):.2f} s after the word, at most {max(delays):.2f}" if delays else "")


if __name__ == "__main__":
    main()
