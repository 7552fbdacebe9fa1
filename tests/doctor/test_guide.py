"""The guide asks a person, counts only what came after the question, and finds the device meant."""

import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from gpiozero import Device
from gpiozero.pins.mock import MockFactory, MockPWMPin

from assistant.coach.events import Asked, Command, Event, Found, Lost, Part, Source, Touched
from assistant.config import Config, NoPin
from assistant.config.keys import Hearing, Panel, Voice
from assistant.doctor import guide as guided
from assistant.doctor.finding import Grade, doubt, good
from assistant.errors import ExitCode
from tests.room import Room
from tests.synthetic import Speaker, voices

ROOT = Path(__file__).resolve().parents[2]
PRESS = Asked(Command.PRESS, Source.BUTTON)


# --- the button ---------------------------------------------------------------


def pressed(
    monkeypatch: pytest.MonkeyPatch,
    before: list[Event],
    after: list[Event],
    held: Callable[[], bool] = lambda: False,
) -> tuple[Grade, list[str]]:
    """What is found when these events came before the question, and those after it."""
    monkeypatch.setattr(guided, "PRESS_S", 0.1)
    monkeypatch.setattr(guided, "REST_S", 0.2)
    inbox: queue.SimpleQueue[Event] = queue.SimpleQueue()
    told: list[str] = []
    for event in before:
        inbox.put(event)

    def tell(text: str) -> None:
        told.append(text)
        if "Press it now" in text:
            for event in after:
                inbox.put(event)

    return guided.pressed(inbox, held, tell).grade, told


@pytest.mark.parametrize(
    ("before", "after", "grade"),
    [
        pytest.param([], [Touched(), PRESS], Grade.OK, id="a press"),
        pytest.param([], [], Grade.WARN, id="none"),
        pytest.param([Touched(), PRESS], [], Grade.WARN, id="one before the question"),
        pytest.param([], [Lost(Part.BUTTON, "gone")], Grade.WARN, id="a fault is no press"),
        pytest.param([], [Found(Part.LAMP)], Grade.WARN, id="nor is anything else"),
        pytest.param([], [Found(Part.LAMP), Touched()], Grade.OK, id="a press after that"),
    ],
)
def test_only_a_press_after_the_question_counts(
    monkeypatch: pytest.MonkeyPatch, before: list[Event], after: list[Event], grade: Grade
) -> None:
    assert pressed(monkeypatch, before, after)[0] is grade


