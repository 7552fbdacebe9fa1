"""Who speaks next: one voice, one queue.

Decides the order of waiting sentences, when the next may begin and when one has become stale.
Does not render or play anything; the time is an argument.
"""

from dataclasses import dataclass

from assistant.coach.ear_and_voice import Priority

PAUSE_S = 0.25
"""A breath between two sentences. Counts and warnings don't wait for it."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A sentence that waits to be spoken."""

    utterance: int
    text: str
    priority: Priority
    expires_at: float
    """Monotonic time after which it may not begin any more."""


class Turns:
    """The waiting sentences: highest priority first, then oldest first."""

    def __init__(self) -> None:
        self._waiting: list[Turn] = []
        self._free_at = float("-inf")

    def add(self, turn: Turn) -> None:
        self._waiting.append(turn)
        self._waiting.sort(key=lambda one: -one.priority)  # stable: the oldest stays first

    @property
    def waiting(self) -> tuple[Turn, ...]:
        """In the order in which they will be spoken."""
        return tuple(self._waiting)

    def ended(self, now: float) -> None:
        """The sentence before this moment is over."""
        self._free_at = now

    def next(self, now: float) -> Turn | None:
        """The one to begin now, if there is one; it goes on waiting until `take`n."""
        if self._waiting and self._begins_at(self._waiting[0]) <= now:
            return self._waiting[0]
        return None

    def take(self, turn: Turn) -> None:
        self._waiting.remove(turn)

    def drop_stale(self, now: float) -> list[int]:
        """Forget those that can't begin in time any more; their utterances."""
        stale = [turn.utterance for turn in self._waiting if turn.expires_at < now]
        self._waiting = [turn for turn in self._waiting if turn.expires_at >= now]
        return stale

    def clear(self) -> list[int]:
        """Forget all; their utterances."""
        forgotten = [turn.utterance for turn in self._waiting]
        self._waiting = []
        return forgotten

    def deadline(self, now: float) -> float | None:
        """When something changes here by itself: one gets stale, or the breath is over."""
        moments = [turn.expires_at for turn in self._waiting]
        if self._waiting and (begins_at := self._begins_at(self._waiting[0])) > now:
            moments.append(begins_at)
        return min(moments, default=None)

    def _begins_at(self, turn: Turn) -> float:
        if turn.priority >= Priority.COUNT:
            return self._free_at
        return min(self._free_at + PAUSE_S, turn.expires_at)
