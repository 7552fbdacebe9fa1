"""The page's HTML: strings from what is known, everything that somebody wrote escaped.

Decides what stands where. It needs no script for anything but the countdown and what changes by
itself; how it looks stands in `assets/page.css`.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from html import escape

from assistant.coach.effects import Situation
from assistant.config.hours import DAYS
from assistant.content import cautions, handout
from assistant.content.dose import card
from assistant.content.plan import compile_plan
from assistant.content.types import Item, Library, Routine
from assistant.outside.door_protocol import Device, Past
from assistant.outside.kept_settings import AT_ONCE
from assistant.outside.page import asset_files, buttons
from assistant.outside.page.buttons import Button
from assistant.outside.page.moment import Moment

NAME = "Exercise Assistant"
PLACES = {"/": "Now", "/routines": "Routines", "/history": "History", "/settings": "Settings"}
FOR_WATCHERS = ("/", "/routines")
RELOAD_S = 5
"""Without script the page is loaded anew this often."""


def frame(title: str, body: str, head: str) -> str:
    return (
        "<!DOCTYPE html>\n<html lang=en><head><meta charset=utf-8>"
        '<meta name=viewport content="width=device-width, initial-scale=1">'
        f"<meta name=robots content=noindex><title>{escape(title)}</title>{head}</head>\n"
        f"<body>{body}</body></html>\n"
    )


def page(
    title: str, body: str, device: Device, *, here: str = "", style: str = "", live: str = ""
) -> str:
    """A page for a device that was let in: `here` is its path, where it is to have the links to
    the others; `live` is what its script does."""
    head = f"<link rel=stylesheet href={asset_files.address('page.css')}>"
    if style:
        head += f"<style>{style}</style>"
    if live:
        head += (
            f"<script src={asset_files.address('page.js')} defer data-live={live}></script>"
            f"<noscript><meta http-equiv=refresh content={RELOAD_S}></noscript>"
        )
    links = "".join(
        f"<a href={path}{' aria-current=page' if path == here else ''}>{words}</a>"
        for path, words in PLACES.items()
        if not device.watch_only or path in FOR_WATCHERS
    )
    navigation = f"<nav aria-label=Pages>{links}</nav>" if here else ""
    return frame(f"{title}, {NAME}", f"{navigation}{body}", head)


PAIRING = "Six digits, please"
"""The title of what a stranger sees."""


def pairing(reason: str = "", code: str = "") -> str:
    """What everybody sees who wasn't let in: that six digits are asked for, and no more."""
    wrong = f"<p id=wrong role=alert>{escape(reason)}</p>" if reason else ""
    body = (
        f"<main class=pair><h1>{PAIRING}</h1>"
        "<p>They let this device in. Whoever is at home here can have them shown.</p>"
        f"{wrong}<form method=post action=/pair><label for=code>The six digits</label>"
        "<input id=code name=code inputmode=numeric autocomplete=one-time-code maxlength=9 "
        f'required autofocus value="{escape(code)}"{" aria-describedby=wrong" if reason else ""}>'
        "<button>Let this device in</button></form></main>"
    )
    return frame(PAIRING, body, f"<link rel=stylesheet href={asset_files.address('pair.css')}>")


KEPT = {
    "voice.volume": "Volume, from 0 to 1",
    "voice.rate_wpm": "How fast it speaks, 80 to 300",
    "reminder.on": "Ask me to stand up",
    "reminder.sit_min": "After so many minutes of sitting",
    "hours.on": "Only in these working hours",
    **{f"hours.{day}": day.capitalize() for day in DAYS},
    "hours.lunch": "Not during lunch",
    "session.floor": "I get down to the floor",
}
YES_NO = {"true": "yes", "false": "no"}

# --- now ----------------------------------------------------------------------


def now(moment: Moment, device: Device, people: Mapping[str, str]) -> str:
    """`people`: what those are called who exercise here, by id."""
    pressed = "" if device.watch_only else _buttons(moment, people)
    body = f"<main class=now>{_moment(moment)}{pressed}</main>{_without_script()}"
    return page(moment.title, body, device, here="/", live="now")


def screen(moment: Moment, device: Device) -> str:
    """For a television or a tablet on the wall: nothing to press, to be read from three metres."""
    body = f"<main class=screen>{_moment(moment)}</main>{_without_script()}"
    return page(moment.title, body, device, live="screen")


def _without_script() -> str:
    return (
        "<noscript><p class=quiet>Without script the countdown isn't shown, and this page is "
        f"loaded anew every {RELOAD_S} seconds.</p></noscript>"
    )


