"""Files that are there whole or not at all, whatever happens while they are written; and read.

Decides that they are written beside their place and take their name in one step, who may read
them, and what a person is told where that fails. What they hold is for whoever writes.
"""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from assistant.errors import AssistantError, ExitCode

ANYBODY = 0o666
"""As readable as the umask lets a new file be."""
OWNER_ONLY = 0o600


@contextmanager
def whole_file(path: Path, mode: int = ANYBODY, *, make_folder: bool = False) -> Iterator[Path]:
    """The file to write in the block, which becomes `path` when that ends well.

    `mode` are its permissions, less the umask, and less what the file that was there didn't allow.
    A link stays one: what it points to is replaced.
    What is no file but can be written to, such as a pipe or /dev/stdout, is written to directly.
    `make_folder`: the place is the program's own; its folder is made, and a pipe in it gives way.
    Raises AssistantError (code 7), also for an OSError of the block but for BrokenPipeError.
    """
    try:
        if make_folder:
            path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            raise AssistantError(
                f"{path} is a folder; name a file in it", code=ExitCode.FILE_ACCESS
            )
        if path.exists() and not path.is_file() and not make_folder:
            yield path
        else:
            with _beside(path.resolve(), mode) as part:
                yield part
    except BrokenPipeError:  # whoever reads it has seen enough
        raise
    except OSError as error:
        raise AssistantError(
            f"{path} can't be written ({(error.strerror or str(error)).lower()}); "
            "it needs a folder that is there and that you may write to",
            code=ExitCode.FILE_ACCESS,
        ) from error


@contextmanager
def _beside(real: Path, mode: int) -> Iterator[Path]:
    part = real.with_name(f".{os.urandom(6).hex()}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    try:
        yield part
        with suppress(FileNotFoundError):  # there was none, or another process took it away
            allowed = real.stat().st_mode
            os.fchmod(descriptor, os.fstat(descriptor).st_mode & allowed & 0o777)
        os.fsync(descriptor)  # of the file, by whichever process it was written
        part.replace(real)
    finally:
        os.close(descriptor)
        part.unlink(missing_ok=True)


def write_whole(
    path: Path, content: bytes, mode: int = ANYBODY, *, make_folder: bool = False
) -> None:
    """Put these bytes there. Raises AssistantError, and the file that was there stays."""
    with whole_file(path, mode, make_folder=make_folder) as part:
        part.write_bytes(content)


def read_whole(path: Path) -> bytes:
    """What stands in a file. Raises OSError; also for a named pipe, at which somebody who never
    writes would be waited for."""
    if path.is_fifo():
        raise OSError(errno.EINVAL, "a named pipe", str(path))
    return path.read_bytes()
