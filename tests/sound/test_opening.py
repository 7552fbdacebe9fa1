"""Which device is opened and how, with a library that knows devices that no room can hold.

The library's answers are those of real devices: a screen takes two channels at 48 kHz only, a card
that somebody else uses can't be opened, an array has six channels.
"""

import sys
from array import array
from types import SimpleNamespace
from typing import Any

import pytest

from assistant.hearing.microphone import Gone, Microphone, mono
from assistant.sound.pcm import level
from assistant.speaking.loudspeaker import LoudspeakerError, Output, both
from assistant.speaking.mixer import Mixer


class PortAudioError(Exception):
    pass


class Library(SimpleNamespace):
    """`takes`: for each device's name the (channels, rate) pairs that can be opened."""

    def __init__(self, devices: list[dict[str, Any]], takes: dict[str, set[tuple[int, int]]]):
        super().__init__()
        self.devices, self.takes = devices, takes
        self.opened: list[Any] = []
        self.starts = True
        self.PortAudioError = PortAudioError

    def query_devices(self) -> list[dict[str, Any]]:
        return [{"index": i, **device} for i, device in enumerate(self.devices)]

    def stream(self, **asked: Any) -> Any:
        library = self

        class Stream:
            latency, stopped, active = 0.06, True, True
            samplerate = asked["samplerate"]
            closed = False

            def start(self) -> None:
                if not library.starts:
                    raise PortAudioError("Device unavailable")

            def close(self) -> None:
                self.closed = True

        name = self.devices[asked["device"]]["name"]
        if (asked["channels"], asked["samplerate"]) not in self.takes[name]:
            raise PortAudioError("Invalid number of channels")
        made = Stream()
        made.asked = asked  # type: ignore[attr-defined]
        self.opened.append(made)
        return made

    RawInputStream = RawOutputStream = stream


def device(name: str, inputs: int = 0, outputs: int = 0, rate_hz: int = 48000) -> dict[str, Any]:
    return {
        "name": name,
        "max_input_channels": inputs,
        "max_output_channels": outputs,
        "default_samplerate": float(rate_hz),
    }


SCREEN = device("vc4-hdmi-0: MAI PCM (hw:1,0)", outputs=8, rate_hz=44100)
JACK = device("bcm2835 Headphones: - (hw:0,0)", outputs=8, rate_hz=44100)
PHONE = device("Jabra SPEAK 410 USB: Audio (hw:2,0)", 1, 2, 16000)
ARRAY = device("ReSpeaker USB: Audio (hw:3,0)", 6, 0, 16000)


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> Library:
    made = Library(
        [SCREEN, JACK, PHONE, ARRAY],
        {
            SCREEN["name"]: {(2, 48000)},
            JACK["name"]: {(1, 22050), (2, 22050)},
            PHONE["name"]: {(1, 16000), (2, 48000)},
            ARRAY["name"]: {(6, 16000)},
        },
    )
    monkeypatch.setitem(sys.modules, "sounddevice", made)
    monkeypatch.setattr("assistant.sound.devices.system_decides", lambda: False)
    monkeypatch.setenv("PULSE_SERVER", "unix:/nowhere")
    return made


def output(*names: str) -> Output:
    return Output(names, 22050, lambda: None)


def test_a_screen_that_takes_two_channels_at_its_own_rate_plays(library: Library) -> None:
    opened = output("hdmi")
    assert (opened.name, opened.rate_hz) == (SCREEN["name"], 48000)
    mixer = Mixer(48000, lambda utterance, played_at: None)
    opened.feed_from(mixer)
    opened.start()
    mixer.lead = 0
    mixer.play(1, array("h", [5000] * 48000).tobytes())
    out = bytearray(4 * 960)
    for _ in range(5):
        opened._pull(memoryview(out), 960, None, None)
    samples = array("h", bytes(out))
    assert samples[::2] == samples[1::2]
    assert max(samples) > 1000


