"""A desk tells its office what it may know, and takes from it what the office signed."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from assistant.config.keys import Config
from assistant.config.outside_keys import Office
from assistant.content import words
from assistant.content.routine_reader import load, load_usable
from assistant.machine import places
from assistant.machine.messages import encode
from assistant.machine.places import folder as shipped
from assistant.office import seal
from assistant.office.handed_out import Refused, kept_in, lay_out
from assistant.office.member import MEMORY, Member, Out, Place
from assistant.office.sums import Figures, Group, Share, opened, week_of
from assistant.office.topics import (
    GREATEST,
    About,
    Assigned,
    HandedOut,
    Has,
    Told,
    group_of,
    handed_to,
    of_desk,
    understood,
)
from assistant.outside import helper_processes

SECRET = seal.new_secret()
KEY = seal.verify_key(SECRET)
MONDAY = date(2026, 11, 30)
SUNDAY = """\
id = "sunday"
name = "Sunday"
exercise = [{ use = "pelvic-tilt" }]
"""
OFFICE_BREAK = SUNDAY.replace("sunday", "office-break").replace("Sunday", "Office break")
Made = Callable[..., Member]


@pytest.fixture
def desk(tmp_path: Path) -> Made:
    def made(name: str = "d1", **more: object) -> Member:
        place = Place(name, KEY, "sales", **more)  # type: ignore[arg-type]
        return Member(place, tmp_path / name, [shipped("routines")])

    return made


def message(handed: HandedOut, secret: str = SECRET) -> bytes:
    return seal.signed(encode(handed), secret).encode()


def for_all(version: int = 1, **routines: str) -> HandedOut:
    named = {name.replace("_", "-"): text for name, text in routines.items()}
    return HandedOut("", version, named or {"office-break": OFFICE_BREAK}, {})


def told(out: list[Out], what: str, desk: str = "d1") -> str:
    [text] = [one.text for one in out if one.topic == of_desk(desk, what)]
    return text


def led_from(*folders: Path) -> dict[str, str]:
    library, problems = load_usable([shipped("routines"), *folders])
    assert not problems, problems
    return {name: routine.file for name, routine in library.routines.items()}


# --- routines that are handed out -------------------------------------------------


def test_what_the_office_signed_can_be_led_and_is_told_to_be_here(
    desk: Made, tmp_path: Path
) -> None:
    out = desk().heard(handed_to(""), message(for_all()), MONDAY)
    assert understood(Has, told(out, "has")).versions == {"": 1}
    assert "office-break" in led_from(tmp_path / "d1" / "all")


def test_the_teams_own_come_beside_those_for_all(desk: Made, tmp_path: Path) -> None:
    member = desk()
    member.heard(handed_to(""), message(for_all()), MONDAY)
    handed = HandedOut("sales", 7, {"sunday": SUNDAY}, {})
    out = member.heard(handed_to("sales"), message(handed), MONDAY)
    assert understood(Has, told(out, "has")).versions == {"": 1, "sales": 7}
    assert {"office-break", "sunday"} <= set(
        led_from(tmp_path / "d1" / "all", tmp_path / "d1" / "team")
    )


def test_a_routine_that_an_editor_marked_is_taken_and_told(desk: Made, tmp_path: Path) -> None:
    """Some editors put a mark before the first letter."""
    member = desk()
    member.heard(handed_to(""), message(for_all(office_break=f"\ufeff{OFFICE_BREAK}")), MONDAY)
    assert member.news == (("Office break",), False)
    assert "office-break" in led_from(tmp_path / "d1" / "all")


def test_another_office_counts_its_versions_anew(desk: Made, tmp_path: Path) -> None:
    """What the first one signed counts no more, and is refused as before when one comes back."""
    old = desk()
    old.heard(handed_to(""), message(for_all(90)), MONDAY)
    secret = seal.new_secret()
    place = replace(old.place, key=seal.verify_key(secret))
    new = Member(place, tmp_path / "d1", [shipped("routines")])
    assert understood(Has, told(new.greeting(MONDAY), "has")).versions == {}
    out = new.heard(handed_to(""), message(for_all(50, sunday=SUNDAY), secret), MONDAY)
    assert understood(Has, told(out, "has")).versions == {"": 50}
    assert "sunday" in led_from(tmp_path / "d1" / "all")
    with pytest.raises(Refused, match="older"):
        desk().heard(handed_to(""), message(for_all(89)), MONDAY)


def test_what_was_signed_before_there_could_be_another_office_still_counts(
    desk: Made, tmp_path: Path
) -> None:
    """Up to 0.4.0 a version was kept by its topic alone: it is the configured office's."""
    desk()
    file = tmp_path / "d1" / MEMORY
    file.write_text(json.dumps({**json.loads(file.read_text()), "versions": {handed_to(""): 5}}))
    assert understood(Has, told(desk().greeting(MONDAY), "has")).versions == {"": 5}
    with pytest.raises(Refused, match="older"):
        desk().heard(handed_to(""), message(for_all(4)), MONDAY)
    place = replace(desk().place, key=seal.verify_key(seal.new_secret()))
    new = Member(place, tmp_path / "d1", [shipped("routines")])
    assert understood(Has, told(new.greeting(MONDAY), "has")).versions == {}


