"""Turns what the child process heard into what a person asked for.

Decides when the microphone or the model counts as lost and found, and says each once. Sound,
recogniser and acceptance live in the child process.
"""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from assistant.coach.effects import Chime, Context, Listen, Say, SetEar
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
from assistant.hearing.ear_protocol import (
    FROM_CHILD,
    MIXED,
    Begin,
    Closed,
    Heard,
    Opened,
    Ready,
    Refused,
    Saying,
    Teach,
)
from assistant.hearing.taught import Taught, Voices
from assistant.hearing.understand import Understanding, plain
from assistant.machine.child import Worker
from assistant.sound.devices import fits_several, several

_log = logging.getLogger(__name__)
LISTENER = "assistant.hearing.listener"
STEADY_S = 4.0
"""A child that heard for so long lost its microphone; the next one waits for it by itself."""
OF_THE_MICROPHONE = (Part.SOUND, Part.PROCESSOR)
"""What is found by itself when another microphone is opened, and told again if it isn't."""


def settings(
    understanding: Understanding,
    *,
    model: Path,
    microphone: str | Sequence[str],
    channel: int = MIXED,
    gain_db: float = 0.0,
    played: str = "",
    taught: Sequence[Taught] = (),
    meter: bool = False,
) -> Begin:
    """What a new child is told first."""
    return Begin(
        str(model),
        understanding.sayable,
        several(microphone),
        channel,
        gain_db,
        played=played,
        taught=tuple(taught),
        meter=meter,
    )


class Hearing:
    """One microphone; nothing here blocks or raises once it is made."""

    def __init__(
        self,
        post: Callable[[Event], None],
        *,
        model: Path,
        microphone: str | Sequence[str] = (),
        channel: int = MIXED,
        gain_db: float = 0.0,
        wake_phrases: Sequence[str],
        routines: Mapping[str, Sequence[str]],
        templates: Path,
        own_sentences: Path | None = None,
        people: Mapping[str, Sequence[str]] | None = None,
        played: str = "",
        voices: Voices | None = None,
        person: str = "",
    ) -> None:
        """`microphone`: a name, or part of one, or several, best first. `routines`: what each
        routine's id may be called, `people`: what is said for each person's name. `own_sentences`:
        a person's file of more of them, which need not be there. `played` is where the voice writes
        what sounds (`sound.loopback`); empty for nowhere. `voices`: what people taught, of whom
        `person` is there.
        Raises AssistantError for templates that can't be used."""
        self._post = post
        self._voices, self._person = voices, person
        self._understanding = Understanding(
            templates, wake_phrases, routines, own_sentences, people
        )
        if problem := self._understanding.own_problem:
            _log.warning("Your own sentences are left out: %s", problem)
        self._begin = settings(
            self._understanding,
            model=model,
            microphone=microphone,
            channel=channel,
            gain_db=gain_db,
            played=played,
            taught=voices.of(person) if voices else (),
        )
        self._order = threading.Lock()  # held for as long as it takes to put a message aside
        self._now: tuple[Listen, SetEar] = Listen(Context.IDLE), SetEar(True)
        self._lost: set[Part] = set()
        self._told_also = False
        self._worker = Worker(
            LISTENER,
            FROM_CHILD,
            self._message,
            self._ended,
            on_start=self._tell_all,
            on_alive=self._look_at_voices,
            steady_s=STEADY_S,
        )

    def start(self) -> None:
        """Begin to listen, in the background."""
        self._worker.start()

    def listen(self, effect: Listen) -> None:
        """From now on listen for what this situation allows."""
        with self._order:
            self._now = effect, self._now[1]
            self._worker.send(effect)

    def set_ear(self, effect: SetEar) -> None:
        """Let the microphone's device go, or open it again; `Found` comes when it is heard."""
        with self._order:
            self._now = self._now[0], effect
            self._worker.send(effect)

    def meet(self, person: str) -> None:
        """From now on this person is there: what they taught counts, and nobody else's way does."""
        self._person = person
        self._teach(person)

    def chime(self, effect: Chime) -> None:
        """The loudspeaker plays this: it is not to be taken for a word."""
        self._worker.send(effect)

    def say(self, effect: Say) -> None:
        """The assistant says this: what is heard of it is its own."""
        self._worker.send(Saying(frozenset(plain(effect.text).split())))

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

    def _tell_all(self) -> None:
        """A new child knows nothing: tell it all, and how things stand now."""
        with self._order:
            listen, ear = self._now
            self._worker.send(replace(self._begin, context=listen.context, listening=ear.listening))

    def _look_at_voices(self) -> None:
        """What `assistant teach` learnt, or forgot, a moment ago holds at once."""
        if self._voices is not None and self._voices.changed():
            self._teach(self._person)

    def _teach(self, person: str) -> None:
        taught = self._voices.of(person) if self._voices else ()
        with self._order:
            if person == self._person:  # nobody else came meanwhile
                self._begin = replace(self._begin, taught=taught)
                self._worker.send(Teach(taught))

    def _message(self, message: Any) -> None:
        match message:
            case Heard(text, context, confidence, reason):
                _log.info("heard %r (%s): %s", text, confidence, reason)
                asked = self._understanding.match(text, context)
                if isinstance(asked, Asked):
                    self._post(asked)
            case Refused(context, reason, unclear):
                _log.debug("not taken: %s (%s)", reason, context)
                if unclear:
                    self._post(Unclear())
            case Talking() | Perhaps():
                self._post(message)
            case Lost(part, reason):
                self._lose(part, reason)
            case Found(part):
                self._find(part)
            case Ready(_, unknown):
                self._ready(unknown)
            case Opened(name, _, also):
                self._tell_also(name, also)
                self._find(Part.MICROPHONE)
                for part in OF_THE_MICROPHONE:
                    self._find(part)
            case Closed():
                _log.info("the microphone is closed")

    def _tell_also(self, name: str, also: Sequence[str]) -> None:
        if also and not self._told_also:
            self._told_also = True
            _log.warning("%s", fits_several("microphone", name, also))

    def _ready(self, unknown: Sequence[str]) -> None:
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
        if not self._lost - set(OF_THE_MICROPHONE):
            self._lose(Part.MICROPHONE, reason)

    def _lose(self, part: Part, reason: str) -> None:
        """Say it once, however often the child tries again."""
        if part not in self._lost:
            self._lost.add(part)
            self._post(Lost(part, reason.rstrip(".")))

    def _find(self, part: Part) -> None:
        """The microphone always says when it works; the others only after they were lost."""
        if part in self._lost or part is Part.MICROPHONE:
            self._lost.discard(part)
            self._post(Found(part))
