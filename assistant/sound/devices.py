"""Which sound device is meant by a name, and which suits best where none is given.

Decides by the whole name, then by a part of it; and since the number of a card changes when it is
plugged in again ("USB Audio (hw:1,0)", then "(hw:2,0)"), then by the name without the number.
Without a name the system's own choice counts where somebody makes one (a sound server, a
configuration of ALSA's); else what has a microphone and a loudspeaker, then what is on USB. It
opens nothing: whoever opens takes the next one when one can't be opened. PortAudio is loaded here.
"""

import os
import re
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_NUMBER = re.compile(r" \(hw:\d+,\d+\)$")
_HARDWARE = re.compile(r"\(hw:(\d+),\d+\)$")
_ALSA_NUMBER = re.compile(r"(?:plug)?hw:(\d+)(?:,(\d+))?")
_ALSA_CARD = re.compile(r"\w+:card=([^,]+)(?:,dev=(\d+))?")
_CARDS = Path("/proc/asound")
_FILES = Path("/dev/snd")
_SYSTEM_WIDE = Path("/etc/asound.conf")
_PARTS = Path("/etc/alsa/conf.d")
SCREEN = "hdmi"
"""In a device's name: sound that goes to a screen, which may have no loudspeaker or be off."""
FORCED_LATENCY = ("PULSE_LATENCY_MSEC", "PIPEWIRE_LATENCY")
"""By which a person has all programs wait, often for a game's sake. We ask for our own: with a
short one forced on it PortAudio never asks for a sound, with a long one a sentence goes on after
"stop"."""
ENCODER = b"pcm.a52"
"""A plug-in of ALSA's, for the amplifier of a cinema. PortAudio loads each plug-in there is before
it lists it, and this one brings all of libavcodec along: 13 MiB, and 20 ms of a start."""
DATABASE = "/dev/shm/jack_db-{user}/__db.001"  # noqa: S108 - theirs
"""JACK's, which PortAudio always asks. Its library waits for ever for one that was begun and is
still empty: whoever began it found no room."""
BEING_MADE_S = 1.0
DEFAULT = "default"
"""What ALSA and PortAudio call the device that the system chooses."""


@dataclass(frozen=True, slots=True)
class Device:
    """One of PortAudio's, as it lists them."""

    index: int
    name: str
    inputs: int
    """Channels at most; 0: it is no microphone."""
    outputs: int
    rate_hz: int
    """Its own rate."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What to open, best first."""

    devices: tuple[Device, ...]
    also: tuple[str, ...] = ()
    """What else the name fits that the first was found by: told once, as it may be a slip."""


class NoDevice(Exception):
    """No device is meant by the names; the message says so in the words of a sentence."""


class NoLibrary(Exception):
    """PortAudio can't be used; the message says why and what to do, in the words of a sentence."""


def device_files() -> list[str]:
    """The kernel's sound devices; another list means that one came or went."""
    with suppress(OSError):
        return sorted(one.name for one in _FILES.iterdir())
    return []


def portaudio() -> Any:
    """The module sounddevice, imported when it is needed. Raises NoLibrary."""
    os.environ.setdefault("PA_ALSA_PLUGHW", "1")
    for forced in FORCED_LATENCY:
        os.environ.pop(forced, None)
    if "sounddevice" not in sys.modules:
        _take_away_what_was_begun()
        _leave_out_encoder()
    try:
        import sounddevice
    except (ImportError, OSError):  # the package, or PortAudio itself
        raise NoLibrary("PortAudio is not installed (sudo apt install libportaudio2)") from None
    except Exception as error:  # PortAudioError, which has no name before the import
        raise NoLibrary(
            f"PortAudio doesn't start ({error.args[0] if error.args else error}); where the file "
            ".asoundrc in your home has a line pcm.default, write pcm.!default"
        ) from None
    return sounddevice


def look_again() -> None:
    """PortAudio lists the devices once: make it forget them, so that a new one is seen."""
    with suppress(NoLibrary):
        sounddevice = portaudio()
        sounddevice._terminate()
        _take_away_what_was_begun()
        _leave_out_encoder()  # ALSA has forgotten that, too
        sounddevice._initialize()


def _take_away_what_was_begun() -> None:
    database = Path(DATABASE.format(user=os.getuid()))
    with suppress(OSError):  # there is none, which is usual
        begun = database.stat()
        if begun.st_size == 0 and abs(time.time() - begun.st_mtime) > BEING_MADE_S:
            database.unlink()


def _leave_out_encoder() -> None:
    """Where nobody has set up ALSA, and may need it, the ENCODER isn't there for PortAudio."""
    import ctypes

    # What packages put among the parts of the system's configuration are links.
    if _set_up() or not all(part.is_symlink() for part in _PARTS.glob("*.conf")):
        return
    with suppress(OSError, ValueError):  # there is no ALSA
        alsa, found = ctypes.CDLL("libasound.so.2"), ctypes.c_void_p()
        tree = ctypes.c_void_p.in_dll(alsa, "snd_config")
        known = alsa.snd_config_update() >= 0 and bool(tree)
        if known and alsa.snd_config_search(tree, ENCODER, ctypes.byref(found)) == 0:
            alsa.snd_config_delete(found)


def listed(sounddevice: Any) -> list[Device]:
    """All that PortAudio knows, by the names that it gives without PA_ALSA_PLUGHW: with it a card
    is "(plughw:1,0)" where people, and their configuration, know it as "(hw:1,0)". Raises what the
    library raises."""
    return [
        Device(
            int(one["index"]),
            str(one["name"]).replace("(plughw:", "(hw:"),
            int(one["max_input_channels"]),
            int(one["max_output_channels"]),
            round(one["default_samplerate"]),
        )
        for one in sounddevice.query_devices()
    ]


