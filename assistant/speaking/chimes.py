"""The program's own short sounds, made of a few sine partials.

Decides what each chime sounds like and that all of them are as loud as speech. Does not decide
when one is heard, nor how it is mixed with the voice.
"""

import math
from array import array
from dataclasses import dataclass

from assistant.coach.ear_and_voice import Sound

SPEECH_RMS = 2800.0
"""Of 32768, at full volume: chimes are as loud as our sentences then, to one LU (-21.5 and -20.7
LUFS). With the root mean square of speech itself, 2300, they were 2.5 LU softer.
`tests/speaking/measure_voice.py` measures it again."""

_ATTACK_S = 0.008
_RELEASE_S = 0.02
_PARTIALS = ((1.0, 1.0), (2.0, 0.25))
"""Times the note's frequency, and how strong: nearly pure, so it is soft and easy to place."""


@dataclass(frozen=True, slots=True)
class _Note:
    hz: float
    at_s: float
    length_s: float
    decay_s: float
    """How long until it has faded to about a third."""


# Rising asks for something, falling ends something, low and repeated is trouble.
_NOTES: dict[Sound, tuple[_Note, ...]] = {
    Sound.WAKE: (_Note(784, 0.0, 0.12, 0.08), _Note(1047, 0.09, 0.16, 0.08)),
    Sound.BEGIN: (_Note(880, 0.0, 0.35, 0.15),),
    Sound.END: (_Note(784, 0.0, 0.16, 0.1), _Note(523, 0.13, 0.32, 0.14)),
    Sound.TICK: (_Note(1319, 0.0, 0.05, 0.02),),
    Sound.DUE: (
        _Note(523, 0.0, 0.3, 0.2),
        _Note(659, 0.25, 0.3, 0.2),
        _Note(523, 0.5, 0.45, 0.2),
    ),
    Sound.DONE: (
        _Note(523, 0.0, 0.2, 0.15),
        _Note(659, 0.14, 0.2, 0.15),
        _Note(784, 0.28, 0.2, 0.15),
        _Note(1047, 0.42, 0.4, 0.2),
    ),
    Sound.FAULT: (_Note(330, 0.0, 0.16, 0.2), _Note(330, 0.24, 0.22, 0.2)),
}


class Chimes:
    """All chimes as 16 bit PCM of one channel, at a rate and a volume."""

    def __init__(self, rate_hz: int, volume: float) -> None:
        self._shapes = {sound: _shape(notes, rate_hz) for sound, notes in _NOTES.items()}
        self.set_volume(volume)

    def set_volume(self, volume: float) -> None:
        """From now on this loud, 0.0 to 1.0."""
        gain = SPEECH_RMS * volume
        self._pcm = {
            sound: array("h", (round(gain * value) for value in shape)).tobytes()
            for sound, shape in self._shapes.items()
        }

    def __getitem__(self, sound: Sound) -> bytes:
        return self._pcm[sound]


def _shape(notes: tuple[_Note, ...], rate_hz: int) -> "array[float]":
    """The samples of a chime, scaled so that its root mean square is 1."""
    length = max(round((note.at_s + note.length_s) * rate_hz) for note in notes)
    shape = array("f", bytes(4 * length))
    for note in notes:
        first = round(note.at_s * rate_hz)
        for place, value in enumerate(_tone(note, rate_hz), first):
            shape[place] += value
    rms = math.sqrt(sum(value * value for value in shape) / length)
    return array("f", (value / rms for value in shape))


def _tone(note: _Note, rate_hz: int) -> list[float]:
    # Sums of sines by the recurrence s[n] = 2 cos(w) s[n-1] - s[n-2]: a Pi starts sooner.
    count = round(note.length_s * rate_hz)
    total = [0.0] * count
    for times, strength in _PARTIALS:
        step = 2 * math.pi * note.hz * times / rate_hz
        turn, before, now = 2 * math.cos(step), -math.sin(step) * strength, 0.0
        for place in range(count):
            total[place] += now
            before, now = now, turn * now - before
    fade = math.exp(-1 / (note.decay_s * rate_hz))
    attack, release = round(_ATTACK_S * rate_hz), round(_RELEASE_S * rate_hz)
    gain = 1.0
    for place in range(count):
        ramp = min(1.0, place / attack, (count - 1 - place) / release)
        total[place] *= gain * ramp
        gain *= fade
    return total
