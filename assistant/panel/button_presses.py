"""One, two or three taps, or a hold: what the edges of one button mean.

Decides from times alone, which are arguments; it reads no clock and no pin.
A press counts once the contact has been closed for `bounce_s`; from the first
such moment on a person has certainly touched the button. What no finger does
(a contact that is closed from the start, or that goes on and off by itself) is
no gesture, and is told as a fault. What a gesture means for the session is the
coach's to decide.
"""

from collections import deque
from dataclasses import dataclass
from math import inf

from assistant.coach.events import Asked, Command, Found, Lost, Part, Source, Touched

BOUNCE_S = 0.02
"""Contacts chatter for a few milliseconds, fingers press for fifty and more."""
DOUBLE_S = 0.35
"""A press that begins within this time of the release before it belongs to the same taps."""
THRICE = 3
HOLD_S = 2.0
CODE_S = 5.0
"""A hold that ends after so long wants a code for the page, too; one that doesn't end is none."""
SHORT_S = 0.045
"""One stretch may be as short as this, pressed or not; with fingers never three of them in a row,
as when a long wire picks up the hum of the mains."""
SHORT = 3
MANY = 6
"""So many presses that begin within a second come from a loose contact."""
MANY_S = 1.0
STUCK_S = 10.0
"""A press that lasts so long is told: something lies on the button, or its wires touch."""
DOUBT_S = 5.0
"""So long a contact may misbehave before it is told."""
REST_S = 1.0
"""Open for so long, a contact is believed again."""

HELD = "it seems to be held down, or wired the other way"
FLUTTERS = "it goes on and off by itself, so look at its wires"

Posted = Touched | Asked | Lost | Found


@dataclass(frozen=True, slots=True)
class _Edge:
    closed: bool
    at: float


class Taps:
    """Feed it edges (`down`, `up`) and, at `deadline`, `due`; each returns what to post.

    Every counted press gives one `Touched`. Then comes `Asked(PRESS)` for a tap, `Asked(NEXT)` for
    two, `Asked(CLOSE_EAR)` for three (when the last is released), or `Asked(STOP)` as soon as a
    press has lasted two seconds; released after five, that is followed by `Asked(SHOW_CODE)`.
    A press belongs to one gesture at most; any other release after a hold says nothing. While the
    contact isn't believed nothing of that comes, but `Lost(BUTTON)` once it has lasted, and then
    `Found`.
    """

    def __init__(
        self,
        *,
        source: Source = Source.BUTTON,
        bounce_s: float = BOUNCE_S,
        held_since: float | None = None,
    ) -> None:
        """`held_since`: it is closed already, seen first at this time."""
        self._source = source
        self._bounce_s = bounce_s
        self._contact = source is Source.BUTTON
        """A key has no wires that could be wrong."""
        self._closed = held_since is not None
        self._edge: _Edge | None = None
        """A change that may yet turn out to be chatter."""
        self._taps = 0
        """So many taps wait to see whether another one comes."""
        self._since = -inf
        """When the button came to where it is now."""
        self._spent = True
        """True when the present press (or the last) has had its gesture."""
        self._held = False
        """Whether that was a hold."""
        self._short = 0
        """How many stretches in a row were too short for a finger."""
        self._begins: deque[float] = deque(maxlen=MANY)
        self._doubt = HELD if self._closed else ""
        """Why the contact isn't believed just now; empty: it is."""
        self._doubt_since = held_since or 0.0
        self._told = False

    @property
    def deadline(self) -> float | None:
        """When `due` has something to do; None while nothing is open."""
        if self._edge is not None:
            return self._edge.at + self._bounce_s
        return self._doubt_ends() if self._doubt else self._gesture_at()

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
            if self._edge is not None:
                posted += self._settle(self._edge)
            else:
                posted += self._conclude(deadline)
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
            stuck_at = self._since + STUCK_S if self._contact else None
            return stuck_at if self._spent else self._since + HOLD_S
        return self._since + DOUBLE_S if self._taps else None

    def _settle(self, edge: _Edge) -> list[Posted]:
        """The edge was real: the contact has stayed so since `edge.at`."""
        lasted_s, self._since = edge.at - self._since, edge.at
        self._edge, self._closed = None, edge.closed
        if self._contact and self._flutters(lasted_s) and not self._doubt:
            self._mistrust(FLUTTERS, edge.at)
        if self._doubt:
            return []
        if edge.closed:
            self._spent = self._held = False
            return [Touched()]
        if self._spent:
            long = self._contact and self._held and lasted_s >= CODE_S
            return [Asked(Command.SHOW_CODE, self._source)] if long else []
        self._spent = True
        self._taps += 1
        if self._taps < THRICE:
            return []
        self._taps = 0
        return [Asked(Command.CLOSE_EAR, self._source)]

    def _conclude(self, at: float) -> list[Posted]:
        """`deadline` is there: a hold is long enough, no other tap came, or a doubt is settled."""
        if self._doubt:
            return self._conclude_doubt(at)
        taps, self._taps = self._taps, 0
        if not self._closed:
            return [Asked(Command.PRESS if taps == 1 else Command.NEXT, self._source)]
        if self._spent:
            self._mistrust(HELD, at)
            return self._tell_lost()
        self._spent = self._held = True
        return [Asked(Command.STOP, self._source)]

    # --- a contact that no finger moves ---------------------------------------

    def _flutters(self, lasted_s: float) -> bool:
        """Whether it changes as no finger could, a stretch of `lasted_s` being over."""
        self._short = self._short + 1 if lasted_s < SHORT_S else 0
        if self._closed:
            self._begins.append(self._since)
        many = len(self._begins) == MANY and self._since - self._begins[0] < MANY_S
        return self._short >= SHORT or many

    def _mistrust(self, why: str, now: float) -> None:
        self._doubt, self._doubt_since = why, now
        self._taps, self._spent = 0, True

    def _doubt_ends(self) -> float | None:
        rested_at = inf if self._closed else self._since + REST_S
        told_at = inf if self._told else self._doubt_since + DOUBT_S
        soonest = min(rested_at, told_at)
        return None if soonest == inf else soonest

    def _conclude_doubt(self, at: float) -> list[Posted]:
        if self._closed or at < self._since + REST_S:
            return self._tell_lost()
        self._doubt, told, self._told = "", self._told, False
        self._begins.clear()
        return [Found(Part.BUTTON)] if told else []

    def _tell_lost(self) -> list[Posted]:
        self._told = True
        return [Lost(Part.BUTTON, self._doubt)]
