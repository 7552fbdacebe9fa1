"""Every transition there is: what a command does in each mode, and where it leads.

Read this file to know what the coach does; `session`, `reminder` and `answers`
say how. A command that isn't listed for a mode changes nothing there.
"""

from enum import Enum, auto

from assistant.coach.events import Command as C
from assistant.coach.state import Mode as M
from assistant.coach.state import Then


class Do(Enum):
    """The name of what is done; `step` knows the function for each."""

    BEGIN = auto()
    SCREEN = auto()
    ANSWER = auto()
    TELL_NUMBER = auto()
    SKIP_QUESTION = auto()
    ASK_AGAIN = auto()
    LEAVE_QUESTIONS = auto()
    HURTS_NOW = auto()
    TELL_WHY = auto()
    ALREADY_GOING = auto()
    PAUSE = auto()
    GO_ON = auto()
    GO_EARLY = auto()
    SKIP = auto()
    GO_BACK = auto()
    DO_AGAIN = auto()
    SAY_AGAIN = auto()
    END = auto()
    MORE_TIME = auto()
    LESS_TIME = auto()
    CHANGE_REST = auto()
    OTHER_SIDE = auto()
    EXCHANGE = auto()
    EXPLAIN = auto()
    CHANGE_WORDING = auto()
    BEGIN_TIMER = auto()
    END_TIMER = auto()
    HURT = auto()
    HURT_YES = auto()
    HURT_NO = auto()
    HURT_END = auto()
    COMFORT = auto()
    STAND = auto()
    NOTE_STOOD = auto()
    STRETCH = auto()
    SNOOZE = auto()
    SKIP_BREAK = auto()
    END_STANDING = auto()
    BE_QUIET = auto()
    LEAVE = auto()
    RETURN = auto()
    REMINDERS_ON = auto()
    CHANGE_INTERVAL = auto()
    TELL_STAND = auto()
    RECALL = auto()
    TELL_TIME_LEFT = auto()
    TELL_NEXT = auto()
    CHANGE_PACE = auto()
    CHANGE_VOLUME = auto()
    LIST = auto()
    HELP = auto()
    WAKE = auto()


EVERYWHERE = {
    C.TIME_LEFT: Do.TELL_TIME_LEFT,
    C.WHATS_NEXT: Do.TELL_NEXT,
    C.SLOWER: Do.CHANGE_PACE,
    C.FASTER: Do.CHANGE_PACE,
    C.LOUDER: Do.CHANGE_VOLUME,
    C.QUIETER: Do.CHANGE_VOLUME,
    C.LIST: Do.LIST,
    C.HELP: Do.HELP,
    C.WHY: Do.TELL_WHY,
    C.WAKE: Do.WAKE,
    C.NEXT_BREAK: Do.TELL_STAND,
    C.INTERVAL: Do.CHANGE_INTERVAL,
    C.REMINDERS_ON: Do.REMINDERS_ON,
    C.DID_TODAY: Do.RECALL,
    C.DID_WEEK: Do.RECALL,
    C.DID_MONTH: Do.RECALL,
    C.FULL_WORDS: Do.CHANGE_WORDING,
    C.SHORT_WORDS: Do.CHANGE_WORDING,
    C.ICE: Do.BEGIN_TIMER,
    C.HEAT: Do.BEGIN_TIMER,
    C.TIMER_OFF: Do.END_TIMER,
}
"""These are the same in every mode and leave it as it is."""


def quiet(mode: M) -> dict[C, tuple[Do, M]]:
    """Quiet can be asked for almost anywhere; `mode` is the mode afterwards."""
    return dict.fromkeys((C.QUIET, C.MEETING, C.REMINDERS_OFF), (Do.BE_QUIET, mode))


AT_DESK: dict[C, tuple[Do, M]] = {
    C.START: (Do.BEGIN, M.LEADING),
    C.SCREENING: (Do.SCREEN, M.ASKING),
    C.STRETCH: (Do.STRETCH, M.LEADING),
    C.STOOD: (Do.NOTE_STOOD, M.IDLE),
    C.LUNCH: (Do.LEAVE, M.AWAY),
    C.LEAVING: (Do.LEAVE, M.AWAY),
    **quiet(M.IDLE),
}
"""The same whether a reminder is open or not."""