FOR_LAB = HandedOut("lab", 9, {"sunday": SUNDAY}, {})


@pytest.mark.parametrize(
    ("payload", "why"),
    [
        (encode(for_all()).encode(), "not signed"),
        (message(for_all(), seal.new_secret()), "not signed with the office's key"),
        (message(FOR_LAB), "meant for others"),
        (b"", "not signed"),
        (b"x" * (GREATEST + 1), "too large"),
        (seal.signed("[]", SECRET).encode(), "agreed on"),
        (seal.signed(encode(About("")), SECRET).encode(), "expected HandedOut"),
        (message(HandedOut("", 2, {"../../escape": SUNDAY}, {})), "names that can't be"),
        (message(HandedOut("", 2, {"sunday": "\ud800"}, {})), "no text"),
        (message(HandedOut("", 2, {}, {}, "\ud800")), "no text"),
        (message(HandedOut("", 2, {f"r{n}": SUNDAY for n in range(41)}, {})), "too many"),
    ],
    ids=range(11),  # the keys are made anew in each process
)
def test_what_is_not_the_offices_word_for_this_desk_changes_nothing(
    desk: Made, tmp_path: Path, payload: bytes, why: str
) -> None:
    member = desk()
    member.heard(handed_to(""), message(for_all()), MONDAY)
    with pytest.raises(Refused, match=why):
        member.heard(handed_to(""), payload, MONDAY)
    assert kept_in(tmp_path / "d1" / "all") is not None
    assert "office-break" in led_from(tmp_path / "d1" / "all")
    assert not (tmp_path / "escape.toml").exists()


def test_an_older_version_is_refused_also_after_a_restart_and_without_the_files(
    desk: Made, tmp_path: Path
) -> None:
    desk().heard(handed_to(""), message(for_all(5)), MONDAY)
    shutil.rmtree(tmp_path / "d1" / "all")
    with pytest.raises(Refused, match="older"):
        desk().heard(handed_to(""), message(for_all(4)), MONDAY)
    assert desk().heard(handed_to(""), message(for_all(5)), MONDAY) == []
    assert "office-break" in led_from(tmp_path / "d1" / "all")  # what was lost is back


def test_a_routine_that_is_handed_out_no_more_is_gone(desk: Made, tmp_path: Path) -> None:
    member = desk()
    member.heard(handed_to(""), message(for_all(1, sunday=SUNDAY)), MONDAY)
    member.heard(handed_to(""), message(for_all(2)), MONDAY)
    assert "sunday" not in led_from(tmp_path / "d1" / "all")
    member.heard(handed_to(""), message(HandedOut("", 3, {}, {})), MONDAY)
    assert led_from(tmp_path / "d1" / "all") == led_from()


def test_a_desk_checks_what_comes_and_leaves_out_what_cannot_be_led(
    desk: Made, tmp_path: Path
) -> None:
    handed = for_all(
        1,
        office_break=OFFICE_BREAK,
        sunday=SUNDAY.replace("pelvic-tilt", "crunch"),
        monday=SUNDAY.replace("sunday", "monday"),  # called "Sunday" too
        desk_break=SUNDAY.replace("sunday", "desk-break").replace("Sunday", "Mine"),
    )
    out = desk().heard(handed_to(""), message(handed), MONDAY)
    assert told(out, "has")  # what it makes of it is not told
    kept = kept_in(tmp_path / "d1" / "all")
    assert kept is not None
    assert set(kept.left_out) == {"sunday", "desk-break"}
    assert "crunches" in kept.left_out["sunday"]
    assert {"office-break", "monday"} <= set(led_from(tmp_path / "d1" / "all"))


