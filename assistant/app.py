"""The wiring, and the pump: the only file that knows all the rooms.

Builds everything from the configuration, hands each event to the coach and each effect to the room
it is for, and puts things away in the reverse order. What is to happen is decided by the coach.
"""

import faulthandler
import logging
import re
import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant import config as configuration
from assistant.coach import identity, situation
from assistant.coach.effects import (
    Chime,
    Duck,
    Effect,
    Exit,
    Hush,
    Ignored,
    Keep,
    Listen,
    Meet,
    Place,
    Prepare,
    Recall,
    Record,
    Remember,
    Say,
    SetEar,
    SetLamp,
    SetVoice,
    Show,
)
from assistant.coach.events import (
    Asked,
    Command,
    Due,
    Event,
    Lost,
    Part,
    Quit,
    Slept,
    Source,
    WallClock,
)
from assistant.coach.state import State
from assistant.coach.step import begin, deadline, step
from assistant.config import Config, NoPin, Sensor, all_routines, household
from assistant.config.checks import unknown_routines
from assistant.config.for_coach import settings_for
from assistant.config.keys import Wake
from assistant.content.toml_reader import Problem
from assistant.content.types import Library
from assistant.content.words import few, listing, number
from assistant.errors import AssistantError, ExitCode
from assistant.hearing import Hearing, models
from assistant.hearing.taught import Voices
from assistant.hearing.understand import unusable_phrases
from assistant.journal import Journals
from assistant.machine import places
from assistant.machine.clock import SleepWatch, WallClockWatch
from assistant.machine.inbox import LONGEST_WAIT_S, Inbox
from assistant.machine.systemd import Service
from assistant.outside import helper_processes
from assistant.panel import gpio
from assistant.panel.button_and_led import ButtonAndLed
from assistant.panel.event_log import EventLog
from assistant.panel.keyboard import Keyboard
from assistant.sound import loopback
from assistant.speaking.speaker import Speaking

if TYPE_CHECKING:
    from assistant.outside.unix_door import Door
    from assistant.panel.presence_sensor import PresenceSensor
    from assistant.panel.screen import Screen
    from assistant.simulation.recording import Recorder

log = logging.getLogger(__name__)
Sinks = dict[type, list[Callable[[Any], None]]]


def pump(
    state: State,
    inbox: Inbox[Event],
    sinks: Sinks,
    recorder: "Recorder | None",
    service: Service,
    door: "Door[State] | None" = None,
) -> int:
    """Run until the coach says `Exit`; return its code."""
    wall_clock, sleep = WallClockWatch(), SleepWatch()
    longest_s = min(LONGEST_WAIT_S, service.beat_s)
    while True:
        service.turn(time.monotonic())
        # Sleep first: the clock is then set anew, and rest is never inferred from that.
        if (slept_s := sleep.look()) is not None:
            event: Event = Slept(slept_s)
        elif (shows := wall_clock.look()) is not None:
            event = WallClock(shows.local_s, shows.trusted)
        else:
            event = inbox.next(deadline(state), longest_s) or Due()
        now = time.monotonic()
        state, effects = step(state, event, now)
        if recorder is not None:
            try:
                recorder(event, now, effects)
            except OSError as error:
                inbox.post(Lost(Part.RECORDING, (error.strerror or str(error)).lower()))
        if door is not None:
            door.saw(event, effects, state)
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


def check_routine(routine: str, known: Library) -> None:
    """Raise AssistantError unless the routine, which was asked for, is there."""
    if routine not in known.routines:
        raise AssistantError(
            f'run: there is no routine "{routine}"; there are {listing(sorted(known.routines))}',
            code=ExitCode.UNKNOWN_ROUTINE,
        )


# --- what can be used of a person's own -------------------------------------


@dataclass(frozen=True, slots=True)
class Usable:
    """What the house is built from, and what was left out of what a person wrote."""

    config: Config
    known: Library
    model: Path
    left_out: Sequence[Lost]