ANSWERS: dict[C, tuple[Do, M]] = {
    **AT_DESK,
    C.UP: (Do.STAND, M.STANDING),
    C.PRESS: (Do.STAND, M.STANDING),
    C.YES: (Do.STAND, M.STANDING),
    C.SNOOZE: (Do.SNOOZE, M.IDLE),
    C.NEXT: (Do.SKIP_BREAK, M.IDLE),
    C.STOP: (Do.SKIP_BREAK, M.IDLE),
    C.NO: (Do.SKIP_BREAK, M.IDLE),
}
"""To a reminder, and to one that was not answered in time."""

COMMANDS: dict[M, dict[C, tuple[Do, M]]] = {
    M.IDLE: {
        **AT_DESK,
        C.PRESS: (Do.BEGIN, M.LEADING),
        C.GO: (Do.BEGIN, M.LEADING),
        C.REPEAT: (Do.SAY_AGAIN, M.IDLE),
        C.HURTS: (Do.COMFORT, M.IDLE),
        C.UP: (Do.STAND, M.STANDING),
        C.RETURNED: (Do.REMINDERS_ON, M.IDLE),
    },
    M.LEADING: {
        **quiet(M.LEADING),
        C.START: (Do.ALREADY_GOING, M.LEADING),
        C.PAUSE: (Do.PAUSE, M.PAUSED),
        C.PRESS: (Do.PAUSE, M.PAUSED),
        C.GO: (Do.GO_EARLY, M.LEADING),
        C.RESUME: (Do.GO_EARLY, M.LEADING),
        C.NEXT: (Do.SKIP, M.LEADING),
        C.BACK: (Do.GO_BACK, M.LEADING),
        C.REPEAT: (Do.DO_AGAIN, M.LEADING),
        C.MORE_TIME: (Do.MORE_TIME, M.LEADING),
        C.LESS_TIME: (Do.LESS_TIME, M.LEADING),
        C.LONGER_REST: (Do.CHANGE_REST, M.LEADING),
        C.SHORTER_REST: (Do.CHANGE_REST, M.LEADING),
        C.OTHER_SIDE: (Do.OTHER_SIDE, M.LEADING),
        C.EASIER: (Do.EXCHANGE, M.LEADING),
        C.HARDER: (Do.EXCHANGE, M.LEADING),
        C.EXPLAIN: (Do.EXPLAIN, M.LEADING),
        C.STOP: (Do.END, M.IDLE),
        C.HURTS: (Do.HURT, M.HURT),
    },
    M.PAUSED: {
        **quiet(M.PAUSED),
        C.START: (Do.GO_ON, M.REENTRY),
        C.RESUME: (Do.GO_ON, M.REENTRY),
        C.GO: (Do.GO_ON, M.REENTRY),
        C.PRESS: (Do.GO_ON, M.REENTRY),
        C.NEXT: (Do.SKIP, M.LEADING),
        C.BACK: (Do.GO_BACK, M.LEADING),
        C.REPEAT: (Do.DO_AGAIN, M.LEADING),
        C.STOP: (Do.END, M.IDLE),
        C.HURTS: (Do.HURT, M.HURT),
    },
    M.REENTRY: {
        C.PAUSE: (Do.PAUSE, M.PAUSED),
        C.PRESS: (Do.PAUSE, M.PAUSED),
        C.NEXT: (Do.SKIP, M.LEADING),
        C.BACK: (Do.GO_BACK, M.LEADING),
        C.REPEAT: (Do.DO_AGAIN, M.LEADING),
        C.STOP: (Do.END, M.IDLE),
        C.HURTS: (Do.HURT, M.HURT),
    },
    M.HURT: {
        C.YES: (Do.HURT_YES, M.IDLE),
        C.NO: (Do.HURT_NO, M.LEADING),
        C.REPEAT: (Do.SAY_AGAIN, M.HURT),
        C.HURTS: (Do.SAY_AGAIN, M.HURT),
        C.STOP: (Do.HURT_END, M.IDLE),
        C.PRESS: (Do.HURT_END, M.IDLE),
    },
    M.ASKING: {
        C.YES: (Do.ANSWER, M.ASKING),
        C.NO: (Do.ANSWER, M.ASKING),
        C.NUMBER: (Do.TELL_NUMBER, M.ASKING),
        C.NEXT: (Do.SKIP_QUESTION, M.ASKING),
        C.PRESS: (Do.SKIP_QUESTION, M.ASKING),
        C.REPEAT: (Do.ASK_AGAIN, M.ASKING),
        C.STOP: (Do.LEAVE_QUESTIONS, M.IDLE),
        C.HURTS: (Do.HURTS_NOW, M.IDLE),
    },
    M.DUE: {
        **ANSWERS,
        C.REPEAT: (Do.SAY_AGAIN, M.DUE),
        C.HURTS: (Do.COMFORT, M.DUE),
    },
    M.OVERDUE: {
        **ANSWERS,
        C.REPEAT: (Do.SAY_AGAIN, M.OVERDUE),
        C.HURTS: (Do.COMFORT, M.OVERDUE),
    },
    M.AWAY: {
        **quiet(M.AWAY),
        C.START: (Do.BEGIN, M.LEADING),
        C.STRETCH: (Do.STRETCH, M.LEADING),
        C.PRESS: (Do.RETURN, M.IDLE),
        C.RETURNED: (Do.RETURN, M.IDLE),
        C.UP: (Do.RETURN, M.IDLE),
        C.STOOD: (Do.RETURN, M.IDLE),
        C.REPEAT: (Do.SAY_AGAIN, M.AWAY),
        C.HURTS: (Do.COMFORT, M.AWAY),
    },
    M.STANDING: {
        **quiet(M.STANDING),
        C.START: (Do.BEGIN, M.LEADING),
        C.STRETCH: (Do.STRETCH, M.LEADING),
        C.LUNCH: (Do.LEAVE, M.AWAY),
        C.LEAVING: (Do.LEAVE, M.AWAY),
        C.PRESS: (Do.END_STANDING, M.IDLE),
        C.STOP: (Do.END_STANDING, M.IDLE),
        C.NEXT: (Do.END_STANDING, M.IDLE),
        C.REPEAT: (Do.SAY_AGAIN, M.STANDING),
        C.HURTS: (Do.COMFORT, M.STANDING),
    },
}
"""What a command does, by mode; the mode afterwards."""

