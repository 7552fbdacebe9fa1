"""Other sound on this machine, turned down while it speaks.

Decides what is turned down (what a program plays; no call, no screen reader, no plumbing of the
server's own), by how much, and that it comes back: a second after the last word, when the process
ends, and, where it was killed or the power failed, by the note that was written before anything was
touched, as soon as the same program plays that softly. Whoever moves a volume meanwhile means it.
Its thread alone waits for the sound server; nothing that speaks waits for it.
"""

import json
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from assistant.errors import AssistantError
from assistant.machine.whole_file import OWNER_ONLY, write_whole
from assistant.sound.sound_server import Player, SoundServer, Volumes

SHARE = 0.63
"""Of a volume on the server's scale, which is cubic: 12 dB softer."""
LINGER_S = 1.0
"""Between two sentences nothing swells."""
STEPS, STEP_S = 5, 0.06
"""How it comes back."""
NEAR = 700
"""So much a volume may differ that a server has rounded, of 65536."""
ENDS_S = 1.5


@dataclass(frozen=True, slots=True)
class Lowered:
    """What was turned down."""

    name: str
    """The program's."""
    before: Volumes
    to: Volumes

    def fits(self, player: Player) -> bool:
        """Whether it still is as soft as it was made, or on its way back."""
        if player.name != self.name or len(player.volumes) != len(self.before):
            return False
        each = zip(self.to, player.volumes, self.before, strict=True)
        return all(low - NEAR <= now <= high for low, now, high in each)


class OtherSound:
    """`speaks` at any time from any thread; `close` brings everything back."""

    def __init__(self, note: str) -> None:
        """`note` is the file that tells first what is turned down; empty: nothing ever is."""
        self._note = Path(note)
        self._server = SoundServer()
        self._news = threading.Condition()
        self._speaks = self._closed = False
        self._lowered: list[Lowered] = []
        self._thread = threading.Thread(target=self._work, name="other sound", daemon=True)
        if note:
            self._thread.start()

    def speaks(self, now: bool) -> None:
        """Whether something is being said, or is about to be."""
        if now != self._speaks:
            with self._news:
                self._speaks = now
                self._news.notify()

    def close(self) -> None:
        with self._news:
            self._closed = True
            self._news.notify()
        if self._thread.is_alive():
            self._thread.join(ENDS_S)

    def _work(self) -> None:
        self._lowered = self._noted()
        self._bring_back()
        while not self._closed:
            with self._news:
                self._news.wait_for(lambda: self._speaks or self._closed)
            if not self._closed:
                self._turn_down()
                self._wait_for_the_last_word()
            self._bring_back()

    def _wait_for_the_last_word(self) -> None:
        with self._news:
            spoken = True
            while spoken and not self._closed:
                self._news.wait_for(lambda: not self._speaks or self._closed)
                spoken = self._news.wait_for(lambda: self._speaks or self._closed, LINGER_S)

    def _turn_down(self) -> None:
        players = self._server.players() or []
        found = [
            (one, Lowered(one.name, one.volumes, tuple(round(v * SHARE) for v in one.volumes)))
            for one in players
            if any(one.volumes) and not any(known.fits(one) for known in self._lowered)
        ]
        self._lowered += [lowered for _, lowered in found]
        if not (found and self._write()):
            return
        for player, lowered in found:
            self._server.set_volumes(player.index, lowered.to)

    def _bring_back(self) -> None:
        """What plays by now. What doesn't may come again as it was left: its server remembers."""
        players = self._server.players() if self._lowered else None
        if players is None:
            return
        pairs = [(one, low) for one in players for low in self._lowered if low.fits(one)]
        for step in range(1, STEPS + 1):
            for player, lowered in pairs:
                self._server.set_volumes(player.index, _between(player, lowered, step / STEPS))
            if pairs and step < STEPS:
                time.sleep(STEP_S)
        playing = {one.name for one in players}
        self._lowered = [one for one in self._lowered if one.name not in playing]
        self._write()

    def _noted(self) -> list[Lowered]:
        """What an earlier process has left turned down; a note that can't be read is none."""
        try:
            entries = json.loads(self._note.read_text())
            return [Lowered(str(e["name"]), _read(e["before"]), _read(e["to"])) for e in entries]
        except (OSError, ValueError, TypeError, KeyError):
            return []

    def _write(self) -> bool:
        try:
            if self._lowered:
                text = json.dumps([asdict(one) for one in self._lowered])
                write_whole(self._note, text.encode(), OWNER_ONLY, make_folder=True)
            else:
                self._note.unlink(missing_ok=True)
        except (OSError, AssistantError):
            return False
        return True


def _between(player: Player, lowered: Lowered, share: float) -> Volumes:
    """Part of the way from how it is to how it was."""
    each = zip(player.volumes, lowered.before, strict=True)
    return tuple(round(low + (high - low) * share) for low, high in each)


def _read(values: Sequence[object]) -> Volumes:
    if not all(isinstance(value, int) and 0 <= value < 1 << 32 for value in values):
        raise ValueError("no volumes")
    return tuple(value for value in values if isinstance(value, int))
