"""The real coach against a simulated person, in simulated time: years in seconds, no waiting.

Decides what the world around the coach does: the voice that takes its time, the microphone that
hears people talk, the wall clock, sleep, power cuts. What people do is decided in `desk_people`;
what came of it is counted in `report`.
"""

import heapq
import math
from dataclasses import replace
from random import Random

from assistant.coach.effects import Chime, Effect, Hush, Lamp, Place, Say, SetLamp, Sound
from assistant.coach.events import (
    Asked,
    Command,
    Due,
    Event,
    Present,
    Slept,
    Source,
    Spoken,
    Talking,
    WallClock,
)
from assistant.coach.power_cut import KEEP_S, place_now
from assistant.coach.settings import Settings
from assistant.coach.state import Overdue, Sitting, State
from assistant.coach.step import begin, deadline, step
from assistant.coach.turn import Turn
from assistant.coach.working_hours import DAY_S
from assistant.content.speech import estimate_s
from assistant.simulation.desk_people import (
    FIRST_DAY,
    HOUR_S,
    PEOPLE,
    Habits,
    Happening,
    Person,
    What,
    answer,
    day,
    summer_s,
    summer_time,
    whim,
    year_of,
)
from assistant.simulation.report import Observer, Report, Truth

TICK_S = 1e-6
"""A clock that is read when a time has come shows a little more, never less."""
LED = (Lamp.READY, Lamp.HOLDING, Lamp.RESTING, Lamp.PAUSED)
"""What the lamp shows while exercises are led."""


def simulate(person: str, days: int, seed: int, settings: Settings) -> Report:
    """Live so many days with one of `PEOPLE`; the same seed gives the same report.

    `settings` are those of a configuration, but for the working hours, which are the person's, the
    journal (there is none here) and the plan: this is about standing up.
    """
    habits = PEOPLE[person]
    desk = replace(settings, hours=habits.working_hours(), keeps=False)
    settings = replace(desk, week=None, offers_plan=False, asks_after=False, looks_back=False)
    world = World(habits, settings, Random(f"{person} {seed}"))  # noqa: S311 - a game, no secret
    for number in range(days):
        world.live(number)
    return world.seen.report(Report(person=person, days=days, seed=seed))


