"""A plan spoken without anybody exercising: into a sound file, or through the loudspeaker.

Decides when which sentence is heard. As a program, run with FILE, it
renders sentences given on its standard input into a WAV file; that is a process of its own,
since espeak-ng has one voice per process and may take it down.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import wave
from array import array
from collections.abc import Iterable, Iterator
from pathlib import Path

from assistant.coach.effects import Priority, Say, SetVoice
from assistant.coach.effects import Sound as Chimed
from assistant.coach.events import Event, Lost, Spoken
from assistant.config import Voice
from assistant.content.plan import script
from assistant.content.types import Plan
from assistant.errors import AssistantError, ExitCode

_RATE_HZ = 22050
_MOST_S = 600.0
SPEEDS = (0.5, 10.0)


def write(plan: Plan, path: Path, voice: Voice) -> None:
    """The plan as a WAV file of its real length, each sentence and tick at its time. The file is
    there whole or not at all. Raises AssistantError."""
    job = {
        "voice": voice.voice,
        "rate_wpm": voice.rate_wpm,
        "volume": voice.volume,
        "total_s": plan.total_s,
        "cues": [cue for row in script(plan) for cue in row.cues],
        "ticks": list(_ticks(plan)),
    }
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{path.stem}-", dir=path.parent)
        os.close(descriptor)
        unfinished = Path(name)
        try:
            _render(job, unfinished)
            unfinished.chmod(0o644)
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
    except OSError as error:
        raise AssistantError(
            f"{path} can't be written ({(error.strerror or str(error)).lower()}); "
            "name a file in a folder that you may write to",
            code=ExitCode.FILE_ACCESS,
        ) from None


def _ticks(plan: Plan) -> Iterator[float]:
    start = 0.0
    for segment in plan.segments:
        yield from (start + tick for tick in segment.ticks)
        start += segment.length_s


def _render(job: dict[str, object], path: Path) -> None:
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "assistant.speaking.rehearsal", str(path)],
            input=json.dumps(job),
            capture_output=True,
            text=True,
            timeout=_MOST_S,
        )
        failure = str(json.loads(done.stdout)["failure"])
    except subprocess.TimeoutExpired:
        failure = f"espeak-ng did not answer for {_MOST_S:.0f} seconds"
    except (ValueError, KeyError):
        failure = f"espeak-ng ended with code {done.returncode}"
    if failure:
        raise AssistantError(f"This can't be spoken: {failure}.", code=ExitCode.CONFIGURATION)


def speak(plan: Plan, voice: Voice, speed: float) -> None:
    """The plan through the loudspeaker, the waits `speed` times shorter; sentences follow one
    another where that leaves too little time. Raises AssistantError when there is no voice."""
    from assistant.speaking import Speaking

    if not SPEEDS[0] <= speed <= SPEEDS[1]:
        raise AssistantError(
            f"--speed {speed:g}: expected {SPEEDS[0]:g} to {SPEEDS[1]:g}, such as 4",
            code=ExitCode.COMMAND_LINE,
        )
    heard = _Heard()
    speaking = Speaking(
        heard,
        voice=voice.voice,
        rate_wpm=voice.rate_wpm,
        volume=voice.volume,
        loudspeaker=voice.loudspeaker,
    )
    speaking.start()
    try:
        speaking(SetVoice(min(1.4, max(1.0, speed)), voice.volume))
        began = time.monotonic()
        for number, (at_s, title, text) in enumerate(_lines(plan)):
            time.sleep(max(0.0, began + at_s / speed - time.monotonic()))
            if title:
                print(title, flush=True)
            print(f"  {text}", flush=True)
            speaking(Say(number, text, Priority.CUE, 30.0))
            heard.wait(number)
    finally:
        speaking.close()


def _lines(plan: Plan) -> Iterator[tuple[float, str, str]]:
    before = ""
    for row in script(plan):
        for at_s, text in row.cues:
            yield at_s, row.title if row.title != before else "", text
            before = row.title


class _Heard:
    """Waits until a sentence was said."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._said: set[int] = set()
        self._reason = ""

    def __call__(self, event: Event) -> None:
        with self._changed:
            match event:
                case Spoken(utterance):
                    self._said.add(utterance)
                case Lost(_, reason):
                    self._reason = reason
            self._changed.notify_all()

    def wait(self, utterance: int) -> None:
        with self._changed:
            self._changed.wait_for(lambda: utterance in self._said or self._reason, 60.0)
            if self._reason:
                raise AssistantError(
                    f"This can't be heard: {self._reason}. "
                    "Write it into a file with --to FILE.wav, or read it without --aloud.",
                    code=ExitCode.CONFIGURATION,
                )


# --- the child --------------------------------------------------------------


def main() -> None:
    """Render the job on standard input into a file, and answer with one line."""
    channel = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # pyttsx3 prints there
    failure = ""
    try:
        _mix(json.load(sys.stdin), sys.argv[1])
    except Exception as error:  # whatever it is, the parent says it in one sentence
        failure = str(error) or type(error).__name__
    os.write(channel, json.dumps({"failure": failure}).encode())
    os._exit(0)  # espeak-ng may abort when it is taken apart


def _mix(job: dict[str, object], path: str) -> None:
    from assistant.speaking.chimes import Chimes
    from assistant.speaking.render import Renderer

    volume = float(str(job["volume"]))
    renderer = Renderer(str(job["voice"]))
    rendered: dict[str, bytes] = {}
    sounds: list[tuple[int, bytes]] = []
    cues, ticks = job["cues"], job["ticks"]
    assert isinstance(cues, list)
    assert isinstance(ticks, list)
    for at_s, text in cues:
        if text not in rendered:
            rendered[text] = renderer.render(text, int(str(job["rate_wpm"])), volume)
        sounds.append((round(at_s * _RATE_HZ), rendered[text]))
    tick = Chimes(_RATE_HZ, volume)[Chimed.TICK]
    sounds += [(round(at_s * _RATE_HZ), tick) for at_s in ticks]
    with wave.open(path, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(_RATE_HZ)
        for block in _blocks(sorted(sounds), round(float(str(job["total_s"])) * _RATE_HZ)):
            file.writeframes(block)


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
