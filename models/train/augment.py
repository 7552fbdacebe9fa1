"""Makes a clip sound as if somebody else had said it elsewhere.

Decides the range of rooms, microphones, distances, noises and neighbours that the model must live
with: speed 0.88 to 1.12, small and large rooms, uneven microphones, telephones, clipping, noise at
4 to 25 dB (and seldom 0), others talking at 6 to 25 dB below, loudness over 34 dB.
"""

from collections.abc import Callable

import numpy as np

from models.train.audio import RATE_HZ, Samples, fast, level
from models.train.sounds import hiss

Source = Callable[[np.random.Generator, int], Samples]
"""Some sound of this length."""


def augmented(
    sound: Samples, chance: np.random.Generator, noise: Source, others: Source
) -> Samples:
    """Another version of the clip, with some time before and after; the same for the same chance.

    `noise` gives noise and music, `others` somebody else's speech.
    """
    sound = at_speed(sound, chance.uniform(0.88, 1.12))
    before, after = chance.uniform(0.02, 0.6, 2) * RATE_HZ
    sound = np.pad(sound, (int(before), int(after)))
    loudness = level(sound)
    if chance.random() < 0.3:
        sound = in_room(sound, chance)
    if chance.random() < 0.08:
        sound = mixed(sound, others(chance, len(sound)), loudness, chance.uniform(6, 25))
    if chance.random() < 0.6:
        made = noise if chance.random() < 0.7 else _steady
        snr_db = chance.uniform(4, 25) if chance.random() < 0.95 else 0.0
        sound = mixed(sound, made(chance, len(sound)), loudness, snr_db)
    return recorded(sound, chance)


def recorded(sound: Samples, chance: np.random.Generator) -> Samples:
    """As some microphone writes it down: its colour, its band, its gain, its own hiss."""
    if chance.random() < 0.5:
        sound = coloured(sound, chance)
    if chance.random() < 0.1:
        sound = telephone(sound, chance)
    if chance.random() < 0.15:
        sound = humming(sound, chance)
    if chance.random() < 0.12:
        sound = suppressed(sound, chance)
    loudest = 32000 * 10 ** (-chance.uniform(0, 34) / 20)
    sound = sound * np.float32(loudest / (np.abs(sound).max() + 1e-3))
    if chance.random() < 0.05:
        sound = sound * np.float32(chance.uniform(1, 4))  # too near: clipped below
    own = np.float32(0.2 + 12 * chance.random() ** 2)  # often nearly perfect silence
    sound = sound + own * chance.standard_normal(len(sound), np.float32)
    return np.clip(np.rint(sound), np.float32(-32767), np.float32(32767))


def _steady(chance: np.random.Generator, length: int) -> Samples:
    return hiss(chance, length).astype(np.float32)


def at_speed(sound: Samples, speed: float) -> Samples:
    """Faster is higher too, as on a tape."""
    at = np.arange(0, len(sound) - 1, speed)
    whole = at.astype(np.int64)
    part = (at - whole).astype(np.float32)
    return sound[whole] * (1 - part) + sound[whole + 1] * part


def mixed(sound: Samples, other: Samples, loudness: float, snr_db: float) -> Samples:
    return sound + other * np.float32(loudness / level(other) * 10 ** (-snr_db / 20))


def in_room(sound: Samples, chance: np.random.Generator) -> Samples:
    """An echo tail: from a bathroom to a hall, from near (mostly direct) to about three metres."""
    tail_s = chance.uniform(0.1, 0.6)
    size = int(tail_s * RATE_HZ)
    tail = chance.standard_normal(size) * np.exp(-np.linspace(0, 6.9, size))
    tail[: int(chance.uniform(0.001, 0.012) * RATE_HZ)] = 0  # the first wall is not at the mouth
    share = 10 ** (chance.uniform(-18, 3) / 20)
    tail *= share / (np.sqrt(np.sum(tail**2)) + 1e-9)
    tail[0] = 1.0
    whole = fast(len(sound) + size)
    spectrum = np.fft.rfft(sound, whole) * np.fft.rfft(tail.astype(np.float32), whole)
    return np.fft.irfft(spectrum, whole)[: len(sound)].astype(np.float32)


def coloured(sound: Samples, chance: np.random.Generator) -> Samples:
    """A microphone that is louder here and softer there, by up to 9 dB."""
    whole = fast(len(sound))
    bins = np.linspace(0, 1, whole // 2 + 1)
    gain = 10 ** (np.interp(bins, np.linspace(0, 1, 8), chance.uniform(-9, 9, 8)) / 20)
    spectrum = np.fft.rfft(sound, whole) * gain.astype(np.float32)
    return np.fft.irfft(spectrum, whole)[: len(sound)].astype(np.float32)


def humming(sound: Samples, chance: np.random.Generator) -> Samples:
    """The mains in the cable and a computer's whistle, 10 to 40 dB below."""
    mains = chance.choice([50.0, 60.0]) * np.arange(1, 7)
    hertz = np.concatenate((mains, np.exp(chance.uniform(5.5, 8.9, 3))))
    strength = chance.uniform(0, 1, len(hertz)) ** 2
    turns = hertz[:, None] * (np.arange(len(sound)) / RATE_HZ) + chance.random((len(hertz), 1))
    tone = (strength[:, None] * np.sin(2 * np.pi * turns)).sum(axis=0).astype(np.float32)
    return mixed(sound, tone, level(sound), chance.uniform(10, 40))


def suppressed(sound: Samples, chance: np.random.Generator) -> Samples:
    """As a device hands it on that takes what is quiet for noise: soft beginnings go too."""
    size = RATE_HZ // 100
    pieces = np.abs(sound[: len(sound) // size * size].reshape(-1, size)).max(axis=1)
    quiet = pieces < pieces.max(initial=0) * 10 ** (-chance.uniform(20, 40) / 20)
    gain = np.where(quiet, chance.uniform(0, 0.15), 1.0).repeat(size)
    gain = np.pad(gain, (0, len(sound) - len(gain)), constant_values=1.0)
    soft = np.convolve(gain, np.full(2 * size, 0.5 / size), mode="same")
    return sound * soft.astype(np.float32)


def telephone(sound: Samples, chance: np.random.Generator) -> Samples:
    """300 to 3,400 Hz, or a wider band, coarse levels."""
    whole = fast(len(sound))
    hertz = np.fft.rfftfreq(whole, 1 / RATE_HZ)
    low, high = chance.uniform(100, 350), chance.uniform(3200, 6000)
    kept = np.fft.rfft(sound, whole) * ((hertz > low) & (hertz < high))
    narrow = np.fft.irfft(kept, whole)[: len(sound)]
    step = np.abs(narrow).max() / chance.uniform(60, 2000) + 1e-3
    return np.asarray(np.round(narrow / step) * step, np.float32)
