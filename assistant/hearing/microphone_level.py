"""How loud the microphone is, and what to change about it.

Decides from levels alone whether a microphone is muted, too quiet, overdriven or in too noisy a
place. What was said is the ear's to judge, and what a person is told about a fault stands here,
once for the running assistant, the doctor and the guided check.
"""

from collections import deque
from collections.abc import Sequence
from enum import StrEnum

from assistant.hearing.ear import Utterance
from assistant.hearing.level_gate import BLOCK_S
from assistant.sound.pcm import SILENCE_DB, Level

CLIPPED_SHARE = 0.002
"""Of the samples of a second: more is heard as a rattle, and spoils the words."""
QUIET_SPEECH_DB = -45.0
"""Speech that never gets louder is lost in the microphone's own hiss."""
NOISY_DB = -35.0
"""A room that is never quieter than this drowns a voice at two metres."""
LEAST_RISE_DB = 5.0
"""Less than this over the room, and nobody spoke into this microphone."""
LEAST_RATIO_DB = 12.0
"""Speech over the room's own noise; below it words are missed."""
WAIT_S = 60.0
"""A fault of loudness lasts this long before it is told: a slammed door is none."""
MUTED_S = 120.0
"""Nothing but digital silence since it was opened."""
SECOND_S = 1.0
RECENT_S = 15.0
"""Longer than any utterance until it is decided."""
SPOKEN = 3
"""So many commands in a row that were all too quiet."""


class Fault(StrEnum):
    """What is wrong with the sound."""

    MUTED = "muted"
    QUIET = "too quiet"
    CLIPPING = "clipping"
    NOISY = "too noisy"
    ELSEWHERE = "wrong device"


TOLD = {
    Fault.MUTED: "the microphone gives pure silence; unmute it, or choose another one",
    Fault.QUIET: "the microphone is very quiet; turn its level up, or come closer",
    Fault.CLIPPING: "the microphone is overdriven; turn its level down, or move it away",
    Fault.NOISY: "it is very noisy at the microphone; move it away from what makes the noise",
    Fault.ELSEWHERE: "nothing of your voice came; this may be the wrong microphone",
}
"""In the words of a sentence, without a full stop."""


class Watch:
    """The sound of a running microphone: what is wrong with it, and that it is right again.

    Noise is no fault here, since it ends by itself. Too quiet is judged by what was understood,
    as nobody may be speaking; muted only from the start, as some microphones cut the silence
    between words.
    """

    def __init__(self) -> None:
        self._second: list[Level] = []
        self._overdriven: deque[bool] = deque(maxlen=round(WAIT_S / SECOND_S))
        self._silent_s: float | None = 0.0
        self._recent: deque[float] = deque(maxlen=round(RECENT_S / BLOCK_S))
        self._spoken_db: deque[float] = deque(maxlen=SPOKEN)
        self._faults: list[Fault] = []

    @property
    def told(self) -> str | None:
        """What is wrong, in words; None: nothing."""
        return TOLD[self._faults[0]] if self._faults else None

    def block(self, heard: Level) -> bool:
        """The next block; whether `told` has changed with it."""
        before = self.told
        self._recent.append(heard.rms_db)
        self._second.append(heard)
        if heard.peak_db > SILENCE_DB:
            self._silent_s = None
            self._set(Fault.MUTED, False)
        elif self._silent_s is not None:
            self._silent_s += BLOCK_S
            self._set(Fault.MUTED, self._silent_s >= MUTED_S)
        if len(self._second) * BLOCK_S >= SECOND_S:
            self._overdriven.append(clipped(self._second))
            self._second = []
            self._clipping()
        return self.told != before

    def said(self, utterance: Utterance) -> bool:
        """Something was said; whether `told` has changed with it."""
        if not utterance.verdict.accepted:
            return False
        before = self.told
        count = round((utterance.decided_s - utterance.start_s) / BLOCK_S) + 1
        self._spoken_db.append(max(list(self._recent)[-count:], default=SILENCE_DB))
        if len(self._spoken_db) == SPOKEN:
            self._set(Fault.QUIET, max(self._spoken_db) < QUIET_SPEECH_DB)
        return self.told != before

    def _clipping(self) -> None:
        seconds = sum(self._overdriven)
        if seconds == 0:
            self._set(Fault.CLIPPING, False)
        elif seconds * SECOND_S >= WAIT_S / 10:
            self._set(Fault.CLIPPING, True)

    def _set(self, fault: Fault, now: bool) -> None:
        if now and fault not in self._faults:
            self._faults.append(fault)
        elif not now and fault in self._faults:
            self._faults.remove(fault)


def clipped(levels: Sequence[Level]) -> bool:
    """Whether so much of this was cut that words suffer."""
    return sum(one.clipped for one in levels) > CLIPPED_SHARE * len(levels)


def judge(quiet: Sequence[Level], spoken: Sequence[Level]) -> Fault | None:
    """What a guided check found: the levels of a quiet moment, and of a sentence; None is good."""
    everything = [*quiet, *spoken]
    if all(one.peak_db <= SILENCE_DB for one in everything):
        return Fault.MUTED
    if clipped(spoken):
        return Fault.CLIPPING
    loudest, floor = loud_db(spoken), floor_db(quiet)
    if floor > NOISY_DB:
        return Fault.NOISY
    if loudest - floor < LEAST_RISE_DB:
        return Fault.ELSEWHERE
    if loudest < QUIET_SPEECH_DB:
        return Fault.QUIET
    return Fault.NOISY if loudest - floor < LEAST_RATIO_DB else None


def loud_db(levels: Sequence[Level]) -> float:
    """How loud the loud part is: a tenth of the blocks is louder. Silence when there are none."""
    ordered = sorted(one.rms_db for one in levels)
    return ordered[int(0.9 * (len(ordered) - 1))] if ordered else SILENCE_DB


def floor_db(levels: Sequence[Level]) -> float:
    """How loud a room is when nobody speaks: half of the blocks is quieter."""
    ordered = sorted(one.rms_db for one in levels)
    return ordered[len(ordered) // 2] if ordered else SILENCE_DB
