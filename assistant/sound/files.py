"""Sound out of files, a little at a time: one channel, 16 bit, at the file's own rate.

Decides which files hold sound and how they are read. A usual WAV file needs nothing; every other
kind (FLAC, OGG, WAV of 8, 24 or 32 bit) is read by libsndfile, which Debian installs together
with espeak-ng. What is in the sound is not looked at.
"""

import ctypes
import math
import os
import struct
import wave
from array import array
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from assistant.errors import AssistantError, ExitCode

RATES_HZ = range(8_000, 192_001)
CHANNELS = range(1, 17)
EXPECTED = "expected a WAV, FLAC or OGG file of 8 to 192 kHz"
LIBRARY = "libsndfile.so.1"
FULL_SCALE = 32767
_PLAIN_BYTES = 2

# From libsndfile's sndfile.h, which hasn't changed them for 20 years.
_READ = 0x10
_CLIP = 0x10C0
_KIND, _SAMPLES = 0x0FFF0000, 0x0000FFFF
_KINDS = {0x010000, 0x130000, 0x220000, 0x0B0000, 0x170000, 0x200000}
"""WAV in its four forms, FLAC, OGG: the library also takes headerless files for sound."""
_FLOATS = {6, 7}
_BEGINNINGS = {b"RIFF", b"RIFX", b"RF64", b"riff", b"fLaC", b"OggS"}


class _Info(ctypes.Structure):
    _fields_ = (
        ("frames", ctypes.c_int64),
        ("rate_hz", ctypes.c_int),
        ("channels", ctypes.c_int),
        ("format", ctypes.c_int),
        ("sections", ctypes.c_int),
        ("seekable", ctypes.c_int),
    )


@dataclass(frozen=True, slots=True)
class SoundFile:
    """A file that is open; it is read once, from its beginning."""

    rate_hz: int
    channels: int
    read_frames: Callable[[int], "array[int]"]
    """So many frames, all channels of one after the other; fewer, then none, at the end."""

    def blocks(self, seconds: float) -> Iterator[bytes]:
        """The sound in blocks of this length, mono; the last one may be shorter."""
        count = round(self.rate_hz * seconds)
        while frames := self.read_frames(count):
            yield _mono(frames, self.channels).tobytes()


@contextmanager
def sound_file(path: Path) -> Iterator[SoundFile]:
    """Open a file. Raises AssistantError when it can't be read or holds no sound."""
    try:
        with path.open("rb") as file:
            opened = _plain_wav(file)
            if opened is not None:
                yield _checked(path, opened)
                return
            file.seek(0)
            if file.read(4) not in _BEGINNINGS:  # the library would try it as MP3, and say so
                raise _unusable(path, "it holds no sound that can be read")
        with _any_kind(path) as found:
            yield _checked(path, found)
    except OSError as error:
        raise AssistantError(
            f"{path}: it can't be read ({error.strerror or error}).", code=ExitCode.FILE_ACCESS
        ) from None


def _checked(path: Path, opened: SoundFile) -> SoundFile:
    if opened.rate_hz not in RATES_HZ or opened.channels not in CHANNELS:
        raise _unusable(path, f"found {opened.channels} channel(s) of {opened.rate_hz} Hz")
    return opened


def _plain_wav(file: IO[bytes]) -> SoundFile | None:
    """A WAV file of 16 bit; None if it is anything else."""
    try:
        found = wave.open(file)  # noqa: SIM115 - whoever opened the file closes it
    except (wave.Error, EOFError, struct.error, ValueError, RuntimeError):
        return None  # the last is what `wave` raises for a part longer than the file
    if found.getsampwidth() != _PLAIN_BYTES:
        return None
    channels = found.getnchannels()

    def read_frames(count: int) -> "array[int]":
        content = found.readframes(count)
        return array("h", content[: len(content) - len(content) % (_PLAIN_BYTES * channels)])

    return SoundFile(found.getframerate(), channels, read_frames)


@contextmanager
def _any_kind(path: Path) -> Iterator[SoundFile]:
    library = _library(path)
    info = _Info()
    # By its name: given an open file, it closes that one when it can't make sense of it.
    handle = library.sf_open(os.fsencode(path), _READ, ctypes.byref(info))
    if not handle:
        raise _unusable(path, "it holds no sound that can be read")
    try:
        if info.format & _KIND not in _KINDS:
            raise _unusable(path, "it is another kind of file")
        library.sf_command(handle, _CLIP, None, 1)
        decode = _floats if info.format & _SAMPLES in _FLOATS else _integers
        yield SoundFile(info.rate_hz, info.channels, decode(library, handle, info.channels))
    finally:
        library.sf_close(handle)


def _integers(library: Any, handle: int, channels: int) -> Callable[[int], "array[int]"]:
    def read_frames(count: int) -> "array[int]":
        room = (ctypes.c_int16 * (count * channels))()
        got = library.sf_readf_short(handle, room, count)
        return array("h", room[: max(0, got) * channels])

    return read_frames


def _floats(library: Any, handle: int, channels: int) -> Callable[[int], "array[int]"]:
    """Such a file may hold any number, and what is none: the library would give zeros or turn
    the sign."""

    def read_frames(count: int) -> "array[int]":
        room = (ctypes.c_float * (count * channels))()
        got = library.sf_readf_float(handle, room, count)
        return array("h", map(_sample, room[: max(0, got) * channels]))

    return read_frames


def _sample(value: float) -> int:
    if math.isnan(value):
        return 0
    return round(FULL_SCALE * max(-1.0, min(1.0, value)))


def _library(path: Path) -> Any:
    try:
        library = ctypes.CDLL(LIBRARY)
    except OSError:
        raise AssistantError(
            f"{path}: this is no WAV file of 16 bit, and to read another kind libsndfile is "
            "needed: sudo apt install libsndfile1",
            code=ExitCode.FILE_ACCESS,
        ) from None
    library.sf_open.restype = ctypes.c_void_p
    library.sf_open.argtypes = (ctypes.c_char_p, ctypes.c_int, ctypes.c_void_p)
    library.sf_command.argtypes = (ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p, ctypes.c_int)
    library.sf_close.argtypes = (ctypes.c_void_p,)
    for name in ("sf_readf_short", "sf_readf_float"):
        function = getattr(library, name)
        function.restype = ctypes.c_int64
        function.argtypes = (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64)
    return library


def _mono(frames: "array[int]", channels: int) -> "array[int]":
    if channels == 1:
        return frames
    apart = [frames[i::channels] for i in range(channels)]
    return array("h", [sum(together) // channels for together in zip(*apart, strict=True)])


def _unusable(path: Path, found: str) -> AssistantError:
    return AssistantError(f"{path}: {found}; {EXPECTED}.", code=ExitCode.FILE_ACCESS)
