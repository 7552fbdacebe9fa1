"""How loud the machine itself is set, and whether a loudspeaker is a wireless one.

Decides from what the sound server tells, or ALSA where there is none, when that keeps somebody
from hearing. Nothing is changed; a machine that tells nothing is not asked about it.
"""

import re
from collections.abc import Iterator

from assistant.doctor.finding import Finding, doubt, good
from assistant.doctor.programs import told

NAME, BLUETOOTH = "Volume", "Bluetooth"
LOW_PERCENT = 25
CONTROLS = ("Master", "PCM", "Speaker", "Headphone", "Digital")
"""What ALSA's mixers call the loudness of all; the first that a card has."""
WIRELESS = re.compile(r"bluez|bluealsa|bluetooth", re.IGNORECASE)


def look(loudspeaker: str) -> Iterator[Finding]:
    """`loudspeaker`: its name in the configuration; empty is the system's default."""
    yield from _volume()
    yield from _bluetooth(loudspeaker)


def _volume() -> Iterator[Finding]:
    for ask in (_of_pulse, _of_pipewire, _of_alsa):
        if (state := ask()) is not None:
            yield judge(*state)
            return


def judge(percent: int, muted: bool) -> Finding:
    """What a loudness from 0 to 100 percent means, and a loudspeaker that is muted."""
    found = f"the loudspeaker is at {percent} %" + (", and muted" if muted else "")
    if muted:
        return doubt(NAME, found, "unmute it: the sound settings, or alsamixer (key M)")
    if percent < LOW_PERCENT:
        return doubt(NAME, found, "turn it up: the sound settings, or alsamixer")
    return good(NAME, found)


def _of_pulse() -> tuple[int, bool] | None:
    level = re.search(r"(\d+)%", told("pactl", "get-sink-volume", "@DEFAULT_SINK@"))
    muted = "yes" in told("pactl", "get-sink-mute", "@DEFAULT_SINK@")
    return (int(level[1]), muted) if level else None


def _of_pipewire() -> tuple[int, bool] | None:
    text = told("wpctl", "get-volume", "@DEFAULT_AUDIO_SINK@")
    level = re.search(r"Volume: (\d+\.\d+)", text)
    return (round(100 * float(level[1])), "[MUTED]" in text) if level else None


def _of_alsa() -> tuple[int, bool] | None:
    for control in CONTROLS:
        text = told("amixer", "sget", control)
        levels = [int(level) for level in re.findall(r"Playback .*?\[(\d+)%\]", text)]
        if levels:
            return max(levels), "[on]" not in text and "[off]" in text
    return None


def _bluetooth(loudspeaker: str) -> Iterator[Finding]:
    used = loudspeaker or told("pactl", "get-default-sink")
    used = used or told("wpctl", "inspect", "@DEFAULT_AUDIO_SINK@")
    if WIRELESS.search(used):
        mend = "take a wired loudspeaker, best a USB speakerphone"
        found = "the loudspeaker is a wireless one: it answers late, and may swallow first words"
        yield doubt(BLUETOOTH, found, mend)
