"""The child that owns the microphone, and the door that turns its lines into events."""

import json
import queue
import subprocess
import sys
import time
from array import array
from collections.abc import Callable
from typing import Any

import pytest

from assistant.coach.effects import Context, Listen
from assistant.coach.events import (
    Asked,
    Command,
    Event,
    Found,
    Lost,
    Part,
    Source,
    Talking,
    Unclear,
)
from assistant.hearing import Hearing
from assistant.hearing.accept import Verdict
from assistant.hearing.ear import Utterance
from assistant.hearing.listener import read_commands, report
from assistant.hearing.microphone import LEAST_SHARE, SILENT_S, SLOW_BEATS, Gone, Pulse, mixed
from assistant.hearing.models import shipped
from tests.hearing.setting import ROUTINES, TEMPLATES, WAKE, commands

NOWHERE = "a microphone that nobody has"


def test_silence_of_the_device_is_the_end() -> None:
    """Not quiet sound: no sound at all."""
    pulse = Pulse(16000, now=100.0)
    pulse.block(800, 100.5)
    pulse.check(100.5 + SILENT_S)
    with pytest.raises(Gone, match="no sound comes"):
        pulse.check(100.6 + SILENT_S)


def test_sound_that_comes_too_slowly_is_the_end_after_a_while() -> None:
    pulse = Pulse(16000, now=0.0)
    for second in range(1, SLOW_BEATS):
        pulse.block(8000, float(second))
        share = pulse.check(float(second))
        assert share is not None
        assert share < LEAST_SHARE
    pulse.block(8000, float(SLOW_BEATS))
    with pytest.raises(Gone, match="50%"):
        pulse.check(float(SLOW_BEATS))


def test_sound_at_its_rate_beats_once_a_second() -> None:
    """A hiccup of half a second is no fault."""
    pulse, beats = Pulse(16000, now=0.0), 0
    for tenth in range(1, 601):
        if tenth % 100 >= 5:
            pulse.block(1600, tenth / 10)
        beats += pulse.check(tenth / 10) is not None
    assert 55 <= beats <= 60


def utterance(context: Context, verdict: Verdict, length_s: float = 0.5) -> Utterance:
    return Utterance("stop", 0.8, 1.0, 1.0 + length_s, 2.0, context, verdict)


def test_what_the_parent_is_told() -> None:
    """What is accepted, anywhere; after the wake phrase also that something else was said."""
    taken, refused = Verdict(Command.STOP, True, "ok"), Verdict(None, False, "other words")
    told = report(utterance(Context.SESSION, taken))
    assert (told["heard"], told["context"], told["confidence"]) == ("stop", "session", 0.8)
    why = {"context": Context.AWAKE, "reason": "other words"}
    assert "refused" in report(utterance(Context.SESSION, refused))
    assert report(utterance(Context.AWAKE, refused)) == {"unclear": "stop", **why}
    assert report(utterance(Context.AWAKE, refused, length_s=0.1)) == {"refused": "stop", **why}


def settings(**changes: Any) -> dict[str, Any]:
    return {
        "model": str(shipped()),
        "microphone": NOWHERE,
        "commands": {context: dict(phrases) for context, phrases in commands().items()},
        "context": "idle",
        **changes,
    }


def run_child(*lines: dict[str, Any]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "assistant.hearing.listener"],
        input="".join(json.dumps(line) + "\n" for line in lines),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
        cwd=TEMPLATES.parents[1],
    )


def test_commands_survive_the_way_to_the_child() -> None:
    assert read_commands(json.loads(json.dumps(settings()["commands"]))) == commands()


def test_two_channels_become_their_mean() -> None:
    both = array("h", [100, 200, -32768, -32768, 32767, 32767, 0, -1])
    assert array("h", mixed(both.tobytes())).tolist() == [150, -32768, 32767, -1]


def test_a_missing_microphone_is_said_in_one_line() -> None:
    """Nothing of the sound libraries' own complaints reaches the screen."""
    done = run_child({"context": "session"}, settings())
    [line] = done.stdout.splitlines()
    assert NOWHERE in json.loads(line)["lost"]
    assert done.stderr == ""


def test_a_child_whose_parent_is_gone_ends() -> None:
    assert run_child().returncode == 0


def test_a_child_whose_parent_was_killed_in_the_middle_of_a_line_ends() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "assistant.hearing.listener"],
        input=json.dumps(settings())[:-9],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
        cwd=TEMPLATES.parents[1],
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


class Inbox:
    """Events as they come, waited for and never polled."""

    def __init__(self) -> None:
        self._events: queue.Queue[Event] = queue.Queue()
        self.post = self._events.put

    def next(self, within_s: float = 20.0) -> Event:
        return self._events.get(timeout=within_s)

    def nothing_within(self, seconds: float) -> bool:
        try:
            self._events.get(timeout=seconds)
        except queue.Empty:
            return True
        return False


