"""A room for tests: a private audio server with a virtual microphone and a virtual loudspeaker.

It decides what the product hears (what a test plays, and the loudspeaker's echo where a test
wants one) and keeps what the loudspeaker said together with the monotonic time of each sample.
It finds sounds and sentences in such a recording; what they ought to be is the test's business.
No sound card, desktop session or kernel module is needed, as root or not as root.
"""

import ctypes.util
import json
import os
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

Samples = NDArray[np.float32]

RATE_HZ = 22050
"""Recordings are kept at the rate at which the product speaks."""

_CHUNK_BYTES = 441  # 10 ms at RATE_HZ, 16 bit; also what a reader waits for at least
_SERVER_START_S = 10.0
_ALSA_PLUGINS = "alsa-lib/libasound_module_pcm_pulse.so"

# The null sinks render 50 ms ahead at most with norewinds; without it they render seconds ahead
# and lose sound without saying so.
_SERVER_SCRIPT = """\
load-module module-native-protocol-unix socket={folder}/native auth-anonymous=1
load-module module-null-sink norewinds=1 sink_name=mouth format=s16le rate=48000 channels=1
load-module module-null-sink norewinds=1 sink_name=loudspeaker format=s16le rate=48000 channels=1
{microphone}
set-default-sink loudspeaker
set-default-source microphone
"""

# What a sink plays is no microphone, to the server and to the product; this is one, of its own.
_MICROPHONE = "load-module module-remap-source master=mouth.monitor source_name=microphone"

# Not on top of the machine's own configuration: its cards would be listed and could be taken.
# And no device called "pulse": PortAudio's initialisation fails over one defined twice.
_ALSA_CONFIGURATION = """\
pcm.microphone { type pulse device microphone hint { show on description "microphone" } }
pcm.loudspeaker { type pulse device loudspeaker hint { show on description "loudspeaker" } }
pcm.default { type pulse hint { show on description "default" } }
"""


def missing() -> list[str]:
    """The packages that a room needs and this machine lacks, by their Debian names."""
    lacking = []
    if shutil.which("pulseaudio") is None:
        lacking.append("pulseaudio")
    if shutil.which("pactl") is None or shutil.which("parec") is None:
        lacking.append("pulseaudio-utils")
    folders = [Path("/usr/lib"), Path("/usr/lib64"), *Path("/usr/lib").glob("*-linux-*")]
    if not any((folder / _ALSA_PLUGINS).exists() for folder in folders):
        lacking.append("libasound2-plugins")
    if ctypes.util.find_library("portaudio") is None:
        lacking.append("libportaudio2")
    return lacking


@dataclass(frozen=True)
class Recording:
    """Sound, and when it was: sample `i` sounded at `start + i / rate_hz`, monotonic seconds."""

    samples: Samples
    start: float
    rate_hz: int = RATE_HZ

    @property
    def end(self) -> float:
        return self.start + len(self.samples) / self.rate_hz

    def between(self, begin: float, end: float) -> "Recording":
        """The stretch between two monotonic times, as far as it was recorded."""
        first = max(0, round((begin - self.start) * self.rate_hz))
        last = max(first, round((end - self.start) * self.rate_hz))
        return Recording(self.samples[first:last], self.start + first / self.rate_hz, self.rate_hz)

    def save(self, path: Path) -> Path:
        soundfile.write(path, self.samples, self.rate_hz, subtype="PCM_16")
        return path


