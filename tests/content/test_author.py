"""Writing a routine of one's own, as a person does it on the command line."""

import io
import json
import os
import subprocess
import sys
import time
import tomllib
import wave
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.cli import main
from assistant.content.draft import PURPOSES
from assistant.content.limits import sentences as split
from assistant.content.plan import compile_plan
from tests.content.voice import ROUTINES, missing, shipped
from tests.room import Room, last_loud, loud

LIBRARY = shipped()
ROUTINE = """\
id = "mine"
name = "Mine"

[[exercise]]
use = "pelvic-tilt"
setup_s = 30
"""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A person's folders, empty."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", str(ROUTINES.parent))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "config" / "exercise-assistant"


def answer(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


# --- new ----------------------------------------------------------------------


@pytest.mark.parametrize("purpose", PURPOSES)
@pytest.mark.parametrize("minutes", ["2", "6", "15"])
def test_six_answers_make_a_good_routine(
    purpose: str,
    minutes: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Whatever it is for: it passes the check without a doubt, and takes about as long."""
    answer(monkeypatch, "My own one", "", purpose, minutes, "", "right")
    assert main(["routines", "new", "own.toml"]) == 0
    capsys.readouterr()
    assert main(["routines", "check", "own.toml"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("own.toml: good. ")
    seconds = int(told.split()[-1][:2]) * 60 + int(told.split()[-1][3:5])
    entries = tomllib.loads(Path("own.toml").read_text())["exercise"]
    most = len(entries) == len(PURPOSES[purpose])
    assert seconds <= float(minutes) * 60 + 16 or len(entries) == 1
    assert seconds > float(minutes) * 60 * 0.5 or most


def test_enter_alone_takes_what_stands_in_brackets(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twice: the second one gets a name of its own, and the first stays as it was."""
    answer(monkeypatch)
    assert main(["routines", "new"]) == 0
    first = home / "routines" / "my-routine.toml"
    written = first.read_text()
    assert 12 <= len(written.splitlines()) <= 22
    assert written.startswith("#:schema ")
    assert (ROUTINES / "routine.schema.json").samefile(written.splitlines()[0].split()[1])
    answer(monkeypatch)
    assert main(["routines", "new"]) == 0
    assert first.read_text() == written
    second = home / "routines" / "my-routine-two.toml"
    assert main(["routines", "check", str(first), str(second)]) == 0
    assert main(["rehearse", "my-routine-two"]) == 0
    assert "My routine two" in capsys.readouterr().out


def test_an_existing_file_is_never_overwritten(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is said before the first question is asked."""
    Path("own.toml").write_text("precious")
    answer(monkeypatch, "x")
    assert main(["routines", "new", "own.toml"]) == 7
    assert Path("own.toml").read_text() == "precious"
    told = capsys.readouterr()
    assert "own.toml is there already" in told.err
    assert not told.out


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (["Crunch time"], "crunches and sit-ups"),
        (["42"], "A few words with letters"),
        (["Fine", "stop"], '"stop" means something else'),
        (["Fine", "desk break"], '"desk break" means something else'),
        (["Fine", "My 2"], "Lower-case words"),
        (["Fine", "", "yoga"], "One of: gentle, mobility, strength, desk"),
        (["Fine", "", "", "ages"], "A number from 1 to 60"),
        (["Fine", "", "", "", "brigde"], "did you mean bridge?"),
        (["Fine", "", "", "", "", "up"], "One of: left, right"),
    ],
)
def test_a_wrong_answer_is_asked_again(
    lines: list[str],
    says: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It says what would do, and the rest of the answers may be left out."""
    answer(monkeypatch, *lines)
    assert main(["routines", "new", "own.toml"]) == 0
    assert says in capsys.readouterr().out
    assert main(["routines", "check", "own.toml"]) == 0


def test_a_place_that_can_not_be_written_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("file").write_text("")
    answer(monkeypatch)
    assert main(["routines", "new", "file/own.toml"]) == 7
    told = capsys.readouterr()
    assert "file is no folder that you may write to" in told.err
    assert not told.out  # before the first question
    assert main(["routines", "new", "own.txt"]) == 2


# --- check --------------------------------------------------------------------


def test_everything_is_said_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    """Errors of one file, doubts about another, and that the third is good; the code is 3."""
    Path("bad.toml").write_text(ROUTINE.replace("30", '"long"').replace("Mine", ""))
    Path("odd.toml").write_text(ROUTINE.replace("30", "3"))
    Path("good.toml").write_text(ROUTINE)
    assert main(["routines", "check", "bad.toml", "odd.toml", "good.toml"]) == 3
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("error: bad.toml, line 2, `name`: expected")
    assert lines[1].startswith("error: bad.toml, line 6, `exercise 1.setup_s`: expected seconds")
    assert lines[2].startswith("warning: odd.toml, line 6, `exercise 1.setup_s`: expected 20 s")
    assert lines[3].startswith("odd.toml: good enough. 1 exercise, 01:")
    assert lines[4].startswith("good.toml: good. 1 exercise, 01:")
    assert len(lines) == 5
    assert main(["routines", "check", "odd.toml"]) == 0


def test_programs_get_the_same_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    Path("bad.toml").write_text(ROUTINE.replace("30", '"long"'))
    assert main(["routines", "check", "bad.toml", "--json"]) == 3
    (row,) = json.loads(capsys.readouterr().out)
    assert row == {
        "severity": "error",
        "file": "bad.toml",
        "line": 6,
        "key": "exercise 1.setup_s",
        "found": '"long"',
        "expected": "seconds from 0 to 120",
        "mend": "write setup_s = 5",
    }


def test_a_crunch_is_refused_with_the_reason(capsys: pytest.CaptureFixture[str]) -> None:
    Path("bad.toml").write_text(ROUTINE.replace("pelvic-tilt", "sit-ups"))
    assert main(["routines", "check", "bad.toml"]) == 3
    told = capsys.readouterr().out
    assert "error: bad.toml, line 5, `exercise 1.use`: expected no crunch or sit-up: " in told
    assert "bend a sore back under load" in told


def test_an_exercise_is_checked_with_its_neighbours(capsys: pytest.CaptureFixture[str]) -> None:
    """By what stands in it, a file is known as an exercise."""
    text = (ROUTINES / "exercises" / "bridge.toml").read_text()
    Path("bridge.toml").write_text(text)
    assert main(["routines", "check", "bridge.toml"]) == 0
    Path("bridge.toml").write_text(text.replace('"bridge-march"', '"pelvic-tilt"'))
    assert main(["routines", "check", "bridge.toml"]) == 3
    assert "`harder`: expected one of its own family" in capsys.readouterr().out


def test_broken_files_elsewhere_are_not_its_business(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Another routine beside it may be broken; an exercise that it needs may not."""
    Path("good.toml").write_text(ROUTINE)
    Path("beside.toml").write_text("no TOML")
    assert main(["routines", "check", "good.toml"]) == 0
    Path("exercises").mkdir()
    Path("exercises/own.toml").write_text("id = 3")
    capsys.readouterr()
    assert main(["routines", "check", "good.toml"]) == 3
    assert "error: exercises/own.toml, line 1, `id`" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["nowhere.toml", "folder.toml", "text.txt"])
def test_what_is_no_file_is_named(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("folder.toml").mkdir()
    Path("text.txt").write_text("")
    assert main(["routines", "check", name]) == 7
    assert name in capsys.readouterr().err


SHIPPED = sorted(ROUTINES.glob("*.toml")) + sorted(ROUTINES.glob("exercises/*.toml"))


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.sampled_from(SHIPPED),
    changes=st.lists(st.tuples(st.integers(0, 60), st.text(max_size=14)), min_size=1, max_size=3),
)
def test_a_spoilt_file_is_told_and_nothing_worse(
    path: Path, changes: list[tuple[int, str]], capsys: pytest.CaptureFixture[str]
) -> None:
    """Lines replaced by anything: good, or errors with file and line, nothing else."""
    lines = path.read_text().splitlines()
    for at, text in changes:
        lines[at % len(lines)] = text
    Path("spoilt.toml").write_text("\n".join(lines), encoding="utf-8", errors="replace")
    code = main(["routines", "check", "spoilt.toml"])
    told = capsys.readouterr()
    assert code in (0, 3)
    assert not told.err
    assert all("spoilt.toml" in line for line in told.out.splitlines())


# --- looking ------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(LIBRARY.routines))
def test_a_routine_is_shown_with_its_time(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """To the second, and its exercises add up to it with the beginning and the end."""
    assert main(["routines", "show", name]) == 0
    told = capsys.readouterr().out
    total_s = compile_plan(LIBRARY.routines[name]).total_s
    minutes, seconds = divmod(int(total_s + 0.5), 60)
    assert f": {minutes:02d}:{seconds:02d}. Say " in told.splitlines()[0]
    assert main(["routines", "show", name, "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["total_s"] == round(total_s, 1)
    assert [item["exercise"]["id"] for item in shown["items"]] == [
        item.exercise.id for item in LIBRARY.routines[name].items
    ]


def test_the_list_is_as_ever(capsys: pytest.CaptureFixture[str]) -> None:
    """With and without the word list, in either place of --json."""
    assert main(["routines"]) == 0
    plain = capsys.readouterr().out
    assert main(["routines", "list"]) == 0
    assert capsys.readouterr().out == plain
    for words in (
        ["routines", "--json"],
        ["routines", "list", "--json"],
        ["routines", "--json", "list"],
    ):
        assert main(words) == 0
        assert len(json.loads(capsys.readouterr().out)) == len(LIBRARY.routines)


def test_schemas_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["routines", "schema"]) == 0
    assert "spoken_names" in json.loads(capsys.readouterr().out)["properties"]
    assert main(["routines", "schema", "exercise"]) == 0
    assert "steps" in json.loads(capsys.readouterr().out)["required"]
    assert main(["sentences", "--json"]) == 0
    assert {"text", "where"} == set(json.loads(capsys.readouterr().out)[0])


@pytest.mark.skipif(bool(missing()), reason=missing())
def test_a_rehearsal_goes_into_a_file_at_its_real_times() -> None:
    """As long as the plan; a sentence sounds when its time comes, and silence is silent."""
    assert main(["rehearse", "desk-break-5", "--to", "out.wav"]) == 0
    plan = compile_plan(LIBRARY.routines["desk-break-5"])
    with wave.open("out.wav") as file:
        assert (file.getframerate(), file.getsampwidth(), file.getnchannels()) == (22050, 2, 1)
        pcm = memoryview(file.readframes(file.getnframes())).cast("h")
    assert len(pcm) / 22050 == pytest.approx(plan.total_s, abs=0.001)

    def peak(from_s: float, to_s: float) -> int:
        return max(map(abs, pcm[round(from_s * 22050) : round(to_s * 22050)]), default=0)

    start = 0.0
    for segment in plan.segments:
        for cue in segment.cues:
            assert len(split(cue.text)) >= 1
            assert peak(start + cue.at_s, start + cue.at_s + 0.4) > 2000, cue.text
        for tick in segment.ticks:
            assert peak(start + tick, start + tick + 0.1) > 300, tick
        quiet = start + segment.speech_s
        if quiet + 0.3 < start + segment.length_s and not segment.ticks:
            assert peak(quiet, start + segment.length_s) < 50
        start += segment.length_s


@pytest.mark.skipif(bool(missing()), reason=missing())
def test_a_rehearsal_that_can_not_be_written_or_heard_says_so(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A folder that isn't there, a speed that makes no sense, a machine without a loudspeaker."""
    assert main(["rehearse", "desk-break-5", "--to", "nowhere/out.wav"]) == 7
    assert "nowhere/out.wav can't be written" in capsys.readouterr().err
    assert main(["rehearse", "desk-break-5", "--aloud", "--speed", "0"]) == 2
    assert "--speed 0: expected 0.5 to 10" in capsys.readouterr().err
    Path("no-devices").write_text("")
    done = aloud(
        "desk-break-5", {**os.environ, "ALSA_CONFIG_PATH": str(Path("no-devices").resolve())}
    )
    assert done.returncode == 3
    assert "Write it into a file with --to FILE.wav" in done.stderr
    assert not list(Path().glob(".out*"))


def aloud(routine: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            *(sys.executable, "-m", "assistant", "rehearse", routine),
            *("--aloud", "--speed", "10"),
        ],
        env=env,
        capture_output=True,
        text=True,
    )


@pytest.mark.skipif(bool(missing()), reason=missing())
def test_a_rehearsal_is_heard(room: Room) -> None:
    """Through the loudspeaker each sentence follows the other, in the order in which it is read."""
    Path("exercises").mkdir()
    Path("exercises/short.toml").write_text(
        'id = "short"\nname = "Short"\nspoken_name = "short"\nposition = "standing"\n'
        'phase = "acute"\nmode = "hold"\nsetup = "Stand."\nsteps = ["Reach up."]\n'
        "dose = { hold_s = 2 }\n"
    )
    Path("mine.toml").write_text('id = "mine"\nname = "Mine"\n[[exercise]]\nuse = "short"\n')
    begun = time.monotonic()
    done = aloud("./mine.toml", {**room.env(), "PYTHONPATH": str(ROUTINES.parent)})
    assert done.returncode == 0, done.stderr
    read = [line.strip() for line in done.stdout.splitlines() if line.startswith("  ")]
    assert read[0] == "Mine."
    assert read[-1] == "Well done."
    assert len(read) == 11
    room.loudspeaker.wait_until(time.monotonic())
    heard = room.record(begun)
    spoken = sum(len(one.samples) / one.rate_hz for one in loud(heard, gap_s=0.05))
    assert spoken > 0.4 * len(read)
    assert last_loud(heard) is not None


# --- what takes the place of something else ---------------------------------------


def test_who_replaces_what_comes_along_is_told_so(capsys: pytest.CaptureFixture[str]) -> None:
    """A warning with the other's name, for a routine and for an exercise; a copy is none."""
    text = ROUTINE.replace('"mine"', '"desk-break"').replace('"Mine"', '"My break"')
    Path("own.toml").write_text(text)
    assert main(["routines", "check", "own.toml"]) == 0
    told = capsys.readouterr().out
    assert "warning: own.toml, line 1, `id`: expected an id of its own" in told
    assert 'takes the place of "Desk break"' in told
    tilt = (ROUTINES / "exercises" / "pelvic-tilt.toml").read_text()
    Path("tilt.toml").write_text(tilt)
    assert main(["routines", "check", "tilt.toml"]) == 0
    assert "takes the place" not in capsys.readouterr().out
    Path("tilt.toml").write_text(tilt.replace("hold_s = 5", "hold_s = 7"))
    assert main(["routines", "check", "tilt.toml"]) == 0
    assert 'takes the place of "Pelvic tilt"' in capsys.readouterr().out


def test_an_exercise_that_breaks_what_comes_along_is_refused_itself(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The shipped routines that use its id aren't named as broken: a person can't mend them."""
    bridge = (ROUTINES / "exercises" / "bridge.toml").read_text()
    bridge = bridge.replace('"hold_reps"', '"hold"').replace("reps = 5\n", "")
    Path("bridge.toml").write_text(bridge)
    assert main(["routines", "check", "bridge.toml"]) == 3
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("error: bridge.toml, line 2, `id`: ")
    assert 'write id = "my-bridge"' in line


def test_an_exercise_that_states_no_movements_is_doubted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    tilt = (ROUTINES / "exercises" / "pelvic-tilt.toml").read_text()
    stated = 'movements = ["small_range"]\n'
    assert stated in tilt
    Path("tilt.toml").write_text(tilt.replace(stated, ""))
    assert main(["routines", "check", "tilt.toml"]) == 0
    assert "whoever has told of a condition isn't led through it" in capsys.readouterr().out


def test_check_says_of_an_exercise_among_the_routines_where_it_is_read(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    astray = home / "routines" / "tilt.toml"
    astray.parent.mkdir(parents=True)
    astray.write_text((ROUTINES / "exercises" / "pelvic-tilt.toml").read_text())
    assert main(["routines", "check", str(astray)]) == 3
    assert f"move it into {astray.parent / 'exercises'}" in capsys.readouterr().out
