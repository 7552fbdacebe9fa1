"""The whole program in a room: people speak and press, and what the loudspeaker said is judged."""

import os
import pty
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from assistant.content import sentences
from assistant.errors import ExitCode
from tests.product import Assistant, Folders, OwnVoice, command, holds
from tests.room import RATE_HZ, Room, last_loud, missing
from tests.synthetic import Speaker, Voice, voices

WAKE = "hey coach"
SPOKEN_NAME = "morning test"
HOLD_S = 14.0
COUNTED_S = 4.0
SHORT_S = 2.0
TEMPTING = "You may say pause, or next, or stop, at any time."
"""A step of the routine's own that a coach without manners would obey."""

pytestmark = [
    pytest.mark.skipif(bool(missing()), reason=f"no room without {' '.join(missing())}"),
    pytest.mark.skipif(not voices(), reason="no synthetic voice: espeak-ng or flite is missing"),
    pytest.mark.timeout(120),
]


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Folders:
    """A person with two short routines of their own."""
    made = Folders(tmp_path_factory.mktemp("person"))
    made.exercise("tall", "standing tall", hold_s=HOLD_S)
    made.exercise("counted", "the count", step=TEMPTING, count="down", hold_s=COUNTED_S)
    made.exercise("short", "a short one", hold_s=SHORT_S)
    made.exercise("still", "standing still", hold_s=HOLD_S)
    made.routine("morning-test", SPOKEN_NAME, "tall", "still")
    made.routine("count-test", "count test", "counted", "short")
    made.routine("short-test", "short test", "short")
    return made


@pytest.fixture(scope="module")
def own_voice(tmp_path_factory: pytest.TempPathFactory, folders: Folders) -> OwnVoice:
    return OwnVoice(tmp_path_factory.mktemp("voice"), {**os.environ, **folders.env()})


class Stage:
    """One room with one assistant in it, and a state folder that no other assistant uses."""

    def __init__(self, room: Room, assistant: Assistant, speaker: Speaker) -> None:
        self.room, self.assistant, self._speaker = room, assistant, speaker

    def say(self, voice: Voice, *breaths: str) -> None:
        """A person speaks, once the assistant listens and its last chime is over."""
        self.assistant.wait_listening()
        self.room.loudspeaker.wait_quiet(1.0)
        self.room.play(self._speaker.say(voice, *breaths))

    def heard(self, own: OwnVoice, text: str, ordered: float, within_s: float = 1.0) -> list[float]:
        """When the loudspeaker began to say a sentence that was ordered then."""
        ends = ordered + within_s + len(own.samples(text)) / RATE_HZ
        self.room.loudspeaker.wait_until(ends)
        return own.times(self.room.record(ordered).between(ordered, ends), text)


@contextmanager
def stage(
    folders: Folders,
    speaker: Speaker,
    state: Path,
    *arguments: str,
    echo: tuple[int, float] | None = None,
    stdin: int = subprocess.PIPE,
    opened: Callable[[], Room] = Room,
) -> Iterator[Stage]:
    with opened() as room:
        if echo is not None:
            room.echo(*echo)
        environment = room.env() | folders.env() | {"XDG_STATE_HOME": str(state)}
        with Assistant(["run", *arguments], environment, stdin=stdin) as assistant:
            yield Stage(room, assistant, speaker)


def side_by_side(*plays: Callable[[], None]) -> None:
    """Rooms are private, so plays in different rooms can go on at the same time."""
    with ThreadPoolExecutor(len(plays)) as pool:
        for done in [pool.submit(play) for play in plays]:
            done.result()


# --- by voice -----------------------------------------------------------------


