"""Sounds that are no speech, made by the program: noises of a house and the outdoors, and music.

Decides what the model must call silence. Each is drawn from a random generator, about as loud as
speech; no recording is used.
"""

import numpy as np
import numpy.typing as npt

from models.train.audio import RATE_HZ, Samples, fast, level

Wave = npt.NDArray[np.float64]

LOUDNESS = 3000.0
SCALES = ((0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10), (0, 3, 5, 7, 10))
VOWELS = (
    (730, 1090, 2440),
    (270, 2290, 3010),
    (530, 1840, 2480),
    (570, 840, 2410),
    (300, 870, 2240),
)
"""The first three resonances, in Hz, of a, i, e, o, u."""


def other_than_speech(chance: np.random.Generator, length: int) -> Samples:
    """A noise, music, or several of them."""
    kind = chance.random()
    if kind < 0.12:
        sound: Wave = hiss(chance, length)
    elif kind < 0.5:
        sound = noise(chance, length)
    elif kind < 0.9:
        sound = music(chance, length)
    else:
        sound = noise(chance, length) + music(chance, length) * 10 ** chance.uniform(-0.5, 0.5)
    return (sound * (LOUDNESS / level(sound.astype(np.float32)))).astype(np.float32)


def hiss(chance: np.random.Generator, length: int) -> Wave:
    """Steady noise between white and rumbling."""
    return shaped(chance.standard_normal(length), -chance.choice([0, 0.5, 0.8, 1.0, 1.3]))


def noise(chance: np.random.Generator, length: int) -> Wave:
    """One of: steps and knocks, a motor, an animal, breath and sneeze, crackle, beeps, waves."""
    makers = (knocks, motor, calls, bursts, crackle, beeps, waves)
    made: Wave = makers[int(chance.integers(len(makers)))](chance, length)
    return made + hiss(chance, length) * 10 ** chance.uniform(-3.5, -1.5)


def shaped(sound: Wave, slope: float) -> Wave:
    """The spectrum tilted: amplitude grows with frequency to this power."""
    whole = fast(len(sound))
    hertz = np.maximum(np.fft.rfftfreq(whole, 1 / RATE_HZ), 40.0)
    tilted = np.fft.irfft(np.fft.rfft(sound, whole) * hertz**slope, whole)[: len(sound)]
    return np.asarray(tilted / (np.std(tilted) + 1e-9))


def ringing(sound: Wave, resonances: npt.ArrayLike, width: float = 0.08) -> Wave:
    """Only what lies near some frequencies."""
    whole = fast(len(sound))
    hertz = np.fft.rfftfreq(whole, 1 / RATE_HZ)[:, None]
    at = np.asarray(resonances, np.float64)[None]
    gain = np.exp(-0.5 * ((hertz - at) / (width * at + 30)) ** 2).sum(axis=1)
    return np.asarray(np.fft.irfft(np.fft.rfft(sound, whole) * gain, whole)[: len(sound)])


def clock(length: int) -> Wave:
    return np.arange(length) / RATE_HZ


def placed(length: int, start: int, piece: Wave) -> tuple[slice, Wave]:
    end = min(length, start + len(piece))
    return slice(start, end), piece[: end - start]


def swell(chance: np.random.Generator, length: int) -> Wave:
    """Rises fast, falls slower."""
    rise = max(1, int(length * chance.uniform(0.02, 0.5)))
    fall = np.linspace(1, 0, length - rise) ** chance.uniform(0.7, 3)
    return np.concatenate([np.linspace(0, 1, rise), fall])


