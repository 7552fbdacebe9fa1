"""Two parts that are tried together with a person: three tones to hear, a few words to say.

Decides how loud a voice must be above its room to be understood. Who is asked what is the guide's.
"""

import math
import queue
import statistics
import time
from array import array
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from assistant.doctor.probe_echo import Answer, answer, tone

TONES = 3
PAUSE_S = 0.25
SPEECH_S = 5.0
PIECE_S = 0.1
LOUD_ENOUGH_DB = 10.0
"""A voice this far above its room is understood well; below, words get lost."""
SILENCE_DB = -90.0
CLIPPED_DB = -9.0
"""A piece of speech this near to full scale has its tops cut off: they are four times as high."""


def tones(settings: Mapping[str, Any]) -> Answer:
    from assistant.speaking.mixer import Mixer
    from assistant.speaking.output import LoudspeakerError, Output
    from assistant.speaking.render import RATE_HZ

    ended: queue.SimpleQueue[float] = queue.SimpleQueue()
    try:
        output = Output(settings["loudspeaker"], RATE_HZ, lambda: None)
        mixer = Mixer(output.rate_hz, lambda utterance, heard_at: ended.put(heard_at))
        output.feed_from(mixer)
        output.start()
        pause = bytes(2 * round(PAUSE_S * output.rate_hz))
        mixer.play(1, (tone(output.rate_hz) + pause) * TONES)
        time.sleep(max(0.0, ended.get(timeout=5.0) - time.monotonic()))
    except LoudspeakerError as reason:
        return answer("warn", str(reason), "plug one in; `assistant doctor` lists what there is")
    except queue.Empty:
        return answer("warn", "it takes no sound", "unplug it, and plug it in again")
    return answer("ok", f"it played {TONES} tones")


def speech(settings: Mapping[str, Any]) -> Answer:
    from assistant.hearing.microphone import Gone, Microphone

    sound = array("h")
    try:
        ears = Microphone(settings["microphone"])
    except Gone as reason:
        return answer("warn", str(reason), "plug one in; `assistant doctor` lists what there is")
    with suppress(queue.Empty):
        while len(sound) < SPEECH_S * ears.rate_hz:
            sound.frombytes(ears.blocks.get(timeout=2.0))
    return judge(sound, ears.rate_hz)


def judge(sound: Sequence[int], rate_hz: int) -> Answer:
    """Whether somebody spoke, and how loud above the room."""
    size = round(PIECE_S * rate_hz)
    levels = sorted(
        _level_db(sound[place : place + size]) for place in range(0, len(sound) - size + 1, size)
    )
    if not levels or levels[-1] <= SILENCE_DB:
        return answer("warn", "all it gives is silence", "see that it isn't muted (alsamixer)")
    room, voice = statistics.quantiles(levels, n=10)[0], statistics.quantiles(levels, n=10)[-1]
    above = f"your voice is {voice - room:.0f} dB above the room"
    if voice - room < LOUD_ENOUGH_DB:
        mend = "bring it nearer, turn it up (alsamixer), or make the room quieter"
        return answer("warn", f"{above}: too little", mend)
    if levels[-1] > CLIPPED_DB:
        return answer("warn", f"{above}, but too loud for it", "turn it down (alsamixer)")
    return answer("ok", above)


def _level_db(samples: Sequence[int]) -> float:
    power = sum(value * value for value in samples) / len(samples) / 32768**2
    return 10 * math.log10(max(power, 1e-12))
