"""The desk companion in a room, in real time: a minute of sitting, and what comes of it.

Two people at once, each with a room: one puts the reminder off and is then in company, the other
stands up at once. Together they are a whole working day of reminders in under four minutes.
"""

import os
import re
import sqlite3
import time
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from assistant.coach.ear_and_voice import CHIME_FIRST_S
from assistant.coach.effects import Sound
from assistant.coach.priorities import HUSHED_S
from assistant.content import read_back, sentences, words
from tests.product import UNASKED, Folders, OwnVoice, Step, chime
from tests.room import RATE_HZ, find, last_loud, missing
from tests.synthetic import Speaker, voices
from tests.test_room import Stage, side_by_side, stage

ROOT = Path(__file__).resolve().parent.parent
SPEECH = Path(os.environ.get("ASSISTANT_SPEECH_DIR") or ROOT.parent / "shared" / "speech")
SIT_S, UP_S, SNOOZE_S = 60.0, 30.0, 120.0
CONFIGURATION = f"""\
{UNASKED}[reminder]
sit_min = 1
up_min = 0.5
snooze_min = 1
gap_min = 0.5
"""
BEGUN_S = 0.8
"""From the order to the first word in the recording, on a busy machine."""
LATEST_S = CHIME_FIRST_S + BEGUN_S
TALK_S = (11.0, 16.0)
TALK_AHEAD_S = 8.0
"""The talk begins this long before the reminder and goes on into it."""
STORY = (
    "We could meet again on Thursday, if the train isn't late, and look at the garden.",
    "The old bridge is closed, and the people beside the river have written about it.",
    "I would rather take the bicycle, and carry the books in the basket, as my sister does.",
)

pytestmark = [
    pytest.mark.skipif(bool(missing()), reason=f"no room without {' '.join(missing())}"),
    pytest.mark.skipif(not voices(), reason="no synthetic voice: espeak-ng or flite is missing"),
    pytest.mark.timeout(330),
]


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    """A person who sits for a minute at a time."""
    made = Folders(tmp_path / "person")
    (made.config / "config.toml").write_text(CONFIGURATION)
    return made


def new_own_voice(folder: Path, folders: Folders) -> OwnVoice:
    """One for each room: they are asked at the same time."""
    folder.mkdir(parents=True)
    return OwnVoice(folder, {**os.environ, **folders.env()})


def talk(speaker: Speaker) -> Path:
    """Somebody tells something: a person where there is a recording of one."""
    table = SPEECH / "labels.tsv"
    if table.is_file():
        header, *rows = (line.split("\t") for line in table.read_text().splitlines())
        for row in (dict(zip(header, cells, strict=True)) for cells in rows):
            shortest_s, longest_s = TALK_S
            if row["kind"] == "talk" and shortest_s < float(row["seconds"]) < longest_s:
                return SPEECH / row["path"]
    return speaker.say(voices()[1], *STORY, pause_s=0.4)


def falls_due(on: Stage, timeout_s: float) -> Step:
    return on.assistant.wait_step(
        lambda step: step.orders("SetLamp", lamp="due"), "a reminder", timeout_s
    )


def heard(on: Stage, own: OwnVoice, text: str, ordered: float) -> float:
    """When the loudspeaker began a sentence that was ordered then. Each of its clauses must be
    heard after the one before: how long the voice pauses between them isn't always the same."""
    clauses = re.split(r"(?<=[,.:]) ", text)
    ends = ordered + LATEST_S + sum(len(own.samples(clause)) for clause in clauses) / RATE_HZ
    on.room.loudspeaker.wait_until(ends)
    begins: list[float] = []
    for clause in clauses:
        after = begins[-1] + 0.1 if begins else ordered
        times = own.times(on.room.record(ordered).between(after, ends), clause)
        assert times, f"{clause!r} of {text!r} was not heard"
        begins.append(times[0])
    return begins[0]


def first_reminder(on: Stage, own: OwnVoice) -> Step:
    """After a minute of sitting: lamp, chime, and a moment later the voice."""
    due = falls_due(on, SIT_S + 15)
    assert SIT_S <= due.at - on.assistant.began < SIT_S + 5
    begins = heard(on, own, sentences.stand(SIT_S), due.at)
    assert CHIME_FIRST_S <= begins - due.at < CHIME_FIRST_S + BEGUN_S
    [rung] = find(on.room.record(due.at).between(due.at, begins), chime(Sound.DUE))
    assert rung - due.at < 0.4
    return due


def stands(state: Path) -> list[tuple[Any, ...]]:
    """What the journal keeps of the reminders, once the assistant has ended."""
    path = state / "exercise-assistant" / "journal.sqlite3"
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        return database.execute(
            "SELECT asked, answer, delay_s, snoozes, snooze_s FROM stand ORDER BY id"
        ).fetchall()


