"""How loud the machine is set, as sound servers and ALSA tell it, in the doctor's words."""

from pathlib import Path

import pytest

from assistant.doctor import volume
from assistant.doctor.finding import Finding, Grade

AMIXER = """Simple mixer control 'PCM',0
  Capabilities: pvolume pvolume-joined pswitch pswitch-joined
  Playback channels: Mono
  Mono: Playback {raw} [{percent}%] [-20.00dB] [{switch}]
"""


def machine(folder: Path, monkeypatch: pytest.MonkeyPatch, **programs: dict[str, str]) -> None:
    """Only these programs, each of which tells this for its first words."""
    for name, told in programs.items():
        cases = "".join(f"'{word}') printf '%s' \"{text}\" ;;\n" for word, text in told.items())
        file = folder / name
        file.write_text(f'#!/bin/sh\ncase "$1 $2" in\n{cases}*) exit 1;;\nesac\n')
        file.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


def seen(loudspeaker: str = "") -> dict[str, Finding]:
    return {finding.name: finding for finding in volume.look(loudspeaker)}


PULSE = {
    "get-sink-volume @DEFAULT_SINK@": "Volume: front-left: 52429 / {0}% / -5.81 dB",
    "get-sink-mute @DEFAULT_SINK@": "Mute: {1}",
    "get-default-sink ": "alsa_output.usb-Jabra",
}


@pytest.mark.parametrize(
    ("percent", "muted", "grade", "mend"),
    [
        (80, "no", Grade.OK, ""),
        (10, "no", Grade.WARN, "turn it up"),
        (80, "yes", Grade.WARN, "unm"),
    ],
)
def test_pulseaudio(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    percent: int,
    muted: str,
    grade: Grade,
    mend: str,
) -> None:
    """Muted, or very quiet, is what keeps a person from hearing."""
    told = {word: text.format(percent, muted) for word, text in PULSE.items()}
    machine(tmp_path, monkeypatch, pactl=told)
    finding = seen()["Volume"]
    assert finding.grade is grade
    assert f"{percent} %" in finding.found
    assert mend in finding.mend


@pytest.mark.parametrize(
    ("told", "grade"),
    [
        ("Volume: 0.40", Grade.OK),
        ("Volume: 0.05", Grade.WARN),
        ("Volume: 0.40 [MUTED]", Grade.WARN),
    ],
)
def test_pipewire(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: str, grade: Grade) -> None:
    machine(tmp_path, monkeypatch, wpctl={"get-volume @DEFAULT_AUDIO_SINK@": told})
    assert seen()["Volume"].grade is grade


@pytest.mark.parametrize(
    ("percent", "switch", "grade"),
    [(86, "on", Grade.OK), (20, "on", Grade.WARN), (86, "off", Grade.WARN)],
)
def test_alsa_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, percent: int, switch: str, grade: Grade
) -> None:
    """A Pi without a desktop: the card's own mixer, whatever it calls its loudness."""
    told = AMIXER.format(raw=200, percent=percent, switch=switch)
    machine(tmp_path, monkeypatch, amixer={"sget PCM": told})
    assert seen()["Volume"].grade is grade


def test_a_machine_that_tells_nothing_is_asked_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine(tmp_path, monkeypatch)
    assert seen() == {}


@pytest.mark.parametrize(
    ("loudspeaker", "sink", "told"),
    [
        ("", "bluez_output.00_11_22.1", True),
        ("bluealsa", "", True),
        ("", "alsa_output.usb-Jabra", False),
        ("USB Audio", "bluez_output.00_11_22.1", False),
    ],
)
def test_a_wireless_loudspeaker_in_use_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, loudspeaker: str, sink: str, told: bool
) -> None:
    """It answers late; one that is not in use is nobody's business."""
    machine(tmp_path, monkeypatch, pactl={"get-default-sink ": sink} if sink else {})
    assert ("Bluetooth" in seen(loudspeaker)) is told
