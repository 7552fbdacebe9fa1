"""Speech into a sound file: sentences and ticks at their times, through the live rendering path.

Decides what can go wrong with it and how that is told. As a program, `python -m
assistant.speaking.to_file NUMBER`, it renders what standard input describes into the file of that
descriptor; that is a process of its own, since espeak-ng has one voice per process and may take it
down.
"""

import json
import os
import subprocess
import sys
import wave
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from assistant.coach.effects import Sound
from assistant.errors import AssistantError, ExitCode
from assistant.machine.whole_file import whole_file
from assistant.speaking.render import RATE_HZ, Renderer, UnknownVoice, VoiceError

_PER_CHARACTER_S = 0.05
_AT_LEAST_S = 60.0


class _NothingToSayError(Exception):
    """Of spaces or signs alone; what was there before stays as it is."""


@dataclass(frozen=True, slots=True)
class _Job:
    """What the child is told."""

    lines: Sequence[tuple[float, str]]
    ticks: Sequence[float]
    length_s: float
    voice: str
    rate_wpm: int
    volume: float


def speak_to_file(
    path: Path,
    lines: Sequence[tuple[float, str]],
    *,
    voice: str,
    rate_wpm: int,
    volume: float,
    ticks: Sequence[float] = (),
    length_s: float = 0.0,
) -> None:
    """Write these sentences as a WAV file (22050 Hz, 16 bit, one channel), whole or not at all.

    `lines` are times in seconds and texts, `ticks` the times of the clock's ticks. The file lasts
    for `length_s`; with 0 until the last sound has ended. Raises AssistantError.
    """
    job = _Job(lines, ticks, length_s, voice, rate_wpm, volume)
    with whole_file(path) as part, part.open("wb") as file:
        match _in_a_child(job, file.fileno()):
            case {"silent": True}:
                raise AssistantError(
                    "There is nothing to say: no voice makes a sound of that. Give some words.",
                    code=ExitCode.COMMAND_LINE,
                )
            case {"voice": str(reason)}:
                raise AssistantError(f"{reason}.".capitalize(), code=ExitCode.CONFIGURATION)
            case {"failure": str(reason)}:
                raise AssistantError(f"This can't be spoken: {reason}.")
            case {"unwritable": int(number)}:
                raise OSError(number, os.strerror(number), str(path))


def _in_a_child(job: _Job, target: int) -> dict[str, object]:
    limit_s = _AT_LEAST_S + _PER_CHARACTER_S * sum(len(text) for _, text in job.lines)
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "assistant.speaking.to_file", str(target)],
            pass_fds=[target],
            input=json.dumps(asdict(job)),
            capture_output=True,
            text=True,
            timeout=limit_s,
        )
        answer: dict[str, object] = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        return {"failure": f"espeak-ng did not answer for {limit_s:.0f} seconds"}
    except ValueError:
        return {"failure": f"espeak-ng ended with code {done.returncode}"}
    return answer


# --- the child --------------------------------------------------------------


def main() -> None:
    """Render the job on standard input into an open file, and answer with one line."""
    channel = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # pyttsx3 prints there
    answer: dict[str, object] = {}
    try:
        _render(_Job(**json.load(sys.stdin)), int(sys.argv[1]))
    except _NothingToSayError:
        answer = {"silent": True}
    except UnknownVoice as error:
        answer = {"voice": str(error)}
    except VoiceError as error:
        answer = {"failure": str(error)}
    except OSError as error:
        answer = {"unwritable": error.errno or 0}
    os.write(channel, json.dumps(answer).encode())
    os._exit(0)  # espeak-ng may abort when it is taken apart


def _render(job: _Job, target: int) -> None:
    from assistant.speaking.chimes import Chimes

    renderer = Renderer(job.voice)
    rendered = {
        text: renderer.render(text, job.rate_wpm, job.volume)
        for text in dict.fromkeys(text for _, text in job.lines)
    }
    if not any(rendered.values()):
        raise _NothingToSayError
    sounds = [(round(at_s * RATE_HZ), rendered[text]) for at_s, text in job.lines]
    tick = Chimes(RATE_HZ, job.volume)[Sound.TICK]
    sounds += [(round(at_s * RATE_HZ), tick) for at_s in job.ticks]
    ends = max((begins + len(pcm) // 2 for begins, pcm in sounds), default=0)
    length = round(job.length_s * RATE_HZ) or ends
    with os.fdopen(target, "wb") as opened, wave.open(opened, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.setnframes(length)  # at once, since a pipe can't go back to its header
        for block in _blocks(sorted(sounds), length):
            file.writeframesraw(block)


def _blocks(sounds: Iterable[tuple[int, bytes]], length: int) -> Iterator[bytes]:
    """The sounds on one track of this many samples, a piece at a time: an hour needs no memory."""
    waiting = array("h")
    at = 0
    for begins, pcm in sounds:
        done = min(len(waiting), begins - at)
        yield waiting[:done].tobytes()
        del waiting[:done]
        at += done
        yield bytes(2 * (begins - at))
        at = begins
        samples = array("h", pcm)
        waiting.extend([0] * (len(samples) - len(waiting)))
        for place, value in enumerate(samples):
            waiting[place] = max(-32768, min(32767, waiting[place] + value))
    rest = waiting[: max(0, length - at)]
    yield rest.tobytes()
    yield bytes(2 * max(0, length - at - len(rest)))


if __name__ == "__main__":
    main()