def usable_of(config_file: Path | None) -> Usable:
    """Read the person's files. What is wrong in them is left out, written to the log, and told;
    only a configuration that was named and can't be read is an AssistantError."""
    config, wrong = configuration.load_usable(config_file)
    known, broken = all_routines.usable(helper_processes.routine_folders(config))
    for problem in (*wrong, *broken):
        log.warning("left out: %s", problem)
    reasons = [_place_of(problem) for problem in wrong]
    for table, key, name in unknown_routines(config, known.routines):
        default = getattr(getattr(Config(), table), key)
        log.warning("left out: %s.%s: there is no routine %s", table, key, name)
        config = replace(config, **{table: replace(getattr(config, table), **{key: default})})
        reasons.append(f"there is no routine called {name.replace('-', ' ')}")
    if config.wake != Wake():  # the default is known to be good
        spoken = {routine.id: routine.spoken_names for routine in known.routines.values()}
        wrong_phrases = unusable_phrases(config.wake.phrases, spoken, household.spoken(config))
        for phrase, why in wrong_phrases.items():
            log.warning('left out: wake.phrases: "%s" can\'t be used: %s', phrase, why)
        if wrong_phrases:
            rest = tuple(one for one in config.wake.phrases if one not in wrong_phrases)
            config = replace(config, wake=Wake(phrases=rest) if rest else Wake())
            reasons.append("a wake phrase")
    try:
        model = models.find(config.hearing.model)
    except AssistantError as error:
        log.warning("left out: %s", error)
        model = models.usable()
        if config.hearing.model:
            reasons.append("the speech model that it names can't be used")
    left_out = [Lost(Part.CONFIGURATION, few(reasons))] if reasons else []
    if broken:
        files = [f"{Path(problem.file).stem}, {_place_of(problem)}" for problem in broken]
        left_out.append(Lost(Part.ROUTINES, few(files)))
    return Usable(config, known, model, left_out)


def _place_of(problem: Problem) -> str:
    """Where a problem is, to be heard: "sit min, in line two"."""
    line = f"line {number(problem.line)}" if problem.line else problem.found
    key = re.sub(r"[_ \d]+", " ", problem.key.rpartition(".")[2]).strip()
    return f"{key}, in {line}" if key and problem.line else line


def run(
    config_file: Path | None,
    *,
    routine: str | None,
    once: bool,
    record: Path | None,
    plain: bool,
) -> int:
    """Be the assistant until it is asked to end; return the exit code.

    `config_file`: another one than the person's own; `routine` is led at once; `once` ends the
    program after it; every event and effect is written to `record`; `plain`: lines, no live screen.
    Raises AssistantError before anything is opened: a named file that can't be used, no routine.
    """
    usable = usable_of(config_file)
    config, known = usable.config, usable.known
    if routine is not None:
        check_routine(routine, known)
    settings = settings_for(config, known, once)
    faulthandler.enable()  # when a watchdog bites, the log shows where every thread stood
    inbox: Inbox[Event] = Inbox()
    with ExitStack() as house:
        house.enter_context(signals(inbox))
        # Children first: a pin that is open when a process is started counts as busy there.
        sounds = house.enter_context(loopback.shared())
        speaking = Speaking(
            inbox.post,
            voice=config.voice.voice,
            rate_wpm=config.voice.rate_wpm,
            volume=config.voice.volume,
            loudspeaker=(config.voice.loudspeaker, *config.voice.other_loudspeakers),
            played=sounds,
            lowered=str(places.lowered_file()) if config.voice.duck_others else "",
        )
        house.callback(speaking.close)
        speaking.start()
        journal = Journals(inbox.post, places.journal_file(), settings.owner, settings.hours.days)
        there = journal.begin(settings.people, settings.stranger)
        hearing = Hearing(
            inbox.post,
            model=usable.model,
            microphone=(config.hearing.microphone, *config.hearing.other_microphones),
            channel=config.hearing.channel,
            gain_db=config.hearing.gain_db,
            wake_phrases=config.wake.phrases,
            routines={routine.id: routine.spoken_names for routine in known.routines.values()},
            templates=places.sentence_templates(),
            own_sentences=places.own_sentence_templates(),
            people=household.spoken(config),
            played=sounds,
            voices=Voices(places.state_folder(), usable.model, [*settings.people]),
            person=there.person,
        )
        house.callback(hearing.close)
        place = journal.place()
        if routine is not None and place is not None:  # it begins; a closed ear stays closed
            place = Place(ear_closed=True) if place.ear_closed else None
        if place is not None and place.ear_closed:
            hearing.set_ear(SetEar(listening=False))  # before there is a child that could open it
        hearing.start()
        house.callback(journal.close)
        settings = replace(
            identity.with_told(settings, there),
            button=config.panel.button_pin is not NoPin.NONE and gpio.expected(),
            welcome=(routine is None and not once)
            and (places.take_welcome() or (config.session.welcome and journal.is_new())),
        )
        now = time.monotonic()
        recorder = None
        if record is not None:
            from assistant.simulation.recording import Recorder

            recorder = Recorder(record, settings, now, greet=routine is None, place=place)
            house.callback(recorder.close)
        screen = EventLog() if plain else open_screen(known)
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
            SetEar: [hearing.set_ear],
            **{kind: [screen] for kind in (Show, SetLamp)},
            Say: [screen, hearing.say, speaking],
            Ignored: [lambda effect: log.info("ignored: %s", effect.reason)],
        }
        sinks[Hush], sinks[Chime] = [screen, speaking], [hearing.chime, speaking]
        sinks |= {kind: [journal] for kind in (Record, Keep, Remember, Recall)}
        sinks[Meet] = [journal, lambda effect: hearing.meet(effect.person)]
        sinks |= {kind: [speaking] for kind in (Duck, Prepare, SetVoice)}
        if (panel := open_panel(config, inbox, screen.notice)) is not None:
            house.callback(panel.close)
            sinks[SetLamp].append(panel.lamp)
        if (sensor := open_sensor(config, inbox)) is not None:
            house.callback(sensor.close)
        state, effects = begin(settings, now, greet=routine is None, place=place)
        order(effects, sinks)
        for lost in usable.left_out:
            inbox.post(lost)
        if routine is not None:
            inbox.post(Asked(Command.START, Source.KEY, routine))
        service = Service(healthy=(speaking.tended, hearing.tended))
        house.callback(service.ending)
        service.ready()
        names = {one.id: one.name for one in known.exercises.values()}
        door = helper_processes.open_door(
            config,
            config_file,
            inbox.post,
            situation.of,
            house,
            today=journal.today,
            past=partial(look_back, names),
            notice=screen.notice,
        )
        if door is not None:
            door.saw(None, effects, state)
        return pump(state, inbox, sinks, recorder, service, door)