TIMES: dict[M, dict[Then, M]] = {
    M.REENTRY: {Then.COUNT_IN: M.REENTRY, Then.REENTER: M.LEADING},
    M.PAUSED: {Then.FORGET: M.IDLE},
    M.HURT: {Then.LEAVE_HURT: M.IDLE},
    M.ASKING: {Then.NO_ANSWER: M.IDLE},
    M.DUE: {
        Then.APPROACH: M.DUE,
        Then.ASK_TO_STAND: M.DUE,
        Then.ASK_AGAIN: M.DUE,
        Then.UNANSWERED: M.OVERDUE,
    },
    M.STANDING: {Then.HALFWAY: M.STANDING, Then.SIT: M.IDLE},
    M.AWAY: {Then.ASSUME_BACK: M.IDLE},
}
"""What passing time does, by mode; the mode afterwards. More follows from longer counts and from
sensors: sitting long enough makes idle and overdue due, the end of the plan makes leading idle,
somebody who goes makes due standing and somebody who comes makes away idle, and a machine that
slept is idle, or paused. A longer routine begins, and ends, with asking; its last answer, or none,
makes asking leading, or idle."""


def diagram() -> str:
    """The table as a Mermaid state diagram."""
    lines = ["stateDiagram-v2", "    [*] --> idle"]
    edges: dict[tuple[M, M], list[str]] = {}
    for mode, moves in COMMANDS.items():
        for command, (_, to) in moves.items():
            if to is not mode:
                edges.setdefault((mode, to), []).append(command.value.replace("_", " "))
    for mode, times in TIMES.items():
        for then, to in times.items():
            if to is not mode:
                edges.setdefault((mode, to), []).append(f"({then.value.replace('_', ' ')})")
    for sitting in (M.IDLE, M.OVERDUE):
        edges.setdefault((sitting, M.DUE), []).append("(sat long enough)")
    edges.setdefault((M.LEADING, M.IDLE), []).append("(plan over)")
    for around in (M.IDLE, M.LEADING):
        edges.setdefault((around, M.ASKING), []).append("(a longer routine)")
    edges.setdefault((M.ASKING, M.LEADING), []).append("(last answer)")
    lines += [f"    {a} --> {b}: {', '.join(names)}" for (a, b), names in edges.items()]
    return "\n".join(lines)