def lead_by_voice(
    on: Stage, own: OwnVoice, cast: Sequence[Voice], start: Sequence[str], go_on: str
) -> None:
    """A session in which every command is spoken by somebody else."""
    assistant = on.assistant
    on.say(cast[0], *start)
    started = assistant.wait_asked("start", "voice")
    assert started.event["routine"] == "morning-test"
    holding = assistant.wait_lamp("holding")
    on.say(cast[1], "pause")
    paused = assistant.wait_asked("pause", "voice")
    assert paused.orders("SetLamp", lamp="paused")
    on.say(cast[2], go_on)
    resumed = assistant.wait_asked("resume", "voice")
    again = assistant.wait_lamp("holding")
    on.say(cast[3], "next")
    skipped = assistant.wait_asked("next", "voice")
    assert skipped.orders("SetLamp", lamp="ready")
    assistant.wait_lamp("holding")
    on.say(cast[4], "stop")
    stopped = assistant.wait_asked("stop", "voice")
    assert stopped.orders("SetLamp", lamp="idle")
    assistant.wait_listening()

    assert again.at - resumed.at == pytest.approx(3.0, abs=0.1)
    for text, ordered in (
        ("Morning test.", started.at),
        ("Hold.", holding.at),
        (sentences.PAUSED, paused.at),
        *((text, resumed.at + i) for i, text in enumerate(sentences.REENTRY)),
        (sentences.SKIPPED, skipped.at),
        (sentences.STOPPED, stopped.at),
    ):
        begins = on.heard(own, text, ordered)
        assert begins, f"{text} was not heard at its time"
        assert begins[0] - ordered < 0.4, f"{text} came late"


def test_a_session_is_led_by_voice_alone(
    folders: Folders, speaker: Speaker, own_voice: OwnVoice, tmp_path: Path
) -> None:
    """Several voices start it in one breath and in two, pause it, go on, skip and stop it."""
    people = [*voices(), *voices()]
    own_voice.know("Morning test.", "Hold.", sentences.PAUSED, *sentences.REENTRY)
    own_voice.know(sentences.SKIPPED, sentences.STOPPED)

    def play(name: str, cast: Sequence[Voice], start: Sequence[str], go_on: str) -> None:
        with stage(folders, speaker, tmp_path / name) as on:
            lead_by_voice(on, own_voice, cast, start, go_on)

    command = f"start {SPOKEN_NAME}"
    side_by_side(
        lambda: play("one breath", people[0:5], [f"{WAKE}, {command}"], "continue"),
        lambda: play("two breaths", people[2:7], [WAKE, command], "go on"),
    )


# --- with the loudspeaker in its ear ------------------------------------------


def test_it_never_obeys_itself_and_listens_again_afterwards(
    folders: Folders, speaker: Speaker, tmp_path: Path
) -> None:
    """With a loud and a quiet echo: no command from its own words in a whole routine whose words
    tempt, every hold on time in the recording, and then a spoken command is taken."""

    def play(name: str, echo: tuple[int, float], voice: Voice, words: str) -> None:
        with stage(folders, speaker, tmp_path / name, "count-test", echo=echo) as on:
            on.assistant.wait_lamp("holding")
            on.assistant.type("help")  # it answers with half of its vocabulary
            on.assistant.wait_said(sentences.HELP_SESSION)
            on.assistant.wait_step(
                lambda step: step.orders("Record", kind="session_end", detail="done"),
                "the end of the routine",
                timeout_s=60,
            )
            on.assistant.wait_listening()
            assert on.assistant.commands("voice") == []
            errors = [
                end - begin - planned
                for (begin, end), planned in zip(
                    holds(on.room.record()), (COUNTED_S, SHORT_S), strict=True
                )
            ]
            assert max(map(abs, errors)) < 0.05
            on.say(voice, words)
            on.assistant.wait_asked("time_left", "voice")

    question = "how long left"
    side_by_side(
        lambda: play("loud", (60, -6.0), voices()[0], f"{WAKE}, {question}"),
        lambda: play("quiet", (120, -20.0), voices()[1], f"{WAKE}, {question}"),
    )


# --- by hand ------------------------------------------------------------------


def test_a_press_silences_it_at_once(folders: Folders, speaker: Speaker, tmp_path: Path) -> None:
    """In the recording speech ends at most 120 ms after the space bar."""
    keyboard, terminal = pty.openpty()
    try:
        with stage(folders, speaker, tmp_path, "morning-test", stdin=terminal) as on:
            on.assistant.wait_lamp("holding")
            os.write(keyboard, b"help\n")
            said = on.assistant.wait_said(sentences.HELP_SESSION)
            on.room.loudspeaker.wait_until(said.at + 2.0)
            pressed = time.monotonic()
            os.write(keyboard, b" ")
            paused = on.assistant.wait_asked("press", "key")
            on.room.loudspeaker.wait_until(paused.at)
            recording = on.room.record(pressed - 1.0)
            speaking = last_loud(recording.between(pressed - 1.0, pressed))
            assert speaking == pytest.approx(pressed, abs=0.4), "it was not speaking"
            ended = last_loud(recording.between(pressed - 1.0, paused.at))
            assert ended is not None
            assert ended - pressed < 0.12
    finally:
        os.close(keyboard)
        os.close(terminal)