def test_an_exercise_of_the_office_replaces_none_that_comes_along(
    desk: Made, tmp_path: Path
) -> None:
    """Else an office could make of one that is left out for a condition one that isn't."""
    original = (shipped("routines") / "exercises" / "pelvic-tilt.toml").read_text(encoding="utf-8")
    handed = HandedOut("", 1, {"sunday": SUNDAY}, {"pelvic-tilt": original})
    desk().heard(handed_to(""), message(handed), MONDAY)
    kept = kept_in(tmp_path / "d1" / "all")
    assert kept is not None
    assert set(kept.left_out) == {"exercises/pelvic-tilt"}
    library = load([shipped("routines"), tmp_path / "d1" / "all"])
    assert library.exercises["pelvic-tilt"].file.startswith(str(shipped("routines")))
    assert "sunday" in library.routines


def test_a_persons_own_routine_stays_when_the_office_hands_out_one_called_alike(
    desk: Made, tmp_path: Path
) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "sunday.toml").write_text(SUNDAY)
    desk().heard(handed_to(""), message(for_all(1, sunday=SUNDAY)), MONDAY)
    library, problems = load_usable([shipped("routines"), own, tmp_path / "d1" / "all"])
    assert library.routines["sunday"].file == str(own / "sunday.toml")
    assert len(problems) == 1


def test_a_person_may_refuse_a_routine_and_take_it_later(desk: Made, tmp_path: Path) -> None:
    handed = for_all(1, sunday=SUNDAY, office_break=OFFICE_BREAK)
    desk(refused=("sunday",)).heard(handed_to(""), message(handed), MONDAY)
    place = tmp_path / "d1" / "all"
    assert set(led_from(place)) - set(led_from()) == {"office-break"}
    lay_out(place, "", ())
    assert set(led_from(place)) - set(led_from()) == {"office-break", "sunday"}
    lay_out(place, None, ())  # no office any more
    assert led_from(place) == led_from()


# --- what is told -----------------------------------------------------------------


def test_two_processes_that_lay_out_the_same_lose_nothing(desk: Made, tmp_path: Path) -> None:
    """The desk's own, and a start or `assistant office refuse` beside it: none of them fails
    whatever the other one does, what was handed out stays, and the last word holds."""

    def named(name: str) -> str:
        return SUNDAY.replace("sunday", name).replace(
            "Sunday", f"Sunday {words.number(int(name[1:]))}"
        )

    many = {f"r{n}": named(f"r{n}") for n in range(30)}
    desk().heard(handed_to(""), message(HandedOut("", 1, many, {})), MONDAY)
    place = tmp_path / "d1" / "all"
    before = kept_in(place)
    assert before is not None

    def go(refused: tuple[str, ...]) -> None:
        for _ in range(20):
            lay_out(place, "", refused)

    with ThreadPoolExecutor() as pool:
        for done in [pool.submit(go, refused) for refused in ((), tuple(many), ()) for _ in "12"]:
            done.result()
    assert kept_in(place) == before
    lay_out(place, "", ("r3",))
    assert {path.stem for path in place.glob("*.toml")} == many.keys() - {"r3"}


def a_week(member: Member, monday: date, breaks: int) -> None:
    for day in range(breaks):
        member.count("break_due", 0, monday + timedelta(days=day % 5))
        member.count("break_taken", 40, monday + timedelta(days=day % 5))
    member.count("exercise", 150, monday)
    member.count("session_end", 0, monday)
    member.count("session_end", 0, monday)  # of one in which nothing was exercised
    member.count("pain", 0, monday)


def grouped(desk: Made, names: list[str]) -> tuple[Group, list[Member]]:
    members = [desk(name, sums=True) for name in names]
    keys = {
        one.place.desk: understood(About, told(one.greeting(MONDAY), "about", one.place.desk)).key
        for one in members
    }
    group = Group(keys, week_of(MONDAY))
    for one in members:
        one.heard(group_of(one.place.desk), assigned(one.place.desk, group), MONDAY)
    return group, members


