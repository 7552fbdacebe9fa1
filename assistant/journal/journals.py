"""The journals of several people: to each their own file, and what is whose.

Decides in which file a row belongs: a session, an answer, a level to whoever is there; what is the
desk's, or the machine's, to whose desk it is; and of a guest nothing is kept. So nobody's answer
can come to count for somebody else. Who is there is the coach's to say.
"""

import sqlite3
import threading
from collections.abc import Callable, Collection
from dataclasses import replace
from functools import partial
from pathlib import Path

from assistant.coach.effects import Keep, Meet, Place, Recall, Record, Remember, Remembered, Wanted
from assistant.coach.events import GUEST, Event, Health, Met, Recalled
from assistant.journal.row_time import Clock
from assistant.journal.stats import Week
from assistant.journal.store import Unusable, open_store
from assistant.journal.writer import Journal

THE_DESKS = frozenset(
    {
        *("break_due", "break_taken", "break_snoozed", "break_skipped", "break_unanswered"),
        *("quiet", "absence", "fault", "person", "timer"),
    }
)
"""The kinds of `Record` that go to whose desk it is, whoever is there. Ice and heat too: after a
power cut it has to be known of them, and the place is kept there."""
WRITTEN_WITHIN_S = 2.0
"""So long what was told last may take to the disk before it is read again."""


def file_of(person: str, owner: str, journal: Path) -> Path:
    """Where a person's journal lies: whose desk it is has the one beside the folder of the others',
    which was there when nobody was told apart. A file of one's own comes first, so that nobody gets
    another one's by becoming the owner."""
    own = journal.parent / "people" / f"{person}.sqlite3"
    return journal if not person or (person == owner and not own.exists()) else own


def with_desks(remembered: Remembered, wanted: Wanted) -> Remembered:
    """With how often this desk reminds, and until when it is quiet: whoever asked for it, it is the
    desk's, and no change of this person's to be taken back."""

    def of_desk(own: Wanted) -> Wanted:
        return replace(own, sit_s=wanted.sit_s, quiet_until_s=wanted.quiet_until_s)

    before = remembered.before
    before = None if before is None else of_desk(before)
    return replace(remembered, wanted=of_desk(remembered.wanted), before=before)


class Journals:
    """Takes what a `Journal` takes, and `Meet`, which `Met` answers; never raises."""

    def __init__(
        self,
        post: Callable[[Event], None],
        path: Path,
        owner: str = "",
        week: Week = (),
        *,
        clock: Clock | None = None,
    ) -> None:
        """`path` is the journal as it is where nobody is told apart; `owner`: see `file_of`."""
        self._post, self._path, self._owner = post, path, owner
        self._clock = clock or Clock()
        self._open = partial(Journal, post, week=week, clock=self._clock)
        self.desk = self._open(file_of(owner, owner, path))
        """Of whose desk it is."""
        self._opened = {owner: self.desk}
        self._desks = self.desk.remembered()
        self._who = owner
        self._teller: threading.Thread | None = None
        self._goes_on = True
        """Whether a session that was cut off is of who is there."""

    def begin(self, people: Collection[str], stranger: str) -> Met:
        """Who is there at the start, by the last word of it if that still holds, and what is known
        of them. Ask it before the first effect."""
        who = self._last_word() if people else ""
        self._who = who if who in (*people, GUEST) else stranger
        self._goes_on = who in ("", self._who)
        place = self.place()
        if self._who != GUEST and not (place is not None and place.routine):
            self._journal(self._who).give_up()
        return self._told(self._who, self._journal(self._who))

    def is_new(self) -> bool:
        """See `Journal.is_new`; of whoever is there. Nothing is kept of a guest, nor this."""
        return self._who != GUEST and self._journal(self._who).is_new()

    def __call__(self, effect: Record | Remember | Keep | Recall | Meet) -> None:
        match effect:
            case Meet(person):
                self._who = person
                journal = self._journal(person)
                told = [person, journal, self._teller]
                self._teller = threading.Thread(target=self._tell, args=told, daemon=True)
                self._teller.start()
            case Keep():
                self.desk(effect)
            case Record() if effect.kind in THE_DESKS:
                self.desk(effect)
            case Remember(remembered):
                if self._who == self._owner:
                    self._desks = remembered
                elif (desks := with_desks(self._desks, remembered.wanted)) != self._desks:
                    self._desks = desks
                    self.desk(Remember(desks))
                if self._who != GUEST:
                    self._journal(self._who)(effect)
            case _ if self._who != GUEST:
                self._journal(self._who)(effect)

    def place(self) -> Place | None:
        """See `Journal.place`; without a session of somebody else than is there. Ask `begin`
        before."""
        place = self.desk.place()
        if place is None or not place.routine or self._goes_on:
            return place
        return Place(ear_closed=place.ear_closed, timer=place.timer, timer_s=place.timer_s)

    def today(self) -> Recalled | None:
        """What was done today by whose desk it is."""
        return self.desk.today()

    def close(self) -> None:
        for one in self._opened.values():
            one.close()

    def _journal(self, person: str) -> Journal:
        """A guest has none, and what is remembered for them is the desk's."""
        if person == GUEST:
            return self.desk
        if person not in self._opened:
            self._opened[person] = self._open(file_of(person, self._owner, self._path))
        return self._opened[person]

    def _tell(self, person: str, journal: Journal, before: threading.Thread | None) -> None:
        """After who came `before`: what was known of somebody then must not come last."""
        if before is not None:
            before.join()
        journal.flush(WRITTEN_WITHIN_S)
        self._post(self._told(person, journal))

    def _told(self, person: str, journal: Journal) -> Met:
        remembered = journal.remembered()
        if person == GUEST:
            wanted = remembered.wanted
            if wanted.floor is not None and wanted.floor.value:  # the owner's alone
                wanted = replace(wanted, floor=None)
            remembered = replace(remembered, wanted=wanted, before=None)
            return Met(person=GUEST, health=Health(unknown=True), remembered=remembered)
        if journal is not self.desk:
            remembered = replace(with_desks(remembered, self._desks.wanted), before=None)
        return Met(
            person=person,
            health=journal.health(),
            times=journal.times(),
            remembered=remembered,
            trained=journal.trained(),
        )

    def _last_word(self) -> str:
        try:
            with open_store(file_of(self._owner, self._owner, self._path), create=False) as store:
                return store.who(self._clock.now())
        except (OSError, Unusable, sqlite3.Error):
            return ""
