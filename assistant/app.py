"""The wiring, and the pump: the only file that knows all the rooms.

Builds everything from the configuration, hands each event to the coach and each
effect to the room it is for, and puts things away in the reverse order. What is
to happen is decided by the coach alone.
"""

import faulthandler
import logging
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from assistant import config as configuration
from assistant.coach.effects import (
    Chime,
    Duck,
    Effect,
    Exit,
    Hush,
    Ignored,
    Keep,
    Listen,
    Prepare,
    Recall,
    Record,
    Say,
    SetLamp,
    SetVoice,
    Show,
)
from assistant.coach.events import Asked, Command, Due, Event, Lost, Part, Quit, Source
from assistant.coach.hours import Hours
from assistant.coach.state import Settings, State
from assistant.coach.step import begin, deadline, step
from assistant.config import Config, Sensor, config_folder, state_folder
from assistant.content import read
from assistant.content.plan import compile_plan
from assistant.content.read import Library
from assistant.content.words import listing
from assistant.errors import AssistantError, ExitCode
from assistant.hearing import Hearing, models
from assistant.journal import Journal
from assistant.machine import places
from assistant.machine.clock import SleepWatch, WallClockWatch
from assistant.machine.recording import Recorder
from assistant.machine.recording import replay as steps_of
from assistant.machine.systemd import Service
from assistant.panel import gpio
from assistant.panel.keys import Keyboard
from assistant.panel.lines import Lines
from assistant.panel.presence import PresenceSensor, open_presence
from assistant.panel.screen import Screen, usable
from assistant.sound import loopback
from assistant.speaking import Speaking

log = logging.getLogger(__name__)
Sinks = dict[type, list[Callable[[Any], None]]]

LONGEST_WAIT_S = 30.0
"""The wall clock is looked at this often at least; it may be set at any time."""


class Inbox:
    """The one queue. `post` may be called from any thread and from a signal handler."""

    def __init__(self) -> None:
        self._queue: SimpleQueue[Event] = SimpleQueue()  # its put is re-entrant
        self.post: Callable[[Event], None] = self._queue.put

    def next(self, until: float | None, longest_s: float = LONGEST_WAIT_S) -> Event:
        """The next event; `Due` when there is none by `until` (monotonic), or for `longest_s`."""
        wait_s = longest_s if until is None else until - time.monotonic()
        try:
            return self._queue.get(timeout=min(max(0.0, wait_s), longest_s))
        except Empty:
            return Due()


def pump(
    state: State, inbox: Inbox, sinks: Sinks, recorder: Recorder | None, service: Service
) -> int:
    """Run until the coach says `Exit`; return its code."""
    wall_clock, sleep = WallClockWatch(), SleepWatch()
    longest_s = min(LONGEST_WAIT_S, service.beat_s)
    while True:
        service.turn(time.monotonic())
        # Sleep first: the clock is then set anew, and rest is never inferred from that.
        event: Event = sleep.look() or wall_clock.look() or inbox.next(deadline(state), longest_s)
        now = time.monotonic()
        state, effects = step(state, event, now)
        if recorder is not None:
            recorder(event, now, effects)
        for effect in effects:
            if isinstance(effect, Exit):
                order(effects[effects.index(effect) + 1 :], sinks)
                return effect.code
            order([effect], sinks)


def order(effects: list[Effect], sinks: Sinks) -> None:
    """Hand effects to their rooms. A room that fails must not take the coach with it."""
    for effect in effects:
        for sink in sinks.get(type(effect), ()):
            try:
                sink(effect)
            except Exception:
                log.exception("a device failed to take %s", effect)


def settings_for(config: Config, known: Library, once: bool) -> Settings:
    """What the coach is told about the configuration."""
    reminder = config.reminder
    return Settings(
        plans={routine.id: compile_plan(routine) for routine in known.routines.values()},
        routines=known.routines,
        exercises=known.exercises,
        gentle=config.session.gentle,
        screening=config.session.screening,
        ask_pain=config.session.pain,
        spared_until_s=config.session.no_bending_before * 3600.0,
        spoken_names=names_to_tell(config, known),
        routine=config.session.routine,
        wake=config.wake.phrases[0],
        reminders=reminder.on,
        sit_s=reminder.sit_min * 60,
        up_s=reminder.up_min * 60,
        snooze_s=reminder.snooze_min * 60,
        snoozes=reminder.snoozes,
        courtesy_s=reminder.courtesy_min * 60,
        gap_s=reminder.gap_min * 60,
        hours=Hours(
            days=configuration.week(config) if config.hours.on else (),
            lunch=configuration.lunch(config) if config.hours.on else None,
            holidays=configuration.holidays(config) if config.hours.on else frozenset(),
            intervals=configuration.intervals(config),
        ),
        stretch=reminder.routine,
        wording=config.session.instructions,
        volume=config.voice.volume,
        once=once,
        keeps=True,
    )


def names_to_tell(config: Config, known: Library) -> tuple[str, ...]:
    """What routines are called aloud: the usual one first, and those of a series
    ("desk-break-2") last, since only the first few are said."""

    def rank(name: str) -> tuple[bool, bool, str]:
        return name != config.session.routine, name[-1:].isdigit(), name

    return tuple(known.routines[name].spoken_names[0] for name in sorted(known.routines, key=rank))


def check_routine(routine: str, known: Library, where: str) -> None:
    """Raise AssistantError unless the routine is there."""
    if routine not in known.routines:
        raise AssistantError(
            f'{where}: there is no routine "{routine}"; there are '
            f"{listing(sorted(known.routines))}",
            code=ExitCode.UNKNOWN_ROUTINE,
        )


