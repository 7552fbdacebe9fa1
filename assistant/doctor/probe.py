"""One part of the machine tried for real, in a process of its own, since a driver may hang.

Decides for each part what counts as working and what to do when it doesn't. Run by the doctor:
`python -m assistant.doctor.probe PART` takes the settings as JSON and answers with one JSON object.
"""

import json
import math
import os
import queue
import re
import subprocess
import sys
import time
from array import array
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from assistant.doctor.probe_echo import echo
from assistant.doctor.probe_guide import speech, tones
from assistant.errors import AssistantError

RECORD_S = 1.0
LEAST_SHARE = 0.8
"""Sound that comes slower than this share of its rate is lost too often to understand."""
FULL_SCALE = 32768
DEVICE = re.compile(r"^[\s*<>]*\d+ (.*), [^,]+ \((\d+) in, (\d+) out\)$")
"""A line of the list that `python -m sounddevice` prints."""

Answer = dict[str, str]
Settings = Mapping[str, Any]


def _answer(grade: str, found: str, mend: str = "") -> Answer:
    return {"grade": grade, "found": found, "mend": mend}


def devices(settings: Settings) -> Answer:
    listed = subprocess.run(
        [sys.executable, "-P", "-m", "sounddevice"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "PA_ALSA_PLUGHW": "1"},
    )
    if listed.returncode:
        return _answer("warn", "the sound system can't be asked", "sudo apt install libportaudio2")
    found = [match.groups() for line in listed.stdout.splitlines() if (match := DEVICE.match(line))]
    microphones = _names(name for name, ins, _ in found if ins != "0")
    loudspeakers = _names(name for name, _, outs in found if outs != "0")
    mend = "plug in a microphone and a loudspeaker; it leads by screen and keys until then"
    return _answer(
        "ok" if microphones and loudspeakers else "warn",
        f"microphones: {microphones or 'none'}; loudspeakers: {loudspeakers or 'none'}",
        "" if microphones and loudspeakers else mend,
    )


def _names(names: Any) -> str:
    return ", ".join(f'"{name}"' for name in dict.fromkeys(names))


def microphone(settings: Settings) -> Answer:
    from assistant.hearing.microphone import Gone, Microphone

    try:
        opened = Microphone(settings["microphone"])
    except Gone as reason:
        return _answer("warn", str(reason), _sound_mend("microphone", settings["microphone"]))
    sound, seconds = _record(opened.blocks)
    return _judge_sound(sound, len(sound) / seconds, opened.rate_hz)


def _record(blocks: "queue.Queue[bytes]") -> tuple[Sequence[int], float]:
    """RECORD_S of sound and how long it took, from the end of the first block on."""
    sound, first, last = array("h"), 0.0, 1.0
    with suppress(queue.Empty):
        blocks.get(timeout=2.0)
        first = last = time.monotonic()
        while last - first < RECORD_S:
            sound.frombytes(blocks.get(timeout=RECORD_S))
            last = time.monotonic()
    return sound, last - first


def _judge_sound(sound: Sequence[int], rate: float, rate_hz: int) -> Answer:
    if not sound:
        mend = "unplug it and plug it in again; close other programs that use it"
        return _answer("warn", "it opens, but no sound comes", mend)
    power = sum(value * value for value in sound) / len(sound)
    found = f"opens at {rate_hz} Hz, {rate:.0f} samples a second came"
    if power == 0:
        mend = "see that it is not muted (alsamixer, or the sound settings)"
        return _answer("warn", f"{found}, all of them silence", mend)
    found += f", level {10 * math.log10(power / FULL_SCALE**2):.0f} dB of full scale"
    if rate < LEAST_SHARE * rate_hz:
        mend = "too few: use another USB socket, or close what keeps the machine busy"
        return _answer("warn", found, mend)
    return _answer("ok", found)


def loudspeaker(settings: Settings) -> Answer:
    from assistant.speaking.mixer import Mixer
    from assistant.speaking.output import LoudspeakerError, Output
    from assistant.speaking.render import RATE_HZ

    name = settings["loudspeaker"]
    try:
        output = Output(name, RATE_HZ, lambda: None)  # whoever asks has a patience of their own
        silence = Mixer(output.rate_hz, lambda utterance, played_at: None)
        output.feed_from(silence)
        output.start()
    except LoudspeakerError as reason:
        return _answer("warn", str(reason), _sound_mend("loudspeaker", name))
    lead, limit = silence.lead, time.monotonic() + 2
    while silence.lead == lead and time.monotonic() < limit:
        time.sleep(0.01)
    if silence.lead == lead:
        return _answer("warn", "it opens, but takes no sound", _sound_mend("loudspeaker", name))
    return _answer("ok", f"plays at {output.rate_hz} Hz, {1000 * silence.latency_s:.0f} ms late")