def _moment(moment: Moment) -> str:
    faults = "".join(f"<li>{escape(fault)}</li>" for fault in moment.faults)
    return (
        f'<section id=now data-lamp="{escape(moment.lamp)}" aria-label="What is going on">'
        f"{_line('p', 'person', moment.person)}{_line('p', 'progress', moment.progress)}"
        f"<h1 id=title>{escape(moment.title)}</h1>"
        f"{_line('p', 'detail', moment.detail)}"
        f"<div id=figure{'' if moment.figure else ' hidden'}>{_picture(moment)}</div>"
        f"{_code(moment.code)}"
        "<div id=clock hidden><span id=left role=timer aria-live=off></span>"
        "<span id=bar aria-hidden=true><span id=full></span></span></div>"
        f"{_line('p', 'next', moment.next)}{_line('p', 'stand', '')}"
        f"{_line('p', 'heard', f'Heard: “{moment.heard}”' if moment.heard else '')}"
        f"<ul id=faults{'' if faults else ' hidden'}>{faults}</ul>"
        "<p id=said role=status></p>"
        "<p id=lost role=status hidden>The connection is lost. Trying again…</p></section>"
        "<p id=aloud class=unseen aria-live=polite></p>"
    )


def _picture(moment: Moment) -> str:
    if not moment.figure:
        return ""
    return f'<img src="{escape(moment.figure)}" alt="{escape(moment.title)}">'


def _code(code: str) -> str:
    hidden = "" if code else " hidden"
    picture = f'<img src="/code.svg?{code}" alt="The code as a picture">' if code else ""
    return (
        f"<div id=code{hidden}><p>Six digits let another device in, for two minutes:</p>"
        f"<p class=code>{code[:3]} {code[3:]}</p><div id=camera>{picture}</div></div>"
    )


def _line(tag: str, name: str, text: str) -> str:
    return f"<{tag} id={name}{'' if text else ' hidden'}>{escape(text)}</{tag}>"


def _buttons(moment: Moment, people: Mapping[str, str]) -> str:
    def group(name: str, label: str, some: Iterable[Button], shown: Collection[str]) -> str:
        inner = "".join(_button(one, one.name in shown) for one in some)
        return f'<div id={name} role=group aria-label="{label}">{inner}</div>'

    more = group("more", "More", buttons.ALL, moment.can)
    if people:
        here = "".join(
            _pressed(name, f"{words[0].upper()}{words[1:]} is here", name in moment.can)
            for one, words in people.items()
            for name in [f"{buttons.PERSON}:{one}"]
        )
        more += f'<div id=people role=group aria-label="Who is here">{here}</div>'
    return (
        "<form id=buttons method=post action=/ask aria-label=Buttons>"
        + group("numbers", "How much, from 0 to 10", buttons.NUMBERS, moment.front)
        + group("first", "What can be done now", buttons.ALL, moment.front)
        + f"<details><summary>More</summary>{more}</details></form>"
    )


def _button(button: Button, shown: bool) -> str:
    return _pressed(button.name, button.words, shown)


def _pressed(name: str, words: str, shown: bool) -> str:
    hidden = "" if shown else " hidden"
    return f'<button name=ask value="{escape(name)}"{hidden}>{escape(words)}</button>'


# --- routines -----------------------------------------------------------------


def routines(known: Library, usual: str, device: Device) -> str:
    cards = "".join(_routine_card(one, one.id == usual) for one in _in_order(known, usual))
    body = f"<main><h1>Routines</h1><ul class=cards>{cards}</ul></main>"
    return page("Routines", body, device, here="/routines")


def _in_order(known: Library, usual: str) -> Sequence[Routine]:
    return sorted(known.routines.values(), key=lambda one: (one.id != usual, one.name))


def _routine_card(routine: Routine, usual: bool) -> str:
    names = ", ".join(dict.fromkeys(item.exercise.name.lower() for item in routine.items))
    mark = " <small>the usual one</small>" if usual else ""
    return (
        f'<li><h2><a href="/routines/{routine.id}">{escape(routine.name)}</a>{mark}</h2>'
        f"<p>{_minutes(compile_plan(routine).total_s)}: {escape(names)}.</p></li>"
    )


