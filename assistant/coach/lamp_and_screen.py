"""What follows from the state: the lamp, what to listen for, what the screen shows.

Pure functions of the state; `settle` orders only what has changed since the last time.
"""

import math
from collections.abc import Callable, Sequence
from functools import partial

from assistant.coach import agenda, fitting
from assistant.coach.answers import in_front
from assistant.coach.effects import Context, Lamp, LedNow, Listen, SetLamp, Show, View
from assistant.coach.events import Part
from assistant.coach.power_cut import keep, moving, stale_at
from assistant.coach.question import NUMBERS, help_with, words
from assistant.coach.session import first_after, spent_s
from assistant.coach.stand_up import SOON_S, at_work, next_reminder, no_snooze_left
from assistant.coach.state import (
    Asking,
    Awake,
    Away,
    Closed,
    Due,
    Hurt,
    Leading,
    Led,
    NoPack,
    Overdue,
    PackOn,
    PackOver,
    Paused,
    Question,
    Reentry,
    Shown,
    Sitting,
    Standing,
)
from assistant.coach.turn import Turn
from assistant.content import sentences
from assistant.content.types import Kind

SEGMENT_LAMPS = {
    Kind.INTRO: Lamp.READY,
    Kind.SETUP: Lamp.READY,
    Kind.STEPS: Lamp.READY,
    Kind.WORK: Lamp.HOLDING,
    Kind.RELEASE: Lamp.RESTING,
    Kind.SWITCH: Lamp.READY,
    Kind.REST: Lamp.RESTING,
    Kind.OUTRO: Lamp.RESTING,
}
LAMPS = {
    Paused: Lamp.PAUSED,
    Hurt: Lamp.PAUSED,
    Asking: Lamp.LISTENING,
    Reentry: Lamp.READY,
    Due: Lamp.DUE,
    Overdue: Lamp.OVERDUE,
    Standing: Lamp.STANDING,
    Away: Lamp.QUIET,
}
CONTEXTS = {
    Sitting: Context.IDLE,
    Standing: Context.DUE,
    Overdue: Context.IDLE,
    Away: Context.IDLE,
    Leading: Context.SESSION,
    Reentry: Context.SESSION,
    Paused: Context.PAUSED,
    Hurt: Context.QUESTION,
    Asking: Context.QUESTION,
    Due: Context.DUE,
}
OWN_ANSWERS = {
    **dict.fromkeys(NUMBERS, Context.PAIN),
    Question.MORNING: Context.QUESTION,
    Question.PLANNED: Context.QUESTION,
}
"""Questions with answers of their own, which are listened for after the wake phrase, too."""
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
DEAF = "Not listening. A press pauses, and I listen again."
MUTE_PARTS = (
    *(Part.MICROPHONE, Part.MODEL, Part.VOICE, Part.LOUDSPEAKER),
    *(Part.CONFIGURATION, Part.ROUTINES),
)
"""What the lamp tells of. Without the button there is no lamp; the journal stops nothing."""


Reminder = tuple[float, bool] | None
"""As `next_reminder` finds it."""


def lamp(turn: Turn, due: Reminder, soon_from: Sequence[float]) -> Lamp:
    if turn.over:
        return Lamp.OFF
    if isinstance(turn.ear, Awake):
        return Lamp.LISTENING
    if isinstance(turn.lead, Leading):
        return SEGMENT_LAMPS[turn.lead.session.segment.kind]
    front = in_front(turn)
    overdue_at_night = front is Overdue and not at_work(turn)
    return idle_lamp(turn, due, soon_from) if front is Sitting or overdue_at_night else LAMPS[front]


def idle_lamp(turn: Turn, due: Reminder, soon_from: Sequence[float]) -> Lamp:
    if isinstance(turn.pack, PackOver):
        return Lamp.DUE
    if any(part in MUTE_PARTS for part, _ in turn.room.faults):
        return Lamp.FAULT
    if isinstance(turn.ear, Closed):
        return Lamp.NOT_LISTENING
    absent = turn.room.absent_since is not None
    if turn.wishes.quiet_until is not None or absent or closed(due):
        return Lamp.QUIET
    return Lamp.SOON if any(at <= turn.now for at in soon_from) else Lamp.IDLE


def closed(due: Reminder) -> bool:
    """Whether what comes next is not a reminder but the beginning of working hours."""
    return due is not None and not due[1]


def context(turn: Turn) -> Context:
    if turn.voice.utterances or turn.now < turn.voice.quiet_at:
        return Context.SPEAKING
    lead = turn.lead
    if isinstance(lead, Asking) and (own := OWN_ANSWERS.get(lead.question)) is not None:
        return own
    return Context.AWAKE if isinstance(turn.ear, Awake) else CONTEXTS[in_front(turn)]


