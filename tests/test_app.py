"""The wiring: what the coach is told about the configuration, and rooms that fail."""

import os
import time
from dataclasses import replace
from pathlib import Path

import pytest

from assistant import app
from assistant.coach import week_plan
from assistant.coach.effects import Hush, Lamp, Remembered, Say, SetLamp, Wanted, Wish
from assistant.coach.events import Asked, Command, Event, Lost, Part, Quit
from assistant.coach.step import begin
from assistant.coach.turn import Turn
from assistant.config.for_coach import names_to_tell, settings_for
from assistant.config.keys import Config, Plan, Session
from assistant.content import routine_reader
from assistant.errors import AssistantError, ExitCode
from assistant.hearing import models
from assistant.machine.inbox import Inbox
from assistant.machine.places import routine_folders
from assistant.machine.systemd import Service
from assistant.simulation.desk_people import FIRST_DAY as MONDAY
from assistant.simulation.recording import Recorder


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> routine_reader.Library:
    return routine_reader.load(routine_folders(tmp_path_factory.mktemp("nobody")))


def test_the_usual_routine_is_named_first_and_a_series_last(
    library: routine_reader.Library,
) -> None:
    """Only the first few names are read out, so they are the ones to know."""
    usual = "lower-back-gentle"
    names = names_to_tell(library.routines, usual)
    assert names[0] == library.routines[usual].spoken_names[0]
    series = [library.routines[f"desk-break-{i}"].spoken_names[0] for i in range(2, 8)]
    assert set(series) < set(names[6:])
    assert len(names) == len(library.routines)


def test_the_configuration_reaches_the_coach_in_seconds(library: routine_reader.Library) -> None:
    """Minutes of the file are seconds of the coach; every routine is compiled."""
    settings = settings_for(Config(), library, once=True)
    assert (settings.sit_s, settings.up_s, settings.snooze_s) == (1200.0, 120.0, 300.0)
    assert settings.plans.keys() == library.routines.keys()
    assert settings.hours.days == ()
    assert settings.once


@pytest.mark.parametrize("said", [False, True])
def test_who_does_not_get_down_to_the_floor_has_nothing_of_it_in_the_plan(
    library: routine_reader.Library, *, said: bool
) -> None:
    """Configured, or said of oneself. Nor on a day that names a routine; "mobility" is what a day
    is for, not that routine."""
    days = Plan(monday="lower-back-strength", tuesday="mobility", friday="lower-back-strength-2")
    usual = Session(floor=said, routine="lower-back-gentle")
    settings = settings_for(Config(session=usual, plan=days), library, once=False)
    if said:
        wanted = Wanted(floor=Wish(0.0, 1.0))
        settings = replace(settings, remembered=Remembered(wanted=wanted))
    turn = Turn(begin(settings, 0.0)[0])
    legs = "legs-and-balance"
    assert [week_plan.aim_of(turn, MONDAY + day) for day in range(7)] == [
        *(legs, "mobility", "", "", legs, "", "")
    ]
    assert (turn.there(settings.routine), turn.gentle) == ("chair", "chair")
    assert week_plan.mobility_of(turn, ()) == "without-the-floor"
    assert week_plan.strength_of(turn) == legs
    turn.memory = Remembered(wanted=Wanted(floor=Wish(1.0, float(said))))
    assert week_plan.aim_of(turn, MONDAY) == "lower-back-strength"
    assert turn.gentle == "lower-back-gentle"


def test_beside_a_routine_of_ones_own_nothing_comes_that_was_not_listed(
    library: routine_reader.Library,
) -> None:
    listed = ("yoga", "wind-down")
    for plan, beside in (
        (Plan(), ("fifteen-minutes", "yoga")),
        (Plan(mobility="morning"), ()),
        (Plan(mobility="morning", beside_mobility=listed), listed),
    ):
        assert settings_for(Config(plan=plan), library, once=False).beside_mobility == beside


def test_a_routine_that_is_not_there_is_named(library: routine_reader.Library) -> None:
    """The message names where it was asked for and what there is."""
    with pytest.raises(AssistantError, match=r"run: there is no routine .*lower-back-gentle") as no:
        app.check_routine("lower-bakc", library)
    assert no.value.code == ExitCode.UNKNOWN_ROUTINE


def test_a_room_that_fails_keeps_no_other_from_its_orders(tmp_path: Path) -> None:
    """One sink that raises is logged; the next one and the next effect are served."""
    served: list[object] = []

    def broken(_: object) -> None:
        raise RuntimeError("no lamp")

    sinks: app.Sinks = {SetLamp: [broken, served.append], Hush: [served.append]}
    app.order([SetLamp(Lamp.IDLE), Hush()], sinks)
    assert served == [SetLamp(Lamp.IDLE), Hush()]


