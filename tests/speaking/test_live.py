"""The speaking process in a real room: the loudspeaker says what was asked for, when it was."""

import os
import queue
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from assistant.coach.effects import Chime, Hush, Prepare, Priority, Say, SetVoice, Sound
from assistant.coach.events import Event, Found, Lost, Part, Spoken
from assistant.machine.messages import Alive, Protocol, encode
from assistant.speaking.chimes import Chimes
from assistant.speaking.speaker import Speaking
from assistant.speaking.to_file import speak_to_file
from assistant.speaking.voice_protocol import FROM_CHILD, Begin, Ordered
from tests.room import RATE_HZ, Room, Samples, find, last_loud, level_db, loud, read
from tests.speaking.test_render import WITHOUT_ESPEAK

VOICE = "gmw/en-us"
ALIKE = 0.45
"""espeak-ng never speaks a sentence twice the same: two renderings of one sentence are alike by 0.6
to 1, of two sentences by 0.2."""
LONG = "This sentence goes on and on and on, far longer than anybody would like to listen to it."


class Voice:
    """A `Speaking` and everything that it posted."""

    def __init__(self, *, loudspeaker: str = "", voice: str = VOICE) -> None:
        self.posted: list[Event] = []
        self._events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self.speaking = Speaking(
            self._post, voice=voice, rate_wpm=155, volume=0.8, loudspeaker=loudspeaker
        )

    def _post(self, event: Event) -> None:
        self.posted.append(event)
        self._events.put(event)

    def say(
        self, utterance: int, text: str, priority: Priority = Priority.CUE, within_s: float = 10.0
    ) -> None:
        self.speaking(Say(utterance, text, priority, within_s))

    def wait_for(self, wanted: type | Event, limit_s: float = 15) -> Event:
        ends_at = time.monotonic() + limit_s
        while True:
            event = self._events.get(timeout=max(0.01, ends_at - time.monotonic()))
            if isinstance(event, wanted) if isinstance(wanted, type) else event == wanted:
                return event

    def spoken(self) -> list[tuple[int, bool]]:
        return [(one.utterance, one.complete) for one in self.posted if isinstance(one, Spoken)]


@contextmanager
def voice(**settings: str) -> Iterator[Voice]:
    made = Voice(**settings)
    made.speaking.start()
    try:
        yield made
    finally:
        made.speaking.close()


@pytest.fixture
def in_the_room(room: Room, monkeypatch: pytest.MonkeyPatch) -> Room:
    """The children that a test starts live in the room."""
    for name in set(os.environ) - set(room.env()):
        monkeypatch.delenv(name)
    for name, value in room.env().items():
        monkeypatch.setenv(name, value)
    return room


def sound_of(text: str, folder: Path) -> Samples:
    path = folder / "reference.wav"
    speak_to_file(path, [(0.0, text)], voice=VOICE, rate_wpm=155, volume=0.8)
    return read(path)


def chime_of(sound: Sound) -> Samples:
    made = np.frombuffer(Chimes(RATE_HZ, 0.8)[sound], np.int16)
    return (made / 32768).astype(np.float32)


def until(room: Room, moment: float) -> None:
    assert room.loudspeaker.wait_until(moment)


def test_what_is_said_is_heard_in_order_and_reported_when_it_is_over(
    in_the_room: Room, tmp_path: Path
) -> None:
    texts = {1: "And let go.", 2: "Breathe out.", 3: "Three."}
    with voice(loudspeaker="loudspeaker") as one:
        began = time.monotonic()
        one.say(1, texts[1])
        one.wait_for(Spoken(1))
        one.speaking(Prepare((texts[2], texts[3])))
        one.say(4, texts[1])
        until(in_the_room, time.monotonic() + 0.6)
        # While that is spoken a count overtakes a cue.
        one.say(2, texts[2])
        one.say(3, texts[3], Priority.COUNT)
        one.wait_for(Spoken(2))
        over = time.monotonic()
        until(in_the_room, over + 0.2)
    assert one.spoken() == [(1, True), (4, True), (3, True), (2, True)]
    heard = in_the_room.record(began)
    order = [find(heard, sound_of(texts[number], tmp_path), ALIKE) for number in (1, 3, 2)]
    assert [len(times) for times in order] == [2, 1, 1]
    assert order[0][1] < order[1][0] < order[2][0]
    ended = last_loud(heard)
    assert ended is not None
    assert -0.02 < over - ended < 0.25