class Recorder:
    """Keep everything that one source of the server delivers, from now on."""

    def __init__(self, source: str, environment: Mapping[str, str]) -> None:
        self._kept = bytearray()
        self._start = float("inf")
        self._news = threading.Condition()
        self._process = subprocess.Popen(
            [
                *("parec", f"--device={source}", "--raw", "--format=s16le", "--channels=1"),
                *(f"--rate={RATE_HZ}", "--latency-msec=10", "--process-time-msec=5"),
            ],
            stdout=subprocess.PIPE,
            env=dict(environment),
            bufsize=0,
        )
        self._reader = threading.Thread(target=self._read, name=f"record {source}", daemon=True)
        self._reader.start()
        if not self.wait_until(time.monotonic(), timeout_s=10.0):
            self.close()
            raise RuntimeError(f"the audio server delivers nothing from {source}")

    def _read(self) -> None:
        assert self._process.stdout is not None
        descriptor = self._process.stdout.fileno()
        while chunk := os.read(descriptor, 65536):
            now = time.monotonic()
            with self._news:
                self._kept += chunk
                # A chunk can come late, never early: the earliest arrival tells the time best.
                self._start = min(self._start, now - len(self._kept) / 2 / RATE_HZ)
                self._news.notify_all()

    def _reached(self) -> float:
        return self._start + len(self._kept) / 2 / RATE_HZ

    def wait_until(self, moment: float, timeout_s: float = 30.0) -> bool:
        """Wait until the recording reaches a monotonic time; False when it never did."""
        with self._news:
            return self._news.wait_for(
                lambda: bool(self._kept) and self._reached() >= moment, timeout_s
            )

    def wait_sound(self, since: float, timeout_s: float = 10.0) -> float:
        """Wait until something sounds; returns when it began."""
        until = since + 0.1
        while until - since < timeout_s:
            self.wait_until(until)
            if sounds := loud(self.since(since)):
                return sounds[0].start
            until += 0.1
        raise AssertionError(f"nothing sounded within {timeout_s} s")

    def wait_quiet(self, length_s: float, timeout_s: float = 30.0) -> None:
        """Wait until nothing has sounded for so long."""
        limit = time.monotonic() + timeout_s
        until = time.monotonic()
        while True:
            self.wait_until(until)
            ended = last_loud(self.since(until - length_s))
            if ended is None:
                return
            if time.monotonic() > limit:
                raise AssertionError(f"it was never quiet for {length_s} s within {timeout_s} s")
            until = ended + length_s

    def so_far(self) -> Recording:
        return self.since(float("-inf"))

    def since(self, moment: float) -> Recording:
        """What was recorded from a monotonic time on."""
        with self._news:
            first = round(max(0.0, moment - self._start) * RATE_HZ)
            kept = bytes(self._kept[2 * first : len(self._kept) // 2 * 2])
            start = self._start + first / RATE_HZ
        samples = np.frombuffer(kept, np.int16).astype(np.float32) / np.float32(32768)
        return Recording(samples.astype(np.float32), start)

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(5)
        self._reader.join(5)
        if self._process.stdout is not None:
            self._process.stdout.close()


class Room:
    """A private audio server, its microphone, its loudspeaker, and a recording of both.

    `loudspeaker` keeps what the product says, `microphone` what reaches the product (a test's
    speech and the echo). Children started with `env()` have the room's devices as PortAudio's
    defaults, and by the names "microphone" and "loudspeaker".
    """

    loudspeaker: Recorder
    microphone: Recorder

    def __init__(self, more: Path | None = None) -> None:
        """`more`: a script that the server reads after its own, and whose defaults count."""
        # A socket's path may have 107 characters at most: directly in the temporary folder.
        self.folder = Path(tempfile.mkdtemp(prefix="room-"))
        self._more = more
        self._server: subprocess.Popen[bytes] | None = None
        self._log = self.folder / "server.log"

    def __enter__(self) -> Self:
        try:
            self.start_server()
            self.loudspeaker = Recorder("loudspeaker.monitor", self.env())
            self.microphone = Recorder("mouth.monitor", self.env())
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        for name in ("loudspeaker", "microphone"):
            if name in self.__dict__:
                self.__dict__.pop(name).close()
        self.stop_server()
        shutil.rmtree(self.folder, ignore_errors=True)

    def env(self) -> dict[str, str]:
        """The environment for a child that lives in this room."""
        kept = {
            name: value
            for name, value in os.environ.items()
            # The person's own server and session stay untouched, and a latency forced on a
            # PortAudio client stalls its output.
            if not name.startswith(("PULSE_", "PIPEWIRE_", "DBUS_", "ALSA_"))
            and name not in ("DISPLAY", "WAYLAND_DISPLAY")
        }
        if self._more is None:
            kept |= {"PULSE_SINK": "loudspeaker", "PULSE_SOURCE": "microphone"}
        return kept | {
            "HOME": str(self.folder),
            "XDG_RUNTIME_DIR": str(self.folder),
            "PULSE_RUNTIME_PATH": str(self.folder),
            "PULSE_STATE_PATH": str(self.folder),
            "PULSE_SERVER": f"unix:{self.folder}/native",
            "ALSA_CONFIG_PATH": str(self.folder / "asound.conf"),
        }

    def play(self, wav: Path, wait: bool = True) -> "subprocess.Popen[bytes]":
        """Say a sound file into the microphone; returns when it was played, or at once."""
        player = subprocess.Popen(
            ["paplay", "--device=mouth", "--latency-msec=100", str(wav)], env=self.env()
        )
        if wait and player.wait(60 + soundfile.info(wav).duration):
            raise RuntimeError(f"paplay could not play {wav}: {self._log.read_text()}")
        return player

    def record(self, since: float = float("-inf")) -> Recording:
        """What the loudspeaker said so far, or since a monotonic time."""
        return self.loudspeaker.since(since)

    def echo(self, delay_ms: int, gain_db: float) -> None:
        """From now on the microphone hears the loudspeaker, later and (mostly) quieter."""
        module = self._pactl(
            *("load-module", "module-loopback", "source=loudspeaker.monitor", "sink=mouth"),
            *(f"latency_msec={delay_ms}", "adjust_time=0", "remix=no"),
        ).strip()
        self._pactl("set-sink-input-volume", self._input_of(module), f"{gain_db}dB")

    def default_source(self) -> str:
        """The microphone of everybody who names none."""
        return self._pactl("get-default-source").strip()

    def unplug_microphone(self) -> None:
        """Take the microphone away; the server goes on, and moves whoever records from it."""
        self._pactl("unload-module", "module-remap-source")

    def plug_in_microphone(self) -> None:
        self._pactl(*_MICROPHONE.split())
        self._pactl("set-default-source", "microphone")

    def kill_server(self) -> None:
        """As when it crashes: it takes leave of nobody."""
        if self._server is not None:
            self._server.kill()
        self.stop_server()

    def stop_server(self) -> None:
        """End the server, as if every sound device had been unplugged."""
        if self._server is not None:
            self._server.terminate()
            try:
                self._server.wait(5)
            except subprocess.TimeoutExpired:
                self._server.kill()
                self._server.wait(5)
            self._server = None

    def prepare(self) -> None:
        self.folder.chmod(0o700)
        (self.folder / "asound.conf").write_text(_ALSA_CONFIGURATION)

    def start_server(self) -> None:
        self.prepare()
        script = self.folder / "server.pa"
        included = f".include {self._more}\n" if self._more else ""
        own = _SERVER_SCRIPT.format(folder=self.folder, microphone=_MICROPHONE)
        script.write_text(own + included)
        with self._log.open("wb") as log:
            self._server = subprocess.Popen(
                [
                    *("pulseaudio", "-n", "-F", str(script), "--daemonize=no", "--system=no"),
                    *("--exit-idle-time=-1", "--use-pid-file=no", "--disallow-exit"),
                    *("--realtime=no", "--high-priority=no", "--log-target=stderr"),
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self.env(),
            )
        limit = time.monotonic() + _SERVER_START_S
        while not self._answers():
            if self._server.poll() is not None or time.monotonic() > limit:
                raise RuntimeError(f"pulseaudio did not start: {self._log.read_text()}")
            time.sleep(0.02)

    def _answers(self) -> bool:
        """Both sinks exist: the script is through."""
        listed = subprocess.run(
            ["pactl", "list", "short", "sinks"], env=self.env(), capture_output=True, text=True
        )
        return "loudspeaker" in listed.stdout

    def _pactl(self, *words: str) -> str:
        return subprocess.run(
            ["pactl", *words], env=self.env(), capture_output=True, text=True, check=True
        ).stdout

    def _input_of(self, module: str) -> str:
        listed: list[dict[str, Any]] = json.loads(
            self._pactl("--format=json", "list", "sink-inputs")
        )
        return next(str(one["index"]) for one in listed if str(one.get("owner_module")) == module)


@pytest.fixture
def room() -> Iterator[Room]:
    """A room of the test's own."""
    if lacking := missing():
        pytest.skip(f"no room without these packages: {' '.join(lacking)}")
    with Room() as opened:
        yield opened


# --- finding things in a recording --------------------------------------------


def read(wav: Path) -> Samples:
    """A sound file as one channel at RATE_HZ."""
    samples, rate_hz = soundfile.read(wav, dtype="float32", always_2d=True)
    return resample(samples.mean(axis=1), rate_hz)


def resample(samples: Samples, rate_hz: int) -> Samples:
    """To RATE_HZ, by cutting or padding the spectrum: exact for what both rates can hold."""
    if rate_hz == RATE_HZ:
        return samples.astype(np.float32)
    length = round(len(samples) * RATE_HZ / rate_hz)
    spectrum = np.fft.rfft(samples)
    fitted = np.zeros(length // 2 + 1, complex)
    shared = min(len(spectrum), len(fitted))
    fitted[:shared] = spectrum[:shared]
    return (np.fft.irfft(fitted, length) * (length / len(samples))).astype(np.float32)


def trim(samples: Samples, below_peak_db: float = 40.0) -> Samples:
    """Without the quiet before and after."""
    loud = np.flatnonzero(np.abs(samples) > np.abs(samples).max() * 10 ** (-below_peak_db / 20))
    return samples[loud[0] : loud[-1] + 1]


def similarity(haystack: Samples, needle: Samples) -> NDArray[np.float64]:
    """Normalised cross-correlation, -1 to 1, for each sample at which the needle may begin."""
    places = len(haystack) - len(needle) + 1
    if places <= 0:
        return np.zeros(0)
    size = 1 << (len(haystack) - 1).bit_length()
    product = np.fft.rfft(haystack, size) * np.conj(np.fft.rfft(needle, size))
    shared = np.fft.irfft(product, size)[:places]
    energy = np.concatenate(([0.0], np.cumsum(haystack.astype(np.float64) ** 2)))
    local = np.sqrt(np.maximum(energy[len(needle) :] - energy[:places], 0.0))
    own = float(np.sqrt(np.sum(needle.astype(np.float64) ** 2)))
    # What is 60 dB below the needle is silence with rounding in it: nothing to be like anything.
    return np.where(local > own / 1000, shared / np.maximum(local * own, 1e-12), 0.0)


def find(recording: Recording, sound: Samples, at_least: float = 0.6) -> list[float]:
    """Monotonic times at which a known sound begins (its first loud sample)."""
    needle = trim(sound)
    alike = similarity(recording.samples, needle)
    found = _peaks(alike, at_least, max(1, len(needle) // 2))
    return [recording.start + place / recording.rate_hz for place in found]


def _peaks(alike: NDArray[np.float64], at_least: float, apart: int) -> list[int]:
    """The places at which it is most alike, each the best of its neighbourhood."""
    found: list[int] = []
    for place in np.flatnonzero(alike >= at_least).tolist():
        if found and place - found[-1] < apart:
            if alike[place] > alike[found[-1]]:
                found[-1] = place
        else:
            found.append(place)
    return found


_WINDOW, _HOP = 512, 110
"""Samples of a short-time spectrum, and from one to the next: 23 and 5 ms."""
_BANDS = np.unique(np.round(np.geomspace(150, 8000, 33) / RATE_HZ * _WINDOW).astype(int))
"""The edges of its bands, in lines of the spectrum."""


def _bands(samples: Samples) -> NDArray[np.float64]:
    """How loud each band is at each hop: hops x bands."""
    padded = np.pad(samples, (0, max(0, _WINDOW - len(samples))))
    windows = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)[::_HOP]
    lines = np.abs(np.fft.rfft(windows * np.hanning(_WINDOW), axis=1))
    return np.sqrt(np.add.reduceat(lines[:, : _BANDS[-1]], _BANDS[:-1], axis=1))


def likeness(haystack: Samples, needle: Samples) -> NDArray[np.float64]:
    """How like the speech at each hop is to a sentence, -1 to 1, told by how loud its bands are.

    espeak-ng lets the pitch flutter on through all that one process says, so the same sentence
    has another waveform each time, 0.38 to 1.0 alike, but the same bands: 0.98 and more, 0.77
    under a chime, another sentence 0.6 at most (20 clauses recorded in a room, 2026-11-30)."""
    heard, known = _bands(haystack), _bands(needle)
    places = len(heard) - len(known) + 1
    if places <= 0:
        return np.zeros(0)
    known -= known.mean(axis=0)
    size = 1 << len(heard).bit_length()
    product = np.fft.rfft(heard, size, axis=0) * np.conj(np.fft.rfft(known, size, axis=0))
    shared = np.fft.irfft(product, size, axis=0)[:places].sum(axis=1)
    sums, squares = (
        np.concatenate((np.zeros((1, heard.shape[1])), np.cumsum(each, axis=0)))
        for each in (heard, heard**2)
    )
    ends = len(known)
    varies = (squares[ends:] - squares[:places]) - (sums[ends:] - sums[:places]) ** 2 / ends
    local = np.sqrt(np.maximum(varies, 0.0).sum(axis=1))
    own = float(np.sqrt((known**2).sum()))
    return np.where(local > own / 1000, shared / np.maximum(local * own, 1e-12), 0.0)


def find_speech(recording: Recording, sentence: Samples, at_least: float = 0.68) -> list[float]:
    """Monotonic times at which a known sentence begins, to 5 ms, perhaps under a chime."""
    needle = trim(sentence)
    alike = likeness(recording.samples, needle)
    found = _peaks(alike, at_least, max(1, len(needle) // 2 // _HOP))
    return [recording.start + place * _HOP / recording.rate_hz for place in found]


def level_db(samples: Samples, rate_hz: int = RATE_HZ, step_s: float = 0.005) -> Samples:
    """The loudness of each 5 ms, dB of full scale; digital silence is -120."""
    size = round(step_s * rate_hz)
    steps = samples[: len(samples) // size * size].reshape(-1, size).astype(np.float64)
    power = np.maximum(np.mean(steps**2, axis=1), 1e-12)
    return np.asarray(10 * np.log10(power), np.float32)


def loud(recording: Recording, above_db: float = -50.0, gap_s: float = 0.3) -> list[Recording]:
    """The stretches with sound in them, parted by at least `gap_s` of quiet."""
    step = round(0.005 * recording.rate_hz)
    places = np.flatnonzero(level_db(recording.samples, recording.rate_hz) > above_db)
    stretches: list[list[int]] = []
    for place in places.tolist():
        if stretches and (place - stretches[-1][1]) * 0.005 < gap_s:
            stretches[-1][1] = place + 1
        else:
            stretches.append([place, place + 1])
    return [
        Recording(
            recording.samples[first * step : last * step],
            recording.start + first * step / recording.rate_hz,
            recording.rate_hz,
        )
        for first, last in stretches
    ]


def last_loud(recording: Recording, above_db: float = -50.0) -> float | None:
    """Monotonic time at which the last sound ended; None when all is quiet."""
    stretches = loud(recording, above_db)
    return stretches[-1].end if stretches else None
