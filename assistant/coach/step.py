"""The coach's whole face: `begin`, `step` and `deadline`.

Decides in which order things are looked at: first everything that time has
brought due, in the order of its times, then the event, then what the event has
made due, then what has changed to be shown; and before and after all of it
whether what is led may be led still. Total: no event raises; one that can't be
is ignored and says so. What follows from what stands in the tables (`tables`).
"""

import math
from dataclasses import replace
from typing import assert_never

from assistant.coach import (
    agenda,
    answers,
    identity,
    lasting_wishes,
    question,
    reminder_wishes,
    week_plan,
)
from assistant.coach.attention import EAR
from assistant.coach.desk import DESK
from assistant.coach.effects import Effect, Exit, Place, Priority, Remember
from assistant.coach.events import (
    GUEST,
    Asked,
    CodeMade,
    Command,
    Due,
    Event,
    Found,
    Lost,
    Met,
    Offered,
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
from assistant.coach.ice_and_heat import PACK
from assistant.coach.interpreter import Machine
from assistant.coach.lamp_and_screen import settle
from assistant.coach.lead import LEAD
from assistant.coach.meant_here import as_meant_here
from assistant.coach.settings import Settings
from assistant.coach.stand_up import next_reminder
from assistant.coach.state import (
    Agenda,
    Asking,
    Asleep,
    AtRest,
    Hurt,
    NoPack,
    Room,
    Sitting,
    State,
    Voice,
    Wishes,
)
from assistant.coach.tables import MACHINES, TOLD
from assistant.coach.triggers import Signal, Time
from assistant.coach.turn import TAIL_S, Turn
from assistant.content import sentences


def tell_machines(turn: Turn, signal: Signal, value: object) -> None:
    for machine in TOLD[signal]:
        machine.run(turn, signal, value)


def begin(
    settings: Settings, now: float, *, greet: bool = True, place: Place | None = None
) -> tuple[State, list[Effect]]:
    """The first state and what to order in it. `greet` says how to start; `place` is where a
    power cut, or an end in the midst of things, left off."""
    told = identity.at_start(settings)
    memory = week_plan.since_now(settings.remembered, settings)
    wishes = reminder_wishes.with_interval(
        Wishes(
            settings.reminders,
            settings.sit_s,
            settings.hours,
            lasting_wishes.quiet_at_start(memory.wanted, now),
            memory.wanted.quiet_until_s is not None,
            # After a power cut nobody is asked twice within a minute.
            -math.inf if place is None or settings.welcome else now,
        ),
        settings,
        memory.wanted,
    )
    state = State(
        settings,
        now,
        AtRest(),
        Sitting(now + wishes.sit_s if settings.reminders else None),
        NoPack(),
        Agenda(welcome_at=now + agenda.SETTLES_S if settings.welcome else None),
        Asleep(),
        lasting_wishes.with_wanted(Voice(settings.volume), settings, memory.wanted),
        Room(),
        wishes,
        replace(
            identity.person_of(settings, told, now),
            told_before=None if place is None else told.health.before,
            unanswered=place is not None and place.unanswered,
            named=settings.person != GUEST,
        ),
        memory,
    )
    turn = Turn(state, now, tell_machines)
    turn.do(lasting_wishes.heard_as(turn, turn.voice))
    if settings.keeps and memory != settings.remembered:
        turn.do(Remember(memory))
    resumed = False
    if place is not None:
        PACK.run(turn, Signal.RESTARTED, place)
        greet = not EAR.run(turn, Signal.RESTARTED, place) and greet
        resumed = LEAD.run(turn, Signal.RESTARTED, place) or DESK.run(turn, Signal.RESTARTED, place)
    if greet and not resumed and not settings.welcome:
        turn.say(sentences.READY)
    look_ahead(turn)
    settle(turn)
    return turn.state(), turn.effects


def step(state: State, event: Event, now: float) -> tuple[State, list[Effect]]:
    """What the coach does about an event: the next state, and the effects in their order.

    `now` is monotonic seconds; one that runs backwards counts as standing still.
    """
    if state.over:
        return state, []
    turn = Turn(state, max(state.now, now), tell_machines)
    look_at_led(turn)
    if turn.voice.by_night != lasting_wishes.night(turn):
        lasting_wishes.speak_as_wanted(turn)
    catch_up(turn)
    react(turn, event)
    if (look_at_led(turn) or not isinstance(event, Due)) and turn.exit_code is None:
        catch_up(turn)  # what begins now has its first words at once
    if turn.exit_code is not None and not turn.voice.utterances and not turn.over:
        turn.do(Exit(turn.exit_code))
        turn.over = True
    # What the journal has just told, and what it is still to tell, is no news to it.
    known = turn.person.met and state.person.met
    if turn.settings.keeps and known and turn.memory != state.memory:
        turn.do(Remember(turn.memory))
    if turn.settings.people and not turn.at_rest:
        turn.person = replace(turn.person, here_at=turn.now)
    settle(turn)
    return turn.state(), turn.effects


def deadline(state: State) -> float | None:
    """When the coach wants `Due`, in monotonic seconds; None: wake it for events only."""
    return state.wakes_at


def look_at_led(turn: Turn) -> bool:
    """Time, or what was told, may speak against what is led by now; whether it does."""
    return turn.led is not None and LEAD.run(turn, Signal.LOOKED_AT)


# --- time -------------------------------------------------------------------


def look_ahead(turn: Turn) -> tuple[float, Machine[object] | None, Time | None] | None:
    """What time brings next: when, to which machine (None: the voice), and what."""
    found: tuple[float, Machine[object] | None, Time | None] | None = None
    if turn.voice.utterances:
        found = min(u.gives_up_at for u in turn.voice.utterances), None, None
    for machine in MACHINES:
        coming = machine.next_time(turn)
        if coming is not None and (found is None or coming[0] < found[0]):
            found = coming[0], machine, coming[1]
    turn.coming_at = None if found is None else found[0]
    return found


def catch_up(turn: Turn) -> None:
    """Do everything that is due by now, in the order of its times."""
    while (soonest := look_ahead(turn)) is not None and soonest[0] <= turn.now:
        at, machine, time = soonest
        if machine is None or time is None:
            give_up_voice(turn, at)
        else:
            machine.run(turn, time, at)


def give_up_voice(turn: Turn, at: float) -> None:
    """A sentence never came back: go on without it."""
    overdue = [u.number for u in turn.voice.utterances if u.gives_up_at <= at]
    turn.ignore(f"the voice never answered for sentence {overdue[0]}")
    for number in overdue:
        came_back(turn, Spoken(number, complete=False))


# --- events -----------------------------------------------------------------


def react(turn: Turn, event: Event) -> None:
    match event:
        case Due():
            return
        case Asked(source=source) if source is Source.MQTT:
            pass
        case Asked() | Touched() | Unclear() | Talking() | Present(True):
            note_life(turn)
    match event:
        case Asked():
            obey(turn, event)
        case Touched():
            turn.hush()  # what the press means comes later, and ends an absence itself
        case Perhaps():
            turn.duck()
        case Unclear():
            turn.signal(Signal.UNCLEAR, event)
            turn.signal(Signal.ALIVE)
        case Spoken(number):
            if any(u.number == number for u in turn.voice.utterances):
                came_back(turn, event)
            else:
                turn.ignore(f"sentence {number} came back twice")
        case Lost(part, reason):
            lose(turn, part, reason)
        case Found(part):
            find(turn, part)
        case WallClock(local_s, trusted):
            before = next_reminder(turn)
            turn.room = replace(turn.room, civil_offset=local_s - turn.now if trusted else None)
            lasting_wishes.look_at_clock(turn)
            lasting_wishes.date_today(turn)
            lasting_wishes.speak_as_wanted(turn)
            turn.signal(Signal.CLOCK_SET, before)
        case Slept(seconds):
            sleep(turn, seconds)
        case Talking():
            turn.room = replace(turn.room, talked_at=turn.now)
            turn.signal(Signal.ALIVE)
        case Present(here):
            turn.room = replace(turn.room, sensed=here)
            see(turn, here)
            if here:
                turn.signal(Signal.ALIVE)
        case Recalled():
            answers.recalled(turn, event)
        case Met():
            identity.met(turn, event)
        case CodeMade():
            answers.tell_code(turn, event)
        case Offered():
            turn.signal(Signal.OFFERED, event)
        case Quit(code):
            quit(turn, code)
        case never:
            assert_never(never)


def note_life(turn: Turn) -> None:
    """Somebody is there, whatever they want."""
    turn.room = replace(turn.room, alive_at=turn.now)
    if turn.wishes.unheard:
        turn.wishes = replace(turn.wishes, unheard=0)


SAYS_BACK = (Command.PRESS, Command.RETURNED, Command.UP, Command.STOOD)
"""They have an answer of their own where nobody was thought to be there."""
ANSWERS_A_QUESTION = frozenset(
    {
        *(Command.YES, Command.NO, Command.NUMBER, Command.COMPARED),
        *(Command.GO, Command.RESUME, Command.PRESS),
        *(Command.NEXT, Command.BACK, Command.REPEAT, Command.SAY_AGAIN),
        *(Command.HURTS, Command.SCREENING),
    }
)
"""What a question about the back may take for an answer: an automation must not give one."""
SILENCING = (Command.STOP, Command.PAUSE)
"""Said while it speaks, these are at least about its voice."""


def obey(turn: Turn, asked: Asked) -> None:
    """Do what the tables say, if they say anything, and write down what was asked and how."""
    asked = as_meant_here(turn, asked)
    command = asked.command
    turn.shown = replace(turn.shown, heard=asked.text)
    by_a_person = asked.source is not Source.MQTT
    if not by_a_person and command in ANSWERS_A_QUESTION and isinstance(turn.lead, Asking | Hurt):
        turn.ignore(f"{command}: a question is open, and is answered in the room")
        return
    if question.too_soon(turn, asked):
        turn.ignore(f"{command}: the question has only just been put")
        return
    if by_a_person and asked.source is not Source.VOICE:
        see(turn, True)  # whoever presses is there, whatever a broken sensor says
    if command is not Command.WAKE:
        turn.signal(Signal.COMMAND)
    if by_a_person and command not in SAYS_BACK:
        turn.signal(Signal.ALIVE)
    if (answer := answers.ANSWERS.get(command)) is not None:
        answer(turn, asked)
    elif not any(machine.run(turn, command, asked) for machine in MACHINES):
        turn.ignore(f"{command}: nothing to do while {answers.in_front(turn).__name__.lower()}")
        if command in SILENCING and turn.voice.utterances:
            turn.hush()
        elif asked.text:  # a mistaken key needs no words
            turn.say(sentences.NOT_NOW)
    if command is Command.PRESS:
        EAR.run(turn, command, asked)  # a press opens a closed ear, whatever else it does
    turn.record("command", command, detail=asked.source)


def came_back(turn: Turn, spoken: Spoken) -> None:
    """A sentence is over, one way or another."""
    left = tuple(u for u in turn.voice.utterances if u.number != spoken.utterance)
    quiet_at = turn.voice.quiet_at if left else turn.now + TAIL_S
    turn.voice = replace(turn.voice, utterances=left, quiet_at=quiet_at)
    turn.signal(Signal.SAID, spoken)
    if not left:
        turn.signal(Signal.VOICE_ENDS)


def lose(turn: Turn, part: Part, reason: str) -> None:
    """Say once what doesn't work; the screen and the lamp keep saying it."""
    faults = dict(turn.room.faults)
    known = part in faults
    faults[part] = reason
    sensed = turn.room.sensed and part is not Part.PRESENCE
    turn.room = replace(turn.room, faults=tuple(faults.items()), sensed=sensed)
    if known:
        return
    turn.record("fault", part, detail=reason)
    if part not in (Part.VOICE, Part.LOUDSPEAKER):  # nobody would hear that
        turn.say(sentences.LOST[part].format(reason=reason), Priority.TIP, 20.0)


def find(turn: Turn, part: Part) -> None:
    """Say that it works again; a part that was never lost needs no words."""
    faults = dict(turn.room.faults)
    if faults.pop(part, None) is not None:
        turn.room = replace(turn.room, faults=tuple(faults.items()))
        turn.say(sentences.FOUND[part], Priority.TIP, 20.0)


def see(turn: Turn, here: bool) -> None:
    """A presence sensor saw somebody go or come. Sitting counts only while someone is there."""
    since = turn.room.absent_since
    if here == (since is None):
        return
    turn.room = replace(turn.room, absent_since=None if here else turn.now)
    if since is None:
        turn.signal(Signal.NOBODY)
    else:
        turn.signal(Signal.SOMEBODY, turn.now - since)


def sleep(turn: Turn, seconds: float) -> None:
    """The machine was suspended. Nothing comes up right after waking. Quiet and absence went on
    meanwhile, though our clock stood still, and what was told of pain is so much longer ago."""
    wishes, absent_since, person = turn.wishes, turn.room.absent_since, turn.person
    quiet_until = wishes.quiet_until
    if quiet_until is not None:
        quiet_until = max(turn.now, quiet_until - seconds)
    turn.wishes = replace(wishes, interrupted_at=turn.now, quiet_until=quiet_until)
    if absent_since is not None:
        turn.room = replace(turn.room, absent_since=absent_since - seconds)
    turn.person = person.earlier_by(seconds)
    turn.signal(Signal.SLEPT, seconds)


def quit(turn: Turn, code: int) -> None:
    """Put things away without a word."""
    turn.signal(Signal.QUIT)
    turn.hush()
    turn.exit_code = code
    turn.voice = replace(turn.voice, utterances=())