def test_the_first_sentence_may_be_asked_for_before_the_process_is_there(in_the_room: Room) -> None:
    one = Voice()
    one.say(1, "Good morning.")
    one.speaking.start()
    try:
        assert one.wait_for(Spoken) == Spoken(1, True)
    finally:
        one.speaking.close()


def test_a_sentence_that_comes_too_late_is_not_said(in_the_room: Room, tmp_path: Path) -> None:
    with voice() as one:
        one.say(0, "Ready.")
        one.wait_for(Spoken(0))
        one.say(1, LONG)
        until(in_the_room, time.monotonic() + 0.6)
        began = time.monotonic()
        one.say(2, "Three.", Priority.COUNT, within_s=0.5)
        one.wait_for(Spoken(2, False))
        assert 0.5 < time.monotonic() - began < 1.5  # told at once, not when its turn would come
        one.wait_for(Spoken(1))
        until(in_the_room, time.monotonic() + 0.2)
    assert find(in_the_room.record(began), sound_of("Three.", tmp_path), ALIKE) == []


def test_hush_is_silence_within_120_ms_and_forgets_what_waits(in_the_room: Room) -> None:
    took = []
    with voice() as one:
        one.speaking(Prepare((LONG,)))
        for turn in range(4):
            one.say(10 * turn, LONG)
            one.say(10 * turn + 1, "Not any more.")
            asked_at = time.monotonic()
            until(in_the_room, asked_at + 0.8 + 0.007 * turn)  # in mid-sentence
            hushed_at = time.monotonic()
            one.speaking(Hush())
            one.wait_for(Spoken(10 * turn + 1, False))
            until(in_the_room, hushed_at + 0.5)
            ended = last_loud(in_the_room.record(hushed_at - 0.3))
            assert ended is not None
            took.append(ended - hushed_at)
    assert max(took) < 0.12
    assert sorted(one.spoken()) == sorted((10 * t + i, False) for t in range(4) for i in (0, 1))


def test_after_a_hush_it_speaks_again_at_once(in_the_room: Room) -> None:
    with voice() as one:
        one.say(1, LONG)
        one.speaking(Hush())
        one.say(2, "Stopped.", Priority.SAFETY)
        assert one.wait_for(Spoken) == Spoken(1, False)
        assert one.wait_for(Spoken) == Spoken(2, True)


def test_what_is_said_again_after_a_hush_is_heard(in_the_room: Room) -> None:
    """It is at hand, so it follows at once: "say that again" in mid-sentence."""
    with voice() as one:
        one.say(1, LONG)
        until(in_the_room, time.monotonic() + 1.0)
        one.speaking(Hush())
        one.say(2, LONG)
        assert one.wait_for(Spoken) == Spoken(1, False)
        assert one.wait_for(Spoken) == Spoken(2, True)


def test_a_chime_is_always_equally_late_over_speech_and_silence(in_the_room: Room) -> None:
    late: list[float] = []
    with voice() as one:
        one.say(1, "Ready.")
        one.wait_for(Spoken(1))
        # Over a voice only a long chime of many notes can be placed exactly by ear or by machine.
        for sentence, sound, turns in (("", Sound.BEGIN, 8), (" ".join([LONG] * 3), Sound.DONE, 8)):
            chime = chime_of(sound)
            one.say(2, sentence)
            asked_at = []
            for turn in range(turns):
                apart = 0.1 + len(chime) / RATE_HZ + 0.0037 * turn
                until(in_the_room, time.monotonic() + apart)
                asked_at.append(time.monotonic())
                one.speaking(Chime(sound))
            until(in_the_room, time.monotonic() + 1.0)
            found = find(in_the_room.record(asked_at[0]), chime, 0.4)
            late += [min(at - moment for at in found if at > moment) for moment in asked_at]
    middle = statistics.median(late)
    assert 0.02 < middle < 0.15
    # To the sample in the mixer; here other programs may delay a few on a busy machine.
    assert sum(abs(each - middle) < 0.01 for each in late) >= 13, late


