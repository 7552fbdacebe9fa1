"""Microphones and loudspeakers: what there is, and whether the chosen ones take and give sound.

Decides what counts as working while nobody speaks. Whether a voice is loud enough is judged in
`hearing.microphone_level`, and asked by the guide.
"""

import queue
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from assistant.doctor.finding import Finding, doubt, good
from assistant.doctor.parts.echo_path import tone
from assistant.sound.devices import NoLibrary, listed, portaudio

DEVICES, MICROPHONE, LOUDSPEAKER = "Sound devices", "Microphone", "Loudspeaker"
RECORD_S = 1.0
BLOCK_S = 0.05
TONES = 3
PAUSE_S = 0.25


def devices(settings: Mapping[str, Any]) -> Finding:
    """All microphones and loudspeakers by name. `settings` is empty."""
    try:
        listed = known(settings)
    except NoLibrary as reason:
        return doubt(DEVICES, "the sound system can't be asked", str(reason))
    quoted = {kind: ", ".join(f'"{name}"' for name in some) for kind, some in listed.items()}
    found = "; ".join(f"{kind}: {some or 'none'}" for kind, some in quoted.items())
    if all(quoted.values()):
        return good(DEVICES, found)
    mend = "plug in a microphone and a loudspeaker; it leads by screen and keys until then"
    return doubt(DEVICES, found, mend)


def known(settings: Mapping[str, Any]) -> dict[str, Any]:
    """The names of all "microphones" and "loudspeakers", each once, in the system's order.

    Raises NoLibrary. `settings` is empty.
    """
    sounddevice = portaudio()
    try:
        there = listed(sounddevice)
    except sounddevice.PortAudioError:
        there = []
    return {
        "microphones": list(dict.fromkeys(one.name for one in there if one.inputs)),
        "loudspeakers": list(dict.fromkeys(one.name for one in there if one.outputs)),
    }


def microphone(settings: Mapping[str, Any]) -> Finding:
    """Listen for a second. `settings`: "microphone", its names or none; "channel", "gain_db"."""
    from assistant.hearing.microphone import Gone, Microphone

    names = settings["microphone"]
    try:
        opened = Microphone(names, settings["channel"], settings["gain_db"])
    except Gone as reason:
        return doubt(MICROPHONE, str(reason), _other(names, "microphone"))
    sound, seconds = _record(opened.blocks)
    finding = judge(sound, seconds, opened.rate_hz)
    return replace(finding, found=f'"{opened.name}" {finding.found}')


def _record(blocks: "queue.SimpleQueue[bytes]") -> tuple[bytes, float]:
    """RECORD_S of sound and how long it took, from the end of the first block on."""
    sound, first, last = b"", 0.0, 1.0
    with suppress(queue.Empty):
        blocks.get(timeout=2.0)
        first = last = time.monotonic()
        while last - first < RECORD_S:
            sound += blocks.get(timeout=RECORD_S)
            last = time.monotonic()
    return sound, last - first


def judge(sound: bytes, seconds: float, rate_hz: int) -> Finding:
    """What mono int16 samples of a room in which nobody need speak tell of a microphone."""
    from assistant.hearing.microphone import LEAST_SHARE
    from assistant.hearing.microphone_level import TOLD, Fault, clipped, floor_db
    from assistant.sound.pcm import SILENCE_DB, level

    if not sound:
        mend = "unplug it and plug it in again; close other programs that use it"
        return doubt(MICROPHONE, "it opens, but no sound comes", mend)
    rate = len(sound) / 2 / seconds
    size = 2 * round(BLOCK_S * rate_hz)
    levels = [level(sound[place : place + size]) for place in range(0, len(sound), size)]
    found = f"opens at {rate_hz} Hz, {rate:.0f} samples a second came"
    if all(one.peak_db <= SILENCE_DB for one in levels):
        return doubt(MICROPHONE, f"{found}, all of them silence", TOLD[Fault.MUTED])
    found += f", level {floor_db(levels):.0f} dB of full scale"
    if clipped(levels):
        return doubt(MICROPHONE, found, TOLD[Fault.CLIPPING])
    if rate < LEAST_SHARE * rate_hz:
        mend = "too few: use another USB socket, or close what keeps the machine busy"
        return doubt(MICROPHONE, found, mend)
    return good(MICROPHONE, found)


def loudspeaker(settings: Mapping[str, Any]) -> Finding:
    """Play silence. `settings`: "loudspeaker", its names or none."""
    from assistant.speaking.loudspeaker import LoudspeakerError, Output
    from assistant.speaking.mixer import Mixer
    from assistant.speaking.render import RATE_HZ

    names = settings["loudspeaker"]
    try:
        output = Output(names, RATE_HZ, lambda: None)  # whoever asks has a patience of their own
        silence = Mixer(output.rate_hz, lambda utterance, played_at: None)
        output.feed_from(silence)
        output.start()
    except LoudspeakerError as reason:
        return doubt(LOUDSPEAKER, str(reason), _other(names, "loudspeaker"))
    lead, limit = silence.lead, time.monotonic() + 2
    while silence.lead == lead and time.monotonic() < limit:
        time.sleep(0.01)
    if silence.lead == lead:
        return doubt(LOUDSPEAKER, "it opens, but takes no sound", _other(names, "loudspeaker"))
    late_ms = 1000 * silence.latency_s
    found = f'"{output.name}" plays at {output.rate_hz} Hz, {late_ms:.0f} ms late'
    return good(LOUDSPEAKER, found)


def tones(settings: Mapping[str, Any]) -> Finding:
    """Play TONES soft tones, to be heard. `settings`: "loudspeaker", its names or none."""
    from assistant.speaking.loudspeaker import LoudspeakerError, Output
    from assistant.speaking.mixer import Mixer
    from assistant.speaking.render import RATE_HZ

    names = settings["loudspeaker"]
    ended: queue.SimpleQueue[float] = queue.SimpleQueue()
    try:
        output = Output(names, RATE_HZ, lambda: None)
        mixer = Mixer(output.rate_hz, lambda utterance, heard_at: ended.put(heard_at))
        output.feed_from(mixer)
        output.start()
        pause = bytes(2 * round(PAUSE_S * output.rate_hz))
        mixer.play(1, (tone(output.rate_hz) + pause) * TONES)
        time.sleep(max(0.0, ended.get(timeout=5.0) - time.monotonic()))
    except LoudspeakerError as reason:
        return doubt(LOUDSPEAKER, str(reason), _other(names, "loudspeaker"))
    except queue.Empty:
        mend = "unplug it, and plug it in again"
        return doubt(LOUDSPEAKER, "it takes no sound", mend)
    return good(LOUDSPEAKER, f"it played {TONES} tones")


def _other(names: Sequence[str], part: str) -> str:
    if names:
        return f"give a name, or part of it, from the sound devices above; or leave {part} empty"
    return f"plug in a {part}, and see that no other program holds it"