def view(turn: Turn, now_lamp: Lamp, due: Reminder) -> View:
    faults = tuple(sentences.LOST[part].format(reason=why) for part, why in turn.room.faults)
    stand_at = None if due is None or closed(due) else due[0]
    heard = turn.shown.heard
    plain = partial(View, lamp=now_lamp, heard=heard, stand_at=stand_at, faults=faults)
    lead = turn.lead
    if isinstance(lead, Led):
        return session_view(turn, lead, plain)
    if isinstance(lead, Asking):
        return plain(title=words(lead), detail=help_with(lead))
    desk = turn.desk
    match desk:
        case Due():
            snooze = "." if no_snooze_left(turn, None) else ", or say snooze."
            return plain(title="Time to stand up", detail=f"Press when you're up{snooze}")
        case Overdue():
            return plain(title="Still time to stand up", detail="Press when you're up.")
        case Away():
            told = desk.until < math.inf
            title = "Away" if told else "Nobody here, it seems"
            return plain(title=title, detail="Press when you're back.")
        case Standing():
            up_s = turn.settings.up_s
            ends_at = desk.since + up_s
            return plain(title="Standing", detail="Walk if you can.", ends_at=ends_at, total_s=up_s)
        case _:
            return idle_view(turn, plain)


def idle_view(turn: Turn, plain: Callable[..., View]) -> View:
    if isinstance(turn.ear, Awake):
        return plain(title="Listening", detail="Say what you'd like.")
    if not isinstance(turn.pack, NoPack):
        return pack_view(turn.pack, plain)
    if isinstance(turn.ear, Closed):
        return plain(title="Not listening", detail="Press, and I listen again.")
    detail = f"Say {turn.settings.wake}, start. Or press to begin."
    quiet = turn.wishes.quiet_until is not None
    return plain(title="Ready, reminders are quiet" if quiet else "Ready", detail=detail)


def pack_view(pack: PackOn | PackOver, plain: Callable[..., View]) -> View:
    if isinstance(pack, PackOver):
        return plain(title=f"Take the {pack.kind} off", detail="Press when it is off.")
    return plain(
        title=pack.kind.capitalize(),
        detail="Press when you take it off.",
        ends_at=pack.ends_at,
        total_s=pack.length_s,
    )


def session_view(turn: Turn, lead: Led, plain: Callable[..., View]) -> View:
    session = lead.session
    segment = session.segment
    count = len(session.plan.exercises)
    progress = f"{session.plan.name}, exercise {segment.item + 1} of {count}"
    if segment.item < 0:
        progress = session.plan.name
    left_s = session.length_s - spent_s(turn, lead)
    deaf = isinstance(turn.ear, Closed)
    detail, ends_at, still_s = DEAF if deaf else HINTS[segment.kind], None, None
    told = turn.voice.last_said if turn.silent else ""
    match lead:
        case Leading():
            detail, ends_at = told or detail, session.ends_at
        case Reentry():
            detail, still_s = "Going on in three seconds.", left_s
        case Paused():
            detail, still_s = f"Paused. {'Press' if deaf else 'Say go on, or press'}.", left_s
        case _:
            detail, still_s = f"Stopped. {sentences.SHARP}", left_s
    return plain(
        title=segment.title,
        detail=detail,
        ends_at=ends_at,
        total_s=session.length_s,
        left_s=still_s,
        progress=progress,
        led=led_now(turn),
    )


def led_now(turn: Turn) -> LedNow | None:
    """Where the routine stands that is led."""
    lead = turn.led
    if lead is None:
        return None
    session = lead.session
    plan, segment = session.plan, session.segment
    ids, item = plan.exercise_ids, segment.item
    sides = plan.sides[item] if 0 <= item < len(plan.sides) else ("",)
    return LedNow(
        routine=plan.id,
        exercise=ids[item] if item >= 0 else "",
        side=segment.side or sides[-1 if segment.kind is Kind.REST else 0],
        part=segment.kind,
        following=ids[item + 1] if first_after(session) < len(plan.segments) - 1 else "",
        began=session.began if isinstance(lead, Leading) else None,
    )


def settle(turn: Turn) -> None:
    """Order what has changed, and find when to look again."""
    shown, due = turn.shown, next_reminder(turn)
    matter = agenda.due(turn) if turn.at_rest else None
    soon_from = [coming[0] - SOON_S for coming in (due, matter) if coming is not None]
    now_lamp, now_context = lamp(turn, due, soon_from), context(turn)
    now_view = view(turn, now_lamp, due)
    if now_lamp is not shown.lamp:
        turn.do(SetLamp(now_lamp))
    if now_context is not shown.context:
        turn.do(Listen(now_context))
    changed = now_view != shown.view  # the lamp is in it, the context isn't
    if changed:
        turn.do(Show(now_view))
    if changed or now_context is not shown.context:
        turn.shown = Shown(shown.heard, now_lamp, now_context, now_view, shown.kept, shown.kept_at)
    if turn.settings.keeps:
        keep(turn)
    turn.wakes_at = None if turn.over else wakes_at(turn, soon_from)


def wakes_at(turn: Turn, soon_from: Sequence[float]) -> float | None:
    """When time brings something next, or something else is to be shown or kept."""
    changes = soon_from if turn.voice.utterances else [turn.voice.quiet_at, *soon_from]
    times = [at for at in changes if at > turn.now]
    if turn.coming_at is not None:
        times.append(turn.coming_at)
    if turn.led is not None and (early_at := fitting.early_at(turn)) is not None:
        times.append(early_at)
    if turn.settings.keeps and moving(turn):
        times.append(stale_at(turn))
    return min(times, default=None)