def test_a_prepared_sentence_begins_promptly(in_the_room: Room) -> None:
    with voice() as one:
        one.say(1, "Ready.")
        one.speaking(Prepare(("Three.", "Two.", "One.")))
        one.wait_for(Spoken(1))
        for utterance, text in enumerate(("Three.", "Two.", "One."), 2):
            asked_at = time.monotonic()
            one.say(utterance, text, Priority.COUNT, within_s=0.3)
            one.wait_for(Spoken(utterance))
            assert loud(in_the_room.record(asked_at))[0].start - asked_at < 0.2


def test_slower_and_quieter_hold_from_the_next_sentence_on_and_after_a_new_start(
    in_the_room: Room,
) -> None:
    with voice() as one:

        def said(utterance: int) -> tuple[float, float]:
            asked_at = time.monotonic()
            one.say(utterance, "Breathe in and out")
            one.wait_for(Spoken(utterance))
            stretch = loud(in_the_room.record(asked_at), above_db=-60)[0]
            return len(stretch.samples) / RATE_HZ, float(level_db(stretch.samples).max())

        usual = said(1)
        one.speaking(SetVoice(pace=0.7, volume=0.4))
        slow = said(2)
        assert one.speaking.pid is not None
        os.kill(one.speaking.pid, signal.SIGKILL)
        one.wait_for(Found(Part.VOICE))
        again = said(3)
    assert slow[0] > 1.2 * usual[0]
    assert slow[1] == pytest.approx(usual[1] - 6, abs=1.5)
    assert again == pytest.approx(slow, rel=0.05)


