"""The speaking room's door: sentences and chimes go in, and what became of them comes back.

Decides that each `Say` is answered by exactly one `Spoken`, whatever happens to the process that
speaks, and that a part is reported lost or found once. How it is spoken is in `voice`.
"""

import json
import threading
import time
from collections.abc import Callable

from assistant.coach.effects import Chime, Duck, Hush, Prepare, Say, SetVoice
from assistant.coach.events import Event, Found, Lost, Part, Spoken
from assistant.machine.child import Message, Worker

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
        loudspeaker: str,
        played: str = "",
    ) -> None:
        """`loudspeaker` is a device's name, or part of one; empty is the default device. `played`
        is where the ear reads what sounds (`assistant.sound.loopback`); empty for nowhere."""
        self._post = post
        self._lock = threading.Lock()
        self._unanswered: set[int] = set()
        self._early: list[Message] | None = []
        """Messages from before the first child was there; None once one was."""
        self._set: Message = {"pace": 1.0, "volume": volume}
        self._missing: set[Part] = set()
        self._explained = False
        settings = {
            "voice": voice,
            "rate_wpm": rate_wpm,
            "volume": volume,
            "loudspeaker": loudspeaker,
            "played": played,
        }
        self._worker = Worker(
            "assistant.speaking.voice",
            [json.dumps(settings)],
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

    def __call__(self, effect: Say | Hush | Duck | Prepare | Chime | SetVoice) -> None:
        at = time.monotonic()
        match effect:
            case Say(utterance, text, priority, within_s):
                with self._lock:
                    self._unanswered.add(utterance)
                sent = self._send(
                    {
                        "say": utterance,
                        "text": text,
                        "priority": int(priority),
                        "within_s": within_s,
                        "at": at,
                    }
                )
                if not sent:
                    self._answer(utterance, complete=False)
            case Hush():
                self._send({"hush": True})
            case Duck():
                self._send({"duck": True})
            case Prepare(texts):
                self._send({"prepare": list(texts)})
            case Chime(sound):
                self._send({"chime": sound, "at": at})
            case SetVoice(pace, volume):
                self._set = {"pace": pace, "volume": volume}
                self._send(self._set)

    def _send(self, message: Message) -> bool:
        with self._lock:
            if self._early is not None:
                self._early.append(message)
                return True
        return self._worker.send(message)

    def _on_start(self) -> None:
        with self._lock:
            self._explained = False
            self._worker.send(self._set)
            for message in self._early or ():
                self._worker.send(message)
            self._early = None

    def _on_message(self, message: Message) -> None:
        match message:
            case {"spoken": int(utterance), "complete": bool(complete)}:
                self._answer(utterance, complete=complete)
            case {"lost": str(part), "reason": str(reason)}:
                self._explained = True
                self._lose(Part(part), reason)
            case {"found": str(part)}:
                self._find(Part(part))
            case {"again": _}:
                self._explained = True

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