def test_both_channels_hold_the_same() -> None:
    assert array("h", both(array("h", [1, -2, 3]).tobytes())).tolist() == [1, 1, -2, -2, 3, 3]


def test_without_a_name_the_speakerphone_plays_and_listens(library: Library) -> None:
    assert output().name == PHONE["name"]
    assert Microphone().name == PHONE["name"]


def test_what_can_not_be_opened_gives_way_to_the_next(library: Library) -> None:
    library.takes[PHONE["name"]] = set()
    assert output().name == JACK["name"]
    assert output("jabra", "hdmi").name == SCREEN["name"]
    library.takes[JACK["name"]] = library.takes[SCREEN["name"]] = set()
    with pytest.raises(LoudspeakerError, match="can't be opened"):
        output()


def test_a_list_takes_the_first_that_is_there(library: Library) -> None:
    assert output("Sonos", "headphones", "jabra").name == JACK["name"]
    assert Microphone(("Yeti", "jabra")).name == PHONE["name"]
    with pytest.raises(Gone, match='no microphone named "Yeti" or "Blue"'):
        Microphone(("Yeti", "Blue"))
    with pytest.raises(LoudspeakerError, match="given by a number"):
        output("1")


@pytest.mark.parametrize(("channel", "taken"), [(0, 100), (3, 103), (5, 105), (-1, 100)])
def test_one_channel_of_an_array_is_heard(library: Library, channel: int, taken: int) -> None:
    """Without a choice it is the first: among the others may be what the loudspeaker plays."""
    ears = Microphone("respeaker", channel)
    frames = array("h", [100 + i % 6 for i in range(6 * 800)]).tobytes()
    ears._offset._offset = 0.0
    ears._take(frames, 800, None, None)
    assert set(array("h", ears.blocks.get_nowait())) <= {taken - 3, taken - 2, taken - 1, taken}
    assert ears.arrived == 800


def test_a_microphone_without_a_level_to_turn_up_is_made_louder(library: Library) -> None:
    """After its offset is out; what would be too much stays at the limit, where it is told."""
    ears = Microphone("jabra", gain_db=20.0)
    ears._offset._offset = 1000.0
    loudest = [1000 + sample for sample in (-3277, -30, 0, 30, 3277)] * 160
    ears._take(array("h", loudest).tobytes(), 800, None, None)
    heard = array("h", ears.blocks.get_nowait())
    assert max(abs(a - b) for a, b in zip(heard[1:4], (-300, 0, 300), strict=True)) <= 10
    assert (heard[0], heard[4]) == (-32768, 32767)
    assert level(heard.tobytes()).clipped > 0.3


def test_a_channel_that_is_not_there_is_refused_with_those_that_are(library: Library) -> None:
    with pytest.raises(Gone, match="has 6 channels, counted from 0: there is no channel 6"):
        Microphone("respeaker", 6)


def test_two_channels_become_their_mean() -> None:
    both = array("h", [100, 200, -32768, -32768, 32767, 32767, 0, -1]).tobytes()
    assert array("h", mono(both, 2, -1)).tolist() == [150, -32768, 32767, -1]
    assert array("h", mono(both, 2, 1)).tolist() == [200, -32768, 32767, -1]
    assert mono(both, 1, 0) == both


def test_a_stream_that_does_not_start_is_closed(library: Library) -> None:
    """Else the next try meets a device that we hold ourselves."""
    library.starts = False
    with pytest.raises(Gone, match="can't be opened"):
        Microphone("jabra")
    assert library.opened
    assert all(stream.closed for stream in library.opened)


def test_of_what_nobody_takes_in_time_the_oldest_is_dropped(library: Library) -> None:
    """And all that arrived is counted, so that nobody takes the microphone for lost."""
    ears = Microphone("jabra")
    for number in range(103):
        ears._take(array("h", [number % 8] * 800).tobytes(), 800, None, None)
    assert (ears.arrived, ears.dropped, ears.blocks.qsize()) == (103 * 800, 3, 100)
    assert ears.blocks.get_nowait() == array("h", [3] * 800).tobytes()
