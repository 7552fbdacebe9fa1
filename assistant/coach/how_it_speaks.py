"""How it speaks: slower, louder, with chimes or without, ticking along.

Decides how much one wish changes and where that ends. It holds from the next sentence on and is
remembered; what the configuration says, and "as it was before", is `lasting_wishes`'s.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from assistant.coach.effects import Wanted, Wish
from assistant.coach.events import Asked, Command
from assistant.coach.lasting_wishes import speak_as_wanted, want
from assistant.coach.turn import Turn
from assistant.content import read_back, sentences

PACES = (0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.25, 1.4)
VOLUME_STEP = 0.1


def change_pace(turn: Turn, asked: Asked) -> None:
    before, rate_wpm = turn.voice.pace, turn.settings.rate_wpm
    slower = asked.command is Command.SLOWER
    paces = [p for p in PACES if (p < before if slower else p > before)] or [before]
    pace = paces[-1] if slower else paces[0]
    if asked.value is not None:
        pace = min(PACES[-1], max(PACES[0], round(asked.value / rate_wpm, 3)))
    if pace == before:
        turn.say(sentences.SLOWEST if slower else sentences.FASTEST)
        return
    wanted = replace(turn.memory.wanted, pace=Wish(pace, rate_wpm))
    _speak(turn, wanted, sentences.SLOWER if slower else sentences.FASTER)


def change_volume(turn: Turn, asked: Asked) -> None:
    voice = turn.voice
    louder = asked.command is Command.LOUDER
    stepped = voice.volume + (VOLUME_STEP if louder else -VOLUME_STEP)
    asked_for = round(stepped if asked.value is None else asked.value / 100, 2)
    volume = min(1.0, max(VOLUME_STEP, asked_for))
    if volume == voice.volume:
        turn.say(sentences.LOUDEST if louder else sentences.QUIETEST)
        return
    wanted = replace(turn.memory.wanted, volume=Wish(volume, turn.settings.volume))
    _speak(turn, wanted, sentences.LOUDER if louder else sentences.QUIETER)


def change_chimes(turn: Turn, asked: Asked) -> None:
    on = asked.command is Command.CHIMES_ON
    chimes = Wish(float(on), float(turn.settings.chimes))
    wanted = replace(turn.memory.wanted, chimes=chimes)
    _speak(turn, wanted, read_back.CHIMES_ON if on else read_back.CHIMES_OFF)


def change_metronome(turn: Turn, asked: Asked) -> None:
    """From the next stretch of repetitions on; off at once."""
    on = asked.command is Command.METRONOME_ON
    metronome = Wish(float(on), float(turn.settings.metronome))
    wanted = replace(turn.memory.wanted, metronome=metronome)
    _speak(turn, wanted, read_back.METRONOME_ON if on else read_back.METRONOME_OFF)


def _speak(turn: Turn, wanted: Wanted, said: str) -> None:
    """As is wanted from now on, beginning with what is said to it."""
    want(turn, wanted)
    speak_as_wanted(turn)
    turn.say(said)


VOICE_CHANGES: Mapping[Command, Callable[[Turn, Asked], None]] = MappingProxyType(
    {
        Command.SLOWER: change_pace,
        Command.FASTER: change_pace,
        Command.LOUDER: change_volume,
        Command.QUIETER: change_volume,
        Command.CHIMES_ON: change_chimes,
        Command.CHIMES_OFF: change_chimes,
        Command.METRONOME_ON: change_metronome,
        Command.METRONOME_OFF: change_metronome,
    }
)
"""No machine changes with them."""
