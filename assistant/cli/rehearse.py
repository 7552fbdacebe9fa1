"""`assistant rehearse`: every word of a routine and its time: to read, to hear, as a sound file.

Decides how a plan is printed, and when a sentence is spoken aloud where waits are shortened. What
a routine says, the content room decides; how it sounds, the speaking room.
"""

import dataclasses
import threading
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.cli import common, which_routine
from assistant.errors import AssistantError, ExitCode

if TYPE_CHECKING:
    from assistant.coach.events import Event
    from assistant.config.keys import Voice
    from assistant.content.timetable import Row
    from assistant.content.types import Plan

SPEEDS = (0.5, 10.0)


def add(parser: ArgumentParser) -> None:
    common.example(parser, "assistant rehearse my-routine.toml")
    parser.add_argument("routine", metavar="ROUTINE|FILE.toml", help="its name, or its file")
    told = parser.add_mutually_exclusive_group()
    common.add_json(told)
    told.add_argument("--aloud", action="store_true", help="speak it through the loudspeaker")
    parser.add_argument(
        "--speed", type=float, metavar="TIMES", help="with --aloud: shorten the waits"
    )
    parser.add_argument(
        "--to",
        metavar="FILE.wav",
        type=common.written_as(".wav"),
        help="write what is heard, at its real times",
    )
    common.add_config(parser)


def run(asked: Namespace) -> int:
    from assistant.content.plan import compile_plan
    from assistant.content.timetable import script

    speed = 1.0 if asked.speed is None else asked.speed
    if not SPEEDS[0] <= speed <= SPEEDS[1]:
        raise AssistantError(
            f"--speed {speed:g}: expected {SPEEDS[0]:g} to {SPEEDS[1]:g}, such as 4",
            code=ExitCode.COMMAND_LINE,
        )
    if asked.speed is not None and not asked.aloud:
        raise AssistantError(
            "--speed: only what is spoken has one; add --aloud", code=ExitCode.COMMAND_LINE
        )
    plan = compile_plan(which_routine.routine(asked.routine))
    rows = script(plan)
    if asked.to or asked.aloud:
        voice = common.settings_of(asked).voice
        if asked.to:
            _write(plan, rows, Path(asked.to), voice)
        if asked.aloud:
            _speak(rows, voice, speed)
    if asked.json or not (asked.to or asked.aloud):
        print(_plan_json(plan, rows) if asked.json else _plan_text(plan, rows))
    return ExitCode.GOOD


# --- to be read -------------------------------------------------------------


def _plan_json(plan: "Plan", rows: Sequence["Row"]) -> str:
    segments = []
    for row in rows:
        segment = dataclasses.asdict(row)
        segment["cues"] = [{"at_s": at_s, "text": text} for at_s, text in row.cues]
        segments.append(segment)
    return common.as_json(
        {
            "id": plan.id,
            "name": plan.name,
            "total_s": round(plan.total_s, 3),
            "exercises": list(plan.exercise_ids),
            "segments": segments,
        }
    )


def _plan_text(plan: "Plan", rows: Sequence["Row"]) -> str:
    lines = []
    for row in rows:
        said = row.cues or ((row.start_s, ""),)
        if said[0][0] > row.start_s + 0.5:
            said = ((row.start_s, ""), *said)
        for number, (at_s, text) in enumerate(said):
            lines.append((common.clock(at_s), row.title if number == 0 else "", text))
    total = f"{common.clock(plan.total_s)} in all, {which_routine.exercises(len(plan.exercises))}."
    return f"{plan.name}\n\n{common.columns(lines)}\n\n{total}"


# --- to be heard ------------------------------------------------------------


def _write(plan: "Plan", rows: Sequence["Row"], path: Path, voice: "Voice") -> None:
    from assistant.speaking.to_file import speak_to_file

    speak_to_file(
        path,
        [cue for row in rows for cue in row.cues],
        ticks=list(_ticks(plan)),
        length_s=plan.total_s,
        voice=voice.voice,
        rate_wpm=voice.rate_wpm,
        volume=voice.volume,
    )


def _ticks(plan: "Plan") -> Iterator[float]:
    start = 0.0
    for segment in plan.segments:
        yield from (start + tick for tick in segment.ticks)
        start += segment.length_s


def _speak(rows: Sequence["Row"], voice: "Voice", speed: float) -> None:
    """Through the loudspeaker, the waits `speed` times shorter; sentences follow one another where
    that leaves too little time. Raises AssistantError when there is no voice."""
    from assistant.coach.effects import Priority, Say, SetVoice
    from assistant.speaking.speaker import Speaking

    heard = _Heard()
    speaking = Speaking(
        heard,
        voice=voice.voice,
        rate_wpm=voice.rate_wpm,
        volume=voice.volume,
        loudspeaker=(voice.loudspeaker, *voice.other_loudspeakers),
    )
    speaking.start()
    try:
        speaking(SetVoice(min(1.4, max(1.0, speed)), voice.volume))
        began = time.monotonic()
        for number, (at_s, title, text) in enumerate(_lines(rows)):
            time.sleep(max(0.0, began + at_s / speed - time.monotonic()))
            if title:
                print(title, flush=True)
            print(f"  {text}", flush=True)
            speaking(Say(number, text, Priority.CUE, 30.0))
            heard.wait(number)
    finally:
        speaking.close()


def _lines(rows: Sequence["Row"]) -> Iterator[tuple[float, str, str]]:
    before = ""
    for row in rows:
        for at_s, text in row.cues:
            yield at_s, row.title if row.title != before else "", text
            before = row.title


class _Heard:
    """Waits until a sentence was said."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._said: set[int] = set()
        self._reason = ""

    def __call__(self, event: "Event") -> None:
        from assistant.coach.events import Lost, Spoken

        with self._changed:
            match event:
                case Spoken(utterance):
                    self._said.add(utterance)
                case Lost(_, reason):
                    self._reason = reason
            self._changed.notify_all()

    def wait(self, utterance: int) -> None:
        with self._changed:
            self._changed.wait_for(lambda: utterance in self._said or self._reason, 60.0)
            if self._reason:
                raise AssistantError(
                    f"This can't be heard: {self._reason}. "
                    "Write it into a file with --to FILE.wav, or read it without --aloud.",
                    code=ExitCode.CONFIGURATION,
                )