@contextmanager
def told_by_a_child(*notes: object) -> Iterator[Iterator[object]]:
    """What a voice's own process says that is told this."""
    with subprocess.Popen(
        [sys.executable, "-m", "assistant.speaking.voice"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write("".join(f"{encode(note)}\n" for note in notes))
        child.stdin.flush()
        yield (Protocol(Alive, *FROM_CHILD).decode(line) for line in child.stdout)
        child.stdin.close()


def test_a_sentence_that_overtakes_what_a_new_process_is_told_first_is_answered() -> None:
    """One thread tells a new process all, another one asks it for a sentence meanwhile."""
    say = Ordered(time.monotonic(), Say(7, "Hello.", Priority.CUE, 5.0))
    begin = Begin(VOICE, 155, 0.8, ("no such loudspeaker",), "")
    with told_by_a_child(say, begin) as told:
        assert Spoken(7, False) in told


def test_what_is_hushed_before_a_new_process_is_ready_is_not_said_afterwards(
    in_the_room: Room,
) -> None:
    """A press while the devices are looked for silences what was asked for before it."""
    now = time.monotonic()
    say, more = (Ordered(now, Say(n, "Hello.", Priority.CUE, 20.0)) for n in (7, 8))
    begin = Begin(VOICE, 155, 0.8, ("",), "")
    with told_by_a_child(say, begin, Ordered(now, Hush()), more) as told:
        spoken = (one for one in told if isinstance(one, Spoken))
        assert [next(spoken), next(spoken)] == [Spoken(7, False), Spoken(8, True)]


def test_a_process_that_is_killed_in_mid_sentence_is_reported_and_replaced(
    in_the_room: Room,
) -> None:
    with voice() as one:
        one.say(1, LONG)
        one.say(2, "And then?")
        until(in_the_room, time.monotonic() + 1.2)
        first = one.speaking.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        lost = one.wait_for(Lost)
        assert isinstance(lost, Lost)
        assert lost.part is Part.VOICE
        one.wait_for(Spoken(2, False))
        one.wait_for(Found(Part.VOICE))
        one.say(3, "Here I am.")
        one.wait_for(Spoken(3, True))
        assert one.speaking.pid != first
    assert one.spoken() == [(1, False), (2, False), (3, True)]


def test_a_process_that_hangs_is_ended_and_replaced(in_the_room: Room) -> None:
    with voice() as one:
        one.say(1, "Ready.")
        one.wait_for(Spoken(1))
        assert one.speaking.pid is not None
        os.kill(one.speaking.pid, signal.SIGSTOP)
        one.say(2, "Nobody says that.")
        one.wait_for(Spoken(2, False))
        one.wait_for(Found(Part.VOICE))
        one.say(3, "Here I am.")
        one.wait_for(Spoken(3, True))


def test_a_loudspeaker_that_goes_away_is_named_and_found_again(in_the_room: Room) -> None:
    with voice() as one:
        one.say(1, LONG)
        until(in_the_room, time.monotonic() + 1.0)
        in_the_room.stop_server()
        lost = one.wait_for(Lost)
        assert isinstance(lost, Lost)
        assert lost.part is Part.LOUDSPEAKER
        one.wait_for(Spoken(1, False))
        one.say(2, "Nobody hears that.")
        one.wait_for(Spoken(2, False), limit_s=1)
        in_the_room.start_server()
        one.wait_for(Found(Part.LOUDSPEAKER), limit_s=40)
        one.say(3, "Here I am.")
        one.wait_for(Spoken(3, True))


def test_without_that_loudspeaker_all_is_answered_and_it_is_said_once(in_the_room: Room) -> None:
    with voice(loudspeaker="attic") as one:
        lost = one.wait_for(Lost)
        assert isinstance(lost, Lost)
        assert lost.part is Part.LOUDSPEAKER
        assert '"attic"' in lost.reason
        assert "loudspeaker" in lost.reason
        for utterance in range(5):
            one.say(utterance, "Hello.")
            one.speaking(Chime(Sound.TICK))
            one.wait_for(Spoken(utterance, False), limit_s=2)
        first = one.speaking.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        while one.speaking.pid in (first, None):
            until(in_the_room, time.monotonic() + 0.05)
        one.say(6, "Hello.")
        one.wait_for(Spoken(6, False), limit_s=2)
    assert len([event for event in one.posted if isinstance(event, Lost)]) == 1


def test_without_espeak_chimes_still_sound_and_sentences_are_answered(
    in_the_room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text(WITHOUT_ESPEAK)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with voice() as one:
        lost = one.wait_for(Lost)
        assert isinstance(lost, Lost)
        assert lost.part is Part.VOICE
        assert "espeak-ng" in lost.reason
        one.say(1, "Hello.")
        one.wait_for(Spoken(1, False))
        asked_at = time.monotonic()
        one.speaking(Chime(Sound.FAULT))
        until(in_the_room, asked_at + 0.8)
        assert find(in_the_room.record(asked_at), chime_of(Sound.FAULT), 0.9)


def test_an_unknown_voice_is_named_and_the_usual_one_speaks(in_the_room: Room) -> None:
    with voice(voice="gmw/klingon") as one:
        lost = one.wait_for(Lost)
        assert isinstance(lost, Lost)
        assert '"gmw/klingon"' in lost.reason
        one.say(1, "Hello.")
        one.wait_for(Spoken(1, True))
    assert len([event for event in one.posted if isinstance(event, Lost)]) == 1


def test_nothing_to_say_is_said_at_once(in_the_room: Room) -> None:
    with voice() as one:
        for utterance, text in enumerate(("", "  ", "...", "\x00")):
            one.say(utterance, text)
            one.wait_for(Spoken(utterance, True))


def test_closing_is_quick_answers_everything_and_later_sentences_too(in_the_room: Room) -> None:
    with voice() as one:
        one.say(1, LONG)
        until(in_the_room, time.monotonic() + 0.8)
        began = time.monotonic()
        one.speaking.close()
        assert time.monotonic() - began < 2
        assert one.speaking.pid is None
        one.say(2, "Too late.")
    assert one.spoken() == [(1, False), (2, False)]


def test_the_process_is_small(in_the_room: Room) -> None:
    with voice() as one:
        one.speaking(
            Prepare(tuple(f"{number} more of these, and then we rest." for number in range(20)))
        )
        one.say(1, LONG)
        one.wait_for(Spoken(1))
        rolled_up = Path(f"/proc/{one.speaking.pid}/smaps_rollup").read_text().splitlines()
        pss_kib = next(int(line.split()[1]) for line in rolled_up if line.startswith("Pss:"))
    assert pss_kib < 45 * 1024
