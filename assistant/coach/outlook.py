"""What follows from the state: the lamp, what to listen for, what the screen shows.

Pure functions of the state; `settle` orders only what has changed since the last time.
"""

from collections.abc import Callable
from dataclasses import astuple
from functools import partial

from assistant.coach.effects import Context, Keep, Lamp, Listen, Place, SetLamp, Show, View
from assistant.coach.events import Part
from assistant.coach.question import NUMBERS, help_with, words
from assistant.coach.reminder import SOON_S, at_work, next_time
from assistant.coach.session import spent_s
from assistant.coach.state import Mode, Session, State, Timer, Turn
from assistant.content import sentences
from assistant.content.types import Kind

LAMPS = {
    Kind.INTRO: Lamp.READY,
    Kind.SETUP: Lamp.READY,
    Kind.STEPS: Lamp.READY,
    Kind.WORK: Lamp.HOLDING,
    Kind.RELEASE: Lamp.RESTING,
    Kind.SWITCH: Lamp.READY,
    Kind.REST: Lamp.RESTING,
    Kind.OUTRO: Lamp.RESTING,
}
MODE_LAMPS = {
    Mode.PAUSED: Lamp.PAUSED,
    Mode.HURT: Lamp.PAUSED,
    Mode.ASKING: Lamp.LISTENING,
    Mode.REENTRY: Lamp.READY,
    Mode.DUE: Lamp.DUE,
    Mode.OVERDUE: Lamp.OVERDUE,
    Mode.STANDING: Lamp.STANDING,
    Mode.AWAY: Lamp.QUIET,
}
CONTEXTS = {
    Mode.IDLE: Context.IDLE,
    Mode.STANDING: Context.DUE,
    Mode.OVERDUE: Context.IDLE,
    Mode.AWAY: Context.IDLE,
    Mode.LEADING: Context.SESSION,
    Mode.REENTRY: Context.SESSION,
    Mode.PAUSED: Context.PAUSED,
    Mode.HURT: Context.QUESTION,
    Mode.ASKING: Context.QUESTION,
    Mode.DUE: Context.DUE,
}
HINTS = {
    Kind.INTRO: "Listen, or say go to begin.",
    Kind.SETUP: "Get into position. Say go when you're there.",
    Kind.STEPS: "Listen first.",
    Kind.WORK: "Say pause, ten more seconds, or next.",
    Kind.RELEASE: "Let go.",
    Kind.SWITCH: "Change sides.",
    Kind.REST: "Rest. Say go when you're ready.",
    Kind.OUTRO: "Done.",
}
MUTE_PARTS = (
    *(Part.MICROPHONE, Part.MODEL, Part.VOICE, Part.LOUDSPEAKER),
    *(Part.CONFIGURATION, Part.ROUTINES),
)
"""What the lamp tells of. Without the button there is no lamp; the journal stops nothing."""


def lamp(turn: Turn) -> Lamp:
    state = turn.state
    if state.over:
        return Lamp.OFF
    if state.awake_until is not None:
        return Lamp.LISTENING
    if state.mode is Mode.LEADING:
        return LAMPS[turn.session.segment.kind]
    overdue_at_night = state.mode is Mode.OVERDUE and not at_work(state)
    at_rest = state.mode is Mode.IDLE or overdue_at_night
    return idle_lamp(turn) if at_rest else MODE_LAMPS[state.mode]


def idle_lamp(turn: Turn) -> Lamp:
    state = turn.state
    if state.timer is not None and state.timer.reminders:
        return Lamp.DUE
    if any(part in MUTE_PARTS for part, _ in state.faults):
        return Lamp.FAULT
    due = next_time(state)
    if state.quiet_until is not None or state.absent_since is not None or closed(due):
        return Lamp.QUIET
    if due is not None and due[0] - turn.now <= SOON_S:
        return Lamp.SOON
    return Lamp.IDLE


def closed(due: tuple[float, bool] | None) -> bool:
    """Whether what comes next is not a reminder but the beginning of working hours."""
    return due is not None and not due[1]


def context(turn: Turn) -> Context:
    state = turn.state
    if state.utterances or turn.now < state.quiet_at:
        return Context.SPEAKING
    if state.asking is not None and state.asking.question in NUMBERS:
        return Context.PAIN
    return Context.AWAKE if state.awake_until is not None else CONTEXTS[state.mode]


def view(turn: Turn, now_lamp: Lamp) -> View:
    state = turn.state
    faults = tuple(sentences.LOST[part].format(reason=reason) for part, reason in state.faults)
    due = next_time(state)
    stand_at = None if due is None or closed(due) else due[0]
    plain = partial(View, lamp=now_lamp, heard=state.heard, stand_at=stand_at, faults=faults)
    if state.session is not None:
        return session_view(turn, state.session, plain)
    if state.asking is not None:
        return plain(title=words(state.asking), detail=help_with(turn))
    if state.mode is Mode.DUE:
        return plain(title="Time to stand up", detail="Press when you're up, or say snooze.")
    if state.mode is Mode.OVERDUE:
        return plain(title="Still time to stand up", detail="Press when you're up.")
    if state.mode is Mode.AWAY:
        return plain(title="Away", detail="Press when you're back.")
    if state.mode is Mode.STANDING:
        up_s = state.settings.up_s
        ends_at = state.since + up_s
        return plain(title="Standing", detail="Walk if you can.", ends_at=ends_at, total_s=up_s)
    if state.awake_until is not None:
        return plain(title="Listening", detail="Say what you'd like.")
    if state.timer is not None:
        return timer_view(state.timer, plain)
    detail = f"Say {state.settings.wake}, start. Or press to begin."
    title = "Ready" if state.quiet_until is None else "Ready, reminders are quiet"
    return plain(title=title, detail=detail)


