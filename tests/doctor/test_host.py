"""What the kernel and systemd tell of the machine becomes a finding with what to do."""

from pathlib import Path

import pytest

from assistant.config import Config
from assistant.config.keys import Panel
from assistant.doctor import host
from assistant.doctor.finding import Finding, Grade


def machine(folder: Path, *, heat: str = "", throttled: str = "", free_kb: int = 0) -> Path:
    """A folder as the kernel of a Raspberry Pi fills it."""
    for path, text in (
        ("sys/class/thermal/thermal_zone0/temp", heat),
        ("sys/devices/platform/soc/soc:firmware/get_throttled", throttled),
        ("proc/meminfo", f"MemTotal: 948012 kB\nMemAvailable:   {free_kb} kB\n" if free_kb else ""),
    ):
        if text:
            (folder / path).parent.mkdir(parents=True)
            (folder / path).write_text(text)
    return folder


USUAL = Config()


def seen(root: Path, config: Config = USUAL) -> dict[str, Finding]:
    found = {finding.name: finding for finding in host.look(config, root)}
    for finding in found.values():
        assert bool(finding.mend) is (finding.grade is not Grade.OK), finding
    return found


def test_a_machine_that_tells_nothing_is_asked_nothing(tmp_path: Path) -> None:
    assert not {"Temperature", "Power", "Memory"} & set(seen(tmp_path))


@pytest.mark.parametrize(
    ("heat", "grade", "found"),
    [("48312\n", Grade.OK, "48 degrees"), ("81900\n", Grade.WARN, "82 degrees")],
)
def test_a_hot_machine(tmp_path: Path, heat: str, grade: Grade, found: str) -> None:
    finding = seen(machine(tmp_path, heat=heat))["Temperature"]
    assert finding.grade is grade
    assert found in finding.found


@pytest.mark.parametrize(
    ("bits", "found", "mend"),
    [
        pytest.param("0", "enough", "", id="never any trouble"),
        pytest.param("50005", "too little voltage", "supply", id="too weak now"),
        pytest.param("50000", "not now, but since the start", "supply", id="it was too weak"),
        pytest.param("80008", "it is hot", "air", id="hot"),
        pytest.param("e0000", "not now, but since the start: it is slowed down", "air", id="was"),
    ],
)
def test_power_as_the_firmware_tells_it(tmp_path: Path, bits: str, found: str, mend: str) -> None:
    """Hexadecimal bits, as /sys has them."""
    finding = seen(machine(tmp_path, throttled=f"{bits}\n"))["Power"]
    assert found in finding.found
    assert mend in finding.mend


def test_nonsense_is_not_told(tmp_path: Path) -> None:
    """A file that holds no number is as good as none."""
    assert not {"Temperature", "Power"} & set(
        seen(machine(tmp_path, heat="warm", throttled="a lot"))
    )


@pytest.mark.parametrize(("free_kb", "grade"), [(400_000, Grade.OK), (30_000, Grade.WARN)])
def test_little_memory(tmp_path: Path, free_kb: int, grade: Grade) -> None:
    assert seen(machine(tmp_path, free_kb=free_kb))["Memory"].grade is grade


def pi(root: Path, **files: str) -> Path:
    """A Raspberry Pi on which these functions are switched on: what the kernel shows of them."""
    (root / "proc" / "device-tree").mkdir(parents=True)
    (root / "proc" / "device-tree" / "model").write_text("Raspberry Pi 4 Model B Rev 1.4\0")
    shown = {
        "i2c": "dev/i2c-1",
        "spi": "dev/spidev0.0",
        "uart": "dev/serial0",
        "i2s": "proc/device-tree/soc/i2s@7e203000/status",
        "hat": "proc/device-tree/hat/product",
    }
    for name, text in files.items():
        file = root / shown[name]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return root


@pytest.mark.parametrize(
    ("pin", "files", "function"),
    [
        (2, {"i2c": ""}, "I2C"),
        (9, {"spi": ""}, "SPI"),
        (15, {"uart": ""}, "the serial line"),
        (18, {"i2s": "okay\0"}, "I2S sound"),
        (21, {"i2s": "okay\0"}, "I2S sound"),
        (1, {"hat": "Voice HAT"}, "a HAT's memory"),
    ],
)
def test_a_pin_that_a_hat_needs_is_warned_of(
    tmp_path: Path, pin: int, files: dict[str, str], function: str
) -> None:
    """Where that function is switched on: the button or the lamp would take it away."""
    finding = seen(pi(tmp_path, **files), Config(panel=Panel(led_pin=pin)))["Pins"]
    assert finding.grade is Grade.WARN
    assert f"LED on GPIO {pin}, which is also for {function}" in finding.found
    assert "give the LED another pin" in finding.mend