def knocks(chance: np.random.Generator, length: int) -> Wave:
    sound = np.zeros(length)
    step, start = int(chance.uniform(0.09, 0.9) * RATE_HZ), int(chance.integers(RATE_HZ // 4))
    tones = chance.uniform(120, 4000, 3)
    while start < length:
        size = int(chance.uniform(0.02, 0.2) * RATE_HZ)
        hit = chance.standard_normal(size) * np.exp(-np.linspace(0, 7, size))
        where, piece = placed(length, start, ringing(hit, tones, chance.uniform(0.02, 0.4)))
        sound[where] += piece * chance.uniform(0.4, 1)
        start += max(800, int(step * chance.uniform(0.7, 1.3)))
    return sound


def motor(chance: np.random.Generator, length: int) -> Wave:
    """A saw, a helicopter, a vacuum cleaner: a buzz whose speed wanders, and noise in its time."""
    wander = np.cumsum(shaped(chance.standard_normal(length), -1.0)) / RATE_HZ
    base = np.exp(chance.uniform(np.log(8), np.log(260)))
    turns = base * (clock(length) + wander * chance.uniform(0, 0.15))
    order = np.arange(1, 16)[:, None]
    strength = chance.uniform(0, 1, (15, 1)) / order ** chance.uniform(0, 1.2)
    buzz = (np.sin(2 * np.pi * order * turns[None]) * strength).sum(axis=0)
    beat = 0.5 + 0.5 * np.sin(2 * np.pi * turns * chance.choice([0.25, 0.5, 1]))
    air = hiss(chance, length) * beat * chance.uniform(0.1, 2)
    return np.asarray(buzz / (np.std(buzz) + 1e-9) + air)


def calls(chance: np.random.Generator, length: int) -> Wave:
    """Barks, crows, birds, a crying child: gliding harmonics with no word in them."""
    sound = np.zeros(length)
    start = int(chance.integers(RATE_HZ // 2))
    base = np.exp(chance.uniform(np.log(180), np.log(3500)))
    size_s = chance.uniform(0.06, 0.9)
    harmonics = 1 if base > 1500 else int(chance.integers(3, 12))
    while start < length:
        size = int(size_s * chance.uniform(0.6, 1.4) * RATE_HZ) + 10
        glide = np.interp(np.linspace(0, 3, size), range(4), base * chance.uniform(0.7, 1.4, 4))
        phase = 2 * np.pi * np.cumsum(glide) / RATE_HZ
        order = np.arange(1, harmonics + 1)[:, None]
        rough = shaped(chance.standard_normal(size), -0.5) * chance.uniform(0, 1)
        call = (np.sin(order * phase[None]) / order**0.5).sum(axis=0) + rough
        where, piece = placed(length, start, call * swell(chance, size))
        sound[where] += piece
        start += size + int(chance.uniform(0.05, 1.2) * RATE_HZ)
    return sound


def bursts(chance: np.random.Generator, length: int) -> Wave:
    """Breath, coughs, sneezes, cloth, a hand on the microphone."""
    sound = np.zeros(length)
    start = int(chance.integers(RATE_HZ // 2))
    while start < length:
        size = int(chance.uniform(0.06, 1.0) * RATE_HZ)
        air = shaped(chance.standard_normal(size), chance.uniform(-1.2, 0.6))
        if chance.random() < 0.5:
            air = ringing(air, chance.uniform(300, 4500, 3), chance.uniform(0.1, 0.6))
        where, piece = placed(length, start, air / (np.std(air) + 1e-9) * swell(chance, size))
        sound[where] += piece * chance.uniform(0.3, 1)
        start += size + int(chance.uniform(0.05, 1.5) * RATE_HZ)
    return sound


def crackle(chance: np.random.Generator, length: int) -> Wave:
    """Fire, rain, plates, a keyboard: many short clicks."""
    rate = np.exp(chance.uniform(np.log(3), np.log(600)))
    clicks = (chance.random(length) < rate / RATE_HZ) * chance.standard_normal(length) ** 3
    tones = chance.uniform(400, 7000, int(chance.integers(1, 5)))
    return ringing(clicks, tones, chance.uniform(0.03, 0.7))


def beeps(chance: np.random.Generator, length: int) -> Wave:
    """An alarm, a telephone, a microwave oven."""
    tones = chance.uniform(300, 4000, int(chance.integers(1, 4)))
    sound = np.sin(2 * np.pi * tones[:, None] * clock(length)[None]).sum(axis=0)
    rhythm = np.sin(2 * np.pi * chance.uniform(0.5, 12) * clock(length)) > chance.uniform(-1, 0.7)
    return np.asarray(sound * rhythm)


def waves(chance: np.random.Generator, length: int) -> Wave:
    """The sea, wind, traffic: noise that comes and goes."""
    slow = np.sin(2 * np.pi * chance.uniform(0.05, 3) * clock(length) + chance.uniform(0, 6))
    return hiss(chance, length) * (1.05 + slow) ** chance.uniform(0.5, 3)


def music(chance: np.random.Generator, length: int) -> Wave:
    """Chords, a melody (sometimes sung on vowels), a bass and drums, in one key and one rhythm."""
    beat = int(RATE_HZ * 60 / chance.uniform(60, 180))
    scale = SCALES[int(chance.integers(len(SCALES)))]
    key_hz = 110 * 2 ** (chance.integers(12) / 12)
    sound = np.zeros(length)
    drums, chords = chance.random() < 0.5, chance.random() < 0.5
    plays = (note, note, reed, wah, bell, flute, sing, sing)[int(chance.integers(8))]
    bright, octave = chance.uniform(0.4, 2.0), int(chance.integers(3)) * len(scale)
    for start in range(-int(chance.integers(beat)), length, beat):
        degree = int(chance.integers(len(scale)))
        if chords:
            for third in (0, 2, 4):
                hertz = pitch(key_hz, scale, degree + third)
                put(sound, start, note(chance, hertz, 2 * beat, bright) * 0.4)
        if chance.random() < 0.85:
            hertz = pitch(key_hz, scale, degree + octave + int(chance.integers(0, 8)))
            size = int(beat * chance.choice([0.3, 0.5, 0.8, 1, 2]))
            put(sound, start, plays(chance, hertz, size, bright) * chance.uniform(0.6, 1.4))
        if drums:
            put(sound, start, drum(chance, beat) * chance.uniform(0.5, 2))
            put(sound, start + beat // 2, drum(chance, beat // 2) * chance.uniform(0, 1))
    return sound


def put(sound: Wave, start: int, piece: Wave) -> None:
    if start < 0:
        start, piece = 0, piece[-start:]
    where, piece = placed(len(sound), start, piece)
    if where.start < where.stop:
        sound[where] += piece


def pitch(key_hz: float, scale: tuple[int, ...], degree: int) -> float:
    octave, step = divmod(degree, len(scale))
    return float(key_hz * 2 ** (octave + scale[step] / 12))


def note(chance: np.random.Generator, hertz: float, size: int, bright: float) -> Wave:
    """A string or an organ: harmonics under a decay."""
    order = np.arange(1, 9)[:, None]
    tone = np.sin(2 * np.pi * hertz * order * clock(size)[None]) / order**bright
    decay = np.exp(-np.linspace(0, chance.uniform(0.2, 6), size))
    attack = np.minimum(np.arange(size) / (RATE_HZ * 0.01), 1)
    return np.asarray(tone.sum(axis=0) * decay * attack)


def reed(chance: np.random.Generator, hertz: float, size: int, bright: float) -> Wave:
    """A clarinet or a game's beep: every other harmonic, held, sometimes trembling."""
    phase = trembling(chance, hertz, size)
    order = np.arange(1, 16, 2)[:, None]
    return np.asarray((np.sin(order * phase[None]) / order**bright).sum(axis=0) * edges(size))


def wah(chance: np.random.Generator, hertz: float, size: int, bright: float) -> Wave:
    """A buzzing tone through a filter that opens or closes: the nearest that music is to a word."""
    phase = trembling(chance, hertz, size)
    order = np.arange(1, 25)[:, None]
    first, last = chance.uniform(250, 3500, 2)
    open_hz = np.geomspace(first, last, size)
    near = 1 / (1 + (order * hertz / open_hz[None]) ** (2 + 2 * bright))
    return np.asarray((np.sin(order * phase[None]) / order * near).sum(axis=0) * edges(size))


def bell(chance: np.random.Generator, hertz: float, size: int, bright: float) -> Wave:
    """One tone bends another; both die away."""
    fall = np.exp(-np.linspace(0, chance.uniform(1, 8), size))
    turns = 2 * np.pi * hertz * clock(size)
    bend = np.sin(turns * chance.choice([0.5, 1, 1.41, 2, 3.5])) * 4 / bright * fall
    return np.asarray(np.sin(turns + bend) * fall)


def flute(chance: np.random.Generator, hertz: float, size: int, bright: float) -> Wave:
    """A soft tone in its own breath."""
    tone = reed(chance, 2 * hertz, size, bright + 1)
    breath = ringing(chance.standard_normal(size), [2 * hertz, 4 * hertz], 0.3)
    return np.asarray(tone + breath * edges(size) * chance.uniform(0, 1))


def trembling(chance: np.random.Generator, hertz: float, size: int) -> Wave:
    """The phase, in radians, of a tone whose pitch trembles and may glide."""
    wave = 1 + chance.uniform(0, 0.015) * np.sin(2 * np.pi * chance.uniform(4, 7) * clock(size))
    glide = np.geomspace(chance.choice([1.0, 1.0, chance.uniform(0.7, 1.4)]), 1, size)
    return np.asarray(2 * np.pi * np.cumsum(hertz * wave * glide) / RATE_HZ)


def edges(size: int) -> Wave:
    """Thirty milliseconds in and out."""
    return np.minimum(np.minimum(np.arange(size), np.arange(size)[::-1]) / (RATE_HZ * 0.03), 1)


def sing(chance: np.random.Generator, hertz: float, size: int, bright: float) -> Wave:
    """A held vowel, or one that turns into another."""
    phase = trembling(chance, hertz, size)
    order = np.arange(1, 25)[:, None, None]
    first, last = (np.array(VOWELS[int(n)]) for n in chance.integers(len(VOWELS), size=2))
    turn = np.linspace(0, 1, size)[:, None] * (chance.random() < 0.5)
    formants = (first + (last - first) * turn) * chance.uniform(0.9, 1.2)
    near = np.exp(-0.5 * ((order * hertz - formants[None]) / 180) ** 2).sum(axis=2)
    voice = (np.sin(order[:, 0] * phase[None]) * (near + 0.02) / order[:, 0] ** 0.3).sum(axis=0)
    return np.asarray(voice * edges(size) * bright)


def drum(chance: np.random.Generator, size: int) -> Wave:
    """A kick, a snare or a cymbal."""
    size = max(size, 100)
    kind = chance.integers(3)
    fall = np.exp(-np.linspace(0, chance.uniform(8, 30), size))
    if kind == 0:
        sweep = 50 + 100 * np.exp(-np.linspace(0, 20, size))
        return np.asarray(2 * np.sin(2 * np.pi * np.cumsum(sweep) / RATE_HZ) * fall)
    crash = shaped(chance.standard_normal(size), 0.0 if kind == 1 else 1.0)
    return np.asarray(crash * fall)
