"""The sound servers' echo cancellers that deploy/audio configures, in front of real servers."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from assistant.doctor import echo_canceller
from tests import pipewire_room, room
from tests.pipewire_room import PipeWireRoom
from tests.room import Recorder, Room
from tests.synthetic import Speaker, voices

AUDIO = Path(__file__).resolve().parents[2] / "deploy" / "audio"
MICROPHONE = "exercise_assistant_microphone"
STORY = "Lie on your back with your knees bent. Breathe in, and press your back to the floor."
LEAST_DB = 6.0
"""So much quieter at least is the echo, after three seconds of learning."""

pytestmark = [
    pytest.mark.skipif(not voices(), reason="no synthetic voice: espeak-ng or flite is missing"),
    pytest.mark.timeout(120),
]


def pulse() -> Room:
    if lacking := room.missing():
        pytest.skip(f"no PulseAudio without these packages: {' '.join(lacking)}")
    return Room(AUDIO / "pulseaudio-echo-cancel.pa")


def pipewire() -> Room:
    if lacking := pipewire_room.missing():
        pytest.skip(f"no PipeWire without these packages: {' '.join(lacking)}")
    return PipeWireRoom(AUDIO / "pipewire-echo-cancel.conf")


def loudness_db(heard: Recorder, begin: float, end: float) -> float:
    heard.wait_until(end)
    samples = heard.since(begin).between(begin, end).samples.astype(float)
    return float(10 * np.log10(np.mean(samples**2) + 1e-12))


def played(room: Room, sink: str, wav: Path) -> tuple[float, float]:
    """Play it to a sink; the monotonic times of its second half."""
    began = room.microphone.so_far().end
    subprocess.run(["paplay", f"--device={sink}", wav], env=room.env(), check=True)
    length_s = soundfile.info(wav).duration
    return began + length_s / 2, began + length_s


@pytest.mark.parametrize("server", [pulse, pipewire])
def test_the_servers_canceller_takes_the_echo_out_and_lets_a_person_through(
    server: Callable[[], Room], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its microphone is everybody's default, the doctor names it, and the devices stay there."""
    with server() as one:
        one.echo(60, -6.0)
        speaker = Speaker(one.folder)
        for name, value in one.env().items():
            monkeypatch.setenv(name, value)
        assert echo_canceller.server_cancels()
        assert one.default_source() == MICROPHONE
        cancelled = Recorder(MICROPHONE, one.env())
        try:
            echo = played(one, "@DEFAULT_SINK@", speaker.say(voices()[0], STORY))
            assert loudness_db(one.loudspeaker, *echo) > -40, "it wasn't played"
            lower_db = loudness_db(one.microphone, *echo) - loudness_db(cancelled, *echo)
            person = played(one, "mouth", speaker.say(voices()[1], "stop, stop"))
            lost_db = loudness_db(one.microphone, *person) - loudness_db(cancelled, *person)
        finally:
            cancelled.close()
    assert lower_db > LEAST_DB
    assert abs(lost_db) < 4