def assigned(name: str, group: Group | None, version: int = 1, secret: str = SECRET) -> bytes:
    return seal.signed(encode(Assigned(name, version, group)), secret).encode()


NAMES = [f"d{n}" for n in range(1, 6)]


def shares(members: list[Member], out: list[list[Out]], week: date) -> dict[str, Share]:
    return {
        one.place.desk: understood(Told, told(some, "sums", one.place.desk)).weeks[week_of(week)]
        for one, some in zip(members, out, strict=True)
    }


def test_a_week_is_told_once_it_has_ended_and_adds_up_with_the_others(desk: Made) -> None:
    group, members = grouped(desk, NAMES)
    for number, one in enumerate(members):
        a_week(one, MONDAY, 10 + number)
    assert [one.turn(MONDAY + timedelta(days=6)) for one in members] == [[]] * 5
    out = [one.turn(MONDAY + timedelta(days=7)) for one in members]
    total = opened(group, shares(members, out, MONDAY))
    assert total == Figures(60, 60, 5, 10)
    assert members[0].turn(MONDAY + timedelta(days=8)) == []


def test_a_desk_that_was_off_for_a_month_tells_its_weeks_when_it_is_back(desk: Made) -> None:
    """It was used, but without its office; the others told theirs in time."""
    group, members = grouped(desk, NAMES)
    for one in members:
        for weeks in range(3):
            a_week(one, MONDAY + timedelta(weeks=weeks), 7)
    later = MONDAY + timedelta(weeks=5)
    again = [desk(name, sums=True) for name in NAMES]  # after a restart
    out = [one.greeting(later) for one in again]
    for weeks in range(3):
        total = opened(group, shares(again, out, MONDAY + timedelta(weeks=weeks)))
        assert total == Figures(35, 35, 5, 10)


def test_a_week_is_never_told_a_second_time_in_other_numbers(desk: Made) -> None:
    """Two shares of one week would show what was done between them."""
    _, [one, *_] = grouped(desk, NAMES)
    a_week(one, MONDAY, 5)
    first = told(one.turn(MONDAY + timedelta(weeks=1)), "sums")
    a_week(one, MONDAY, 5)  # the clock was set back
    again = desk("d1", sums=True)
    assert told(again.greeting(MONDAY + timedelta(weeks=1)), "sums") == first
    new = [*NAMES[:1], *(f"d{n}" for n in range(6, 11))]
    keys = {name: seal.public_key(seal.new_secret()) for name in new}
    keys["d1"] = understood(About, told(again.greeting(MONDAY), "about")).key
    with pytest.raises(Refused, match="told of already"):
        again.heard(group_of("d1"), assigned("d1", Group(keys, week_of(MONDAY)), 2), MONDAY)
    later = Group(keys, week_of(MONDAY + timedelta(weeks=2)))
    again.heard(group_of("d1"), assigned("d1", later, 2), MONDAY + timedelta(weeks=1))
    assert told(again.greeting(MONDAY + timedelta(weeks=1)), "sums") == first


def test_a_week_without_a_break_or_an_exercise_is_not_told_of(desk: Made) -> None:
    """Then this desk's person was not there, and the sum would be about the others."""
    _, [one, *_] = grouped(desk, NAMES)
    one.count("command", 0, MONDAY)
    one.count("exercise", 5, MONDAY)  # not a minute
    assert one.turn(MONDAY + timedelta(weeks=1)) == []


def test_while_nobody_knows_the_date_all_is_taken_and_no_week_that_goes_on_is_told(
    desk: Made,
) -> None:
    """A small computer without a battery for its clock starts in the wrong year."""
    one = desk("d1", sums=True)
    assert understood(Told, told(one.greeting(None), "sums")).weeks == {}
    assert one.heard(handed_to(""), message(for_all()), None)
    group, [one, *_] = grouped(desk, NAMES)
    a_week(one, MONDAY, 3)
    a_week(one, MONDAY + timedelta(weeks=1), 3)
    assert set(understood(Told, told(one.greeting(None), "sums")).weeks) == {week_of(MONDAY)}
    one.heard(group_of("d1"), assigned("d1", None, 2), None)
    with pytest.raises(Refused, match="new beside"):
        one.heard(group_of("d1"), assigned("d1", replace(group, from_week="2026-W51"), 3), None)


