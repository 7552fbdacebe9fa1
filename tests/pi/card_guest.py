"""Runs inside the small machine: takes its sound card away and gives it back, and prints how soon
the listening child tells.

It judges nothing. Each line it prints is one JSON object with a "what"; the test outside does
the asserting. A driver that lets go of its card is to the rest of the machine what a pulled plug
is; a card switched off in the desktop's settings is one whose profile is "off". What is played
into one side of the card, a loop, is what its microphone hears.
"""

import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
import time
from array import array
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from assistant.coach.effects import Context
from assistant.hearing.door import settings
from assistant.hearing.models import shipped
from assistant.hearing.understand import Understanding
from assistant.machine import places
from assistant.machine.messages import encode
from assistant.sound.devices import portaudio
from assistant.sound.files import sound_file
from tests.pi.telling import tell

DRIVER, CARD = Path("/sys/bus/platform/drivers/snd_aloop"), "snd_aloop.0"
STOP, FILM = (Path(os.environ["GUEST_FOLDER"]) / name for name in ("stop.wav", "film.wav"))
CYCLES = int(os.environ["GUEST_CYCLES"])
MOST_S = 10.0
HEARD_S = 3.0
"""What was not heard until then is not heard any more."""
AWAY_S = 1.5
"""So long the card is away: it is looked for at least once meanwhile."""
MOUTH = """\
pcm.mouth { type plug slave.pcm "hw:0,1" hint { show on description "mouth" } }
"""
RUNTIME = Path("/run/pulse")
ENVIRONMENT = {
    "PULSE_SERVER": f"unix:{RUNTIME}/native",
    "PULSE_RUNTIME_PATH": str(RUNTIME),
    "PULSE_STATE_PATH": str(RUNTIME),
    "ALSA_CONFIG_PATH": f"{RUNTIME}/asound.conf",
}
ALSA = f"""\
{MOUTH}
pcm.default {{ type pulse hint {{ show on description "default" }} }}
"""
PROFILE = "output:analog-stereo+input:analog-stereo"
LOAD = "module-alsa-card device_id=0 card_name=card source_name=microphone sink_name=card"
SERVER = f"""\
load-module module-native-protocol-unix socket={RUNTIME}/native auth-anonymous=1
load-module module-null-sink norewinds=1 sink_name=loudspeaker rate=48000 channels=1
load-module {LOAD}
set-default-sink loudspeaker
"""


class Child:
    """The child that listens, in a routine, with the system's own choice of a microphone."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        templates = places.sentence_templates()
        understanding = Understanding(templates, ["hey coach"], {"any": ["any"]})
        self._process = subprocess.Popen(
            [sys.executable, "-m", "assistant.hearing.listener"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **environment},
            text=True,
            bufsize=1,
        )
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.obeyed: list[str] = []
        """What was heard, in order."""
        threading.Thread(target=self._read, daemon=True).start()
        first = replace(
            settings(understanding, model=shipped(), microphone=""), context=Context.SESSION
        )
        assert self._process.stdin is not None
        self._process.stdin.write(encode(first) + "\n")

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if '"Heard"' in line:
                self.obeyed.append(json.loads(line)["text"])
            self._lines.put(line)

    def wait(self, text: str, most_s: float = MOST_S) -> str:
        """The next line that holds the text; nothing if none comes."""
        limit = time.monotonic() + most_s
        with contextlib.suppress(queue.Empty):
            while text not in (line := self._lines.get(timeout=max(0, limit - time.monotonic()))):
                pass
            return line
        return ""

    def end(self) -> None:
        self._process.kill()
        self._process.wait()


def cycles(
    how: str,
    take: Callable[[], object],
    give: Callable[[], object],
    say_stop: Callable[[], object],
    environment: Mapping[str, str],
) -> None:
    """Gone and back; "stop" is said each time it is back."""
    child = Child(environment)
    tell("opened", how=how, line=child.wait('"Opened"'))
    for _ in range(CYCLES):
        before = time.monotonic()
        taking = threading.Thread(target=take)
        taking.start()  # the kernel waits until nobody has the card open any more
        lost = child.wait('"Lost"')
        lost_s = time.monotonic() - before
        taking.join()
        time.sleep(AWAY_S)
        before = time.monotonic()
        give()
        back = child.wait('"Opened"')
        back_s = time.monotonic() - before
        say_stop()
        heard = child.wait('"Heard"', HEARD_S)
        tell("cycle", how=how, lost=lost, lost_s=lost_s, back=back, back_s=back_s, heard=heard)
    tell("end", how=how, obeyed=child.obeyed)
    child.end()


def unbind() -> None:
    (DRIVER / "unbind").write_text(CARD)


def bind() -> None:
    (DRIVER / "bind").write_text(CARD)


def play_into_the_card() -> None:
    """In a process of its own: PortAudio lists the devices once."""
    child = os.fork()  # to start Python anew takes twenty seconds here
    if child == 0:
        failed = 1
        try:
            play()
            failed = 0
        finally:
            os._exit(failed)
    _, status = os.waitpid(child, 0)
    assert status == 0, status


def play() -> None:
    sounddevice = portaudio()
    with sound_file(STOP) as sound:
        mono = array("h", b"".join(sound.blocks(0.05)))
    with sounddevice.RawOutputStream(
        samplerate=sound.rate_hz, device="mouth", channels=1, dtype="int16"
    ) as stream:
        stream.write(mono.tobytes())


@contextlib.contextmanager
def server() -> Iterator[None]:
    """PulseAudio on the card, with a loudspeaker that plays a film."""
    RUNTIME.mkdir(mode=0o700)
    (RUNTIME / "server.pa").write_text(SERVER)
    Path(ENVIRONMENT["ALSA_CONFIG_PATH"]).write_text(ALSA)
    flags = (
        *("--daemonize=no", "--system=no", "--exit-idle-time=-1", "--use-pid-file=no"),
        # The kernel ends a real-time process that computes for long, as all do here.
        *("--realtime=no", "--high-priority=no"),
    )
    environment = {**os.environ, **ENVIRONMENT}
    del environment["ALSA_CONFIG_PATH"]
    log = (RUNTIME / "log").open("wb")
    process = subprocess.Popen(
        ["pulseaudio", "-n", "-F", str(RUNTIME / "server.pa"), *flags, "--log-target=stderr"],
        env=environment,
        stderr=log,
    )
    while "loudspeaker" not in pactl("list", "short", "sinks"):
        assert process.poll() is None, (RUNTIME / "log").read_text()[-2000:]
    film = subprocess.Popen(["paplay", "--device=loudspeaker", str(FILM)], env=environment)
    yield
    film.kill()
    process.kill()
    process.wait()


def pactl(*words: str) -> str:
    return subprocess.run(
        ["pactl", *words], env={**os.environ, **ENVIRONMENT}, capture_output=True, text=True
    ).stdout


def main() -> None:
    Path("/run/.asoundrc").write_text(MOUTH)
    cycles("card", unbind, bind, play_into_the_card, {})

    def plug_in() -> None:
        bind()
        pactl("load-module", *LOAD.split())  # udev tells a desktop's server

    with server():
        off, on = (partial(pactl, "set-card-profile", "card", one) for one in ("off", PROFILE))
        cycles("profile", off, on, play_into_the_card, ENVIRONMENT)
        cycles("server", unbind, plug_in, play_into_the_card, ENVIRONMENT)


if __name__ == "__main__":
    main()
