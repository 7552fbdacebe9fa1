"""The wiring: what the coach is told about the configuration, and rooms that fail."""

from dataclasses import replace
from pathlib import Path

import pytest

from assistant import app
from assistant.coach.effects import Hush, Lamp, SetLamp
from assistant.config.keys import Config, Session
from assistant.content import read
from assistant.errors import AssistantError, ExitCode
from assistant.machine.places import routine_folders


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> read.Library:
    return read.load(routine_folders(tmp_path_factory.mktemp("nobody")))


def test_the_usual_routine_is_named_first_and_a_series_last(library: read.Library) -> None:
    """Only the first few names are read out, so they are the ones to know."""
    usual = "lower-back-gentle"
    names = app.names_to_tell(replace(Config(), session=Session(routine=usual)), library)
    assert names[0] == library.routines[usual].spoken_names[0]
    series = [library.routines[f"desk-break-{i}"].spoken_names[0] for i in range(2, 8)]
    assert set(series) < set(names[6:])
    assert len(names) == len(library.routines)


def test_the_configuration_reaches_the_coach_in_seconds(library: read.Library) -> None:
    """Minutes of the file are seconds of the coach; every routine is compiled."""
    settings = app.settings_for(Config(), library, once=True)
    assert (settings.sit_s, settings.up_s, settings.snooze_s) == (1200.0, 120.0, 300.0)
    assert settings.plans.keys() == library.routines.keys()
    assert settings.hours.days == ()
    assert settings.once


def test_a_routine_that_is_not_there_is_named(library: read.Library) -> None:
    """The message names where it was asked for and what there is."""
    with pytest.raises(AssistantError, match=r"run: there is no routine .*lower-back-gentle") as no:
        app.check_routine("lower-bakc", library, "run")
    assert no.value.code == ExitCode.UNKNOWN_ROUTINE


def test_a_room_that_fails_keeps_no_other_from_its_orders(tmp_path: Path) -> None:
    """One sink that raises is logged; the next one and the next effect are served."""
    served: list[object] = []

    def broken(_: object) -> None:
        raise RuntimeError("no lamp")

    sinks: app.Sinks = {SetLamp: [broken, served.append], Hush: [served.append]}
    app.order([SetLamp(Lamp.IDLE), Hush()], sinks)
    assert served == [SetLamp(Lamp.IDLE), Hush()]
