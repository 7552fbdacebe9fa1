"""Without a terminal each thing that happens is one plain line, and nothing else is."""

import io
import os
from contextlib import suppress
from dataclasses import replace
from threading import Thread

import pytest

from assistant.coach.effects import Effect, Hush, Lamp, Priority, Say, SetLamp, Show, View
from assistant.panel.event_log import EventLog

BRIDGE = View("Bridge", "Lift your hips.", Lamp.HOLDING, 100.0, 20.0, progress="Exercise 2 of 4")


def written(*effects: Effect) -> list[str]:
    stream = io.StringIO()
    lines = EventLog(stream, time_of_day=lambda: "17:02:11")
    for effect in effects:
        lines(effect)
    return stream.getvalue().splitlines()


def test_what_is_new_is_a_line() -> None:
    """A new title, a sentence, what was heard and a fault each have their line, in this order."""
    fault = "I can't hear you: the microphone is gone."
    assert written(
        Show(BRIDGE),
        Say(1, "And hold.", Priority.CUE, 1.0),
        Show(replace(BRIDGE, title="Paused", detail="", heard="pause", faults=(fault,))),
        Show(replace(BRIDGE, heard="pause")),
    ) == [
        "17:02:11 Bridge (Exercise 2 of 4) - Lift your hips.",
        '17:02:11 "And hold."',
        "17:02:11 heard: pause",
        "17:02:11 Paused (Exercise 2 of 4)",
        f"17:02:11 ! {fault}",
        "17:02:11 Bridge (Exercise 2 of 4) - Lift your hips.",
        f"17:02:11 well again: {fault}",
    ]


def test_a_fault_that_was_just_said_is_told_once() -> None:
    """What is missing is named once."""
    fault = "I can't hear you: the microphone is gone."
    told = written(Say(1, fault, Priority.TIP, 20.0), Show(replace(BRIDGE, faults=(fault,))))
    assert [line for line in told if fault in line] == [f'17:02:11 "{fault}"']


def test_what_only_moves_is_no_line() -> None:
    """A countdown, a lamp and the next stand-up alone are not worth one."""
    assert written(
        Show(BRIDGE),
        Show(replace(BRIDGE, ends_at=105.0, stand_at=7.0, lamp=Lamp.RESTING)),
        SetLamp(Lamp.DUE),
        Hush(),
    ) == ["17:02:11 Bridge (Exercise 2 of 4) - Lift your hips."]


def test_one_thing_stays_one_line() -> None:
    """A line break or a control character in a name doesn't break the log."""
    assert written(Show(View("A\nB\x1b[2J", "", Lamp.OFF))) == ["17:02:11 A B [2J"]


def test_a_letter_that_the_log_cannot_hold() -> None:
    """In a log without UTF-8 a strange letter is a question mark, not an error."""
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    EventLog(stream, time_of_day=lambda: "17:02:11").notice("naïve")
    assert raw.getvalue() == b"17:02:11 na?ve\n"


def test_a_reader_that_has_gone_away() -> None:
    """Nobody reading any more is no reason to stop leading."""
    out, into = os.pipe()
    os.close(out)
    stream = os.fdopen(into, "w", encoding="utf-8")
    lines = EventLog(stream)
    lines(Show(BRIDGE))
    lines.notice("still here")
    with suppress(BrokenPipeError):  # what it could not write is still in its buffer
        stream.close()


def test_a_reader_that_takes_nothing_holds_nobody_up() -> None:
    """`assistant run | less` goes on however long one page is looked at; then a line tells how much
    is missing."""
    out, into = os.pipe()
    with os.fdopen(into, "w", encoding="utf-8") as stream, os.fdopen(out, "rb", 0) as reader:
        lines = EventLog(stream, time_of_day=lambda: "17:02:11")

        def lead() -> None:
            for _ in range(4000):
                lines.notice("And hold.")

        story = Thread(target=lead, daemon=True)
        story.start()
        story.join(20)
        taken = len(reader.read(1 << 20).splitlines())
        lines.notice("And let go.")
        told = reader.read(1 << 20).decode().splitlines()
    assert told == [f"({4000 - taken} lines are missing here)", "17:02:11 And let go."]


@pytest.mark.parametrize(("missed", "told"), [(1, "1 line is"), (2, "2 lines are")])
def test_what_was_missed_last_is_told_at_the_end(missed: int, told: str) -> None:
    """Once, and only where somebody reads again: the end waits for nobody."""
    out, into = os.pipe()
    with os.fdopen(into, "w", encoding="utf-8") as stream, os.fdopen(out, "rb", 0) as reader:
        os.set_blocking(into, False)
        with suppress(BlockingIOError):
            while True:
                os.write(into, bytes(4096))
        lines = EventLog(stream)
        for _ in range(missed):
            lines.notice("And hold.")
        lines.close()
        while len(reader.read(1 << 20)) == 1 << 20:
            pass
        lines.close()
        lines.close()
        assert reader.read(1 << 20).decode() == f"({told} missing here)\n"
