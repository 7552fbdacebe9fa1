"""A sound device is found by the name that somebody once copied, or by what suits best."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from assistant.sound.devices import (
    Device,
    NoDevice,
    by_itself,
    fits_several,
    listed,
    loudspeakers,
    matches,
    microphones,
    several,
    system_decides,
)
from tests.room import Room

ROOT = Path(__file__).resolve().parents[2]
KNOWN = (
    "HD Webcam: USB Audio (hw:1,0)",
    "USB PnP Sound Device: Audio (hw:2,0)",
    "USB PnP Sound Device: Audio (hw:3,0)",
    "bcm2835 Headphones: - (hw:12,0)",
    "default",
)


@pytest.fixture
def cards(tmp_path: Path) -> Path:
    """As ALSA tells of them: a webcam and a speakerphone on USB, a card of the board's."""
    for number, ident, usb in ((1, "Webcam", True), (3, "Device", True), (12, "Headphones", False)):
        card = tmp_path / f"card{number}"
        card.mkdir()
        (card / "id").write_text(f"{ident}\n")
        if usb:
            (card / "usbid").write_text("0b0e:0412\n")
    return tmp_path


@pytest.mark.parametrize(
    ("name", "places"),
    [
        ("default", [4]),
        ("USB PnP Sound Device: Audio (hw:3,0)", [2]),
        ("usb pnp", [1, 2]),
        ("usb", [0, 1, 2]),
        ("  USB   PnP ", [1, 2]),
        ("USB PnP Sound Device: Audio (hw:5,0)", [1, 2]),  # plugged in again, as another card
        ("Bluetooth", []),
        ("hw:2,0", [1]),
        ("hw:1,0", [0]),  # and not hw:12,0
        ("plughw:3,0", [2]),
        ("hw:2", [1]),
        ("hw:9,0", []),
        ("hw:2,1", []),
        ("hw:CARD=Device,DEV=0", [2]),
        ("plughw:CARD=Webcam", [0]),
        ("sysdefault:CARD=Headphones", [3]),
        ("hw:CARD=Nothing,DEV=0", []),
        ("", []),
        (" ", []),
        ("1", []),  # not the first device with a 1 in it
        ("12", []),
    ],
)
def test_the_whole_name_then_a_part_then_without_its_number(
    name: str, places: list[int], cards: Path
) -> None:
    assert matches(name, KNOWN, cards) == places


def devices(*names: str, inputs: int = 1, outputs: int = 2) -> list[Device]:
    return [Device(i, name, inputs, outputs, 48000) for i, name in enumerate(names)]


def test_several_names_are_tried_in_their_order_and_each_with_all_it_fits() -> None:
    choice = microphones(("Jabra", "usb pnp", "webcam"), devices(*KNOWN))
    assert [device.index for device in choice.devices] == [1, 2, 0]
    assert choice.also == (KNOWN[2],)
    assert microphones(("webcam",), devices(*KNOWN)).also == ()


def test_what_else_a_name_fits_is_told_in_words() -> None:
    told = fits_several("microphone", KNOWN[1], (KNOWN[2],))
    assert f'"{KNOWN[1]}", and not "{KNOWN[2]}"' in told


@pytest.mark.parametrize("number", ["1", " 2 ", "0"])
def test_a_number_is_refused_with_a_cure(number: str) -> None:
    for choose, kind in ((microphones, "microphone"), (loudspeakers, "loudspeaker")):
        with pytest.raises(NoDevice, match=f"the {kind} is given by a number.*part of its name"):
            choose((number,), devices(*KNOWN))
    fitting = loudspeakers((number, "default"), devices(*KNOWN))
    assert [one.name for one in fitting.devices] == ["default"]


def test_a_name_that_nobody_has_names_what_there_is() -> None:
    with pytest.raises(NoDevice) as caught:
        loudspeakers(("Jabra", "Sonos"), devices("default", "USB Audio (hw:1,0)"))
    assert str(caught.value) == (
        'no loudspeaker named "Jabra" or "Sonos" was found; there are "default", '
        '"USB Audio (hw:1,0)"'
    )
    with pytest.raises(NoDevice, match="no microphone was found"):
        microphones((), devices("HDMI (hw:0,0)", inputs=0))


BOARD = [
    Device(0, "bcm2835 Headphones: - (hw:0,0)", 0, 8, 44100),
    Device(1, "vc4-hdmi-0: MAI PCM i2s-hifi-0 (hw:1,0)", 0, 2, 44100),
    Device(2, "HD Webcam: USB Audio (hw:4,0)", 1, 0, 16000),
    Device(3, "Jabra SPEAK 410 USB: Audio (hw:3,0)", 1, 2, 16000),
    Device(4, "sysdefault", 0, 128, 48000),
    Device(5, "default", 1, 128, 48000),
    Device(6, "dmix", 0, 2, 48000),
]


def test_a_speakerphone_comes_before_a_headphone_jack_and_a_screen_last(cards: Path) -> None:
    """Where nobody else decides: ALSA alone would take card 0."""
    speakers = [one for one in BOARD if one.outputs]
    found = [one.index for one in by_itself(speakers, lambda: False, cards)]
    assert found == [3, 0, 5, 1, 4, 6]
    ears = [one for one in BOARD if one.inputs]
    assert [one.index for one in by_itself(ears, lambda: False, cards)] == [3, 2, 5]


def test_a_usb_card_is_known_even_without_the_word_in_its_name(cards: Path) -> None:
    named = [Device(0, "Codec (hw:0,0)", 1, 1, 8), Device(1, "Speakerphone (hw:3,0)", 1, 1, 8)]
    assert [one.index for one in by_itself(named, lambda: False, cards)] == [1, 0]


