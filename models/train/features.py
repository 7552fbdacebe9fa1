"""What the network is shown: cepstra as libvosk computes them, without its random dither.

40 mel bands from 20 to 7,600 Hz over frames of 25 ms every 10 ms, their logarithms turned by a
cosine transform. `warp` moves the bands, as a longer or shorter throat would: more speakers than
were recorded.
"""

from functools import cache

import numpy as np
import numpy.typing as npt

from models.train.audio import RATE_HZ, Samples

Frames = npt.NDArray[np.float32]
"""(number of frames, BANDS)."""

BANDS = 40
LENGTH = 400
STEP = 160
SPECTRUM = 512
LOW_HZ, HIGH_HZ = 20.0, 7600.0
LIFTER = 22.0


def cepstra(sound: Samples, warp: float = 1.0) -> Frames:
    """One row every 10 ms; a rest shorter than a frame is left out."""
    count = 1 + (len(sound) - LENGTH) // STEP if len(sound) >= LENGTH else 0
    if not count:
        return np.zeros((0, BANDS), np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(sound, LENGTH)[::STEP][:count]
    frames = frames - frames.mean(axis=1, keepdims=True)
    before = np.concatenate([frames[:, :1], frames[:, :-1]], axis=1)
    windowed = ((frames - np.float32(0.97) * before) * _window()).astype(np.float32)
    spectrum = np.fft.rfft(windowed, SPECTRUM)[:, :-1]
    power = (spectrum.real**2 + spectrum.imag**2).astype(np.float32)
    bands = np.log(np.maximum(power @ _mel(warp), np.finfo(np.float32).eps))
    return np.asarray(bands @ _cosines(), np.float32)


@cache
def _window() -> npt.NDArray[np.float32]:
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(LENGTH) / (LENGTH - 1))
    return (hann**0.85).astype(np.float32)


def _mels(hertz: npt.ArrayLike) -> npt.NDArray[np.float64]:
    return 1127.0 * np.log1p(np.asarray(hertz, np.float64) / 700.0)


@cache
def _mel(warp: float) -> npt.NDArray[np.float32]:
    """(SPECTRUM / 2, BANDS): triangles that overlap by half."""
    edges = np.linspace(_mels(LOW_HZ), _mels(HIGH_HZ), BANDS + 2)
    at = _mels(np.arange(SPECTRUM // 2) * RATE_HZ / SPECTRUM * warp)[:, None]
    rising = (at - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - at) / (edges[2:] - edges[1:-1])
    return np.maximum(np.minimum(rising, falling), 0.0).astype(np.float32)


@cache
def _cosines() -> npt.NDArray[np.float32]:
    """(BANDS, BANDS): the transform and the lifter."""
    k, n = np.arange(BANDS)[None], np.arange(BANDS)[:, None]
    table = np.sqrt(2.0 / BANDS) * np.cos(np.pi / BANDS * (n + 0.5) * k)
    table[:, 0] = np.sqrt(1.0 / BANDS)
    lifter = 1.0 + 0.5 * LIFTER * np.sin(np.pi * np.arange(BANDS) / LIFTER)
    return np.asarray(table * lifter, np.float32)