def _sound_mend(part: str, name: str) -> str:
    if name:
        return f"give a name, or part of it, from the sound devices above; or leave {part} empty"
    return f"plug in a {part}, and see that no other program holds it"


def voice(settings: Settings) -> Answer:
    from assistant.speaking.render import RATE_HZ, Renderer, VoiceError

    began = time.monotonic()
    try:
        renderer = Renderer(settings["voice"])
        pcm = renderer.render("Ready.", settings["rate_wpm"], 1.0)
    except VoiceError as reason:
        return _answer("warn", str(reason), "it leads by screen and lamp until that is mended")
    took_ms = 1000 * (time.monotonic() - began)
    seconds = len(pcm) / 2 / RATE_HZ
    found = f"{settings['voice']} said a word of {seconds:.1f} s, ready after {took_ms:.0f} ms"
    return _answer("ok", found)


def model(settings: Settings) -> Answer:
    from assistant.coach.effects import Context
    from assistant.hearing import models
    from assistant.hearing.ear import Ear
    from assistant.hearing.understand import Understanding

    try:
        understanding = Understanding(
            Path(settings["templates"]), settings["wake_phrases"], settings["routines"]
        )
    except AssistantError as reason:
        return _answer("warn", str(reason), "change phrases under [wake] in the configuration")
    try:
        path = models.find(settings["model"])
        began = time.monotonic()
        ear = Ear(path, {one: understanding.commands(one) for one in Context}, 16000)
    except AssistantError as reason:
        return _answer("warn", str(reason), "`assistant models` lists the models there are")
    except PermissionError as reason:
        mend = "see that you may read it, or set HOME to your own home folder"
        return _answer("warn", f"{reason.filename} can't be read", mend)
    except (ImportError, OSError) as reason:
        mend = "install it again; on a Raspberry Pi also: sudo apt install libatomic1"
        return _answer("warn", f"the recogniser vosk can't be loaded ({reason})", mend)
    took_s = time.monotonic() - began
    phrases = {said for one in Context for said in understanding.phrases(one)}
    found = f"{path.name} loads in {took_s:.1f} s, for {len(phrases)} phrases"
    if ear.unknown_words:
        return _answer("warn", found, "\n".join(understanding.explain_unknown(ear.unknown_words)))
    return _answer("ok", found)


def gpio(settings: Settings) -> Answer:
    from assistant.panel.gpio import NoPanel, open_button_and_lamp

    button, led = settings["button_pin"], settings["led_pin"]
    try:
        open_button_and_lamp(lambda event: None, button, led).close()
    except NoPanel as reason:
        instead = "the space bar is the button, the screen shows the lamp"
        on_a_pi = "Raspberry" in _machine()
        if not on_a_pi and not list(Path("/dev").glob("gpiochip*")):
            return _answer("ok", f"{reason}; {instead}")
        return _answer("warn", str(reason), f"until that is mended {instead}")
    return _answer("ok", f"button on pin {button}, LED on pin {led}")


def presence(settings: Settings) -> Answer:
    from assistant.panel.gpio import NoPanel
    from assistant.panel.presence import open_presence

    try:
        open_presence(lambda event: None, **settings).close()
    except NoPanel as reason:
        return _answer("warn", str(reason), "until that is mended it counts you as sitting there")
    return _answer("ok", f"{settings['sensor']} on pin {settings['pin']}")


def _machine() -> str:
    try:
        return Path("/proc/device-tree/model").read_text(errors="replace")
    except OSError:
        return ""


PARTS: dict[str, Callable[[Settings], Answer]] = {
    "devices": devices,
    "microphone": microphone,
    "loudspeaker": loudspeaker,
    "voice": voice,
    "model": model,
    "gpio": gpio,
    "presence": presence,
    "echo": echo,
    "tones": tones,
    "speech": speech,
}


def main() -> None:
    channel = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for descriptor in (1, 2):  # libraries print as they please
        os.dup2(nowhere, descriptor)
    settings = json.load(sys.stdin)
    try:
        answer = PARTS[sys.argv[1]](settings)
    except Exception as error:  # whatever a library raises is this part's failure
        found = f"it failed ({type(error).__name__}: {error})"
        answer = _answer("warn", found, "install the assistant again: deploy/run")
    os.write(channel, json.dumps(answer).encode())
    os._exit(0)  # a stuck driver must not hold up the end


if __name__ == "__main__":
    main()