def run(
    config: Config,
    *,
    routine: str | None,
    once: bool,
    record: Path | None,
    plain: bool,
) -> int:
    """Be the assistant until it is asked to end; return the exit code.

    `routine` is led at once; `once` ends the program after it; `record` is the file that every
    event and effect is written to; `plain` means lines instead of the live screen. Raises
    AssistantError before anything is opened: a file that can't be used, an unknown routine.
    """
    known = read.load(places.routine_folders(config_folder()))
    for name, where in (
        (routine, "run"),
        (config.session.routine, "configuration, session"),
        (config.reminder.routine, "configuration, reminder"),
    ):
        if name is not None:
            check_routine(name, known, where)
    settings = settings_for(config, known, once)
    faulthandler.enable()  # when a watchdog bites, the log shows where every thread stood
    model = models.find(config.hearing.model)
    inbox = Inbox()
    with ExitStack() as house:
        # Children first: a pin that is open when a process is started counts as busy there.
        sounds = house.enter_context(loopback.shared())
        speaking = Speaking(inbox.post, **asdict(config.voice), played=sounds)
        house.callback(speaking.close)
        speaking.start()
        hearing = Hearing(
            inbox.post,
            model=model,
            microphone=config.hearing.microphone,
            wake_phrases=config.wake.phrases,
            routines={routine.id: routine.spoken_names for routine in known.routines.values()},
            templates=places.folder("routines") / "commands.yaml",
            played=sounds,
        )
        house.callback(hearing.close)
        hearing.start()
        journal = Journal(inbox.post, state_folder() / "journal.sqlite3", week=settings.hours.days)
        house.callback(journal.close)
        settings = replace(settings, health=journal.health(), times=journal.times())
        place = journal.place() if routine is None else None
        now = time.monotonic()
        recorder = None
        if record is not None:
            recorder = Recorder(record, settings, now, greet=routine is None, place=place)
            house.callback(recorder.close)
        screen = Lines() if plain or not usable() else Screen()
        house.callback(screen.close)
        keyboard = Keyboard(
            inbox.post,
            hearing.typed,
            on_line=screen.typing,
            on_stop=screen.step_aside,
            on_resume=screen.come_back,
        )
        house.callback(keyboard.close)
        keyboard.start()
        sinks: Sinks = {
            Listen: [hearing.listen],
            Record: [journal],
            Keep: [journal],
            Recall: [journal],
            Show: [screen],
            SetLamp: [screen],
            Say: [screen, hearing.say, speaking],
            Ignored: [lambda effect: log.info("ignored: %s", effect.reason)],
        }
        sinks[Hush] = [screen, speaking]
        sinks[Chime] = [hearing.chime, speaking]
        for kind in (Duck, Prepare, SetVoice):
            sinks[kind] = [speaking]
        panel = open_panel(config, inbox, screen.notice)
        if panel is not None:
            house.callback(panel.close)
            sinks[SetLamp].append(panel.lamp)
        sensor = open_sensor(config, inbox)
        if sensor is not None:
            house.callback(sensor.close)
        house.enter_context(signals(inbox))
        state, effects = begin(settings, now, greet=routine is None, place=place)
        order(effects, sinks)
        if routine is not None:
            inbox.post(Asked(Command.START, Source.KEY, routine))
        service = Service(healthy=(speaking.tended, hearing.tended))
        house.callback(service.ending)
        service.ready()
        return pump(state, inbox, sinks, recorder, service)


def open_panel(
    config: Config, inbox: Inbox, notice: Callable[[str], None]
) -> gpio.ButtonAndLamp | None:
    """The button and the LED. A machine without pins is told of once; pins that are there but
    can't be had are a fault."""
    try:
        return gpio.open_button_and_lamp(inbox.post, config.panel.button_pin, config.panel.led_pin)
    except gpio.NoPanel as reason:
        if gpio.has_pins():
            inbox.post(Lost(Part.BUTTON, str(reason)))
        else:
            notice("No GPIO pins here: the space bar is the button, the screen shows the lamp.")
        return None


def open_sensor(config: Config, inbox: Inbox) -> PresenceSensor | None:
    """The presence sensor, where one is configured; then lacking it is a fault."""
    if config.presence.sensor is Sensor.NONE:
        return None
    try:
        return open_presence(inbox.post, **asdict(config.presence))
    except gpio.NoPanel as reason:
        inbox.post(Lost(Part.PRESENCE, str(reason)))
        return None


@contextmanager
def signals(inbox: Inbox) -> Iterator[None]:
    """SIGTERM and a closed terminal end the program in good order; so does Ctrl-C."""
    codes = {signal.SIGTERM: 0, signal.SIGHUP: 0, signal.SIGINT: int(ExitCode.INTERRUPTED)}

    def ask_to_quit(number: int, _: object) -> None:
        inbox.post(Quit(codes[signal.Signals(number)]))

    before = {number: signal.signal(number, ask_to_quit) for number in codes}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def replay(path: Path) -> int:
    """Play a recording and print what was ordered; 0 if it is what was ordered then, else 1."""
    count = 0
    for count, (now, event, effects, same) in enumerate(steps_of(path), 1):
        print(f"{now:12.3f}  {event}")
        for effect in effects:
            print(f"{'':12}    {effect}")
        if not same:
            print(f"event {count}: something else was ordered when it was recorded")
            return 1
    print(f"{count} events: the very same effects as when they were recorded")
    return 0
