"""What of the moment is told outside the room: read off a state, for a page or a house.

Decides nothing, and the coach itself never asks it: only who has opened the door to the outside
pays for it.
"""

from assistant.coach.answers import ANSWERS, in_front
from assistant.coach.effects import Doing, Expects, Lamp, Situation, View
from assistant.coach.events import Asked, Command, Source
from assistant.coach.lamp_and_screen import led_now
from assistant.coach.question import NUMBERS
from assistant.coach.question_state import Question
from assistant.coach.session_start import tell_how_to_answer
from assistant.coach.stand_up import interval_s
from assistant.coach.state import (
    Asking,
    Away,
    Closed,
    Due,
    Hurt,
    Kept,
    Leading,
    NoPack,
    Overdue,
    PackOn,
    Paused,
    Reentry,
    Sitting,
    Standing,
    State,
)
from assistant.coach.tables import MACHINES
from assistant.coach.turn import Turn

DOING = {
    Leading: Doing.LEADING,
    Reentry: Doing.LEADING,
    Paused: Doing.PAUSED,
    Hurt: Doing.ASKING,
    Asking: Doing.ASKING,
    Due: Doing.DUE,
    Overdue: Doing.OVERDUE,
    Standing: Doing.STANDING,
    Away: Doing.AWAY,
}
PACKS = {Kept.ICE: Doing.COOLING, Kept.HEAT: Doing.WARMING}
NOTHING_YET = View("", "", Lamp.OFF)


def of(state: State) -> Situation:
    """The situation in a state that `begin` or `step` returned."""
    turn = Turn(state)
    return Situation(
        doing=doing(turn),
        view=state.shown.view or NOTHING_YET,
        can=tuple(command for command in Command if has_a_meaning(turn, command)),
        expects=expects(turn),
        led=led_now(turn),
        sits_since=sits_since(turn),
        interval_s=interval_s(turn),
        reminders=turn.wishes.reminders,
        quiet_until=turn.wishes.quiet_until,
        here=turn.room.absent_since is None and not isinstance(turn.desk, Away),
        pack=not isinstance(turn.pack, NoPack),
        listening=not isinstance(turn.ear, Closed),
        volume=turn.voice.volume,
        rate_wpm=round(turn.voice.pace * turn.settings.rate_wpm),
        floor=turn.floor,
        desks=turn.person.id == turn.settings.owner,
        person=turn.person.id,
    )


def doing(turn: Turn) -> Doing:
    if isinstance(turn.pack, PackOn) and in_front(turn) is Sitting:
        return PACKS[turn.pack.kind]
    return DOING.get(in_front(turn), Doing.WAITING)


def has_a_meaning(turn: Turn, command: Command) -> bool:
    """Whether something answers a command now, and not only by saying how the question that is
    open is answered. One that needs a value (a number, a length) is asked about without it."""
    asked = Asked(command, Source.PAGE)
    rows = (machine.row(turn, command, asked) for machine in MACHINES)
    answers = next((row.do for row in rows if row is not None), tell_how_to_answer)
    return command in ANSWERS or answers is not tell_how_to_answer


def expects(turn: Turn) -> Expects:
    match turn.lead:
        case Hurt():
            return Expects.YES_OR_NO
        case Asking(Question.MORNING):
            return Expects.COMPARED
        case Asking(question):
            return Expects.NUMBER if question in NUMBERS else Expects.YES_OR_NO
        case _:
            return Expects.NOTHING


def sits_since(turn: Turn) -> float | None:
    """Since when sitting counts, put off or not."""
    desk = turn.desk
    match desk:
        case Sitting(stand_at=float(at), snoozes=0):
            return at - interval_s(turn, at)
        case (Sitting(stand_at=float()) | Due() | Overdue()) as late:
            return late.due_since - interval_s(turn)
        case _:
            return None