# --- beginning, failing, ending -----------------------------------------------


def test_once_leads_one_routine_and_ends_well_with_sound_and_without(
    folders: Folders, speaker: Speaker, own_voice: OwnVoice, tmp_path: Path
) -> None:
    """Aloud, or where there is no sound device as lines that name once what is missing."""
    texts = ("Hold.", "Well done.")
    own_voice.know(*texts)

    def aloud() -> None:
        with stage(folders, speaker, tmp_path / "aloud", "short-test", "--once") as on:
            assert on.assistant.wait(60) == ExitCode.GOOD
            for text in texts:
                [(ordered, _)] = [said for said in on.assistant.said() if said[1] == text]
                assert on.heard(own_voice, text, ordered)

    def in_lines() -> None:
        environment = nothing_to_hear_or_say(tmp_path) | folders.env()
        environment |= {"XDG_STATE_HOME": str(tmp_path / "in lines")}
        with Assistant(["run", "short-test", "--once"], environment) as assistant:
            assert assistant.wait(60) == ExitCode.GOOD
            lines = [line.text for line in assistant.lines]
        for what in ("I can't hear you", "I can't be heard", *texts):
            assert len([line for line in lines if what in line]) == 1, lines
        assert not any("Traceback" in line for line in lines)

    side_by_side(aloud, in_lines)


def nothing_to_hear_or_say(folder: Path) -> dict[str, str]:
    """The environment of a machine without any sound device."""
    devices = folder / "asound.conf"  # PortAudio aborts when there is nothing at all in it
    devices.write_text("pcm.gone { type hw card 77 }\n")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PULSE_")}
    return kept | {
        "ALSA_CONFIG_PATH": str(devices),
        "XDG_RUNTIME_DIR": str(folder),
        "PULSE_SERVER": f"unix:{folder}/nobody",
    }


def test_a_part_that_dies_comes_back_and_works(
    folders: Folders, speaker: Speaker, own_voice: OwnVoice, tmp_path: Path
) -> None:
    """Killed, the hearing and the speaking process are started again, say so, and do their work."""
    own_voice.know(*(sentences.FOUND[part] for part in ("microphone", "voice")))

    def play(module: str, part: str) -> None:
        with stage(folders, speaker, tmp_path / part) as on:
            on.assistant.wait_listening()
            killed = on.assistant.child(module)
            os.kill(killed, signal.SIGKILL)
            on.assistant.wait_step(lambda step: step.tells("Lost", part), f"{part} to be lost")
            found = on.assistant.wait_step(lambda step: step.tells("Found", part), f"{part} back")
            assert on.assistant.child(module) != killed
            # It may still be saying what was lost.
            assert on.heard(own_voice, sentences.FOUND[part], found.at, within_s=8)
            on.say(voices()[0], f"{WAKE}, list routines")
            on.assistant.wait_asked("list", "voice")

    side_by_side(
        lambda: play("assistant.hearing.listener", "microphone"),
        lambda: play("assistant.speaking.voice", "voice"),
    )


def test_there_is_one_assistant_at_a_time_and_it_ends_when_asked(
    folders: Folders, speaker: Speaker, tmp_path: Path
) -> None:
    """A second one is refused; SIGTERM ends the first and all its children within three seconds."""
    with stage(folders, speaker, tmp_path, "morning-test") as on:
        on.assistant.wait_said("Morning-test.")
        environment = on.room.env() | folders.env() | {"XDG_STATE_HOME": str(tmp_path)}
        second = subprocess.run(
            command("run"), env=environment, capture_output=True, text=True, timeout=20
        )
        assert second.returncode == ExitCode.ALREADY_RUNNING
        assert str(on.assistant.process.pid) in second.stderr
        assert "Traceback" not in second.stderr

        assert len(on.assistant.children()) >= 2
        asked = on.assistant.terminate()
        assert on.assistant.wait(5) == ExitCode.GOOD
        assert time.monotonic() - asked < 3
        assert on.assistant.left_behind() == set()