class World:
    """One coach and one person. `at` is true time in seconds of local standard time, which goes on
    while the machine sleeps; the coach's own clock is `at - shift`."""

    def __init__(self, habits: Habits, settings: Settings, chance: Random) -> None:
        self.habits, self.settings, self.chance = habits, settings, chance
        self.at = FIRST_DAY * DAY_S
        self.shift = self.at
        self.off_until = -math.inf
        self.wrong_s = 0.0
        """What the clock on the wall shows too much."""
        self.coming: list[tuple[float, int, Happening | Asked | Event]] = []
        self.count = 0
        self.waiting: list[tuple[int, int, float, Say]] = []
        self.speaking: tuple[float, Say] | None = None
        self.talk: list[tuple[float, float]] = []
        self.talked_at = self.told_talk = -math.inf
        self.summer = summer_time(year_of(self.at))
        self.told_offset = math.nan
        self.kept = Place()
        self.person = Person()
        self.seen = Observer(settings)
        self.state: State
        self.state, effects = begin(settings, 0.0, greet=False)
        self.take(effects, Due())
        self.look()

    # --- time ---

    def live(self, number: int) -> None:
        """One day, to its midnight."""
        self.summer = summer_time(year_of(self.at))
        for happening in day(self.habits, number, self.chance):
            at = happening.at
            self.plan(at - summer_s(at), happening)
        midnight = (FIRST_DAY + number + 1) * DAY_S
        for change in self.summer:
            if self.at <= change < midnight:
                self.plan(change, Due())  # the clock is looked at
        self.run(midnight)

    def run(self, until: float) -> None:
        while True:
            own = deadline(self.state)
            coach = math.inf if own is None else max(own + self.shift, self.off_until)
            voice = self.speaking[0] if self.speaking else math.inf
            world = self.coming[0][0] if self.coming else math.inf
            soonest = min(coach, voice, world)
            if soonest >= until:
                break
            self.at = max(self.at, soonest + TICK_S)
            if world <= soonest:
                self.happen(heapq.heappop(self.coming)[2])
            elif voice <= soonest:
                self.end_sentence()
            else:
                self.tell(Due())
        self.at = until

    def plan(self, at: float, what: Happening | Asked | Event) -> None:
        self.count += 1
        heapq.heappush(self.coming, (at, self.count, what))

    # --- what the coach is told ---

    def tell(self, event: Event) -> None:
        """One step of the coach, unless the machine is off."""
        if self.at < self.off_until:
            return
        if self.offset_s() != self.told_offset:
            self.told_offset = self.offset_s()
            self.step(WallClock(self.at + self.told_offset), self.at)
        self.tell_talk()
        self.step(event, self.at)

    def step(self, event: Event, at: float) -> None:
        self.seen.events += 1
        self.state, effects = step(self.state, event, at - self.shift)
        self.take(effects, event)

    def tell_talk(self) -> None:
        """The microphone tells of talk every second. With nothing else between them only the last
        one before now counts, and the one before that, which comes before what is due now."""
        if not self.talk:
            return
        for heard in (self.last_talk(self.at - 1.0), self.last_talk(self.at)):
            if heard > max(self.told_talk, self.off_until):
                self.told_talk = heard
                self.step(Talking(), max(heard, self.state.now + self.shift))
        self.talk = [spell for spell in self.talk if spell[1] > self.at - 1.0]

    def last_talk(self, by: float) -> float:
        """The last second in which somebody talked."""
        if not self.talk:
            return self.talked_at
        spells = (min(end, start + (by - start) // 1) for start, end in self.talk if start <= by)
        self.talked_at = max((self.talked_at, *spells))
        return self.talked_at

    def offset_s(self) -> float:
        """What the clock on the wall shows more than true standard time."""
        start, end = self.summer
        return (HOUR_S if start <= self.at < end else 0.0) + self.wrong_s

    # --- what happens ---

    def happen(self, what: Happening | Asked | Event) -> None:
        if isinstance(what, Asked):
            self.ask(what)
        elif not isinstance(what, Happening):
            self.tell(what)
        else:
            getattr(self, f"on_{what.what}")(what.seconds)

    def on_come(self, _: float) -> None:
        if self.person.here:
            return
        self.person.come(self.at)
        if self.habits.sensor:
            self.tell(Present(True))
        if self.seen.away:
            self.ask(Asked(Command.RETURNED))

    def on_sit(self, _: float) -> None:
        if self.person.here and self.person.sat_since is None:
            self.person.sat_since = self.at

    def on_go(self, _: float, command: Command = Command.LEAVING) -> None:
        if not self.person.here:
            return
        self.seen.sat(self.person.go(self.at))
        if self.person.lamp in LED:
            self.ask(Asked(Command.STOP))
        if self.chance.random() < self.habits.declares:
            source = Source.BUTTON if self.person.lamp is Lamp.IDLE else Source.VOICE
            held = command is Command.LEAVING and source is Source.BUTTON
            self.ask(Asked(Command.STOP if held else command, source))
        if self.habits.sensor:
            self.tell(Present(False))

    def on_lunch(self, _: float) -> None:
        self.on_go(0.0, Command.LUNCH)

    def on_meeting(self, seconds: float) -> None:
        if self.person.here and self.chance.random() < self.habits.declares:
            self.ask(Asked(Command.MEETING, seconds=self.chance.choice((None, seconds))))

    def on_talk(self, seconds: float) -> None:
        self.talk.append((self.at, self.at + seconds))
        self.plan(
            self.at + seconds, Due()
        )  # it is heard, though the coach may wait for nothing else

    def on_whim(self, _: float) -> None:
        if self.person.here:
            self.ask(whim(self.chance))

    def on_suspend(self, seconds: float) -> None:
        """The machine sleeps; its own clock stands still."""
        if self.at < self.off_until:
            return
        self.seen.suspends += 1
        self.shift += seconds
        self.off(seconds, Slept(seconds))
        if self.habits.sensor:
            self.plan(self.off_until, Happening(self.off_until, What.LOOK))

    def on_cut(self, seconds: float) -> None:
        """The power fails: what was not kept is gone. The place is as old as the last keeping."""
        if self.at < self.off_until:
            return
        self.seen.power_cuts += 1
        self.kept = place_now(Turn(self.state))
        desk = self.state.desk
        if isinstance(desk, Sitting | Overdue) and desk.stand_at is not None:
            age_s = self.chance.uniform(0, KEEP_S[False])
            left_s = (self.kept.sit_left_s or 0.0) + age_s
            self.kept = replace(self.kept, sit_left_s=left_s)
        self.waiting, self.speaking = [], None
        self.off(seconds, Happening(self.at + seconds, What.START))

    def on_start(self, _: float) -> None:
        """The power is back. What was declared is forgotten, and the assistant says so."""
        self.shift = self.at
        self.seen.away = self.seen.gone = False
        self.seen.quiet_until = -math.inf
        self.state, effects = begin(self.settings, 0.0, place=self.kept)
        self.take(effects, Due())
        self.look()

    def look(self) -> None:
        """What a machine that has just begun sees: the clock, and who is there."""
        self.tell(Present(self.person.here) if self.habits.sensor else Due())

    def off(self, seconds: float, then: Happening | Event) -> None:
        """Nothing is heard, said or pressed until then."""
        self.off_until = self.at + seconds
        if self.speaking is not None:
            self.speaking = (self.speaking[0] + seconds, self.speaking[1])
        self.told_offset = math.nan  # afterwards the clock is looked at first
        self.plan(self.off_until, then)

    def on_look(self, _: float) -> None:
        self.look()

    def on_set_clock(self, seconds: float) -> None:
        """The clock on the wall goes wrong, and some time later the network mends it."""
        self.seen.clocks_set += 1
        self.wrong_s = seconds
        if seconds:
            mended = self.at + self.chance.uniform(60, 7200)
            self.plan(mended, Happening(mended, What.SET_CLOCK))
        self.tell(Due())

    # --- the person and the assistant ---

    def ask(self, asked: Asked) -> None:
        """What a person says or presses; an answer only while there is something to answer."""
        person = self.person
        up = asked.command in (Command.UP, Command.PRESS, Command.STRETCH)
        answers = up or asked.command in (Command.SNOOZE, Command.NEXT)
        if answers and not (person.here and person.lamp in (Lamp.DUE, Lamp.OVERDUE)):
            return
        if self.at < self.off_until:
            return
        if up:
            self.seen.sat(person.stand(self.at))
            up_s = self.settings.up_s * (2 if asked.command is Command.STRETCH else 1)
            self.plan(self.at + up_s + self.chance.uniform(0, 15), Happening(self.at, What.SIT))
        self.tell(asked)
        refused = asked.command is Command.SNOOZE and person.lamp is Lamp.DUE
        if refused and self.chance.random() < self.habits.gives_in:
            self.plan(self.at + 20, Asked(Command.UP))

    def reminded(self) -> None:
        """A chime: decide what to do about it."""
        if not self.person.here or self.person.sat_since is None:
            return
        reply = answer(self.habits, self.chance)
        if reply is not None:
            self.plan(self.at + self.chance.uniform(*self.habits.delay_s), reply)

    def take(self, effects: list[Effect], cause: Event) -> None:
        """Carry out what was ordered."""
        truth = Truth(self.at, self.person.here, self.last_talk(self.at), self.told_offset)
        self.seen.look(effects, cause, truth)
        for effect in effects:
            match effect:
                case SetLamp(lamp):
                    self.person.lamp = lamp
                case Chime(sound) if sound is Sound.DUE:
                    self.reminded()
                case Say():
                    self.speak(effect)
                case Hush():
                    self.hush()
                case _:
                    pass

    # --- the voice: one sentence at a time, the most important first ---

    def speak(self, say: Say) -> None:
        item = (-say.priority, say.utterance, self.at + say.within_s, say)
        heapq.heappush(self.waiting, item)
        self.next_sentence()

    def next_sentence(self) -> None:
        while self.waiting and self.speaking is None:
            *_, latest, say = heapq.heappop(self.waiting)
            if latest < self.at:
                self.plan(self.at, Spoken(say.utterance, complete=False))
            else:
                self.speaking = (self.at + estimate_s(say.text), say)

    def end_sentence(self) -> None:
        assert self.speaking is not None
        number = self.speaking[1].utterance
        self.speaking = None
        self.next_sentence()
        self.tell(Spoken(number))

    def hush(self) -> None:
        cut = [say.utterance for *_, say in self.waiting]
        cut += [self.speaking[1].utterance] if self.speaking else []
        self.waiting, self.speaking = [], None
        for number in cut:
            self.plan(self.at, Spoken(number, complete=False))
