"""What the values of a configuration must be besides of the right kind.

Decides which texts and numbers make no sense, alone or together, and how to mend them. Which
keys there are and what kind each is stands in `config`; here is only what those can't tell.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from ipaddress import ip_address
from typing import Any

from assistant.config import hours, household
from assistant.config.keys import Config
from assistant.content.toml_lines import Key
from assistant.content.toml_reader import quoted, shown

Implausible = tuple[Key, str, str, str]
"""Key, found, expected, mend."""
Table = Mapping[str, Any]

WAKE_PHRASE = re.compile(r"[a-z]+(?:'[a-z]+)*(?: [a-z]+(?:'[a-z]+)*)*")
_OFFICE_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?", re.ASCII)
_OFFICE_KEY = re.compile(r"[A-Za-z0-9+/]{43}=", re.ASCII)
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
ROUTINES = (
    *(("session", "routine"), ("session", "gentle"), ("reminder", "routine")),
    *(("plan", "mobility"), ("plan", "strength")),
)
"""The keys whose value is the name of a routine."""
DEVICES = {"microphone": "hearing", "loudspeaker": "voice"}
"""The keys whose value is the name of a device, with their table; `other_...s` lists more."""
AIMS = ("strength", "mobility", "exercises")
"""What a day of the plan may be for, besides a routine."""


def unknown_routines(config: Config, known: Collection[str]) -> list[tuple[str, str, str]]:
    """Table, key and name of each routine that the configuration names and that isn't `known`."""
    named = [(table, key, getattr(getattr(config, table), key)) for table, key in ROUTINES]
    days = [("plan", day, getattr(config.plan, day)) for day in hours.DAYS]
    named += [one for one in days if one[2] not in ("", *AIMS)]
    several = {"instead": config.plan.instead, "beside_mobility": config.plan.beside_mobility}
    named += [("plan", key, name) for key, names in several.items() for name in names]
    return [(table, key, name) for table, key, name in named if name not in known]


def implausible(written: Table, defaults: Mapping[str, Table]) -> Iterator[Implausible]:
    """All values that make no sense. `written` is what a file says: anything at all."""
    tables = {
        name: {**default, **given} if isinstance(given := written.get(name), Mapping) else default
        for name, default in defaults.items()
    }
    yield from _wake(tables["wake"]["phrases"])
    for table, key in ROUTINES:
        routine = tables[table][key]
        if isinstance(routine, str) and routine.strip() and not _ID.fullmatch(routine):
            mend = "write one that `assistant routines` lists"
            yield (table, key), shown(routine), "the name of a routine", mend
    yield from _devices(tables)
    yield from _pins(tables, written)
    yield from _hours(tables["hours"])
    yield from _night(tables["voice"])
    yield from _intervals(tables["intervals"])
    mqtt = tables["mqtt"]
    if mqtt["on"] is True and not mqtt["host"]:
        mend = 'write host = "homeassistant.local", or the broker\'s address'
        yield ("mqtt", "on"), "true, and no host", "the broker's host beside it", mend
    yield from _people(tables["people"])
    yield from _page(tables["page"])
    yield from _office(tables["office"])
    yield from _plan(tables["plan"])


def _wake(phrases: Any) -> Iterator[Implausible]:
    if phrases == []:
        mend = 'write phrases = ["hey coach"]'
        yield ("wake", "phrases"), "an empty list", "a wake phrase at least", mend
    for i, phrase in _texts(phrases):
        if not WAKE_PHRASE.fullmatch(phrase):
            plain = " ".join(re.findall(r"[a-z]+(?:'[a-z]+)*", phrase.lower()))
            guessed = plain and phrase.isascii()  # of other letters a part would be left
            mend = f'write "{plain}"' if guessed else 'write for instance "hey coach"'
            yield ("wake", "phrases", i), shown(phrase), "lower-case words with one space", mend


def _devices(tables: Mapping[str, Table]) -> Iterator[Implausible]:
    """A device's number is another one after the next start; a part of its name isn't."""
    for key, table in DEVICES.items():
        given, others = tables[table][key], f"other_{key}s"
        if isinstance(given, list):
            first = next((text for _, text in _texts(given) if not text.strip().isdecimal()), "")
            expected = f"one name, and more of them in {others}"
            yield (table, key), shown(given), expected, f"write {key} = {quoted(first)}"
        values: list[tuple[Key, Any]] = [((table, key), given)]
        values += [((table, others, i), text) for i, text in _texts(tables[table][others])]
        for place, text in values:
            if isinstance(text, str) and text.strip().isdecimal():
                mend = "write part of the name, as `assistant doctor` lists it"
                yield place, shown(text), "a name", mend


def _pins(tables: Mapping[str, Table], written: Table) -> Iterator[Implausible]:
    """Two things on one pin; said of the later one, or of the one that the file sets."""
    taken: dict[int, tuple[str, str]] = {}
    for key in _pins_in_use(tables["presence"]["sensor"]):
        pin = tables[key[0]][key[1]]
        if not isinstance(pin, int):
            continue
        if other := taken.get(pin):
            set_here = key[1] in written.get(key[0], {})
            mend = f"give {'.'.join(other)} and {'.'.join(key)} a pin each"
            yield key if set_here else other, shown(pin), "two different pins", mend
        taken.setdefault(pin, key)