def test_where_the_system_decides_its_default_comes_first(cards: Path) -> None:
    assert by_itself(BOARD, lambda: True, cards)[0].name == "default"


def test_a_sound_server_or_a_configuration_of_one_s_own_decides(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ALSA_CONFIG_PATH", "PULSE_SERVER", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setattr("assistant.sound.devices._SYSTEM_WIDE", tmp_path / "asound.conf")
    assert not system_decides()
    (tmp_path / ".asoundrc").touch()
    assert system_decides()
    (tmp_path / ".asoundrc").unlink()
    (tmp_path / "pipewire-0").touch()
    assert system_decides()


def test_one_name_or_many_are_many() -> None:
    assert several("") == several(" ") == several(("", " ")) == ()
    assert several("Jabra") == ("Jabra",)
    assert several(("Jabra", "", "USB")) == ("Jabra", "USB")


# --- the library ------------------------------------------------------------


def loading(home: Path) -> str:
    """What becomes of loading PortAudio as somebody with this home."""
    code = (
        "from assistant.sound import devices\n"
        "try: print(devices.portaudio().__name__)\n"
        "except devices.NoLibrary as reason: print(reason)\n"
    )
    return printed(code, home)


def printed(code: str, home: Path) -> str:
    """What such a program prints where this is home."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env={"HOME": str(home), "PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)},
        check=True,
    )
    return done.stdout.strip()


def test_a_line_of_alsas_that_stops_portaudio_is_told_with_its_cure(tmp_path: Path) -> None:
    """Without its "!" a default in ~/.asoundrc makes the import itself fail."""
    settings = tmp_path / ".asoundrc"
    settings.write_text("pcm.default { type plug slave.pcm null }\n")
    assert "write pcm.!default" in loading(tmp_path)
    settings.write_text("pcm.!default { type plug slave.pcm null }\n")
    assert loading(tmp_path) == "sounddevice"


def test_no_encoder_for_films_is_loaded_to_list_the_devices(tmp_path: Path) -> None:
    """Neither at first nor when they are listed again; what a person has set up is theirs."""
    code = (
        "from assistant.sound import devices\n"
        "def loaded(): return 'module_pcm_a52' in open('/proc/self/maps').read()\n"
        "devices.portaudio(); print(loaded()); devices.look_again(); print(loaded())\n"
    )
    if not list(Path("/usr").glob("lib*/**/alsa-lib/libasound_module_pcm_a52.so")):
        pytest.skip("this machine has no such encoder (Debian: libasound2-plugins)")
    assert printed(code, tmp_path) == "False\nFalse"
    (tmp_path / ".asoundrc").write_text("pcm.mine { type plug slave.pcm null }\n")
    assert printed(code, tmp_path) == "True\nTrue"


def test_a_card_has_the_name_that_people_know_however_it_is_opened() -> None:
    """By PA_ALSA_PLUGHW, which we ask for, PortAudio names it otherwise: neither "hw:1,0" in a
    configuration nor what is a card and what isn't may depend on that."""

    class Library:
        def query_devices(self) -> list[dict[str, object]]:
            names = ("sysdefault", "Headphones: - (plughw:0,0)", "Jabra: USB Audio (plughw:1,0)")
            channels = {"max_input_channels": 1, "max_output_channels": 2}
            return [
                {"index": index, "name": name, "default_samplerate": 48000.0} | channels
                for index, name in enumerate(names)
            ]

    found = listed(Library())
    assert [one.name for one in found][1:] == [
        "Headphones: - (hw:0,0)",
        "Jabra: USB Audio (hw:1,0)",
    ]
    assert matches("hw:1,0", [one.name for one in found]) == [2]
    assert matches("plughw:1,0", [one.name for one in found]) == [2]
    assert [one.index for one in by_itself(found, lambda: False)] == [2, 1, 0]


def test_a_latency_that_is_forced_on_all_programs_is_not_ours(room: Room) -> None:
    """Sound is asked for from the beginning, and no more of it than a real loudspeaker plays."""
    program = (
        "import time\n"
        "from assistant.sound.devices import portaudio\n"
        "asked = []\n"
        "stream = portaudio().RawOutputStream(\n"
        "    samplerate=22050, blocksize=441, channels=1, dtype='int16', latency=0.06,\n"
        "    callback=lambda out, frames, *_: asked.append(frames),\n"
        ")\n"
        "stream.start(); time.sleep(1.5); print(sum(asked) / 22050, flush=True)\n"
        "import os; os._exit(0)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=room.env() | {"PULSE_LATENCY_MSEC": "1000", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert 1.0 < float(done.stdout) < 2.2, done.stderr


@pytest.mark.parametrize(
    ("age_s", "content", "stays"),
    [(60.0, b"", False), (-3600.0, b"", False), (0.0, b"", True), (60.0, b"made", True)],
)
def test_a_database_of_jacks_that_was_begun_and_never_filled_is_taken_away(
    tmp_path: Path, age_s: float, content: bytes, stays: bool
) -> None:
    """As whoever began it leaves it where shared memory is full; the clock may go back since. One
    that is being made, or is whole, is somebody's."""
    database = tmp_path / "database"
    database.write_bytes(content)
    at = time.time() - age_s
    os.utime(database, (at, at))
    program = (
        "import sys; from assistant.sound import devices; devices.DATABASE = sys.argv[1]; "
        "print(devices.portaudio().__name__)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, database], cwd=ROOT, capture_output=True, text=True
    )
    assert done.stdout == "sounddevice\n", done.stderr
    assert database.exists() is stays
