"""What every sound here is: 16,000 samples a second, float32 in the range of int16."""

from bisect import bisect_left

import numpy as np
import numpy.typing as npt

RATE_HZ = 16000

Samples = npt.NDArray[np.float32]

LENGTHS = sorted(
    2**twos * 3**threes * 5**fives
    for twos in range(5, 26)
    for threes in range(4)
    for fives in range(4)
)


def resampled(sound: Samples, rate_hz: float) -> Samples:
    """A whole sound at our rate, by cutting or padding its spectrum."""
    if rate_hz == RATE_HZ or not len(sound):
        return sound
    spectrum = np.fft.rfft(np.pad(sound, (0, fast(len(sound)) - len(sound))))
    length = round(fast(len(sound)) * RATE_HZ / rate_hz)
    kept = np.zeros(length // 2 + 1, np.complex128)
    count = min(len(kept), len(spectrum))
    kept[:count] = spectrum[:count]
    whole = np.fft.irfft(kept, length) * (length / fast(len(sound)))
    return whole[: round(len(sound) * RATE_HZ / rate_hz)].astype(np.float32)


def fast(length: int) -> int:
    """A length at least as long whose Fourier transform is quick: a product of 2, 3 and 5."""
    return LENGTHS[bisect_left(LENGTHS, length)]


def level(sound: Samples) -> float:
    """Root of the mean square; never zero."""
    return float(np.sqrt(np.mean(np.square(sound, dtype=np.float64)))) + 1e-3
