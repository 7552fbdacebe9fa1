"""The speaking room's door: sentences and chimes go in, and what became of them comes back.

Decides that each `Say` is answered by exactly one `Spoken`, whatever happens to the process that
speaks, and that a part is reported lost or found once. How it is spoken is in `voice`.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence

from assistant.coach.ear_and_voice import Found, Lost, Part, Say, SetVoice, Spoken
from assistant.coach.events import Event
from assistant.machine.child import Worker
from assistant.sound.devices import fits_several, several
from assistant.speaking.voice_protocol import FROM_CHILD, Again, Begin, Chosen, Order, Ordered

_log = logging.getLogger(__name__)
SILENCE_S = 4.0
"""The child's heart beats once a second."""


class Speaking:
    """A voice and a loudspeaker. Its methods return at once and never raise."""

    def __init__(
        self,
        post: Callable[[Event], None],
        *,
        voice: str,
        rate_wpm: int,
        volume: float,
        loudspeaker: str | Sequence[str] = (),
        played: str = "",
        lowered: str = "",
    ) -> None:
        """`loudspeaker` is a device's name, or part of one, or several, best first; none is
        whatever suits best. `played` is where the ear reads what sounds (`sound.loopback`);
        `lowered` where other sound that is turned down meanwhile is noted, empty for none."""
        self._post = post
        self._lock = threading.Lock()
        self._unanswered: set[int] = set()
        self._early: list[Ordered] | None = []
        """Messages from before the first child was there; None once one was."""
        self._set = SetVoice(1.0, volume)
        self._missing: set[Part] = set()
        self._explained = self._told_also = False
        self._begin = Begin(voice, rate_wpm, volume, several(loudspeaker), played, lowered)
        self._worker = Worker(
            "assistant.speaking.voice",
            FROM_CHILD,
            self._on_message,
            self._on_end,
            on_start=self._on_start,
            silence_s=SILENCE_S,
        )

    def start(self) -> None:
        self._worker.start()

    @property
    def pid(self) -> int | None:
        """The speaking process, while one lives."""
        return self._worker.pid

    def tended(self) -> bool:
        """Whether the child process is looked after; see `Worker.tended`."""
        return self._worker.tended()

    def close(self) -> None:
        """End the process; sentences that were not said come back as incomplete."""
        self._worker.close()
        self._give_up()

    def __call__(self, effect: Order) -> None:
        match effect:
            case Say(utterance):
                with self._lock:
                    self._unanswered.add(utterance)
                if not self._send(effect):
                    self._answer(utterance, complete=False)
            case _:
                if isinstance(effect, SetVoice):
                    self._set = effect
                self._send(effect)

    def _send(self, order: Order) -> bool:
        ordered = Ordered(time.monotonic(), order)
        with self._lock:
            if self._early is not None:
                self._early.append(ordered)
                return True
        return self._worker.send(ordered)

    def _on_start(self) -> None:
        with self._lock:
            self._explained = False
            self._worker.send(self._begin)
            for ordered in (Ordered(time.monotonic(), self._set), *(self._early or ())):
                self._worker.send(ordered)
            self._early = None

    def _on_message(self, message: Spoken | Lost | Found | Again | Chosen) -> None:
        match message:
            case Spoken(utterance, complete):
                self._answer(utterance, complete=complete)
            case Lost(part, reason):
                self._explained = True
                self._lose(part, reason)
            case Found(part):
                self._find(part)
            case Chosen(name, also):
                self._tell_also(name, also)
            case Again():
                self._explained = True

    def _tell_also(self, name: str, also: Sequence[str]) -> None:
        if also and not self._told_also:
            self._told_also = True
            _log.warning("%s", fits_several("loudspeaker", name, also))

    def _on_end(self, reason: str) -> None:
        if not self._explained:
            self._lose(Part.VOICE, reason)
        self._give_up()

    def _give_up(self) -> None:
        """Nobody is left to answer what was asked."""
        with self._lock:
            self._early = None
            unanswered = sorted(self._unanswered)
        for utterance in unanswered:
            self._answer(utterance, complete=False)

    def _answer(self, utterance: int, *, complete: bool) -> None:
        with self._lock:
            if utterance not in self._unanswered:
                return
            self._unanswered.remove(utterance)
        self._post(Spoken(utterance, complete))

    def _lose(self, part: Part, reason: str) -> None:
        if part not in self._missing:
            self._missing.add(part)
            self._post(Lost(part, reason))

    def _find(self, part: Part) -> None:
        if part in self._missing:
            self._missing.remove(part)
            self._post(Found(part))