def test_a_button_that_never_rests_is_told_before_anybody_is_asked_to_press(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Wired the other way round, it would seem to work."""
    grade, told = pressed(monkeypatch, [], [Touched()], held=lambda: True)
    assert grade is Grade.WARN
    assert told == ["Button. Let go of it for a moment."]


def test_a_finger_that_lets_go_may_press(monkeypatch: pytest.MonkeyPatch) -> None:
    down = iter([True, True, True])
    grade, told = pressed(monkeypatch, [], [Touched()], held=lambda: next(down, False))
    assert grade is Grade.OK
    assert told[-1] == "Button. Press it now."


class Finger(MockPWMPin):  # type: ignore[misc] # gpiozero ships no types
    """A pin that is pressed once, when it is asked for."""


@pytest.fixture
def pins(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("GPIOZERO_PIN_FACTORY", "mock")
    Device.pin_factory = MockFactory(pin_class=Finger)
    yield Device.pin_factory
    Device.pin_factory.reset()
    Device.pin_factory = None


# --- the whole way, without sound ---------------------------------------------


class Person:
    """Says yes to these questions and no to others; presses when asked to."""

    def __init__(self, *yes: str, pins: Any = None) -> None:
        self.yes, self.pins = yes, pins
        self.told: list[str] = []

    def ask(self, question: str) -> bool:
        self.told.append(question)
        return any(word in question for word in self.yes)

    def tell(self, text: str) -> None:
        self.told.append(text)
        if "Press it now" in text and self.pins is not None:
            threading.Timer(0.05, self.pins.pin(17).drive_low).start()


class Devices:
    """Stands in for the processes that play and list: no sound card is needed for the questions."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *broken: str) -> None:
        self.played: list[str] = []
        self.names = {
            "microphones": ["Webcam: USB Audio (hw:2,0)", "Jabra: USB Audio (hw:1,0)", "default"],
            "loudspeakers": ["HDMI 0 (hw:0,0)", "Jabra: USB Audio (hw:1,0)", "dmix", "default"],
        }

        def try_part(name: str, part: str, given: dict[str, str]) -> object:
            self.played.append(given["loudspeaker"])
            works = given["loudspeaker"] not in broken
            return good(name, "played") if works else doubt(name, "it can't be opened", "plug")

        monkeypatch.setattr(guided, "try_part", try_part)
        monkeypatch.setattr(guided, "ask", lambda part, given: self.names)


NO_PINS = Panel(button_pin=NoPin.NONE, led_pin=NoPin.NONE)


def gone_through(
    person: Person, config: Config, hears: str = ""
) -> tuple[int, dict[str, str], list[str]]:
    """The exit code, what was kept, and the microphones that were checked."""
    kept: dict[str, str] = {}
    checked: list[str] = []

    def check(name: str) -> bool:
        checked.append(name)
        return name == hears

    def keep(table: str, key: str, value: str) -> None:
        kept[f"{table}.{key}"] = value

    code = guided.guide(config, check, keep, person.ask, person.tell)
    return code, kept, checked


def test_who_hears_the_first_loudspeaker_is_asked_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The system's own choice, then the microphone; nothing is written."""
    devices, person = Devices(monkeypatch), Person("Did you hear")
    assert gone_through(person, Config(panel=NO_PINS)) == (ExitCode.GOOD, {}, [""])
    assert devices.played == [""]


def test_loudspeakers_are_gone_through_until_one_is_heard(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A speakerphone before HDMI; its name is kept without the number that changes with the
    socket, and its microphone is the next to be tried."""
    devices = Devices(monkeypatch)
    person = Person("try them", "Keep")
    person.yes = (*person.yes, "Did you hear")
    heard = iter([False, True])
    ask = person.ask

    def hears_the_second(question: str) -> bool:
        return next(heard) if "Did you hear" in question else ask(question)

    monkeypatch.setattr(person, "ask", hears_the_second)
    code, kept, checked = gone_through(person, Config(panel=NO_PINS), hears="Jabra: USB Audio")
    assert devices.played == ["", "Jabra: USB Audio"]
    assert checked == ["", "Jabra: USB Audio"]
    assert kept == {
        "voice.loudspeaker": "Jabra: USB Audio",
        "hearing.microphone": "Jabra: USB Audio",
    }
    assert code == ExitCode.GOOD


def test_a_loudspeaker_that_cannot_be_opened_is_said_and_the_next_is_tried(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As HDMI without a screen; a no to keeping it writes nothing."""
    Devices(monkeypatch, "HDMI")
    person = Person("Did you hear", "try them")
    config = Config(panel=NO_PINS, voice=Voice(loudspeaker="HDMI"))
    assert gone_through(person, config) == (ExitCode.GOOD, {}, [""])
    assert "It can't be used: it can't be opened." in person.told


def test_nobody_hears_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    """What to do is told, and nothing is changed."""
    devices, person = Devices(monkeypatch), Person("try them")
    config = Config(panel=NO_PINS, hearing=Hearing(microphone="webcam: usb audio"))
    code, kept, checked = gone_through(person, config, hears="none of them")
    assert (code, kept) == (ExitCode.UNEXPECTED, {})
    assert devices.played == ["", "Jabra: USB Audio", "HDMI 0", "default"]
    assert checked == ["webcam: usb audio", "Jabra: USB Audio", "default"]
    assert any("alsamixer" in line for line in person.told)


@pytest.mark.parametrize(("breathes", "code"), [("breathe", 0), ("nothing", 1)])
def test_lamp_and_button_on_a_pi(
    monkeypatch: pytest.MonkeyPatch, pins: Any, breathes: str, code: int
) -> None:
    """The lamp is judged by the person, the button by its press."""
    Devices(monkeypatch)
    person = Person("Did you hear", breathes, pins=pins)
    assert gone_through(person, Config())[0] == code
    assert "ok    Button: it was pressed" in person.told


def test_a_lamp_whose_pin_is_taken_is_told_and_the_button_is_tried(
    monkeypatch: pytest.MonkeyPatch, pins: Any
) -> None:
    from gpiozero import LED

    Devices(monkeypatch)
    other = LED(27)
    person = Person("Did you hear", pins=pins)
    assert gone_through(person, Config())[0] == 1
    other.close()
    assert "warn  Lamp: pin twenty-seven is given to two parts" in person.told
    assert "ok    Button: it was pressed" in person.told


def test_the_likeliest_devices_come_first() -> None:
    """Both ways in one, then USB, then the other cards, then what the system chooses; without the
    other names that ALSA gives to each, unless there are no cards at all."""
    loudspeakers = [
        "vc4-hdmi: MAI PCM i2s-hifi-0 (hw:0,0)",
        "USB Speaker: Audio (hw:3,0)",
        "Jabra SPEAK: USB Audio (hw:2,0)",
        *("sysdefault", "dmix", "default"),
    ]
    microphones = ["Jabra SPEAK: USB Audio (hw:2,0)", "default"]
    assert guided.likeliest(loudspeakers, microphones, loudspeakers, "") == [
        "Jabra SPEAK: USB Audio",
        "USB Speaker: Audio",
        "vc4-hdmi: MAI PCM i2s-hifi-0",
        "default",
    ]
    assert guided.likeliest(["speaker", "headset"], [], ["speaker"], "headset") == ["speaker"]


# --- as a command ---------------------------------------------------------------


@pytest.mark.skipif(not voices(), reason="no synthetic voice: espeak-ng or flite is missing")
def test_a_person_is_led_through_all_parts(room: Room) -> None:
    """Yes to the tones, and the wake phrase into the microphone is understood."""
    said = Speaker(room.folder).say(voices()[0], "hey coach, start lower back")
    guide = subprocess.Popen(
        [sys.executable, "-u", "-m", "assistant", "doctor", "--guide"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=room.env() | {"PYTHONPATH": str(ROOT), "GPIOZERO_PIN_FACTORY": "lgpio"},
    )
    assert guide.stdin is not None
    assert guide.stdout is not None
    guide.stdin.write("y\n")
    guide.stdin.flush()
    lines = []
    for line in guide.stdout:
        lines.append(line)
        if "Now say" in line:
            room.play(said, wait=False)
        if "others" in line or "Mend what" in line or "All of it" in line:
            break
    guide.stdin.close()
    rest = guide.stdout.read()
    assert guide.stderr is not None
    assert guide.stderr.read() == ""
    guide.wait()
    text = "".join(lines) + rest
    assert "ok    Loudspeaker: you heard it" in text
    assert "ok    Microphone: it understood you" in text
    assert guide.returncode == 0


def test_the_end_of_the_input_is_a_no(tmp_path: Path) -> None:
    """Nobody is asked twice, and what to do is told."""
    (tmp_path / "asound.conf").write_text("")
    done = subprocess.run(
        [sys.executable, "-m", "assistant", "doctor", "--guide"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
        | {"ALSA_CONFIG_PATH": str(tmp_path / "asound.conf")},
    )
    assert done.returncode == 1
    assert done.stderr == ""
    assert "Mend what has an arrow" in done.stdout