def open_screen(known: Library) -> "Screen | EventLog":
    """The live screen, where the terminal can place text; a service has none, nor its pictures."""
    from assistant.panel.screen import Screen, usable

    return Screen(exercises=known.exercises) if usable() else EventLog()


def open_panel(
    config: Config, inbox: Inbox[Event], notice: Callable[[str], None]
) -> ButtonAndLed | None:
    """The button and the LED. A machine without pins is told of once; pins that are there but
    can't be had are a fault, and are tried again."""
    if config.panel.button_pin is NoPin.NONE and config.panel.led_pin is NoPin.NONE:
        return None
    if not gpio.expected():
        notice("No GPIO pins here: the space bar is the button, the screen shows the lamp.")
        return None
    return ButtonAndLed(inbox.post, **asdict(config.panel))


def open_sensor(config: Config, inbox: Inbox[Event]) -> "PresenceSensor | None":
    """The presence sensor, where one is configured; then lacking it is a fault."""
    if config.presence.sensor is Sensor.NONE:
        return None
    from assistant.panel.presence_sensor import open_presence

    return open_presence(inbox.post, **asdict(config.presence))


def look_back(names: Mapping[str, str], days: int) -> tuple[str, str]:
    """For the page: what was done in so many days; see `past.part_of_page`."""
    from assistant.journal.past import part_of_page

    return part_of_page(places.journal_file(), names, days)


@contextmanager
def signals(inbox: Inbox[Event]) -> Iterator[None]:
    """SIGTERM and a closed terminal end the program in good order; so does Ctrl-C. Once it was
    asked, what comes again is left aside for good: a closed terminal sends it twice, and Python
    takes as long to put itself away as the house does."""
    codes = {signal.SIGTERM: 0, signal.SIGHUP: 0, signal.SIGINT: int(ExitCode.INTERRUPTED)}
    if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:  # by nohup, to outlive its terminal
        del codes[signal.SIGHUP]
    asked = asking = False

    def ask_to_quit(number: int, _: object) -> None:
        nonlocal asked, asking
        if asking:  # a flood of them comes one in the midst of the other, without end
            return
        asked = asking = True
        inbox.post(Quit(codes[signal.Signals(number)]))
        asking = False

    before = {number: signal.signal(number, ask_to_quit) for number in codes}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, signal.SIG_IGN if asked else handler)