def put_off_then_in_company(folders: Folders, speaker: Speaker, state: Path) -> None:
    """Due, "snooze two minutes", read back as a clock time, due again while people talk, silence
    until they have stopped, "I'm up"."""
    own = new_own_voice(state / "voice", folders)
    with stage(folders, speaker, state) as on:
        assistant = on.assistant
        due = first_reminder(on, own)

        on.say(voices()[0], "snooze two minutes")
        snoozed = assistant.wait_asked("snooze", "voice")
        at = datetime.fromtimestamp(time.time() + snoozed.at - time.monotonic() + SNOOZE_S)
        clock = 3600 * at.hour + 60 * at.minute + at.second
        back = read_back.snoozed(SNOOZE_S, clock, 2)
        assert f"two minutes: {words.clock(clock)}." in back.lower()
        assert snoozed.orders("Say", text=back), snoozed.effects
        assert heard(on, own, back, snoozed.at) - snoozed.at < BEGUN_S

        on.room.loudspeaker.wait_until(snoozed.at + SNOOZE_S - TALK_AHEAD_S, SNOOZE_S)
        on.room.play(talk(speaker), wait=False)
        again = falls_due(on, 2 * TALK_AHEAD_S)
        assert again.at - snoozed.at == pytest.approx(SNOOZE_S, abs=0.3)
        asked = assistant.wait_step(
            lambda step: step.orders("Chime", sound="due"), "the chime", 3 * HUSHED_S
        )
        talked = last_loud(on.room.microphone.so_far().between(again.at - 1, asked.at))
        assert talked is not None, "nobody talked"
        assert talked > again.at, "they had stopped before the reminder"
        told = [step.at for step in assistant.steps if step.event["is"] == "Talking"]
        assert asked.at - max(told) == pytest.approx(HUSHED_S, abs=0.3)
        assert HUSHED_S - 4 < asked.at - talked < HUSHED_S + 1
        waited = on.room.record().between(again.at, asked.at)
        assert last_loud(waited) is None, "it spoke into the conversation"
        begins = heard(on, own, sentences.STAND_AGAIN, asked.at)
        assert CHIME_FIRST_S <= begins - asked.at < CHIME_FIRST_S + BEGUN_S

        on.say(voices()[0], "I'm up")
        up = assistant.wait_asked("up", "voice")
        assert up.orders("SetLamp", lamp="standing")
        assert heard(on, own, sentences.standing(UP_S), up.at) - up.at < BEGUN_S
        assert assistant.commands("voice") == ["snooze two minutes", "i'm up"]
        assistant.terminate()
        assistant.wait(5)
    [(was_asked, answer, delay_s, snoozes, snooze_s)] = stands(state)
    assert (was_asked, answer, snoozes, snooze_s) == (1, "taken", 1, SNOOZE_S)
    assert delay_s == pytest.approx(up.at - due.at, abs=0.2)


def up_at_once(folders: Folders, speaker: Speaker, state: Path) -> None:
    """Due, "I'm up", thanks, half the time, the end, and sitting counts anew."""
    own = new_own_voice(state / "voice", folders)
    with stage(folders, speaker, state) as on:
        assistant = on.assistant
        due = first_reminder(on, own)
        on.say(voices()[1], "I'm up")
        up = assistant.wait_asked("up", "voice")
        assert up.orders("SetLamp", lamp="standing")
        assert heard(on, own, sentences.standing(UP_S), up.at) - up.at < BEGUN_S

        half = assistant.wait_said(sentences.HALFWAY, UP_S)
        assert half.at - up.at == pytest.approx(UP_S / 2, abs=0.1)
        assert heard(on, own, sentences.HALFWAY, half.at) - half.at < BEGUN_S
        over = assistant.wait_step(
            lambda step: step.orders("Chime", sound="done"), "the end of standing", UP_S
        )
        assert over.at - up.at == pytest.approx(UP_S, abs=0.1)
        assert over.orders("SetLamp", lamp="idle") or over.orders("SetLamp", lamp="soon")
        on.room.loudspeaker.wait_until(over.at + 2)
        assert find(on.room.record(over.at), chime(Sound.DONE), at_least=0.4)
        [said] = [text for at, text in assistant.said() if at >= over.at]
        assert said.startswith(sentences.SIT)
        assert heard(on, own, said, over.at) - over.at < BEGUN_S
        assistant.terminate()
        assistant.wait(5)
    [(was_asked, answer, delay_s, snoozes, snooze_s)] = stands(state)
    assert (was_asked, answer, snoozes, snooze_s) == (1, "taken", 0, 0)
    assert delay_s == pytest.approx(up.at - due.at, abs=0.2)


def test_a_reminder_is_given_put_off_held_back_while_people_talk_taken_and_written_down(
    folders: Folders, speaker: Speaker, tmp_path: Path
) -> None:
    """Every word by voice, every answer in the loudspeaker's recording, every row on disk."""
    side_by_side(
        lambda: put_off_then_in_company(folders, speaker, tmp_path / "company"),
        lambda: up_at_once(folders, speaker, tmp_path / "alone"),
    )
