"""The doctor says what works on this machine, and is never held up by what doesn't."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from assistant.doctor import parts
from assistant.doctor.finding import Finding, Grade
from assistant.machine import places
from assistant.machine.single_instance import only_instance
from tests.room import Room

ROOT = Path(__file__).resolve().parents[2]


def examined(environment: dict[str, str], *options: str) -> tuple[int, dict[str, Finding]]:
    done = subprocess.run(
        [sys.executable, "-m", "assistant", "doctor", "--json", *options],
        capture_output=True,
        text=True,
        env=environment | {"PYTHONPATH": str(ROOT)},
    )
    assert done.stderr == ""
    answer: dict[str, Any] = json.loads(done.stdout)
    assert answer["ok"] is (done.returncode == 0)
    findings = [Finding(**check) for check in answer["checks"]]
    for finding in findings:
        assert finding.found
        assert bool(finding.mend) is (finding.grade != Grade.OK), finding
    return done.returncode, {finding.name: finding for finding in findings}


def deaf_and_dumb(folder: Path) -> dict[str, str]:
    """A person with folders of their own, on a machine without any sound device."""
    nothing = folder / "asound.conf"
    nothing.write_text("")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
    return kept | {"HOME": str(folder), "ALSA_CONFIG_PATH": str(nothing)}


def test_in_a_room_with_a_voice_everything_that_sounds_works(room: Room) -> None:
    """With a microphone that hears something and a loudspeaker, all that sounds is ok."""
    hiss = np.random.default_rng(1).normal(0, 0.05, 12 * 22050)
    soundfile.write(room.folder / "hiss.wav", hiss, 22050)
    player = room.play(room.folder / "hiss.wav", wait=False)
    try:
        code, findings = examined(room.env())
    finally:
        player.terminate()
        player.wait()
    assert code == 0
    for name in ("Sound devices", "Microphone", "Speech model", "Loudspeaker", "Voice"):
        assert findings[name].grade == Grade.OK, findings[name]
    assert '"microphone"' in findings["Sound devices"].found
    for name, does in (("Microphone", "opens at 16000 Hz"), ("Loudspeaker", "plays at")):
        which, said = findings[name].found.split(f" {does}")
        assert which in findings["Sound devices"].found, "which of them it took"
        assert which.strip('"')
        assert said
    level = int(findings["Microphone"].found.split("level ")[1].split(" dB")[0])
    assert -32 <= level <= -22  # the hiss was made at -26


def test_a_silent_microphone_is_suspected_of_being_muted(room: Room) -> None:
    """A microphone that gives only zeros works for the driver, not for a person."""
    finding = in_the_room(
        room, "microphone", {"microphone": ["microphone"], "channel": -1, "gain_db": 0}
    )
    assert finding["grade"] == "warn"
    assert "all of them silence" in finding["found"]
    assert "unmute it" in finding["mend"]


@pytest.mark.parametrize("part", ["microphone", "loudspeaker"])
def test_a_wrong_device_name_is_repeated_with_what_to_write(room: Room, part: str) -> None:
    """A device that is not there is named as the person wrote it."""
    finding = in_the_room(room, part, {"channel": -1, "gain_db": 0, part: ["Blue Parrot"]})
    assert finding["grade"] == "warn"
    assert '"Blue Parrot"' in finding["found"]
    assert "sound devices above" in finding["mend"]


def in_the_room(room: Room, part: str, settings: dict[str, object]) -> dict[str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "assistant.doctor.parts", part],
        input=json.dumps(settings),
        stdout=subprocess.PIPE,
        text=True,
        env=room.env() | {"PYTHONPATH": str(ROOT)},
    )
    answer: dict[str, str] = json.loads(done.stdout)
    return answer


def test_a_stuck_driver_does_not_hold_the_doctor_up(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sound system that never answers costs the patience for one part, and leaves no process."""
    for name, value in room.env().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setitem(parts.PATIENCE, "microphone", parts.Patience(2.0, parts.STUCK_DRIVER))
    assert room._server is not None
    room._server.send_signal(signal.SIGSTOP)
    try:
        began = time.monotonic()
        finding = parts.try_part(
            "Microphone", "microphone", {"microphone": ["microphone"], "channel": -1, "gain_db": 0}
        )
        took_s = time.monotonic() - began
    finally:
        room._server.send_signal(signal.SIGCONT)
    assert finding.grade is Grade.WARN
    assert finding.found == "no answer within 2 seconds"
    assert "unplug it" in finding.mend
    assert took_s < 4


def test_without_any_sound_device_it_still_can_lead(tmp_path: Path) -> None:
    """What is missing is named with what to do, and is no failure: there are screen and keys."""
    code, findings = examined(deaf_and_dumb(tmp_path))
    assert code == 0
    assert findings["Microphone"].grade == Grade.WARN
    assert findings["Loudspeaker"].grade == Grade.WARN
    assert findings["Speech model"].grade == Grade.OK
    assert findings["Voice"].grade == Grade.OK


