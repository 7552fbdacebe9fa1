"""Live in a room with an echo: a person says "pause" and "stop" over the assistant's own voice.

    python -m tests.hearing.barge_in [--echo -6 -20] [--voices 4] [--server pipewire] [--cancel]

Prints, for several synthetic voices, what was taken, how long after the word's end it was decided,
and how long after it the loudspeaker gave the last of the sentence, both as recorded in the room.
With `--cancel` the sound server takes the echo out too, as deploy/audio has it. It decides
nothing; `own_voice` measures the same in a simulated room, with recordings of people.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import median

import soundfile

from tests.pipewire_room import PipeWireRoom
from tests.product import Folders
from tests.room import RATE_HZ, Room, find, loud, read, trim
from tests.synthetic import Speaker, Voice, voices
from tests.test_room import Stage, stage

MARGIN_S = 0.3
"""Silence behind the word in its file."""
LEARNS_S = 9.0
"""A few sentences of its own before."""
INTO_S = 1.4
"""So long after the sentence was asked for the person speaks."""
CUT_S = 0.03
"""Quieter for so long than anything within a sentence: there it was cut."""
AUDIO = Path(__file__).parents[2] / "deploy" / "audio"
SERVERS: dict[str, tuple[Callable[[Path | None], Room], Path]] = {
    "pulseaudio": (Room, AUDIO / "pulseaudio-echo-cancel.pa"),
    "pipewire": (PipeWireRoom, AUDIO / "pipewire-echo-cancel.conf"),
}
"""Each kind of room, and what lets its server take the echo out."""


@dataclass
class Times:
    """Seconds after the word's end, by what happened then."""

    decided: list[float] = field(default_factory=list)
    silent: list[float] = field(default_factory=list)


def said_over_it(on: Stage, word: Path, times: Times) -> list[str]:
    """What was taken after a word was said over a long sentence."""
    before = len(on.assistant.commands("voice"))
    on.assistant.type("list routines")
    time.sleep(INTO_S)
    length_s = soundfile.info(word).duration
    began = time.monotonic()
    on.room.play(word)
    time.sleep(max(0.0, began + length_s + 1.5 - time.monotonic()))
    taken = on.assistant.commands("voice")[before:]
    decided = [s.at for s in on.assistant.steps if s.event.get("source") == "voice"]
    heard = read(word)
    places = find(on.room.microphone.since(began), heard, at_least=0.3)
    ended = places[0] + len(trim(heard)) / RATE_HZ if places else began + length_s - MARGIN_S
    for at in decided[len(decided) - len(taken) :]:
        speech = [s.end for s in loud(on.room.record(began - 1.0), gap_s=CUT_S) if s.start <= at]
        times.decided.append(at - ended)
        times.silent.append(max(speech, default=at) - ended)
    return taken


def with_one_voice(
    voice: Voice, echo_db: float, opened: Callable[[], Room], folder: Path, times: Times
) -> list[tuple[str, list[str]]]:
    """Each word, and what was taken."""
    speaker, said = Speaker(folder), []
    arguments = (Folders(folder / "person"), speaker, folder / "state", "desk-break")
    with stage(*arguments, echo=(60, echo_db), opened=opened) as on:
        time.sleep(LEARNS_S)
        for word in ("pause", "stop"):
            taken = said_over_it(on, speaker.say(voice, word), times)
            said.append((word, taken))
            print(f"{echo_db:5} dB  {voice}  {word}: {taken or 'nothing'}", flush=True)
            if taken == ["pause"]:
                on.assistant.type("go on")
                time.sleep(4.5)
    return said


def told(what: str, times: list[float]) -> str:
    ordered = sorted(times)
    p95 = ordered[round(0.95 * (len(ordered) - 1))]
    return f"{what} {median(ordered):.2f} s after the word, p95 {p95:.2f}, most {ordered[-1]:.2f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--echo", type=float, nargs="+", default=[-6.0, -20.0], help="in dB")
    parser.add_argument("--voices", type=int, default=4)
    parser.add_argument("--server", choices=SERVERS, default="pulseaudio")
    parser.add_argument("--cancel", action="store_true", help="the server's canceller, too")
    options = parser.parse_args()
    kind, canceller = SERVERS[options.server]
    opened = partial(kind, canceller if options.cancel else None)
    for echo_db in options.echo:
        times, said = Times(), list[tuple[str, list[str]]]()
        for voice in voices()[: options.voices]:
            with tempfile.TemporaryDirectory() as folder:
                said += with_one_voice(voice, echo_db, opened, Path(folder), times)
        right = sum(taken == [word] for word, taken in said)
        wrong = sum(one != word for word, taken in said for one in taken)
        print(f"{echo_db:5} dB  taken {right} of {len(said)}, {wrong} others", end="")
        if times.decided:
            print(f"; {told('decided', times.decided)}; {told('silent', times.silent)}", end="")
        print()


if __name__ == "__main__":
    main()