def new_hearing(post: Callable[[Event], None], **changes: Any) -> Hearing:
    options: dict[str, Any] = {
        "model": shipped(),
        "microphone": NOWHERE,
        "wake_phrases": WAKE,
        "routines": ROUTINES,
        "templates": TEMPLATES,
        **changes,
    }
    return Hearing(post, **options)


def test_a_missing_microphone_is_said_once_however_often_it_is_tried() -> None:
    inbox = Inbox()
    hearing = new_hearing(inbox.post)
    hearing.start()
    try:
        lost = inbox.next()
        assert isinstance(lost, Lost)
        assert lost.part is Part.MICROPHONE
        assert NOWHERE in lost.reason
        hearing.listen(Listen(Context.SESSION))
        assert inbox.nothing_within(2.5), "it was tried again by then"
    finally:
        began = time.monotonic()
        hearing.close()
    assert time.monotonic() - began < 5
    assert hearing.pid is None


def told(*messages: dict[str, Any], **changes: Any) -> list[Event]:
    """The events for these lines of a child."""
    events: list[Event] = []
    hearing = new_hearing(events.append, **changes)
    for message in messages:
        hearing._message(message)
    return events


def test_lines_become_events() -> None:
    assert told(
        {"heard": "hey coach start lower back", "context": "idle", "confidence": 0.9},
        {"unclear": "[unk]", "reason": "other words"},
        {"heard": "resume", "context": "session", "confidence": 0.9},
        {"talking": True},
    ) == [
        Asked(Command.START, routine="lower-back-gentle", text="hey coach start lower back"),
        Unclear(),
        Talking(),
    ]


def test_a_typed_line_needs_no_wake_phrase() -> None:
    hearing = new_hearing(lambda event: None)
    assert hearing.typed("Stop!") == Asked(Command.STOP, Source.TYPED, text="stop")
    assert hearing.typed("hello there") == Unclear(Source.TYPED)
    assert hearing.typed("  ") is None


def test_lost_and_found_come_in_turn() -> None:
    """Once each; the first "found" says that hearing works."""
    lost = {"lost": "no microphone was found"}
    ready: dict[str, Any] = {"ready": 0.1, "unknown": []}
    assert told(ready, {"found": True}, lost, lost, ready, {"found": True}) == [
        Found(Part.MICROPHONE),
        Lost(Part.MICROPHONE, "no microphone was found"),
        Found(Part.MICROPHONE),
    ]


def test_bad_sound_is_lost_and_found_and_a_new_microphone_starts_afresh() -> None:
    """Words for it come from the child; it doesn't hide that the microphone itself is lost."""
    bad, again = {"sound": "it is overdriven"}, {"sound": None}
    assert told(bad, bad, again, again) == [
        Lost(Part.SOUND, "it is overdriven"),
        Found(Part.SOUND),
    ]
    assert told(bad, {"lost": "gone"}, {"found": "another"}) == [
        Lost(Part.SOUND, "it is overdriven"),
        Lost(Part.MICROPHONE, "gone"),
        Found(Part.MICROPHONE),
        Found(Part.SOUND),
    ]


def test_a_broken_model_is_lost_and_found() -> None:
    broken = {"model": "it can't be loaded."}
    ready: dict[str, Any] = {"ready": 0.1, "unknown": []}
    assert told(broken, broken, ready) == [
        Lost(Part.MODEL, "it can't be loaded"),
        Found(Part.MODEL),
    ]


def test_a_wake_phrase_that_the_model_lacks_is_a_fault(caplog: pytest.LogCaptureFixture) -> None:
    """It could never be woken: said aloud, with what to do; other words go to the log."""
    ready = {"ready": 0.1, "unknown": ["zork"]}
    [lost] = told(ready, wake_phrases=["hey zork"])
    assert isinstance(lost, Lost)
    assert lost.part is Part.MODEL
    assert "zork" in lost.reason
    assert "configuration" in lost.reason
    caplog.clear()
    assert told(ready, routines={"zork": ["zork"]}) == []
    assert "zork" in caplog.text


def test_settings_hold_the_situation_of_now(monkeypatch: pytest.MonkeyPatch) -> None:
    """A child that is started again listens for what counts now, not for what counted before."""
    hearing = new_hearing(lambda event: None)
    sent: list[dict[str, Any]] = []

    def keep(message: dict[str, Any]) -> bool:
        sent.append(message)
        return True

    monkeypatch.setattr(hearing._worker, "send", keep)
    hearing.listen(Listen(Context.PAUSED))
    hearing._settings()
    assert sent[0] == {"context": "paused"}
    assert sent[1]["context"] == "paused"
    assert json.loads(json.dumps(sent[1]))["commands"]["paused"]["resume"] == "resume"
