"""The journal as the pump knows it: takes effects at once, writes them on a thread of its own.

Decides when things get to the disk (rows at once, the place at most twice a second, and always
within one), and that a failing disk never disturbs a session: it is said once, what comes meanwhile
waits in memory, and the file is tried again. A disk that stands still has failed too. It never gets
sound or words that were overheard, and decides nothing about what is worth a row.
"""

import logging
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from itertools import islice
from pathlib import Path
from typing import TypeVar

from assistant.coach.effects import Keep, Place, Recall, Record, Remember, Remembered
from assistant.coach.events import (
    Event,
    Found,
    Health,
    Lost,
    Part,
    Period,
    Recalled,
    Trained,
)
from assistant.journal import old_days, rows
from assistant.journal.health import health
from assistant.journal.recent_sessions import trained
from assistant.journal.row_time import LOOK_AGAIN_S, Clock, Moment
from assistant.journal.stats import Week, recall, times_done
from assistant.journal.store import PATIENCE_S, Store, Unusable, open_store, unusable

KEEP_EVERY_S = 0.5
"""A place is written at most this often: flash memory wears out."""
GATHER_S = 0.01
"""What one step of the coach orders comes within this time: an exercise that is done and the place
after it get to the disk together, so that a power cut doesn't have it done twice."""
RETRY_S = 30.0
"""How often a file that can't be used is tried again."""
STILL_S = 4.0
"""A memory card may take a second for one write; longer than this nobody waits for an answer."""
ROOM = 10_000
"""Rows that may wait for the disk: hours of them."""
AT_ONCE = 1_000
"""Rows in one go, so that one go stays short."""

T = TypeVar("T")
log = logging.getLogger(__name__)


