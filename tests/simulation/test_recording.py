"""What a live program saw can be played again."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings

from assistant.coach.effects import Place
from assistant.coach.events import Asked, Command, Event, Source
from assistant.coach.step import begin, step
from assistant.errors import AssistantError, ExitCode
from assistant.simulation.recording import Recorder, replay
from tests.coach.driver import SETTINGS
from tests.coach.test_properties import SCRIPTS


def recorded(path: Path, script: list[tuple[float, Event | str]]) -> int:
    """Run a script and record it; how many events there were."""
    state, _ = begin(SETTINGS, 5.0, greet=False)
    recorder = Recorder(path, SETTINGS, 5.0, greet=False, place=None)
    now, count = 5.0, 0
    for gap, event in script:
        now += gap
        if not isinstance(event, str):
            state, effects = step(state, event, now)
            recorder(event, now, effects)
            count += 1
    recorder.close()
    return count


@settings(max_examples=50)
@given(SCRIPTS)
def test_any_recording_replays_to_the_same_effects(
    tmp_path_factory: pytest.TempPathFactory, script: list[tuple[float, Event | str]]
) -> None:
    """Whatever happened, played again it orders the very same."""
    path = tmp_path_factory.mktemp("recording") / "day.jsonl"
    count = recorded(path, script)
    played = list(replay(path))
    assert len(played) == count
    assert all(same for *_, same in played)


def test_a_difference_is_noticed(tmp_path: Path) -> None:
    """An effect that is not the recorded one is told."""
    path = tmp_path / "day.jsonl"
    recorded(path, [(1.0, Asked(Command.START)), (1.0, Asked(Command.PAUSE, Source.BUTTON))])
    lines = path.read_text().splitlines()
    path.write_text("\n".join([*lines[:2], lines[2].replace("Paused.", "Halted.")]))
    assert [same for *_, same in replay(path)] == [True, False]


def test_a_place_to_come_back_to_is_recorded(tmp_path: Path) -> None:
    """What a power cut left is part of what the program saw."""
    path, place = (
        tmp_path / "day.jsonl",
        Place("sides", "plank", "work", length_s=20.0, elapsed_s=2.0),
    )
    state, _ = begin(SETTINGS, 5.0, place=place)
    recorder = Recorder(path, SETTINGS, 5.0, greet=True, place=place)
    state, effects = step(state, Asked(Command.GO), 6.0)
    recorder(Asked(Command.GO), 6.0, effects)
    recorder.close()
    assert [same for *_, same in replay(path)] == [True]


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (lambda lines: [], "line 1"),
        (lambda lines: ["not json"], "line 1"),
        (lambda lines: [lines[0].replace('"version": 2', '"version": 99')], "version 99"),
        (lambda lines: [lines[0], lines[1][: len(lines[1]) // 2]], "line 2"),
        (lambda lines: [lines[0], lines[1].replace('"Asked"', '"Dreamt"')], "line 2"),
        (lambda lines: [lines[0], lines[1].replace('"start"', '"fly"')], "line 2"),
        (lambda lines: [json.dumps([1, 2])], "line 1"),
    ],
)
def test_a_broken_recording_is_named(tmp_path: Path, spoil, named: str) -> None:  # type: ignore[no-untyped-def]
    """A file that can't be played says in which line and what to do."""
    path = tmp_path / "day.jsonl"
    recorded(path, [(1.0, Asked(Command.START))])
    path.write_text("\n".join(spoil(path.read_text().splitlines())))
    with pytest.raises(AssistantError, match=named) as failure:
        list(replay(path))
    assert failure.value.code == ExitCode.FILE_ACCESS


def test_where_nothing_can_be_written_is_said(tmp_path: Path) -> None:
    """A recording that can't be begun says so before anything starts."""
    with pytest.raises(AssistantError, match="can't be written"):
        Recorder(tmp_path / "missing" / "day.jsonl", SETTINGS, 0.0, greet=True, place=None)
    with pytest.raises(AssistantError, match="can't be read"):
        list(replay(tmp_path / "nothing.jsonl"))


def test_a_recording_is_for_its_owners_eyes(tmp_path: Path) -> None:
    """It holds what was answered about a body; one that was anybody's to read is so no more."""
    path = tmp_path / "day.jsonl"
    path.touch(0o644)
    for _ in range(2):
        recorded(path, [(1.0, Asked(Command.START))])
        assert path.stat().st_mode & 0o777 == 0o600
        path.unlink()
