"""Whether somebody gets down to the floor, as they say it: not at all, not today, or again.

Decides what one such wish takes back of another. What is led instead is `Settings.upright`'s and
`fitting`'s; that it outlives the program, and is undone, is seen to in `lasting_wishes`.
"""

from dataclasses import replace

from assistant.coach.effects import Wish
from assistant.coach.events import Asked, Command
from assistant.coach.lasting_wishes import want
from assistant.coach.turn import Turn
from assistant.content import read_back


def change_floor(turn: Turn, asked: Asked) -> None:
    """From now on, or today; what is left of a session that is led follows at once."""
    wanted = replace(turn.memory.wanted, no_floor_day=None)
    if asked.command is Command.NO_FLOOR_TODAY:
        wanted = replace(wanted, no_floor_day=turn.today() or 0)
    else:
        down = float(asked.command is Command.FLOOR)
        wanted = replace(wanted, floor=Wish(down, float(turn.settings.floor)))
    want(turn, wanted)
    turn.say(read_back.FLOOR[asked.command])