def routine(one: Routine, device: Device) -> str:
    plan = compile_plan(one)
    exercises = "".join(
        f"<li>{_drawn(item)}<h2>{escape(item.exercise.name)} "
        f"<small>{escape(card(item))}</small></h2>{_told(item)}</li>"
        for item in one.items
    )
    start = (
        f'<form method=post action=/ask><button name=ask value="start:{one.id}">'
        f"Start {escape(one.spoken_names[0])}</button></form>"
    )
    intro = f"<p>{escape(one.intro)}</p>" if one.intro else ""
    body = (
        f"<main><h1>{escape(one.name)}</h1><p class=quiet>{_minutes(plan.total_s)}</p>{intro}"
        f"{'' if device.watch_only else start}<p>{cautions.END_AT_ONCE}</p>"
        f"<ol class=exercises>{exercises}</ol></main>"
    )
    return page(one.name, body, device, here="/routines")


def _drawn(item: Item) -> str:
    if item.exercise.figure is None:
        return ""
    return f'<img class=drawn src="/figures/{item.exercise.id}.svg?side={item.sides[0]}" alt="">'


def _told(item: Item) -> str:
    """The same as on paper."""
    steps = "".join(f"<p>{escape(text)}</p>" for text in handout.steps(item))
    care = "".join(f"<p class=quiet>{escape(text)}</p>" for text in handout.care(item.exercise))
    return steps + care


def _minutes(seconds: float) -> str:
    minutes = max(1, round(seconds / 60))
    return f"{minutes} minute{'s' if minutes > 1 else ''}"


# --- history, settings, and what went wrong -------------------------------------


def history(past: Past, device: Device, days: int, choices: Sequence[int]) -> str:
    links = " ".join(
        f'<a href="/history?days={one}"{" aria-current=true" if one == days else ""}>{one} days</a>'
        for one in choices
    )
    told = past.html or f"<p>{escape(past.reason)}</p>"
    body = f"<main><h1>What you did</h1><p class=choice>{links}</p>{told}</main>"
    return page("History", body, device, here="/history", style=past.style)


def settings(
    now: Situation | None, kept: Mapping[str, str], device: Device, code: str, said: str = ""
) -> str:
    """`kept`: what the configuration says, by its keys; `said`: what became of a change."""

    def row(some: Iterable[Button]) -> str:
        inner = "".join(_button(one, now is None or one.command in now.can) for one in some)
        return f"<div class=row>{inner}</div>"

    voice = every = floor = ""
    if now is not None:
        voice = f" <small>volume {now.volume:.0%}, speed {now.rate_wpm}</small>"
        every = f" <small>every {_minutes(now.interval_s)}</small>"
        every = every if now.reminders else " <small>switched off</small>"
        floor = "" if now.floor else " <small>nothing there is led now</small>"
    body = (
        "<main><h1>Settings</h1><p class=quiet>At once, until it is changed again:</p>"
        f"<form method=post action=/ask><h2>Voice{voice}</h2>{row(buttons.VOICE)}"
        f"<h2>Reminders to stand up{every}</h2>{row(buttons.INTERVALS)}{row(buttons.REMINDERS)}"
        f"<h2>The floor{floor}</h2>{row(buttons.FLOOR)}</form>"
        f"<h2 id=kept>In the configuration</h2><p role=status>{escape(said)}</p>"
        f"<form method=post action=/settings#kept class=kept>{_fields(kept)}"
        "<button>Keep these</button></form>"
        f"<h2>Another device</h2>{_code(code)}<form method=post action=/code class=row>"
        "<button name=let value=in>Show a code that lets a device in</button>"
        "<button name=let value=watch>Show a code for watching only</button></form></main>"
    )
    return page("Settings", body, device, here="/settings")


def _fields(kept: Mapping[str, str]) -> str:
    return "".join(
        f"<label for={name}>{words} <small class=quiet>{_from_when(name)}</small></label>"
        f"{_field(name, kept[name])}"
        for name, words in KEPT.items()
    )


def _from_when(name: str) -> str:
    match name:
        case "reminder.on":
            return "switched off: now for twelve hours, and from the next start for good"
        case "voice.rate_wpm":
            return "at once; what is far from now, wholly from the next start"
        case _:
            return "at once" if name in AT_ONCE else "from the next start"


def _field(name: str, value: str) -> str:
    if value in YES_NO:
        options = "".join(
            f"<option value={one}{' selected' if one == value else ''}>{words}</option>"
            for one, words in YES_NO.items()
        )
        return f"<select id={name} name={name}>{options}</select>"
    number = " inputmode=decimal" if value.replace(".", "", 1).isdigit() else ""
    return f'<input id={name} name={name} value="{escape(value)}"{number}>'


def sorry(title: str, text: str, device: Device) -> str:
    body = (
        f"<main><h1>{escape(title)}</h1><p>{escape(text)}</p>"
        "<p><a href=/>To what is going on now</a></p></main>"
    )
    return page(title, body, device, here="/sorry")
