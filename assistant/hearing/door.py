"""Turns what the child process heard into what a person asked for.

Decides when the microphone or the model counts as lost and found, and says each once. Sound,
recogniser and acceptance live in the child process.
"""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from assistant.coach.effects import Chime, Context, Listen, Say
from assistant.coach.events import (
    Asked,
    Event,
    Found,
    Lost,
    Part,
    Perhaps,
    Source,
    Talking,
    Unclear,
)
from assistant.hearing.understand import Understanding, plain
from assistant.machine.child import Worker

_log = logging.getLogger(__name__)
STEADY_S = 4.0
"""A child that heard for so long lost its microphone; the next one waits for it by itself."""


class Hearing:
    """One microphone; nothing here blocks or raises once it is made."""

    def __init__(
        self,
        post: Callable[[Event], None],
        *,
        model: Path,
        microphone: str,
        wake_phrases: Sequence[str],
        routines: Mapping[str, Sequence[str]],
        templates: Path,
        played: str = "",
    ) -> None:
        """`routines`: what each routine's id may be called. `played` is where the voice writes
        what sounds (`sound.loopback`); empty for nowhere. Raises AssistantError for templates
        that can't be used."""
        self._post = post
        self._model, self._microphone, self._played = model, microphone, played
        self._understanding = Understanding(templates, wake_phrases, routines)
        self._context = Context.IDLE
        self._order = threading.Lock()
        self._lost: set[Part] = set()
        self._worker = Worker(
            "assistant.hearing.listener",
            (),
            self._message,
            self._ended,
            on_start=self._settings,
            steady_s=STEADY_S,
        )

    def start(self) -> None:
        """Begin to listen, in the background."""
        self._worker.start()

    def listen(self, effect: Listen) -> None:
        """From now on listen for what this situation allows."""
        with self._order:
            self._context = effect.context
            self._worker.send({"context": effect.context})

    def chime(self, effect: Chime) -> None:
        """The loudspeaker plays this: it is not to be taken for a word."""
        self._worker.send({"chime": effect.sound})

    def say(self, effect: Say) -> None:
        """The assistant says this: what is heard of it is its own."""
        self._worker.send({"saying": plain(effect.text)})

    def typed(self, text: str) -> Asked | Unclear | None:
        """What a typed line asks for; it needs no wake phrase."""
        return self._understanding.match(text, Context.AWAKE, Source.TYPED)

    def tended(self) -> bool:
        """Whether the child process is looked after; see `Worker.tended`."""
        return self._worker.tended()

    def close(self) -> None:
        """Let the microphone go."""
        self._worker.close()

    @property
    def pid(self) -> int | None:
        """The child's process id while one lives."""
        return self._worker.pid

    def _settings(self) -> None:
        """A new child knows nothing: tell it all, and the situation of now."""
        with self._order:
            self._worker.send(
                {
                    "model": str(self._model),
                    "microphone": self._microphone,
                    "played": self._played,
                    "commands": {c: self._understanding.commands(c) for c in Context},
                    "context": self._context,
                }
            )

    def _message(self, message: dict[str, Any]) -> None:
        match message:
            case {"heard": str(text), "context": str(context)}:
                _log.info(
                    "heard %r (%s): %s", text, message.get("confidence"), message.get("reason")
                )
                asked = self._understanding.match(text, Context(context))
                if isinstance(asked, Asked):
                    self._post(asked)
            case {"talking": _}:
                self._post(Talking())
            case {"perhaps": _}:
                self._post(Perhaps())
            case {"refused": _, "context": context, "reason": reason}:
                _log.debug("not taken: %s (%s)", reason, context)
            case {"unclear": _}:
                self._post(Unclear())
            case {"lost": str(reason)}:
                self._lose(Part.MICROPHONE, reason)
            case {"model": str(reason)}:
                self._lose(Part.MODEL, reason)
            case {"ready": _, "unknown": list(words)}:
                self._ready(words)
            case {"sound": str(reason)}:
                self._lose(Part.SOUND, reason)
            case {"sound": None}:
                self._find(Part.SOUND)
            case {"found": _}:
                self._find(Part.MICROPHONE)
                self._find(Part.SOUND)  # it may be another one; if not, it is told again

    def _ready(self, unknown: list[str]) -> None:
        for sentence in self._understanding.explain_unknown(unknown):
            _log.warning("%s", sentence)
        if self._understanding.can_wake(unknown):
            self._find(Part.MODEL)
        else:
            self._lose(
                Part.MODEL,
                f"the speech model doesn't know the wake phrase ({', '.join(unknown)}); "
                "choose other words for it in the configuration",
            )

    def _ended(self, reason: str) -> None:
        if not self._lost - {Part.SOUND}:
            self._lose(Part.MICROPHONE, reason)

    def _lose(self, part: Part, reason: str) -> None:
        """Say it once, however often the child tries again."""
        if part not in self._lost:
            self._lost.add(part)
            self._post(Lost(part, reason.rstrip(".")))

    def _find(self, part: Part) -> None:
        """The microphone always says when it works; the model only after it was lost."""
        if part in self._lost or part is Part.MICROPHONE:
            self._lost.discard(part)
            self._post(Found(part))
