"""The coach's whole face: `begin`, `step` and `deadline`.

Decides in which order things are looked at: first everything that time has
brought due, in the order of its times, then the event, then what the event has
made due, then what has changed to be shown. Total: no event raises; one that can't be
is ignored and says so.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import assert_never

from assistant.coach import answers, asking, desk, guiding, known, reminder, session, timers
from assistant.coach.effects import Effect, Exit, Place, Priority, SetVoice
from assistant.coach.events import (
    Asked,
    Command,
    Due,
    Event,
    Found,
    Lost,
    Part,
    Perhaps,
    Present,
    Quit,
    Recalled,
    Slept,
    Source,
    Spoken,
    Talking,
    Touched,
    Unclear,
    WallClock,
)
from assistant.coach.fit import leads
from assistant.coach.hours import DAY_S
from assistant.coach.outlook import KEEP_S, moving, settle
from assistant.coach.state import TAIL_S, Alarm, Mode, Settings, State, Then, Turn, changed
from assistant.coach.table import COMMANDS, EVERYWHERE, Do
from assistant.content import sentences, words


def stretch(turn: Turn, asked: Asked) -> None:
    """Lead the desk routine; it counts as the break."""
    routine = next_stretch(turn.state)
    turn.set(stretches=turn.state.stretches + 1)
    asking.begin(turn, replace(asked, routine=routine))


def next_stretch(state: State) -> str:
    """The configured routine, or in turn those whose names continue it ("desk-break-2"), another
    one each day and each time."""
    first = state.settings.stretch
    series = sorted(name for name in state.settings.plans if f"{name}-".startswith(f"{first}-"))
    day = 0 if state.civil_offset is None else int((state.now + state.civil_offset) // DAY_S)
    return series[(day + state.stretches) % len(series)] if series else first


ACTIONS: dict[Do, Callable[[Turn, Asked], None]] = {
    Do.BEGIN: asking.begin,
    Do.ANSWER: asking.answer,
    Do.TELL_NUMBER: asking.number,
    Do.SKIP_QUESTION: asking.skip,
    Do.LEAVE_QUESTIONS: asking.leave,
    Do.ASK_AGAIN: asking.ask_again,
    Do.SCREEN: asking.screen,
    Do.HURTS_NOW: asking.hurts,
    Do.TELL_WHY: answers.tell_why,
    Do.ALREADY_GOING: session.already_going,
    Do.PAUSE: session.pause,
    Do.GO_ON: session.go_on,
    Do.GO_EARLY: session.go_early,
    Do.SKIP: session.skip,
    Do.GO_BACK: session.go_back,
    Do.DO_AGAIN: session.do_again,
    Do.SAY_AGAIN: answers.say_again,
    Do.END: session.end,
    Do.MORE_TIME: guiding.more_time,
    Do.LESS_TIME: guiding.less_time,
    Do.CHANGE_REST: guiding.change_rest,
    Do.OTHER_SIDE: guiding.other_side,
    Do.EXCHANGE: guiding.exchange,
    Do.EXPLAIN: guiding.explain,
    Do.CHANGE_WORDING: known.change_wording,
    Do.BEGIN_TIMER: timers.begin,
    Do.END_TIMER: timers.end,
    Do.HURT: session.hurt,
    Do.HURT_YES: session.hurt_yes,
    Do.HURT_NO: guiding.hurt_no,
    Do.HURT_END: session.hurt_end,
    Do.COMFORT: answers.comfort,
    Do.STAND: reminder.stand,
    Do.NOTE_STOOD: reminder.stood,
    Do.STRETCH: stretch,
    Do.SNOOZE: reminder.snooze,
    Do.SKIP_BREAK: reminder.skip_break,
    Do.END_STANDING: reminder.end_standing,
    Do.BE_QUIET: desk.be_quiet,
    Do.LEAVE: desk.leave,
    Do.RETURN: desk.returned,
    Do.REMINDERS_ON: desk.reminders_on,
    Do.CHANGE_INTERVAL: desk.change_interval,
    Do.TELL_STAND: answers.tell_next_break,
    Do.RECALL: desk.recall,
    Do.TELL_TIME_LEFT: answers.tell_time_left,
    Do.TELL_NEXT: answers.tell_next,
    Do.CHANGE_PACE: answers.change_pace,
    Do.CHANGE_VOLUME: answers.change_volume,
    Do.LIST: answers.list_routines,
    Do.HELP: answers.tell_help,
    Do.WAKE: answers.wake,
}
ALARMS: dict[Then, Callable[[Turn, Alarm], None]] = {
    Then.COUNT_IN: session.count_in,
    Then.REENTER: session.reenter,
    Then.FORGET: session.forget,
    Then.LEAVE_HURT: session.leave_hurt,
    Then.NO_ANSWER: asking.unanswered,
    Then.APPROACH: reminder.approach,
    Then.ASK_TO_STAND: reminder.ask_to_stand,
    Then.ASK_AGAIN: reminder.ask_again,
    Then.UNANSWERED: reminder.unanswered,
    Then.HALFWAY: reminder.halfway,
    Then.SIT: reminder.sit,
    Then.ASSUME_BACK: desk.assume_back,
}


def begin(
    settings: Settings, now: float, *, greet: bool = True, place: Place | None = None
) -> tuple[State, list[Effect]]:
    """The first state and what to order in it. `greet` says how to start; `place` is where a
    power cut, or an end in the midst of things, left off."""
    state = State(
        settings=settings,
        now=now,
        since=now,
        reminders=settings.reminders,
        sit_s=settings.sit_s,
        wording=settings.wording,
        times=settings.times,
        volume=settings.volume,
        health=settings.health,
        pain_told=None if settings.health.pain is None else (now, settings.health.pain),
    )
    turn = Turn(state)
    reminder.arm(turn)
    turn.do(SetVoice(state.pace, state.volume))
    if place is not None:
        # Nobody is asked twice within a minute, only since the power failed in between.
        turn.set(interrupted_at=now)
    if place is not None and place.timer:
        timers.come_back(turn, place)
    if place is not None and place.routine in settings.plans and leads(state, place.routine):
        session.come_back(turn, place)
    elif place is not None and (place.quiet_left_s or place.away_left_s):
        desk.come_back(turn, place)
    elif place is not None and place.sit_left_s is not None and settings.reminders:
        longest_s = max((settings.sit_s, *settings.hours.intervals))
        left_s = min(max(0.0, place.sit_left_s), longest_s)
        turn.set(snoozes=max(0, place.snoozes), due_since=now)
        reminder.arm(turn, left_s)
        turn.say(sentences.restarted(max(left_s, settings.gap_s)))
    elif greet:
        turn.say(sentences.READY.format(wake=settings.wake))
    settle(turn)
    return turn.state, turn.effects


def step(state: State, event: Event, now: float) -> tuple[State, list[Effect]]:
    """What the coach does about an event: the next state, and the effects in their order.

    `now` is monotonic seconds; one that runs backwards counts as standing still.
    """
    if state.over:
        return state, []
    turn = Turn(changed(state, {"now": max(state.now, now)}))
    catch_up(turn)
    react(turn, event)
    catch_up(turn)  # what begins now has its first words at once
    if turn.state.exit_code is not None and not turn.state.utterances and not turn.state.over:
        turn.do(Exit(turn.state.exit_code))
        turn.set(over=True)
    settle(turn)
    return turn.state, turn.effects


def deadline(state: State) -> float | None:
    """When the coach wants `Due`, in monotonic seconds; None: wake it for events only."""
    if state.over:
        return None
    times = [at for at, _ in pending(state)]
    if state.quiet_at > state.now:
        times.append(state.quiet_at)
    due = reminder.next_time(state)
    if due is not None and due[0] - reminder.SOON_S > state.now:
        times.append(due[0] - reminder.SOON_S)  # the lamp says so ahead
    if state.settings.keeps and moving(state):
        times.append(state.kept_at + KEEP_S[state.mode is Mode.LEADING])
    return min(times, default=None)


# --- time -------------------------------------------------------------------


def pending(state: State) -> list[tuple[float, Callable[[Turn, float], None]]]:
    """Everything that time will bring, as (when, what to do then)."""
    todo: list[tuple[float, Callable[[Turn, float], None]]] = []
    if state.utterances:
        todo.append((min(u.gives_up_at for u in state.utterances), give_up_voice))
    if state.alarms:
        todo.append((state.alarms[0].at, ring))
    if state.mode is Mode.LEADING and state.session is not None:
        at = session.next_time(state.session, bool(state.utterances))
        if at is not None:
            todo.append((at, session.act))
    if state.timer is not None:
        todo.append((timers.next_time(state.timer), timers.come_up))
    if state.awake_until is not None:
        todo.append((state.awake_until, fall_asleep))
    elif (due := reminder.next_time(state)) is not None:
        todo.append((due[0], reminder.come_up))
    if state.quiet_until is not None:
        todo.append((state.quiet_until, desk.end_quiet))
    return todo


def catch_up(turn: Turn) -> None:
    """Do everything that is due by now, in the order of its times."""
    while todo := [item for item in pending(turn.state) if item[0] <= turn.now]:
        at, do = min(todo, key=lambda item: item[0])
        do(turn, at)


def give_up_voice(turn: Turn, at: float) -> None:
    """A sentence never came back: go on without it."""
    overdue = [u.number for u in turn.state.utterances if u.gives_up_at <= at]
    turn.ignore(f"the voice never answered for sentence {overdue[0]}")
    for number in overdue:
        came_back(turn, number)


def ring(turn: Turn, _: float) -> None:
    """Do what the first alarm is for."""
    alarm, *rest = turn.state.alarms
    turn.set(alarms=tuple(rest))
    ALARMS[alarm.then](turn, alarm)


def fall_asleep(turn: Turn, _: float) -> None:
    turn.set(awake_until=None)


# --- events -----------------------------------------------------------------


def react(turn: Turn, event: Event) -> None:
    match event:
        case Asked():
            obey(turn, event)
        case Touched():
            turn.hush()
        case Perhaps():
            turn.duck()
        case Unclear(source):
            answers.unclear(turn, source)
        case Spoken(number):
            if any(u.number == number for u in turn.state.utterances):
                came_back(turn, number)
            else:
                turn.ignore(f"sentence {number} came back twice")
        case Lost(part, reason):
            lose(turn, part, reason)
        case Found(part):
            find(turn, part)
        case WallClock(local_s, trusted):
            reminder.set_clock(turn, local_s - turn.now if trusted else None)
        case Slept(seconds):
            timers.slept(turn, seconds)
            desk.slept(turn, seconds)
        case Talking():
            turn.set(talked_at=turn.now)
        case Present(here):
            desk.seen(turn, here)
        case Recalled():
            desk.recalled(turn, event)
        case Due():
            pass
        case Quit(code):
            quit(turn, code)
        case never:
            assert_never(never)


def obey(turn: Turn, asked: Asked) -> None:
    """Do what the table says, if it says anything, and write down what was asked and how."""
    follow(turn, asked)
    turn.record("command", asked.command, detail=asked.source)


SILENCING = (Command.STOP, Command.PAUSE)
"""Said while it speaks, these are at least about its voice."""


def follow(turn: Turn, asked: Asked) -> None:
    mode = turn.state.mode
    command = asked.command
    if mode is Mode.IDLE:
        command = meant_at_rest(turn.state, asked)
        asked = replace(asked, command=command)
    turn.set(heard=asked.text)
    if asked.source is not Source.VOICE:
        desk.seen(turn, True)  # whoever presses is there, whatever a broken sensor says
    if command is not Command.WAKE:
        turn.set(awake_until=None)
    if command in EVERYWHERE:
        ACTIONS[EVERYWHERE[command]](turn, asked)
        return
    if command not in COMMANDS[mode]:
        turn.ignore(f"{command}: nothing to do while {mode}")
        if command in SILENCING and turn.state.utterances:
            turn.hush()
        elif asked.text:  # a mistaken key needs no words
            turn.say(sentences.NOT_NOW)
        return
    do, _ = COMMANDS[mode][command]
    if refused(turn, asked, do):
        return
    ACTIONS[do](turn, asked)


def meant_at_rest(state: State, asked: Asked) -> Command:
    """While nothing is led, a press, or stop, is for the timer if one runs; the button that is held
    says that its owner leaves."""
    if state.timer is not None and asked.command in (Command.PRESS, Command.STOP):
        return Command.TIMER_OFF
    if asked.command is Command.STOP and asked.source is Source.BUTTON:
        return Command.LEAVING
    return asked.command


def refused(turn: Turn, asked: Asked, do: Do) -> bool:
    """Whether it can't be done, for a reason that is said: a routine that isn't there, another one
    than the one that is paused, no snooze left, a clock time without a clock."""
    settings = turn.state.settings
    wanted = asked.routine or settings.routine
    if do is Do.STRETCH:
        wanted = next_stretch(turn.state)
    if do in (Do.BEGIN, Do.STRETCH) and wanted not in settings.plans:
        turn.say(sentences.NO_SUCH_ROUTINE.format(names=words.listing(list(settings.spoken_names))))
        return True
    if do in (Do.GO_ON, Do.ALREADY_GOING) and asked.routine is not None:
        plan = turn.session.plan
        if asked.routine != plan.id:
            turn.say(sentences.STOP_FIRST.format(name=plan.spoken_name))
            return True
    if do is Do.SNOOZE and reminder.snoozes_left(turn.state) == 0:
        turn.say(sentences.NO_MORE_SNOOZES)
        return True
    if do is Do.BE_QUIET and desk.quiet_s(turn, asked) is None:
        turn.say(sentences.NO_CLOCK)
        return True
    return False


def came_back(turn: Turn, number: int) -> None:
    """A sentence is over, one way or another."""
    left = tuple(u for u in turn.state.utterances if u.number != number)
    turn.set(utterances=left)
    if not left:
        turn.set(quiet_at=turn.now + TAIL_S)
        if turn.state.awake_until is not None:
            turn.set(awake_until=turn.now + answers.AWAKE_S)  # the person's turn begins now
        if turn.state.mode is Mode.LEADING:
            session.waited(turn)


def lose(turn: Turn, part: Part, reason: str) -> None:
    """Say once what doesn't work; the screen and the lamp keep saying it."""
    faults = dict(turn.state.faults)
    known = part in faults
    faults[part] = reason
    turn.set(faults=tuple(faults.items()))
    if known:
        return
    turn.record("fault", part, detail=reason)
    if part not in (Part.VOICE, Part.LOUDSPEAKER):  # nobody would hear that
        turn.say(sentences.LOST[part].format(reason=reason), Priority.TIP, 20.0)


def find(turn: Turn, part: Part) -> None:
    """Say that it works again; a part that was never lost needs no words."""
    faults = dict(turn.state.faults)
    if faults.pop(part, None) is not None:
        turn.set(faults=tuple(faults.items()))
        turn.say(sentences.FOUND[part], Priority.TIP, 20.0)


def quit(turn: Turn, code: int) -> None:
    """Put things away without a word."""
    if turn.state.session is not None:
        session.close(turn, "quit")
    turn.hush()
    turn.set(exit_code=code, utterances=())
