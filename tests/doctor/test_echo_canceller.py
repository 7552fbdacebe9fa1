"""Who takes its voice out of the microphone, in the doctor's words."""

import os
from pathlib import Path

import pytest

from assistant.doctor import echo_canceller
from assistant.doctor.finding import Grade

PULSE = "Source #2\n\tName: {name}\n\tDriver: module-echo-cancel.c\n\tMute: no\n\nSource #3\n"
PIPEWIRE = (
    "Source #34\n\tName: {name}\n\tDriver: PipeWire\n\tProperties:\n"
    '\t\tnode.group = "echo-cancel-5645-0"\n'
)
PLAIN = "Source #1\n\tName: {name}\n\tDriver: module-alsa-card.c\n"


def server(folder: Path, default: str, sources: str) -> str:
    """A search path with a `pactl` that tells this of the server."""
    told = {"get-default-source": default, "list": sources}
    cases = "".join(f"{word}) cat <<'TOLD'\n{text}\nTOLD\n;;\n" for word, text in told.items())
    (folder / "pactl").write_text(f"#!/bin/sh\ncase $1 in\n{cases}esac\n")
    (folder / "pactl").chmod(0o755)
    return f"{folder}{os.pathsep}{os.environ['PATH']}"


@pytest.mark.parametrize("cancelled", [PULSE, PIPEWIRE])
def test_the_servers_canceller_counts_where_its_microphone_is_the_one_in_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cancelled: str
) -> None:
    """Under any name; not while another microphone is the default, nor for a named card."""
    sources = cancelled.format(name="clean") + "\n\n" + PLAIN.format(name="usb")
    monkeypatch.delenv("PULSE_SOURCE", raising=False)
    monkeypatch.setenv("PATH", server(tmp_path, "clean", sources))
    assert echo_canceller.server_cancels()
    assert "sound server" in echo_canceller.look("").found
    assert "sound server" not in echo_canceller.look("USB PnP Sound Device").found
    monkeypatch.setenv("PULSE_SOURCE", "usb")
    assert not echo_canceller.server_cancels()


def test_a_machine_without_a_sound_server_has_no_canceller_of_its(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not echo_canceller.server_cancels()


@pytest.mark.parametrize(
    ("own", "servers", "grade"),
    [
        (True, True, Grade.OK),
        (True, False, Grade.OK),
        (False, True, Grade.WARN),
        (False, False, Grade.WARN),
    ],
)
def test_its_own_canceller_is_what_counts(own: bool, servers: bool, grade: Grade) -> None:
    """Without it there is one package to install, and that is said."""
    finding = echo_canceller.judge(own, servers)
    assert finding.grade is grade
    assert ("libspeexdsp1" in finding.mend) is not own
    assert bool(finding.mend) is not own