def _pins_in_use(sensor: Any) -> list[tuple[str, str]]:
    pins = [("panel", "button_pin"), ("panel", "led_pin")]
    if sensor in ("pir", "seat", "distance"):
        pins.append(("presence", "pin"))
    if sensor == "distance":
        pins.append(("presence", "echo_pin"))
    return pins


def _hours(table: Table) -> Iterator[Implausible]:
    for name in (*hours.DAYS, "lunch"):
        if wrong := _wrong_hours(table[name], many=name != "lunch"):
            example = "12:30-13:15" if name == "lunch" else "9:00-18:00"
            mend = f'write {name} = "{hours.guess(table[name]) or example}"'
            found = f"{shown(table[name])} ({wrong})"
            yield ("hours", name), found, f'hours such as "{example}"', mend
    if table["on"] is True and not any(table[day] for day in hours.DAYS):
        mend = "give a day its hours, or write on = false"
        yield ("hours", "on"), "true, and no hours on any day", "a working day at least", mend
    for i, text in _texts(table["holidays"]):
        try:
            hours.day_number(text)
        except ValueError:
            mend = "write year, month and day with all their digits"
            yield ("hours", "holidays", i), shown(text), 'a date such as "2026-12-24"', mend


def _night(table: Table) -> Iterator[Implausible]:
    if wrong := _wrong_hours(table["night"], many=False):
        mend = f'write night = "{hours.guess(table["night"]) or "22:00-7:00"}"'
        found = f"{shown(table['night'])} ({wrong})"
        yield ("voice", "night"), found, 'hours such as "22:00-7:00"', mend


def _wrong_hours(text: Any, *, many: bool) -> str:
    try:
        found = hours.spans(text) if isinstance(text, str) else ()
    except ValueError as error:
        return "".join(c if c.isprintable() else " " for c in str(error))[:80]
    return "more than one" if len(found) > 1 and not many else ""


def _intervals(table: Table) -> Iterator[Implausible]:
    for day in hours.DAYS:
        minutes = table[day]
        if isinstance(minutes, int | float) and 0 < minutes < 1:
            mend = f"write {day} = 1"
            yield ("intervals", day), shown(minutes), "0, or minutes from 1 to 240", mend


def _people(table: Table) -> Iterator[Implausible]:
    owner = table["owner"] if isinstance(table["owner"], str) else ""
    written: list[tuple[Key, str]] = [(("people", "owner"), owner)] if owner else []
    written += [(("people", "others", i), text) for i, text in _texts(table["others"])]
    if written and not owner and table["owner"] == "":
        mend = "name whose coach it is: `assistant config set people.owner NAME`"
        yield ("people", "others"), "others, and no owner", "an owner beside them", mend
    known: list[household.Named] = []
    for key, text in written:
        try:
            known.append(household.read(text))
        except ValueError as error:
            mend = "let `assistant people add NAME --spoken WORDS` write it"
            yield key, shown(text), str(error), mend
            continue
        place, both = household.clash(known)
        if place >= 0:
            known.pop()
            mend = "give one of them another name, or another word to say"
            yield key, f'{shown(text)} ("{both}" is taken)', "a name of their own", mend


def _page(table: Table) -> Iterator[Implausible]:
    address = table["address"]
    if isinstance(address, str) and address:
        try:
            ip_address(address)
        except ValueError:
            mend = 'write address = "", for the local network\'s own'
            expected = 'an address of this machine such as "127.0.0.1"'
            yield ("page", "address"), shown(address), expected, mend


def _office(table: Table) -> Iterator[Implausible]:
    mend = "let `assistant office join FILE` write it"
    for key, form, what in (
        ("desk", _OFFICE_NAME, "small letters, digits and hyphens"),
        ("team", _OFFICE_NAME, "small letters, digits and hyphens"),
        ("key", _OFFICE_KEY, "44 letters, the last of them ="),
    ):
        value = table[key]
        if isinstance(value, str) and value and not form.fullmatch(value):
            yield ("office", key), shown(value), what, mend
    for key in ("host", "desk", "key"):
        if table["on"] is True and table[key] == "":
            yield ("office", "on"), f"true, and no {key}", f"a {key} beside it", mend


def _plan(table: Table) -> Iterator[Implausible]:
    if isinstance(time := table["time"], str):
        try:
            hours.time_of_day(time)
        except ValueError:
            mend = f'write time = "{hours.guess_time(time) or "18:30"}"'
            yield ("plan", "time"), shown(time), 'a time such as "18:30"', mend
    for day in hours.DAYS:
        aim = table[day]
        if isinstance(aim, str) and aim and not _ID.fullmatch(aim):
            mend = "write strength, mobility, exercises or one that `assistant routines` lists"
            yield ("plan", day), shown(aim), "what the day is for", mend
        if aim == table[before := hours.DAYS[hours.DAYS.index(day) - 1]] == "strength":
            found, mend = f"strength, and on {before} too", f'write {day} = "mobility"'
            yield ("plan", day), found, "a day between two of strength", mend


def _texts(items: Any) -> Iterator[tuple[int, str]]:
    """The texts of a list with their places; an empty one was complained of already."""
    for i, item in enumerate(items if isinstance(items, list) else ()):
        if isinstance(item, str) and item.strip():
            yield i, item