@pytest.mark.parametrize("part", sorted(parts.PATIENCE))
def test_only_what_has_a_plug_is_to_be_unplugged(part: str) -> None:
    """A model or a voice that takes long is slow, and no stuck driver."""
    plugged = part in ("microphone", "loudspeaker", "tones", "echo")
    assert ("unplug it" in parts.PATIENCE[part].mend) is plugged


def test_every_part_has_its_patience_and_something_that_tries_it() -> None:
    from assistant.doctor.parts.__main__ import TRIED

    assert set(TRIED) == set(parts.PATIENCE)


def test_what_run_leaves_out_is_a_warning_with_its_place(tmp_path: Path) -> None:
    """A wrong key keeps nobody from starting, here as there; all other parts are examined."""
    file = tmp_path / "config.toml"
    file.write_text("[voice]\nvolume = 11\n")
    code, findings = examined(deaf_and_dumb(tmp_path), "--config", str(file))
    assert code == 0
    assert findings["Configuration"].grade == Grade.WARN
    assert "line 2" in findings["Configuration"].mend
    assert findings["Voice"].grade == Grade.OK


def test_a_configuration_that_was_named_and_is_not_there_is_a_failure(tmp_path: Path) -> None:
    """It is one for `run` too."""
    options = ("--config", str(tmp_path / "nowhere.toml"))
    code, findings = examined(deaf_and_dumb(tmp_path), *options)
    assert code == 1
    assert findings["Configuration"].grade == Grade.FAIL
    assert "nowhere.toml" in findings["Configuration"].mend


def test_a_broken_routine_is_a_warning_that_names_the_file(tmp_path: Path) -> None:
    """It is left out, and the others can be led."""
    own = tmp_path / ".config" / "exercise-assistant" / "routines"
    own.mkdir(parents=True)
    (own / "mine.toml").write_text('id = "mine"\nname = 3\n')
    code, findings = examined(deaf_and_dumb(tmp_path))
    assert code == 0
    assert findings["Routines"].grade == Grade.WARN
    assert str(own / "mine.toml") in findings["Routines"].mend
    assert "desk-break" in findings["Routines"].found


@pytest.mark.parametrize(
    ("place", "part"),
    [
        ("config.toml", "Configuration"),
        ("routines/mine.toml", "Routines"),
        ("routines/exercises/mine.toml", "Routines"),
        ("commands.yaml", "Speech model"),
    ],
)
def test_a_pipe_among_a_persons_files_is_named_and_not_waited_for(
    tmp_path: Path, place: str, part: str
) -> None:
    """Nobody writes to it; the rest goes on."""
    pipe = tmp_path / ".config" / "exercise-assistant" / place
    pipe.parent.mkdir(parents=True)
    os.mkfifo(pipe)
    _, findings = examined(deaf_and_dumb(tmp_path))
    assert findings[part].grade != Grade.OK
    assert str(pipe) in findings[part].mend
    assert "pipe" in findings[part].mend


@pytest.mark.parametrize(
    ("text", "part", "found"),
    [
        ('[session]\nroutine = "juggling"', "Routines", '"juggling"'),
        ('[session]\ngentle = "no-such-thing"', "Routines", '"no-such-thing"'),
        ('[reminder]\nroutine = "nosuch"', "Routines", '"nosuch"'),
        ('[voice]\nvoice = "klingon"', "Voice", '"klingon"'),
        ('[hearing]\nmodel = "nowhere"', "Speech model", "nowhere"),
        ('[wake]\nphrases = ["hey coach", "hey xylograph"]', "Speech model", "loads in"),
    ],
)
def test_a_setting_that_cannot_work_is_named(
    tmp_path: Path, text: str, part: str, found: str
) -> None:
    """A configured routine, voice, model or wake phrase that this machine can't do is repeated."""
    file = tmp_path / "config.toml"
    file.write_text(text)
    _, findings = examined(deaf_and_dumb(tmp_path), "--config", str(file))
    assert findings[part].grade != Grade.OK
    assert found in findings[part].found
    if "xylograph" in text:
        assert "xylograph" in findings[part].mend


def test_another_assistant_is_named_with_its_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The doctor may be asked while the assistant runs, and says so."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    with only_instance(places.writable_folders()):
        _, findings = examined(deaf_and_dumb(tmp_path))
    assert findings["Running"].grade == Grade.WARN
    assert f"process {os.getpid()}" in findings["Running"].found


def test_plain_words_for_a_person(tmp_path: Path) -> None:
    """Without --json there is a paragraph for each part that fits the terminal, then what the
    assistant can do here."""
    done = subprocess.run(
        [sys.executable, "-m", "assistant", "doctor"],
        capture_output=True,
        text=True,
        env=deaf_and_dumb(tmp_path) | {"PYTHONPATH": str(ROOT), "COLUMNS": "80"},
    )
    assert done.returncode == 0
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert lines[0].startswith("ok    Python")
    told = [line for line in lines if "-> " not in line and str(tmp_path) not in line]
    assert max(map(len, told)) <= 80
    assert lines[-1] == (
        "It can lead a routine here: it tells you in writing, and takes commands by key."
    )
