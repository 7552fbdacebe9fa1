"""The way from the loudspeaker to the microphone: how long, how loud. Tried like the other parts.

Decides what is played (a short soft tone, which no word and no hum is like) and how it is found
again in what the microphone hears. Whether the assistant may listen while it speaks isn't decided
by this.
"""

import math
import queue
import time
from array import array
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from assistant.doctor.finding import Finding, doubt, good

NAME = "Echo"
TONE_HZ = 1000
TONE_S = 0.15
LEVEL = 0.25
"""Of full scale: not louder than a chime."""
FRAME_S, HOP_S = 0.010, 0.005
"""A frame holds whole periods of the tone, so that nothing else leaks into it."""
BEFORE_S = 0.4
"""The room's own sound at TONE_HZ, to tell the tone from."""
FARTHEST_S = 1.0
ABOVE_ROOM = 10.0
"""Times the room's own power; less is chance."""
FAINTEST = 1e-8
"""Power of full scale squared: what a silent converter gives."""
TOO_LOUD_DB = 0.0
TOO_LATE_S = 0.5


def tone(rate_hz: int) -> bytes:
    """What is played, with soft edges, 16 bit."""
    length = round(TONE_S * rate_hz)
    edge = round(0.005 * rate_hz)
    return array(
        "h",
        (
            round(
                32767
                * LEVEL
                * min(1.0, (i + 1) / edge, (length - i) / edge)
                * math.sin(2 * math.pi * TONE_HZ * i / rate_hz)
            )
            for i in range(length)
        ),
    ).tobytes()


def power_at(samples: Sequence[int], rate_hz: int) -> float:
    """The power of TONE_HZ in some samples, of full scale squared (Goertzel's filter)."""
    turn = 2 * math.cos(2 * math.pi * TONE_HZ / rate_hz)
    last = before = 0.0
    for sample in samples:
        last, before = sample / 32768 + turn * last - before, last
    square = last * last + before * before - turn * last * before
    return 2 * square / (len(samples) or 1) ** 2


def find(sound: Sequence[int], rate_hz: int, played: int) -> tuple[float, float] | None:
    """Seconds from sample `played` until the tone is heard, and its level against what was
    played in dB; None if it isn't heard."""
    frame, hop = round(FRAME_S * rate_hz), round(HOP_S * rate_hz)

    def powers(first: int, last: int) -> list[tuple[int, float]]:
        places = range(max(0, first), min(last, len(sound)) - frame, hop)
        return [(place, power_at(sound[place : place + frame], rate_hz)) for place in places]

    room = max(
        (power for _, power in powers(played - round(BEFORE_S * rate_hz), played)), default=0
    )
    heard = powers(played, played + round((FARTHEST_S + TONE_S) * rate_hz))
    loudest = max((power for _, power in heard), default=0.0)
    if loudest < max(ABOVE_ROOM * room, FAINTEST):
        return None
    # Half the power is there when half of the frame is filled: the tone begins in its middle.
    place = next(place for place, power in heard if power >= loudest / 4)
    level_db = 10 * math.log10(loudest / (LEVEL * LEVEL / 2))
    return max(0, place + frame // 2 - played) / rate_hz, level_db


def echo(settings: Mapping[str, Any]) -> Finding:
    """Play the tone and listen for it. `settings`: as for the two devices, both."""
    from assistant.hearing.microphone import Gone
    from assistant.speaking.loudspeaker import LoudspeakerError

    try:
        sound, rate_hz, played = _play_and_record(settings)
    except (Gone, LoudspeakerError) as reason:
        return doubt(NAME, str(reason), "mend what is named above first")
    if played is None:
        return doubt(NAME, "the tone was never played", "see the loudspeaker above")
    return judge(find(sound, rate_hz, played))


def judge(found: tuple[float, float] | None) -> Finding:
    """What an echo of so many seconds and decibels means; None is no echo."""
    if found is None:
        return good(
            NAME,
            "the microphone doesn't hear the loudspeaker: an echo canceller, headphones, "
            "or a volume turned down",
        )
    delay_s, level_db = found
    told = f"a tone is heard back after {1000 * delay_s:.0f} ms, {level_db:+.0f} dB"
    if level_db > TOO_LOUD_DB:
        mend = "move microphone and loudspeaker apart, or turn the loudspeaker down"
        return doubt(NAME, f"{told}: very loud", mend)
    if delay_s > TOO_LATE_S:
        mend = "use a wired loudspeaker: a wireless one answers late"
        return doubt(NAME, f"{told}: very late", mend)
    return good(NAME, told)


def _play_and_record(settings: Mapping[str, Any]) -> tuple["array[int]", int, int | None]:
    """What was heard, its rate, and at which of its samples the tone left the loudspeaker."""
    from assistant.hearing.microphone import Microphone
    from assistant.speaking.loudspeaker import Output
    from assistant.speaking.mixer import Mixer
    from assistant.speaking.render import RATE_HZ

    ended: list[float] = []
    output = Output(settings["loudspeaker"], RATE_HZ, lambda: None)
    mixer = Mixer(output.rate_hz, lambda utterance, heard_at: ended.append(heard_at))
    output.feed_from(mixer)
    output.start()
    ears = Microphone(settings["microphone"], settings["channel"], settings["gain_db"])
    sound = array("h")
    began = math.inf

    def listen(until: Callable[[], float]) -> None:
        nonlocal began
        with suppress(queue.Empty):
            while time.monotonic() < until():
                sound.frombytes(ears.blocks.get(timeout=2.0))
                # A block can come late, never early: the earliest tells the time best.
                began = min(began, time.monotonic() - len(sound) / ears.rate_hz)

    first = time.monotonic()
    listen(lambda: first + 2 * BEFORE_S)
    mixer.play(1, tone(output.rate_hz))
    asked = time.monotonic()
    listen(lambda: (ended[0] if ended else asked + 2.0) + FARTHEST_S + TONE_S)
    if not ended:
        return sound, ears.rate_hz, None
    return sound, ears.rate_hz, round((ended[0] - TONE_S - began) * ears.rate_hz)