def test_weeks_before_the_group_began_or_after_it_ended_are_not_told_of(desk: Made) -> None:
    _, [one, *_] = grouped(desk, NAMES)
    for weeks in (-1, 0, 1):
        a_week(one, MONDAY + timedelta(weeks=weeks), 3)
    one.heard(group_of("d1"), assigned("d1", None, 2), MONDAY)
    out = one.turn(MONDAY + timedelta(weeks=3))
    assert set(understood(Told, told(out, "sums")).weeks) == {week_of(MONDAY)}


def test_who_takes_part_in_no_sums_tells_none(desk: Made) -> None:
    _, [one, *_] = grouped(desk, NAMES)
    a_week(one, MONDAY, 3)
    assert understood(Told, told(one.turn(MONDAY + timedelta(weeks=1)), "sums")).weeks
    quiet = desk("d1")
    out = quiet.greeting(MONDAY + timedelta(weeks=1))
    assert understood(Told, told(out, "sums")).weeks == {}
    assert understood(About, told(out, "about")).key == ""


def test_a_group_is_taken_from_the_office_alone_and_none_older(desk: Made) -> None:
    group, [one, *_] = grouped(desk, NAMES)
    for payload, why in (
        (assigned("d1", None, 2, seal.new_secret()), "not signed"),
        (assigned("d2", None, 2), "another desk"),
        (seal.signed("{}", SECRET).encode(), "agreed on"),
        (assigned("d1", replace(group, from_week="soon"), 2), "no week"),
        (assigned("d1", Group(dict(list(group.members.items())[:4]), "2026-W50"), 2), "fewer"),
    ):
        with pytest.raises(Refused, match=why):
            one.heard(group_of("d1"), payload, MONDAY)
    one.heard(group_of("d1"), assigned("d1", None, 2), MONDAY)
    one.heard(group_of("d1"), assigned("d1", group, 1), MONDAY)  # an old one comes again
    a_week(one, MONDAY + timedelta(weeks=1), 3)
    assert one.turn(MONDAY + timedelta(weeks=3)) == []


def test_what_is_kept_is_for_this_user_alone_and_rubbish_in_it_ends_nothing(
    desk: Made, tmp_path: Path
) -> None:
    desk("d1", sums=True)
    file = tmp_path / "d1" / MEMORY
    assert file.stat().st_mode & 0o777 == 0o600
    key = json.loads(file.read_text())["secret"]
    for rubbish in ("", "[" * 10_000, "{}", '{"is": "Week"}'):
        file.write_text(rubbish)
        one = desk("d1", sums=True)
        about = understood(About, told(one.greeting(MONDAY), "about"))
        assert seal.is_key(about.key)
        assert about.key != seal.public_key(key)


def test_a_coach_without_an_office_loads_nothing_of_it(tmp_path: Path) -> None:
    """It costs whoever has none neither time nor memory."""
    code = (
        "import sys; from assistant import app; app.usable_of(None)\n"
        "print([name for name in sys.modules if 'office' in name or name in ('nacl', 'paho')])"
    )
    homes = {f"XDG_{kind}_HOME": str(tmp_path) for kind in ("CONFIG", "STATE")}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env={**os.environ, **homes}
    )
    assert done.stdout.strip() == "[]", done.stdout + done.stderr


def test_the_coach_lays_out_what_its_desk_is_to_have(
    desk: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever was changed in its configuration since: another team, a refusal, no office."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    place = Place("d1", KEY, "sales")
    member = Member(place, places.office_folder(), [shipped("routines")])
    member.heard(handed_to(""), message(for_all()), MONDAY)
    member.heard(handed_to("sales"), message(HandedOut("sales", 1, {"sunday": SUNDAY}, {})), MONDAY)

    def led(**office: object) -> set[str]:
        of_desk = Office(on=True, host="x", desk="d1", key=KEY, **office)  # type: ignore[arg-type]
        library, _ = load_usable(helper_processes.routine_folders(Config(office=of_desk)))
        return {"office-break", "sunday"} & set(library.routines)

    assert led(team="sales") == {"office-break", "sunday"}
    assert led(team="lab") == {"office-break"}
    assert led(team="sales", refused=("office-break",)) == {"sunday"}
    off, _ = load_usable(helper_processes.routine_folders(Config()))
    assert not {"office-break", "sunday"} & set(off.routines)
