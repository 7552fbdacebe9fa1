"""Which speech models there are, where they are, and how to get one.

Decides which model is used: the configured one, else the official small one if it is on this
machine, else the command model that comes with the assistant. Fetching resumes, is checked by
its SHA-256 and appears all at once or not at all. It never opens a model.
"""

import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from assistant.errors import AssistantError, ExitCode
from assistant.machine.places import folder as resource_folder

if TYPE_CHECKING:
    from zipfile import ZipInfo

NEEDED = ("am/final.mdl", "conf/model.conf")
"""What every vosk model of today holds."""
SERVICES_OWN = Path("/var/lib/exercise-assistant/.cache/vosk")
"""Not everybody may look there."""
CHUNK = 1 << 16
TIMEOUT_S = 30.0

Progress = Callable[[int, int], None]
"""Told the bytes that are there and the bytes in all."""


def _silent(done: int, total: int) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True, slots=True)
class SpeechModel:
    """A model that the assistant knows of."""

    name: str
    about: str
    licence: str
    url: str = ""
    """Where to fetch it; empty for the one that is always there."""
    size: int = 0
    """Bytes of the zip file."""
    sha256: str = ""


SHIPPED = SpeechModel(
    name="en-command",
    about="comes with the assistant: four and a half thousand English words, 3 MB",
    licence="Apache-2.0",
)
SMALL_ENGLISH = SpeechModel(
    name="vosk-model-small-en-us-0.15",
    about="the official small English model: hears far better, 68 MB on disk, 250 MB of memory",
    licence="Apache-2.0",
    url="https://alphacephei.com/vosk/models/vosk-model-small-en-us-0.15.zip",
    size=41_205_931,
    sha256="30f26242c4eb449f948e42cb302dd7a686cb29a3423a8367f99ff41780942498",
)
CATALOGUE = (SHIPPED, SMALL_ENGLISH)


def find(configured: str = "") -> Path:
    """The folder of the model to use. Raises AssistantError (code 6) for a path that is none."""
    if configured:
        path = Path(configured).expanduser()
        if missing := lacking(path):
            raise AssistantError(
                f'model = "{configured}" in [hearing]: {missing}. Expected the folder of a vosk '
                "model; leave it empty to use the model that comes with the assistant.",
                code=ExitCode.MISSING_MODEL,
            )
        return path
    return installed(SMALL_ENGLISH) or shipped()


def usable() -> Path:
    """The best model that isn't configured; where even the one that comes along is damaged, its
    folder all the same, and whoever opens it says so."""
    try:
        return find()
    except AssistantError:
        return resource_folder("models") / SHIPPED.name


def shipped() -> Path:
    """The command model that comes with the assistant."""
    path = resource_folder("models") / SHIPPED.name
    if missing := lacking(path):
        raise AssistantError(
            f"The speech model that comes with the assistant is damaged: {missing}. "
            "Install the assistant again.",
            code=ExitCode.MISSING_MODEL,
        )
    return path


def installed(model: SpeechModel) -> Path | None:
    """Where this model is on this machine, if it is."""
    if model is SHIPPED:
        return shipped()
    for place in _places():
        for path in (place / model.name, place):
            if path.name == model.name and not lacking(path):
                return path
    return None


def lacking(path: Path) -> str:
    """Why this folder is no model, in words; empty if it is one."""
    if not path.is_dir():
        return f"{path} is not a folder" if path.exists() else f"{path} doesn't exist"
    absent = [name for name in NEEDED if not (path / name).is_file()]
    return f"{path} has no {' and no '.join(absent)}" if absent else ""


def _places() -> list[Path]:
    """Where vosk itself looks for models, in its order of preference; also what was fetched for the
    machine's own service, so that trying means trying what that one uses."""
    named = os.environ.get("VOSK_MODEL_PATH")
    services = [SERVICES_OWN] if os.access(SERVICES_OWN, os.R_OK | os.X_OK) else []
    return [*([Path(named)] if named else []), home(), *services, Path("/usr/share/vosk")]


def home() -> Path:
    """Where fetched models are put, so that other programs find them too."""
    return Path.home() / ".cache" / "vosk"


