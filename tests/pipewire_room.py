"""A room whose audio server is PipeWire with WirePlumber, as on Raspberry Pi OS with a desktop.

It decides how these run privately; everything else is the room's, which speaks to PipeWire through
its PulseAudio side.
"""

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests import room
from tests.room import Room

PROGRAMS = {
    "dbus-daemon": "dbus-daemon",  # WirePlumber links nothing without one
    "pipewire": "pipewire",
    "wireplumber": "wireplumber",
    "pipewire-pulse": "pipewire-pulse",
}
_START_S = 10.0
_DEVICES = (
    "module-null-sink sink_name=mouth channel_map=mono rate=48000",
    "module-null-sink sink_name=loudspeaker channel_map=stereo rate=48000",
    # A monitor is no microphone to WirePlumber.
    "module-remap-source master=mouth.monitor source_name=microphone channel_map=mono",
)


def missing() -> list[str]:
    """The packages that it needs and this machine lacks, by their Debian names."""
    lacking = [package for program, package in PROGRAMS.items() if not shutil.which(program)]
    return lacking + [package for package in room.missing() if package != "pulseaudio"]


class PipeWireRoom(Room):
    """`more` is a configuration file of PipeWire's here, whose defaults count."""

    def __init__(self, more: Path | None = None) -> None:
        super().__init__(more)
        self._daemons = ExitStack()
        self._started: list[subprocess.Popen[bytes]] = []

    def env(self) -> dict[str, str]:
        bus = f"unix:path={self.folder}/bus"
        own = {"DBUS_SESSION_BUS_ADDRESS": bus, "XDG_CONFIG_HOME": str(self.folder / ".config")}
        return super().env() | own | {"XDG_STATE_HOME": str(self.folder)}

    def start_server(self) -> None:
        self.prepare()
        self._started.clear()
        for socket in ("bus", "pipewire-0", "native"):
            (self.folder / socket).unlink(missing_ok=True)  # what was killed leaves its own
        if self._more:
            place = self.folder / ".config" / "pipewire" / "pipewire.conf.d"
            place.mkdir(parents=True, exist_ok=True)
            shutil.copy(self._more, place / "more.conf")
        bus = ["dbus-daemon", "--session", "--nofork", "--nopidfile"]
        self._start([*bus, f"--address=unix:path={self.folder}/bus"], "bus")
        self._start(["pipewire"], "pipewire-0")
        self._start(["wireplumber"])
        self._start(["pipewire-pulse"], "native")
        for module in _DEVICES:
            self._pactl("load-module", *module.split())
        limit = time.monotonic() + _START_S
        while not self._answers() and time.monotonic() < limit:  # it loads at its leisure
            time.sleep(0.05)
        self._pactl("set-default-sink", "loudspeaker")
        if not self._more:
            self._pactl("set-default-source", "microphone")

    def stop_server(self) -> None:
        self._daemons.close()

    def kill_server(self) -> None:
        for daemon in self._started:
            daemon.kill()
        self.stop_server()

    def _start(self, command: list[str], socket: str = "") -> None:
        """A program of its own, until it can be spoken to."""
        with self._log.open("ab") as log:
            daemon = subprocess.Popen(command, env=self.env(), stdout=log, stderr=log)
        self._daemons.callback(_end, daemon)
        self._started.append(daemon)
        limit = time.monotonic() + _START_S
        while socket and not (self.folder / socket).exists():
            if daemon.poll() is not None or time.monotonic() > limit:
                raise RuntimeError(f"{command[0]} did not start: {self._log.read_text()}")
            time.sleep(0.02)


def _end(daemon: "subprocess.Popen[bytes]") -> None:
    daemon.terminate()
    try:
        daemon.wait(5)
    except subprocess.TimeoutExpired:
        daemon.kill()
        daemon.wait(5)


@pytest.fixture(params=["pulseaudio", "pipewire"])
def home(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Room]:
    """A room of each kind, in which we are too."""
    other = request.param == "pipewire"
    if lacking := missing() if other else room.missing():
        pytest.skip(f"no room without these packages: {' '.join(lacking)}")
    with PipeWireRoom() if other else Room() as opened:
        for name, value in opened.env().items():
            monkeypatch.setenv(name, value)
        yield opened
