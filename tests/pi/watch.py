"""Inside the small Debian: the sound card's other end and the lamp, watched at the same time.

It says how long after a moment it was silent and the lamp lit; what was done then is the guest's
business. What it tells includes its own delays: a few milliseconds of recording and of looking.
"""

import os
import subprocess
import threading
import time
from array import array
from collections.abc import Callable


class Watch:
    """When something sounded, and when the lamp went on, from now on."""

    def __init__(self, led: Callable[[], bool]) -> None:
        self._led = led
        self.loud_at, self.lit_at = [0.0], [0.0]
        self._over = False
        words = ["arecord", "-q", "-D", "plughw:0,0", "-f", "S16_LE", "-r", "22050", "-t", "raw"]
        self._recorder = subprocess.Popen(
            [*words, "--period-time=5000", "--buffer-time=100000"], stdout=subprocess.PIPE
        )
        self._threads = [threading.Thread(target=one) for one in (self._listen, self._look)]
        for one in self._threads:
            one.start()

    def _listen(self) -> None:
        assert self._recorder.stdout is not None
        while block := os.read(self._recorder.stdout.fileno(), 220):
            if max(map(abs, array("h", block[: len(block) // 2 * 2])), default=0) > 500:
                self.loud_at.append(time.monotonic())

    def _look(self) -> None:
        before = True
        while not self._over:
            now = self._led()
            if now and not before:
                self.lit_at.append(time.monotonic())
            before = now
            time.sleep(0.001)

    def speaks_in_the_dark(self) -> bool:
        """In the middle of a sentence, and the lamp's own next pulse is not at hand."""
        now = time.monotonic()
        return (
            now - self.loud_at[-1] < 0.05 and 0.3 < now - self.lit_at[-1] < 0.6 and not self._led()
        )

    def silent_after(self, at: float) -> float | None:
        """How long it went on sounding; None if a word had just ended."""
        after = [one for one in self.loud_at if one >= at]
        pairs = zip(after, [*after[1:], float("inf")], strict=True)
        last = next((one for one, following in pairs if following - one > 0.08), None)
        return None if last is None else round(1000 * (last - at), 1)

    def lit_after(self, at: float) -> float | None:
        first = next((one for one in self.lit_at if one >= at), None)
        return None if first is None else round(1000 * (first - at), 1)

    def close(self) -> None:
        self._over = True
        self._recorder.terminate()
        for one in self._threads:
            one.join()