def fetch(
    name: str, progress: Progress = lambda done, total: None, *, into: Path | None = None
) -> Path:
    """Fetch a model of the catalogue and return its folder; nothing happens if it is there.

    A broken download is taken up again where it ended. Raises AssistantError.
    """
    known = {model.name: model for model in CATALOGUE if model.url}
    if name == SHIPPED.name:
        return shipped()
    if name not in known:
        raise AssistantError(
            f'There is no model "{name}" to fetch, only: {", ".join(known)}.',
            code=ExitCode.MISSING_MODEL,
        )
    return fetch_model(known[name], into or home(), progress)


def fetch_model(model: SpeechModel, into: Path, progress: Progress) -> Path:
    """Fetch into the folder `into`; the model's own folder in it is returned."""
    target = into / model.name
    if not lacking(target):
        return target
    part = into / f"{model.name}.zip.part"
    try:
        into.mkdir(parents=True, exist_ok=True)
        _download(model, part, progress)
        _check(model, part)
        _unpack(part, model, target)
        part.unlink()
    except OSError as error:
        raise AssistantError(
            f"{into}: the model can't be stored there ({error.strerror or error}). "
            "See that there is room and that you may write there.",
            code=ExitCode.FILE_ACCESS,
        ) from None
    return target


def _download(model: SpeechModel, part: Path, progress: Progress) -> None:
    have = part.stat().st_size if part.exists() else 0
    if have >= model.size:  # complete, or nothing of ours: the checksum tells
        return
    # Only now: whoever merely looks for a model needs none of this, and it takes a while to load.
    import urllib.error
    import urllib.request
    from http.client import HTTPException

    request = urllib.request.Request(model.url)  # noqa: S310 - a URL of our own catalogue
    if have:
        request.add_header("Range", f"bytes={have}-")
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:  # noqa: S310
            resumed = answer.status == 206
            done = have if resumed else 0
            with part.open("ab" if resumed else "wb") as file:
                progress(done, model.size)
                while done < model.size and (chunk := answer.read(CHUNK)):
                    file.write(chunk)
                    done += len(chunk)
                    progress(done, model.size)
    except (urllib.error.URLError, HTTPException, ConnectionError, TimeoutError) as error:
        raise _unreachable(model, getattr(error, "reason", None) or error) from None
    if done < model.size:
        raise _unreachable(model, f"the connection ended after {done} of {model.size} bytes")


def _unreachable(model: SpeechModel, why: object) -> AssistantError:
    return AssistantError(
        f"{model.url} can't be fetched ({why}). See that this machine is on the network, then run "
        f'"assistant models fetch" again: it goes on where it ended. Until then the assistant '
        "uses the model that came with it.",
        code=ExitCode.MISSING_MODEL,
    )


def _check(model: SpeechModel, part: Path) -> None:
    import hashlib

    with part.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != model.sha256:
        part.unlink()
        raise AssistantError(
            f"What came from {model.url} is not the expected file (its SHA-256 is {found[:12]}..., "
            f"expected {model.sha256[:12]}...). It was thrown away; fetch it again.",
            code=ExitCode.MISSING_MODEL,
        )


def _unpack(part: Path, model: SpeechModel, target: Path) -> None:
    """Into a folder beside the target, then renamed: the target is never half a model."""
    import shutil
    import tempfile
    import zipfile

    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{model.name}-") as draft:
        try:
            with zipfile.ZipFile(part) as archive:
                for entry in archive.infolist():
                    _refuse_escape(entry, model)
                archive.extractall(draft)
        except zipfile.BadZipFile as error:
            part.unlink()
            raise _unusable(model, f"it is no zip file: {error}") from None
        unpacked = Path(draft) / model.name
        if missing := lacking(unpacked):
            raise _unusable(model, missing.replace(f"{draft}/", ""))
        if target.exists():  # what is left of a copy that was no model
            shutil.rmtree(target)
        unpacked.rename(target)


def _refuse_escape(entry: "ZipInfo", model: SpeechModel) -> None:
    path = PurePosixPath(entry.filename.replace("\\", "/"))
    link = stat.S_ISLNK(entry.external_attr >> 16)
    if path.is_absolute() or ".." in path.parts or link:
        raise _unusable(model, f'"{entry.filename}" in it points out of its folder')


def _unusable(model: SpeechModel, why: str) -> AssistantError:
    return AssistantError(
        f"What came from {model.url} can't be used: {why}.", code=ExitCode.MISSING_MODEL
    )
