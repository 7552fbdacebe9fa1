"""Fixtures that every room's tests may use, and which tests run in real time."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.pipewire_room import home as home
from tests.room import room as room
from tests.synthetic import speaker as speaker

TESTS = Path(__file__).parent
IN_A_ROOM = (
    *("test_room.py", "test_desk_room.py", "test_the_room.py", "test_chaos.py", "test_traces.py"),
    *("machine/test_child.py", "machine/test_clock.py", "machine/test_single_instance.py"),
    *("doctor/test_doctor.py", "doctor/test_echo_cancel.py"),
    *("doctor/test_guide.py", "doctor/test_parts.py", "hearing/test_barge_in.py"),
    *("cli/test_live_screen.py", "hearing/test_listener.py"),
    *("hearing/test_microphone.py", "speaking/test_live.py", "journal/test_journal.py"),
    *("panel/test_gpio.py", "panel/test_keyboard.py", "panel/test_presence_sensor.py"),
)
REAL_TIME = (
    *IN_A_ROOM,
    *("pi/test_gpio.py", "outside/test_mqtt_broker.py", "outside/test_page.py"),
    *("pi/test_desk.py", "pi/test_service.py", "test_install.py", "machine/test_systemd.py"),
)
"""What plays, listens, presses or waits as a person would. When the machine itself stands still for
a moment such a test fails for nothing, so it is asked again, twice; what is broken fails each time.
Those in a room run one after the other, in one of the two lanes of `deploy/test`; all else runs in
the other, file by file, since many files make something first that all of their tests need."""
assert all((TESTS / name).is_file() for name in REAL_TIME), "a file was renamed"


# How long it takes is measured elsewhere; a busy machine is no fault of what is tried.
settings.register_profile("kept", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("kept")

START_NICE = os.getpriority(os.PRIO_PROCESS, 0)
"""Who starts them as the last of all has a reason: nothing is taken back of it."""

_cache = tempfile.TemporaryDirectory(prefix="assistant-tests-")
_usual = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
os.environ.setdefault("PIP_CACHE_DIR", f"{_usual}/pip")
os.environ.setdefault("ASSISTANT_PI_KERNELS", f"{_usual}/exercise-assistant")
os.environ["XDG_CACHE_HOME"] = _cache.name  # what is kept for the next start is nobody's own here


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Who only reckons makes way for who has to be on time."""
    on_time = item.path.relative_to(TESTS).as_posix() in REAL_TIME
    nice = START_NICE if on_time else max(START_NICE, 10)
    with suppress(OSError):  # back up only root may go
        os.setpriority(os.PRIO_PROCESS, 0, nice)


@pytest.hookimpl(tryfirst=True)  # what shares the tests out reads the groups right after
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        lane = item.path.relative_to(TESTS).as_posix()
        if lane in REAL_TIME:
            item.add_marker(pytest.mark.flaky(reruns=2))
        if lane in IN_A_ROOM:
            lane = "in a room"
        item.add_marker(pytest.mark.xdist_group(lane))
