"""`assistant say TEXT --to FILE.wav`: one text through the live rendering path, into a file.

Decides what can go wrong with it and how that is told. The rendering runs in a process of its
own, as it does live.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from assistant.errors import AssistantError, ExitCode

_PER_CHARACTER_S = 0.05
_AT_LEAST_S = 60.0


def render_file(text: str, path: Path, *, voice: str, rate_wpm: int, volume: float) -> None:
    """Write the text, spoken, as a WAV file (22050 Hz, 16 bit, one channel).

    The file is there whole or not at all. Raises `AssistantError`.
    """
    if not text.strip():
        raise AssistantError(
            "There is nothing to say: the text is empty. Give some words.",
            code=ExitCode.COMMAND_LINE,
        )
    unfinished = _beside(path)
    try:
        answer = _render(
            {"text": text, "voice": voice, "rate_wpm": rate_wpm, "volume": volume}, unfinished
        )
        match answer:
            case {"voice": str(reason)}:
                raise AssistantError(f"{reason}.".capitalize(), code=ExitCode.CONFIGURATION)
            case {"failure": str(reason)}:
                raise AssistantError(f"This can't be spoken: {reason}.")
        unfinished.chmod(0o644)
        unfinished.replace(path)
    except OSError as error:
        raise _unwritable(path, error) from error
    finally:
        unfinished.unlink(missing_ok=True)


def _beside(path: Path) -> Path:
    """A new file in the same folder, so that it can take its name in one step."""
    if path.is_dir():
        raise AssistantError(
            f"{path} is a folder. Name a file in it, such as {path / 'speech.wav'}.",
            code=ExitCode.FILE_ACCESS,
        )
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{path.stem}-", suffix=".wav", dir=path.parent)
    except OSError as error:
        raise _unwritable(path, error) from error
    os.close(descriptor)
    return Path(name)


def _unwritable(path: Path, error: OSError) -> AssistantError:
    return AssistantError(
        f"{path} can't be written: {(error.strerror or str(error)).lower()}. "
        "Choose a folder that exists and that you may write to.",
        code=ExitCode.FILE_ACCESS,
    )


def _render(job: dict[str, object], path: Path) -> dict[str, str]:
    limit_s = _AT_LEAST_S + _PER_CHARACTER_S * len(str(job["text"]))
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "assistant.speaking.render", str(path)],
            input=json.dumps(job),
            capture_output=True,
            text=True,
            timeout=limit_s,
        )
        answer: dict[str, str] = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        return {"failure": f"espeak-ng did not answer for {limit_s:.0f} seconds"}
    except ValueError:
        return {"failure": f"espeak-ng ended with code {done.returncode}"}
    return answer