class Journal:
    """Takes `Record`, `Remember`, `Keep` and `Recall`; returns at once and never raises.

    When the file can't be used, `post` gets `Lost(Part.JOURNAL, reason)` once, and `Found` as soon
    as it can. `Recall` is answered by `Recalled`, or by `Lost` again where that can't be. `week`
    are the working hours: after a night's work, today is the day on which it began.
    """

    def __init__(
        self,
        post: Callable[[Event], None],
        path: Path,
        *,
        week: Week = (),
        clock: Clock | None = None,
        patience_s: float = PATIENCE_S,
        retry_s: float = RETRY_S,
        still_s: float = STILL_S,
    ) -> None:
        self._post, self._path, self._clock = post, path, clock or Clock()
        self._week = week
        self._patience_s, self._retry_s, self._still_s = patience_s, retry_s, still_s
        self._news = threading.Condition()
        self._rows: deque[tuple[Moment, Record | Remember]] = deque()
        self._place: tuple[Moment, Place] | None = None
        self._recalls: deque[Period] = deque()
        self._given = self._written = 0
        self._closing = self._urgent = False
        self._lost = ""
        """Why the journal can't be kept; empty: it can."""
        self._kept_at = 0.0
        self._busy_since: float | None = None
        """Since when the writer has waited for the disk; None: it waits for something to do."""
        self._righted, self._tidied = False, False
        self._writer = threading.Thread(target=self._run, name="journal", daemon=True)
        self._writer.start()

    def __call__(self, effect: Record | Remember | Keep | Recall) -> None:
        now = self._clock.now()
        with self._news:
            match effect:
                case Record() | Remember():
                    full = len(self._rows) >= ROOM
                    if not full:
                        self._rows.append((now, effect))
                        self._given += 1
                case Keep(place):
                    full, self._place = False, (now, place)
                case Recall(period):
                    full = False
                    if period not in self._recalls:  # asked again, since no answer came yet
                        self._recalls.append(period)
            since = self._busy_since
            self._news.notify_all()
        if full:
            self._lose("the disk doesn't keep up")
        elif since is not None and time.monotonic() - since > self._still_s:
            self._lose("the disk stands still")

    def place(self) -> Place | None:
        """Where things stood when the program ended; None when that is no use now. Ask it before
        the first effect."""
        return self._read(Store.place, None)

    def give_up(self) -> None:
        """See `rows.give_up`. Ask it before `health`."""
        self._read(lambda store, _: rows.give_up(store.database), None)

    def health(self) -> Health:
        """What was told of the back, for the coach to begin with; `unknown` where there is a file
        that can't be read."""
        now = self._clock.now()
        try:
            self._path.stat()
            with open_store(self._path, create=False, patience_s=self._patience_s) as store:
                return health(store.database, now)
        except FileNotFoundError:
            return Health()
        except Exception:  # whatever it is: what can't be read may be a reason not to exercise
            log.warning("what was told of the back can't be read", exc_info=True)
            return Health(unknown=True)

    def is_new(self) -> bool:
        """Whether nobody has begun a session or answered at a first start; no where that can't be
        known."""
        try:
            self._path.stat()
            with open_store(self._path, create=False, patience_s=self._patience_s) as store:
                return not store.database.execute(
                    "SELECT EXISTS (SELECT 1 FROM session) OR"
                    " EXISTS (SELECT 1 FROM note WHERE kind = 'told' AND name = 'welcome')"
                ).fetchone()[0]
        except FileNotFoundError:
            return True
        except (OSError, Unusable, sqlite3.Error):
            return False

    def remembered(self) -> Remembered:
        """What was asked for and not taken back; nothing where that can't be known."""
        return self._read(lambda store, _: store.remembered(), Remembered())

    def trained(self) -> tuple[Trained, ...]:
        """The sessions of the last months, the oldest first; none where that can't be known."""
        return self._read(lambda store, now: trained(store.database, now), ())

    def times(self) -> Mapping[str, int]:
        """How often each exercise (by its id) was done to its end lately; empty where that can't be
        known."""
        return self._read(lambda store, now: times_done(store.database, now.local.date()), {})

    def today(self) -> Recalled | None:
        """What was done today, as far as it is on the disk; None where that can't be known. From
        any thread; it waits for the disk."""
        return self._read(
            lambda store, now: recall(store.database, Period.TODAY, now.local, self._week), None
        )

    def _read(self, read: Callable[[Store, Moment], T], otherwise: T) -> T:
        """What the file tells; where it can't be read, the writer says why."""
        try:
            with open_store(self._path, create=False, patience_s=self._patience_s) as store:
                return read(store, self._clock.now())
        except (OSError, Unusable, sqlite3.Error):
            return otherwise

    def flush(self, timeout_s: float) -> bool:
        """Wait until all that was given so far is on the disk; False if it isn't by then."""
        with self._news:
            given = self._given
            self._urgent = True
            self._news.notify_all()
            return self._news.wait_for(
                lambda: self._written >= given and self._place is None, timeout_s
            )

    def close(self, timeout_s: float = 1.0) -> None:
        """Write what waits, within the time, and let go of the file."""
        with self._news:
            self._closing = True
            self._news.notify_all()
        self._writer.join(timeout_s)

    # --- on the writer's thread ---

    def _run(self) -> None:
        while True:
            self._busy_since = time.monotonic()
            try:
                with open_store(self._path, patience_s=self._patience_s) as store:
                    if self._lost and not self._rows:  # else what waits to be written tells
                        store.try_to_write()
                        self._find()
                    while self._wait():
                        self._work(store)
                    self._write(store)
                    return
            except Exception as error:  # whatever it is, this thread has to live
                log.debug("the journal failed", exc_info=True)
                self._lose(str(unusable(error)))
            if self._wait_to_retry():
                return

    def _wait(self) -> bool:
        """Until there is something to do; False when the journal is being closed."""
        with self._news:
            self._busy_since = None
            while not (self._closing or self._rows or self._recalls):
                wait_s = None if self._righted else LOOK_AGAIN_S
                if self._place is not None:
                    wait_s = self._kept_at + KEEP_EVERY_S - time.monotonic()
                    if wait_s <= 0 or self._urgent:
                        break
                elif not self._tidied:
                    wait_s = 0.01
                if not self._news.wait(wait_s) and self._place is None:
                    break
            self._news.wait_for(lambda: self._closing or self._urgent, GATHER_S)
            self._busy_since = time.monotonic()
            return not self._closing

    def _work(self, store: Store) -> None:
        busy = self._write(store)
        now = self._clock.now()
        if not self._righted and now.clock_ok:
            store.put_right(now)
            self._righted = True
        self._answer(store)
        if not busy and not self._tidied:
            self._tidied = not old_days.some(store, now)
        self._find()

    def _write(self, store: Store) -> bool:
        """Write what waits, and only then let go of it; whether there was anything."""
        while True:
            with self._news:
                batch, place = list(islice(self._rows, AT_ONCE)), self._place
            if not batch and place is None:
                return False
            store.write(batch, place)
            self._righted &= all(moment.clock_ok for moment, _ in batch)
            with self._news:
                for _ in batch:
                    self._rows.popleft()
                if self._place is place:
                    self._place = None
                self._written += len(batch)
                self._kept_at = time.monotonic()
                more = bool(self._rows)
                self._urgent &= more or self._place is not None
                self._news.notify_all()
            self._find()
            if not more:
                return True

    def _answer(self, store: Store) -> None:
        while period := self._next_recall():
            answer = recall(store.database, period, self._clock.now().local, self._week)
            with self._news:
                if not self._recalls:
                    return  # it took so long that the question was answered with the reason
                self._recalls.popleft()
            self._post(answer)

    def _next_recall(self) -> Period | None:
        with self._news:
            return self._recalls[0] if self._recalls else None

    def _lose(self, reason: str) -> None:
        with self._news:
            known, self._lost = self._lost, reason
            asked = bool(self._recalls)
            self._recalls.clear()
        if not known:
            log.warning("the journal %s is not kept: %s", self._path, reason)
        if asked or not known:
            self._post(Lost(Part.JOURNAL, reason))

    def _find(self) -> None:
        with self._news:
            found, self._lost = self._lost, ""
        if found:
            self._post(Found(Part.JOURNAL))

    def _wait_to_retry(self) -> bool:
        """Whether the journal is being closed; questions meanwhile get the reason as an answer."""
        self._busy_since = None
        until = time.monotonic() + self._retry_s
        while (left_s := until - time.monotonic()) > 0:
            with self._news:
                self._news.wait_for(lambda: self._closing or bool(self._recalls), left_s)
            if self._closing:
                return True
            if self._recalls:
                self._lose(self._lost)
        return False