# --- nothing of a person's own stops the house --------------------------------


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A person's configuration folder, and nothing in it."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    folder = tmp_path / "exercise-assistant"
    (folder / "routines").mkdir(parents=True)
    return folder


def told(usable: app.Usable) -> dict[Part, str]:
    return {lost.part: lost.reason for lost in usable.left_out}


def test_without_files_of_ones_own_nothing_is_told(
    own: Path, library: routine_reader.Library
) -> None:
    usable = app.usable_of(None)
    assert usable == app.Usable(Config(), library, models.usable(), [])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[reminder]\nsit_min = 0\nup_min = 3", "sit min, in line two"),
        ("[reminder]\nup_min = 3\nsit = 20", "sit, in line three"),
        ("[reminder]\nup_min = 3\n[vioce]\nvolume = 1", "vioce, in line three"),
        ("[wake]\nphrases = ['Hey!']\n[reminder]\nup_min = 3", "phrases, in line two"),
        ("[wake]\nphrases = ['stop']\n[reminder]\nup_min = 3", "a wake phrase"),
        ("[wake]\nphrases = ['hey coach', 'desk break']\n[reminder]\nup_min = 3", "a wake phrase"),
        ("[reminder]\nup_min = 3\nroutine = 'sunday'", "there is no routine called sunday"),
        ("[reminder]\nup_min = 3\n[session]\ngentle = 'sun'", "there is no routine called sun"),
        ("[reminder]\nup_min = 3\n[hearing]\nmodel = '/gone'", "the speech model that it names"),
        (
            "[reminder]\nup_min = 3\nsit_min = 0\nsnoozes = 99",
            "sit min, in line three, and one more",
        ),
    ],
)
def test_what_is_wrong_in_the_configuration_is_left_out_and_the_rest_holds(
    own: Path, text: str, reason: str
) -> None:
    """One sentence says where it is; every other key is obeyed."""
    (own / "config.toml").write_text(text)
    usable = app.usable_of(None)
    assert reason in told(usable)[Part.CONFIGURATION]
    default = Config()
    config = replace(usable.config, hearing=default.hearing)  # a path that is no use stays there
    assert config == replace(default, reminder=replace(default.reminder, up_min=3.0))
    assert usable.model == models.usable()
    settings_for(usable.config, usable.known, once=False)


def test_a_configuration_that_is_no_toml_is_the_default_one(own: Path) -> None:
    (own / "config.toml").write_text("[reminder]\nup_min = 3\nsit_min = twenty\n")
    usable = app.usable_of(None)
    assert usable.config == Config()
    assert told(usable) == {Part.CONFIGURATION: "line three"}


def test_a_configuration_that_was_named_must_be_there(own: Path) -> None:
    """Whoever names a file means that one."""
    with pytest.raises(AssistantError, match="nowhere") as no:
        app.usable_of(own / "nowhere.toml")
    assert no.value.code == ExitCode.FILE_ACCESS


def test_a_broken_routine_of_ones_own_is_left_out(
    own: Path, library: routine_reader.Library
) -> None:
    """The shipped ones, and one's own that are good, can be led."""
    good = 'id = "mine"\nname = "Mine"\n[[exercise]]\nuse = "bridge"\n'
    (own / "routines" / "mine.toml").write_text(good)
    (own / "routines" / "sunday.toml").write_text('id = "sunday\n')
    usable = app.usable_of(None)
    assert usable.known.routines.keys() == {*library.routines, "mine"}
    assert told(usable) == {Part.ROUTINES: "sunday, line one"}


def test_a_recording_that_can_no_longer_be_written_is_told_once(tmp_path: Path) -> None:
    """It is no part of leading anybody: everything else goes on."""
    settings = settings_for(Config(), app.usable_of(None).known, once=False)
    recorder = Recorder(tmp_path / "day.jsonl", settings, 0.0, greet=False, place=None)
    with Path("/dev/full").open("w") as full:
        os.dup2(full.fileno(), recorder.fileno())
    inbox, said = Inbox[Event](), list[object]()
    for asked in (Asked(Command.HELP), Asked(Command.HELP), Quit(3)):
        inbox.post(asked)
    state, _ = begin(settings, time.monotonic(), greet=False)
    code = app.pump(state, inbox, {Say: [said.append]}, recorder, Service({}))
    assert code == 3
    lost: list[Event] = []
    while (event := inbox.next(0.0)) is not None:
        lost.append(event)
    assert lost == [Lost(Part.RECORDING, "no space left on device")]
    assert said