def microphones(names: Sequence[str], devices: Iterable[Device]) -> Choice:
    """What may be listened to by these names (none: what suits best). Raises NoDevice."""
    return _choose("microphone", names, [one for one in devices if one.inputs])


def loudspeakers(names: Sequence[str], devices: Iterable[Device]) -> Choice:
    """What may play by these names (none: what suits best). Raises NoDevice."""
    return _choose("loudspeaker", names, [one for one in devices if one.outputs])


def fits_several(kind: str, name: str, also: Sequence[str]) -> str:
    """For a name in the configuration that fits more than one device."""
    others = ", ".join(f'"{one}"' for one in also)
    return (
        f'The {kind} named in the configuration could be several. I took "{name}", and not '
        f"{others}; write more of the name to choose another one."
    )


def several(names: str | Sequence[str]) -> tuple[str, ...]:
    """One name or many as many; an empty one is none."""
    return tuple(name for name in ((names,) if isinstance(names, str) else names) if name.strip())


def _choose(kind: str, names: Sequence[str], devices: Sequence[Device]) -> Choice:
    if not devices:
        raise NoDevice(f"no {kind} was found")
    if not names:
        return Choice(tuple(by_itself(devices)))
    known = [device.name for device in devices]
    chosen: dict[int, Device] = {}
    also: tuple[str, ...] = ()
    for name in names:
        fitting = matches(name, known)
        if fitting and not chosen:
            also = tuple(dict.fromkeys(known[place] for place in fitting[1:])) if fitting else ()
        chosen |= {place: devices[place] for place in fitting}
    if chosen:
        return Choice(tuple(chosen.values()), also)
    for name in names:
        if name.strip().isdecimal():
            raise NoDevice(
                f'the {kind} is given by a number, "{name.strip()}"; numbers change, so write '
                "part of its name, as assistant doctor lists it"
            )
    wanted = " or ".join(f'"{name}"' for name in names)
    there = ", ".join(f'"{name}"' for name in dict.fromkeys(known[:6]))
    raise NoDevice(f"no {kind} named {wanted} was found; there are {there}")


def matches(name: str, known: Sequence[str], cards: Path = _CARDS) -> list[int]:
    """The places of the devices that are meant, best first. Upper and lower case are one, and so
    are one space and several."""
    whole = [_tidy(device) for device in known]
    asked = _tidy(name)
    if not asked or asked.isdecimal():
        return []
    if (hardware := _hardware(asked, cards)) is not None:
        return [place for place, device in enumerate(whole) if hardware in device]
    for wanted in (asked, _NUMBER.sub("", asked)):
        if same := [place for place, device in enumerate(whole) if device == wanted]:
            return same
        if parts := [place for place, device in enumerate(whole) if wanted in device]:
            return parts
    return []


def _tidy(name: str) -> str:
    return " ".join(name.lower().split())


def _hardware(asked: str, cards: Path) -> str | None:
    """What a device's name holds that ALSA calls so ("plughw:1,0", "hw:CARD=Device,DEV=0"); None
    where it is no such name. A card that isn't there gives what is in no name."""
    if numbered := _ALSA_NUMBER.fullmatch(asked):
        return f"(hw:{numbered[1]},{numbered[2] or 0})"
    if called := _ALSA_CARD.fullmatch(asked):
        number = next((n for n, ident in _idents(cards).items() if ident == called[1]), "none")
        return f"(hw:{number},{called[2] or 0})"
    return None


def _idents(cards: Path) -> Mapping[str, str]:
    """ALSA's short names of the cards, by number."""
    found = {}
    for card in cards.glob("card[0-9]*"):
        try:
            found[card.name.removeprefix("card")] = (card / "id").read_text().strip().lower()
        except OSError:
            continue
    return found


def by_itself(
    devices: Sequence[Device],
    decided: Callable[[], bool] | None = None,
    cards: Path = _CARDS,
) -> list[Device]:
    """All of them, what suits best first. `decided`: whether somebody chooses the default."""
    system_first = (decided or system_decides)()

    def rank(device: Device) -> tuple[int, int]:
        hardware = _HARDWARE.search(device.name)
        if hardware is None:
            if device.name.lower() == DEFAULT:
                return (0 if system_first else 4), 0
            return 6, 0
        if SCREEN in device.name.lower():
            return 5, 0
        on_usb = (cards / f"card{hardware[1]}" / "usbid").exists() or "usb" in device.name.lower()
        both_ways = bool(device.inputs and device.outputs)
        return (1 if on_usb else 3), (0 if both_ways else 1)

    return sorted(devices, key=rank)


def system_decides() -> bool:
    """Whether a sound server or a person's configuration chooses the default device; ALSA alone
    takes the first card, which is a headphone jack or a screen as often as not."""
    runtime = Path(os.environ.get("XDG_RUNTIME_DIR") or f"/run/user/{os.getuid()}")
    servers = (runtime / "pulse" / "native", runtime / "pipewire-0", Path("/run/pulse/native"))
    served = bool(os.environ.get("PULSE_SERVER")) or any(path.exists() for path in servers)
    return served or _set_up()


def _set_up() -> bool:
    """Whether somebody has set up ALSA."""
    home = Path(os.environ.get("HOME", "/"))
    config = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config")
    files = (home / ".asoundrc", config / "alsa" / "asoundrc", _SYSTEM_WIDE)
    return bool(os.environ.get("ALSA_CONFIG_PATH")) or any(path.exists() for path in files)