def timer_view(timer: Timer, plain: Callable[..., View]) -> View:
    if timer.reminders:
        return plain(title=f"Take the {timer.pack} off", detail="Press when it is off.")
    return plain(
        title=timer.pack.capitalize(),
        detail="Press when you take it off.",
        ends_at=timer.ends_at,
        total_s=timer.length_s,
    )


def session_view(turn: Turn, session: Session, plain: Callable[..., View]) -> View:
    segment = session.segment
    count = len(session.plan.exercises)
    progress = f"{session.plan.name}, exercise {segment.item + 1} of {count}"
    if segment.item < 0:
        progress = session.plan.name
    left_s = session.length_s - spent_s(turn)
    detail, ends_at, still_s = HINTS[segment.kind], None, None
    match turn.state.mode:
        case Mode.LEADING:
            ends_at = session.ends_at
        case Mode.REENTRY:
            detail, still_s = "Going on in three seconds.", left_s
        case Mode.PAUSED:
            detail, still_s = "Paused. Say go on, or press.", left_s
        case _:
            detail, still_s = "Stopped. Say yes or no.", left_s
    return plain(
        title=segment.title,
        detail=detail,
        ends_at=ends_at,
        total_s=session.length_s,
        left_s=still_s,
        progress=progress,
    )


def settle(turn: Turn) -> None:
    """Order what has changed."""
    shown = turn.state
    now_lamp, now_context = lamp(turn), context(turn)
    now_view = view(turn, now_lamp)
    if now_lamp is not shown.lamp:
        turn.do(SetLamp(now_lamp))
    if now_context is not shown.context:
        turn.do(Listen(now_context))
    if now_view != shown.view:  # the lamp is in it, the context isn't
        turn.do(Show(now_view))
    if now_view != shown.view or now_context is not shown.context:
        turn.set(lamp=now_lamp, context=now_context, view=now_view)
    if shown.settings.keeps:
        keep(turn)


# --- the place that outlives a power cut ------------------------------------

KEEP_S = {True: 1.0, False: 5.0}
"""How old the kept place may get while a session is led, and otherwise."""


def place(turn: Turn) -> Place:
    """Where things stand now."""
    state = turn.state
    left_s = state.sit_left_s
    if state.stand_at is not None:
        left_s = max(0.0, state.stand_at - turn.now)
    if state.mode is Mode.DUE:
        left_s = 0.0
    if state.session is None:
        # What comes after an overdue break is another one.
        snoozes = 0 if state.mode is Mode.OVERDUE else state.snoozes
        quiet_left_s = None if state.quiet_until is None else state.quiet_until - turn.now
        away_left_s = state.alarms[0].at - turn.now if state.mode is Mode.AWAY else None
        return Place("", 0, 0.0, left_s, snoozes, quiet_left_s, away_left_s)
    session = state.session
    elapsed_s = 0.0 if session.detour is not None else spent_s(turn)
    return Place(session.plan.id, session.index, elapsed_s)


def moving(state: State) -> bool:
    """Whether the place changes by time alone."""
    counting = state.stand_at is not None or state.quiet_until is not None
    return counting or state.mode in (Mode.LEADING, Mode.AWAY)


def keep(turn: Turn) -> None:
    """Order the place to be kept: at once when something happened, else every few seconds."""
    state, now_place = turn.state, place(turn)
    if state.kept is not None:
        stale = turn.now >= state.kept_at + KEEP_S[state.mode is Mode.LEADING]
        same = what if moving(state) else astuple
        again = now_place.elapsed_s < state.kept.elapsed_s  # a segment that was begun anew
        again = again or begun_anew(state, now_place)
        if same(now_place) == same(state.kept) and not again and not (stale and moving(state)):
            return
    turn.do(Keep(now_place))
    turn.set(kept=now_place, kept_at=turn.now)


def begun_anew(state: State, now_place: Place) -> bool:
    """Whether more has happened to the count of sitting than that time has passed."""
    before_s = None if state.kept is None else state.kept.sit_left_s
    if before_s is None or now_place.sit_left_s is None or state.stand_at is None:
        return False
    passed_s = state.now - state.kept_at
    return abs(before_s - passed_s - now_place.sit_left_s) > 1.0


def what(a: Place) -> tuple[object, ...]:
    """A place without what time alone changes."""
    running = (a.sit_left_s is None, a.quiet_left_s is None, a.away_left_s is None)
    return a.routine, a.segment, running, a.snoozes
