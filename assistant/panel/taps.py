"""Tap, double tap or hold: what the edges of one button mean.

Decides from times alone, which are arguments; it reads no clock and no pin.
A press counts once the contact has been closed for `bounce_s`; from the first
such moment on a person has certainly touched the button. What a gesture means
for the session is the coach's to decide.
"""

from dataclasses import dataclass

from assistant.coach.events import Asked, Command, Source, Touched

BOUNCE_S = 0.02
"""Contacts chatter for a few milliseconds, fingers press for fifty and more."""
DOUBLE_S = 0.35
"""A second press that begins within this time of the first release makes a double tap."""
HOLD_S = 2.0

Posted = Touched | Asked


@dataclass(frozen=True, slots=True)
class _Edge:
    closed: bool
    at: float


class Taps:
    """Feed it edges (`down`, `up`) and, at `deadline`, `due`; each returns what to post.

    Every counted press gives one `Touched`. Then comes `Asked(PRESS)` for a tap, `Asked(NEXT)` for
    a double tap (when it is released), or `Asked(STOP)` as soon as a press has lasted two seconds.
    A press belongs to one gesture at most; a release after a hold says nothing.
    """

    def __init__(self, *, source: Source = Source.BUTTON, bounce_s: float = BOUNCE_S) -> None:
        self._source = source
        self._bounce_s = bounce_s
        self._closed = False
        self._edge: _Edge | None = None
        """A change that may yet turn out to be chatter."""
        self._tapped = False
        """A tap waits to see whether a second one comes."""
        self._since = 0.0
        """When the button came to where it is now."""
        self._spent = True
        """True when the present press (or the last) has had its gesture."""

    @property
    def deadline(self) -> float | None:
        """When `due` has something to do; None while nothing is open."""
        if self._edge is not None:
            return self._edge.at + self._bounce_s
        return self._gesture_at()

    def down(self, now: float) -> list[Posted]:
        """The contact closed."""
        return self._change(True, now)

    def up(self, now: float) -> list[Posted]:
        """The contact opened."""
        return self._change(False, now)

    def due(self, now: float) -> list[Posted]:
        """Time has passed; call it at `deadline` or later, and as often as you like."""
        posted: list[Posted] = []
        while (deadline := self.deadline) is not None and deadline <= now:
            posted += self._settle(self._edge) if self._edge is not None else self._conclude()
        return posted

    def _change(self, closed: bool, now: float) -> list[Posted]:
        posted = self.due(now)  # a late caller must not change what a gesture was
        if closed == self._closed:
            self._edge = None  # it was chatter
        elif self._edge is None:
            self._edge = _Edge(closed, now)
        return posted + self.due(now)

    def _gesture_at(self) -> float | None:
        if self._closed:
            return None if self._spent else self._since + HOLD_S
        return self._since + DOUBLE_S if self._tapped else None

    def _settle(self, edge: _Edge) -> list[Posted]:
        """The edge was real: the contact has stayed so since `edge.at`."""
        self._edge, self._closed, self._since = None, edge.closed, edge.at
        if edge.closed:
            self._spent = False
            return [Touched()]
        if self._spent:
            return []
        self._spent = True
        if self._tapped:
            self._tapped = False
            return [Asked(Command.NEXT, self._source)]
        self._tapped = True
        return []

    def _conclude(self) -> list[Posted]:
        """The hold is long enough, or no second tap came."""
        self._tapped = False
        if self._closed:
            self._spent = True
            return [Asked(Command.STOP, self._source)]
        return [Asked(Command.PRESS, self._source)]
