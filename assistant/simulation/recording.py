"""What a live program saw, written down, and played again to the very same effects.

Decides the format of a recording: JSON lines, first the settings, then for each
event when it came, what it was and what was ordered. It holds commands and
sentences of the assistant's own, never audio nor anything that was overheard.
"""

import json
import os
import typing
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, TextIO

from assistant.coach import events
from assistant.coach.effects import Effect, Place
from assistant.coach.events import Event
from assistant.coach.settings import Settings
from assistant.coach.step import begin, step
from assistant.content.plans import Plans
from assistant.errors import AssistantError, ExitCode
from assistant.machine.messages import KIND, build, plain

VERSION = 2
EVENTS = {cls.__name__: cls for cls in typing.get_args(events.Event)}


class Recorder:
    """Writes a recording as it happens, for its owner's eyes: it holds what was said of a body.

    Every line is handed to the system before the next event. The first one that can't be written
    ends the recording and raises OSError; from then on nothing is written.
    """

    def __init__(
        self, path: Path, settings: Settings, now: float, *, greet: bool, place: Place | None
    ) -> None:
        """What `begin` was told. Raises AssistantError when the file can't be written."""
        # Plans that follow from the routines; laying all of them out would take a while.
        derived = isinstance(settings.plans, Plans)
        kept = plain(replace(settings, plans={}) if derived else settings)
        told = {"now": now, "greet": greet, "place": plain(place), "settings": kept}
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
            self._file: TextIO = os.fdopen(descriptor, "w", encoding="utf-8", buffering=1)
            if path.is_file():
                path.chmod(0o600)  # one that was there may have been anybody's to read
            self._write({"version": VERSION, **told})
        except OSError as error:
            raise AssistantError(
                f"{path} can't be written ({error.strerror}); name a file in another folder",
                code=ExitCode.FILE_ACCESS,
            ) from None

    def __call__(self, event: Event, now: float, effects: Iterable[Effect]) -> None:
        self._write({"now": now, "event": plain(event), "effects": plain(list(effects))})

    def fileno(self) -> int:
        """The file's descriptor."""
        return self._file.fileno()

    def close(self) -> None:
        with suppress(OSError):  # what a full disk didn't take is told already
            self._file.close()

    def _write(self, line: dict[str, Any]) -> None:
        if self._file.closed:
            return
        try:
            self._file.write(json.dumps(line) + "\n")
        except OSError:
            self.close()
            raise


def replay(path: Path) -> Iterator[tuple[float, Event, list[Effect], bool]]:
    """Play a recording: each event's time, the event, the effects now, and whether they are the
    ones that were recorded. Raises AssistantError where it is no recording of this version."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = str(getattr(error, "strerror", None) or error).lower()
        raise AssistantError(
            f"{path} can't be read ({reason}); name a file that `assistant run --record` wrote",
            code=ExitCode.FILE_ACCESS,
        ) from None
    number = 1
    try:
        head = json.loads(lines[0])
        if head["version"] != VERSION:
            raise ValueError(f"version {head['version']}, expected {VERSION}")
        settings = build(Settings, head["settings"])
        settings = replace(settings, plans=settings.plans or Plans(settings.routines))
        place = build(Place | None, head["place"])
        state, _ = begin(settings, head["now"], greet=head["greet"], place=place)
        for number, line in enumerate(lines[1:], 2):  # noqa: B007 - named in the error below
            data = json.loads(line)
            event = build(EVENTS[data["event"][KIND]], data["event"])
            state, effects = step(state, event, data["now"])
            yield data["now"], event, effects, plain(effects) == data["effects"]
    except (IndexError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise AssistantError(
            f"{path}, line {number}: this is no recording that can be played ({error}); "
            "name a file that `assistant run --record` of this version wrote",
            code=ExitCode.FILE_ACCESS,
        ) from None