@pytest.mark.parametrize("files", [{}, {"i2s": "disabled\0"}, {"i2c": "", "spi": ""}])
def test_a_pin_whose_function_is_off_is_only_told(tmp_path: Path, files: dict[str, str]) -> None:
    finding = seen(pi(tmp_path, **files), Config(panel=Panel(button_pin=19)))["Pins"]
    assert (finding.grade, finding.mend) == (Grade.OK, "")
    assert "GPIO 19, which is also for I2S sound" in finding.found


def test_pins_of_their_own_and_a_pc_are_no_matter(tmp_path: Path) -> None:
    """The usual pins have no other function; and a PC has none at all."""
    assert "Pins" not in seen(pi(tmp_path / "pi", i2s="okay", i2c="", spi=""))
    assert "Pins" not in seen(tmp_path, Config(panel=Panel(button_pin=2)))


@pytest.mark.parametrize(
    ("controllers", "told"), [("cpuset cpu io pids\n", True), ("cpu io memory pids\n", False)]
)
def test_a_kernel_that_keeps_to_no_memory_limits_is_told(
    tmp_path: Path, controllers: str, told: bool
) -> None:
    """As on Raspberry Pi OS, whose firmware switches them off."""
    file = tmp_path / "sys" / "fs" / "cgroup" / "cgroup.controllers"
    file.parent.mkdir(parents=True)
    file.write_text(controllers)
    found = [finding.found for finding in host._memory_limits(tmp_path)]
    assert bool(found) is told
    assert all("cgroup_enable=memory" in one for one in found)


@pytest.mark.parametrize(
    ("state", "grade", "found", "mend"),
    [
        pytest.param("active enabled 0", Grade.OK, "active", "", id="well"),
        pytest.param("inactive enabled 0", Grade.WARN, "inactive", "start it: sudo", id="down"),
        pytest.param(
            "active disabled 0", Grade.WARN, "active", "enable", id="not at the next start"
        ),
        pytest.param("active enabled 3", Grade.WARN, "again 3 times", "journalctl", id="it failed"),
    ],
)
def test_the_service(state: str, grade: Grade, found: str, mend: str) -> None:
    """From systemd's own words to what to do."""
    active, enabled, restarts = state.split()
    told = {"ActiveState": active, "UnitFileState": enabled, "NRestarts": restarts}
    finding = host._judged(told, "the machine's", "systemctl")
    assert finding.grade is grade
    assert found in finding.found
    assert mend in finding.mend


def test_a_persons_own_service_needs_no_sudo() -> None:
    told = {"ActiveState": "inactive", "UnitFileState": "enabled", "NRestarts": "0"}
    finding = host._judged(told, "your own", "systemctl --user")
    assert finding.mend == "start it: systemctl --user start exercise-assistant"


@pytest.mark.parametrize(
    ("state", "first", "then"),
    [
        pytest.param("activating auto-restart 0", "see why: journalctl", "", id="the first time"),
        pytest.param("activating start 41", "see why: journalctl", "", id="again and again"),
        pytest.param(
            "failed failed 9", "see why: journalctl", "then start it: sudo", id="given up"
        ),
        pytest.param("activating start 0", "it is just starting", "", id="nothing failed"),
    ],
)
def test_a_service_that_fails_is_not_just_started_again(state: str, first: str, then: str) -> None:
    """What it told comes first: systemd starts it again by itself."""
    active, sub, restarts = state.split()
    told = {"ActiveState": active, "SubState": sub, "NRestarts": restarts}
    mend = host._judged(told, "the machine's", "systemctl").mend
    assert mend.startswith(first)
    assert then in mend
    assert ("start it" in mend) is bool(then)


def test_what_a_persons_own_service_told_is_found_without_a_journal_of_theirs() -> None:
    """Raspberry Pi OS keeps the journal in memory, where `journalctl --user` finds none."""
    told = {"ActiveState": "active", "UnitFileState": "enabled", "NRestarts": "2"}
    see = "journalctl --user-unit exercise-assistant"
    mend = host._judged(told, "your own", "systemctl --user").mend
    assert mend == f"see why: {see}"
    manual = Path(__file__).resolve().parents[2] / "deploy" / "README.md"
    assert f"| `{see}` |" in manual.read_text()
