"""Sound out of files, a little at a time: one channel, 16 bit, at the file's own rate.

Decides which files hold sound and how loud a sample of theirs is. What is in the sound is not
looked at.
"""

import math
import os
import stat
from array import array
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import AssistantError, ExitCode
from assistant.sound.pcm import FULL_SCALE

RATES_HZ = range(8_000, 192_001)
CHANNELS = range(1, 17)
EXPECTED = "expected a WAV, FLAC or OGG file of 8 to 192 kHz"
KINDS = ("WAV", "WAVEX", "RF64", "W64", "FLAC", "OGG")
"""libsndfile also takes headerless files for sound."""
_BEGINNINGS = {b"RIFF", b"RIFX", b"RF64", b"riff", b"fLaC", b"OggS"}


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
    """Open a file, or a pipe that a WAV comes through. Raises AssistantError when it can't be read
    or holds no sound."""
    import soundfile

    try:
        with path.open("rb", buffering=0) as file:
            if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                beginning = file.read(4)
                file.seek(0)
                if beginning not in _BEGINNINGS:  # it would be tried as MP3, which prints errors
                    raise _unusable(path, "it holds no sound that can be read")
            # A copy, since a file that it can't make sense of is closed by libsndfile.
            with soundfile.SoundFile(os.dup(file.fileno()), closefd=True) as opened:
                if opened.format not in KINDS:
                    raise _unusable(path, "it is another kind of file")
                if opened.samplerate not in RATES_HZ or opened.channels not in CHANNELS:
                    found = f"found {opened.channels} channel(s) of {opened.samplerate} Hz"
                    raise _unusable(path, found)
                yield SoundFile(opened.samplerate, opened.channels, _reader(opened))
    except soundfile.LibsndfileError:
        raise _unusable(path, "it holds no sound that can be read") from None
    except OSError as error:
        raise AssistantError(
            f"{path}: it can't be read ({error.strerror or error}).", code=ExitCode.FILE_ACCESS
        ) from None


def _reader(opened: Any) -> Callable[[int], "array[int]"]:
    from soundfile import LibsndfileError

    def read(count: int, code: str, kind: str) -> "array[Any]":
        room = array(code, bytes(count * opened.channels * array(code).itemsize))
        try:
            return room[: opened.buffer_read_into(room, kind) * opened.channels]
        except LibsndfileError:  # it was cut off: what came before is sound all the same
            return array(code)

    def floats(count: int) -> "array[int]":
        return array("h", map(_sample, read(count, "f", "float32")))

    # Asked for integers, libsndfile gives zeros for floating-point numbers, and turns the sign of
    # what is louder than full scale.
    whole = opened.subtype.startswith(("PCM", "ULAW", "ALAW"))
    return (lambda count: read(count, "h", "int16")) if whole else floats


def _sample(value: float) -> int:
    if math.isnan(value):
        return 0
    return round((FULL_SCALE - 1) * max(-1.0, min(1.0, value)))


def _mono(frames: "array[int]", channels: int) -> "array[int]":
    if channels == 1:
        return frames
    apart = [frames[i::channels] for i in range(channels)]
    return array("h", [sum(together) // channels for together in zip(*apart, strict=True)])


def _unusable(path: Path, found: str) -> AssistantError:
    return AssistantError(f"{path}: {found}; {EXPECTED}.", code=ExitCode.FILE_ACCESS)
