"""What the assistant says of its own accord; a routine's own words stand in its file.

Decides wording only: when a sentence is said is the coach's business. Short,
warm, exact; no blame, no diagnosis, no promise.
"""

import re
from collections.abc import Sequence

from assistant.content import words

READY = "Ready when you are. Say {wake}, start. Or press the button."

PAUSED = "Paused."
REENTRY = ("Three.", "Two.", "One.")
STOPPED = "Stopped. Come back any time."
SKIPPED = "All right, on we go."
BACK = "Going back one."
AGAIN = "From the beginning."
ALREADY_GOING = "We are already in the middle of it."
STOP_FIRST = "We are in the middle of {name}. To change, say stop, and then ask again."
HELLO_GUEST = (
    "Hello. You are my guest: I keep nothing of you. "
    "Until you tell me more, I take only what suits every back."
)
WHO = (
    "I don't know who is here, so you are my guest. "
    "If I know you, say {wake}, this is, and your name."
)
CANT_REMEMBER = (
    "I can't look up what you told me before, so I take only what suits every back for now."
)
NOTHING_KEPT = "I keep nothing of a guest, so there is nothing to tell."
NOT_NOW = "I can't do that just now."
NO_PAGE = "There is no page for phones here. It can be switched on in my configuration."
NO_SUCH_ROUTINE = "I don't know that routine. I know {names}."
KNOWN = "I know {names}."
FORGOTTEN = "We have been paused for a while, so I will end here. Come back any time."

BACK_IN = "I'm back. We were in the middle of {where}. Say go on, or press."
RESTARTED = "I restarted. {left} left until your next stand-up."
SHARP = "Is it sharp, or does it go down your leg? Say yes or no."
HURT = f"Stopped. Rest there. {SHARP}"
BACK_HURT = f"I'm back. You told me that it hurts. {SHARP}"
NOTHING_HURTS = "All right, then we take it up again."
HURT_YES = (
    "Then that is enough for today. Rest in a way that is comfortable. "
    "Call your emergency number at once if a leg grows weak, or you feel numb between your legs. "
    "Do so too if you can't control your bladder or bowels. "
    "If the pain stays or gets worse, please see a doctor or physiotherapist."
)
HURT_NO = "All right. We leave that one out. Move gently, and only as far as it is comfortable."
SEE_SOMEONE = "If it stays or gets worse, please see a doctor or physiotherapist."
HURT_ENDED = f"All right, we end here. {SEE_SOMEONE}"
HURT_IDLE = f"Rest for a moment, in a way that is comfortable. {SEE_SOMEONE}"

DIZZY = (
    "Sit or lie down, and stay there until it has passed. "
    "Call your emergency number if it comes with chest pain, or an arm or a leg grows weak. "
    "If it comes back, please see a doctor."
)
DIZZY_STOPPED = f"Stopped. {DIZZY}"
SORE = "Thank you for telling me. You can move gently now, or rest: both are fine."

RED_FLAG_STILL = (
    "You told me of something that a doctor should look at first, so I lead no exercises. "
    "If that is settled, say {wake}, check my back."
)
SCREENED = "Thank you. That was the last of them."
PAIN_BEFORE = "How much does your back hurt now: zero is not at all, ten is the worst?"
PAIN_AFTER = "And how much does it hurt now: zero is not at all, ten is the worst?"
PAIN_NOTED = "Thank you."
WORSE = (
    "Thank you for telling me. Rest a little. If it doesn't settle within a day, "
    "please see a doctor or physiotherapist."
)
WORSE_AGAIN = (
    "That is twice in a row that it was worse afterwards. "
    "I leave the strengthening out until it has gone well twice. "
    "Please let a doctor or physiotherapist look at your back."
)
WORSE_AGAIN_MILD = (
    "That is twice in a row that it was worse afterwards. "
    "Please let a doctor or physiotherapist look at your back."
)
"""To whom nothing that strengthens would be led anyway."""
TWO_WEEKS = (
    "Your back has hurt for two weeks now. This is a good time to see a doctor or physiotherapist."
)
THREE_MONTHS = (
    "Your back has hurt for three months now. A doctor or physiotherapist can look at it with you."
)
TALK_ABOUT_IT = (
    "Please talk to a doctor or physiotherapist about it, today if it is new or getting worse."
)
NOT_TODAY = "I would leave out most of this one today, for the sake of your back."
GENTLE_INSTEAD = "Would you like the gentle one, only as far as it is comfortable?"
GENTLE_STILL = "Shall we do today's all the same, only as far as it is comfortable?"
REST_TODAY = "A short walk, if it feels good, is enough today. Otherwise let your back rest."
NOTHING_LEFT = "There is nothing in this one that suits you just now. Say {wake}, show me the list."
NOTHING_MORE_TODAY = "What is left of this one doesn't suit you just now, so we end here."
ALL_EARLY = "It is early, and all of this one bends you forward. Try it again later today."
LEFT_FOR_NOW = "All right, another time."
LEFT_UNTIL_PRESS = "I'll leave it for now. Press when you'd like to begin."
ONLY_SAFE = "Until you have told me more, I take only what suits every back."
TRY_HARDER = "Shall we try that?"
LEFT_OUT = "I leave out what doesn't suit you."
EASIER_TODAY = "Then we take it easier, and shorter."
STRENGTH_WAITS = "The strengthening waits for a better day."
EARLY = "It is early, so I leave out what bends you forward."
NO_WHY = "I can tell you that during an exercise."
SLOWER = "I will speak more slowly."
FASTER = "I will speak a little faster."
SLOWEST = "This is as slow as I can speak."
FASTEST = "This is as fast as I can speak."
LOUDER = "A little louder."
QUIETER = "A little quieter."
LOUDEST = "This is as loud as I can be."
QUIETEST = "This is as quiet as I can be."
LESS_TIME = "A little less, then."
MOST_TIME = "That is as much as I add to this one."
LONGER_REST = "Ten seconds more in every rest."
SHORTER_REST = "Ten seconds less in every rest."
LONGEST_REST = "The rests are as long as they can be."
SHORTEST_REST = "The rests are as short as they can be."
NO_OTHER_SIDE = "This one is the same on both sides."
BOTH_SIDES = "Both sides get their turn, one after the other."
EASIER = "All right, an easier one instead."
LIGHTER = "All right, a little less of it."
HARDER = "All right, a harder one instead."
NO_EASIER = "This is as easy as I can make it. To leave it out, say next."
NO_HARDER = "For today this is the hardest one of its kind."
EXPLAINED_SOON = "I will tell you every step, in a moment."
NOTHING_TO_EXPLAIN = "There is no exercise to explain just now."
FULL_WORDS = "From now on I tell you every step."
SHORT_WORDS = "From now on I keep it short. In an exercise, say explain to hear every step."
ALL_DONE = ("All done.", "All of it, to the end. Well done.", "All done, from first to last.")
BOTH_SIDES_DONE = "Both sides are done. Well done."
HALF_DONE = "You are halfway through. Well done so far."
ONE_LEFT = "Well done. Only one more to come."
ICE_OFF = "Time is up. Take the ice off now."
HEAT_OFF = "Time is up. Take the heat off now."
TIMER_HALF = "Half of the time is over. If your skin is numb, white or very red, take it off now."
TIMER_CUT = "I was off for a while. If the {pack} is still on, take it off now."
NO_TIMER = "There is no timer just now."
FIRST_DAYS = (
    "In the first day or two many people choose ice, and later heat. Take what feels good to you, "
    "and leave it off skin that feels little."
)
UNCLEAR = "Sorry, I didn't catch that. Ask for help to hear what you can say."

STAND = "{sat} of sitting. Time to stand up. Press the button when you are up."
_LEARNT_TIMES = 5
"""Who has stood up so often knows what to press and to say."""
_STAND_KNOWN = (
    "{sat} of sitting. Time to stand up.",
    "{sat} of sitting. Up we get.",
    "{sat} of sitting: a good moment to stand up.",
)
STAND_AGAIN = "Still time to stand up. A short walk is plenty."
STAND_GENTLY = "Whenever you like: a good moment to stand up. Press the button when you are up."
STANDING = "Thank you. {length}. Walk if you can, or say stretch."
STANDING_KNOWN = "Thank you. {length}."
HALFWAY = "Halfway."
SIT = "That's it. Sit down, or keep walking, as you like."
NO_MORE_SNOOZES = "No more snoozes for this break. Just a minute on your feet is plenty."
NO_CLOCK = "I don't know what time it is yet. For how long works: say {wake}, quiet for an hour."
NO_JOURNAL = "I can't look that up just now, since the journal isn't being kept."
EAR_CLOSED = "I have closed my ear. Press the button once, and I hear you again."
EAR_CLOSED_ALREADY = "My ear is closed. Press the button once, and I hear you again."
EAR_OPEN = "I hear you again."
LEAVING = "See you later. I rest for four hours, or until you press, or say {wake}, I'm back."
LUNCH = "Enjoy your meal. I rest for an hour, or until you press, or say {wake}, I'm back."
RESTING = "No stand-up is planned just now."
OFF_UNTIL = "For another time, say quiet until, and the hour."
UNTIL_TOMORROW = "All right. No more reminders until tomorrow morning."
AS_BEFORE = "All right, back to how it was."
NOTHING_TO_UNDO = "There is nothing to take back."
BREAK_SKIPPED = "All right. We leave this one out."
NO_REMINDERS = "Stand-up reminders are off."

HELP_IDLE = (
    "After {wake} you can say start, and a routine's name. Or say show me the list, "
    "or I have ten minutes. "
    "For a sore back, say ice timer, or heat timer. "
    "For your desk, say in a meeting, quiet for an hour, or I'm leaving. "
    "Ask how did I do today, or when is my next break."
)
HELP_SESSION = (
    "You can say pause, skip this one, go back, other side, or explain. "
    "Ask how long left, or what's next. "
    "For a change, say make it easier, make it longer, or longer rest. "
    "To end, say stop now. If anything hurts, say that hurts."
)
HELP_PAUSED = "Say go on when you are ready. Or skip this one, or repeat. To end, say stop now."
HELP_QUESTION = "Say yes or no."
HELP_HURT = "Say yes or no. If nothing hurts, say go on."
HELP_NUMBER = "Say a number: zero is no pain at all, ten is the worst. Or say later."
NO_ANSWER = "I didn't hear an answer. Say yes or no, or say later."
NO_NUMBER = "I didn't hear an answer. Say a number, or say later."
HELP_AWAY = "When you are back, press the button, or say {wake}, I'm back."
HELP_DUE = "When you are up, say I'm up, or press the button."
HELP_OVERDUE = "When you are up, press the button, or say {wake}, I'm up."
HELP_LATER = "For later, say snooze."
HELP_LATER_OVERDUE = "For later, say {wake}, snooze."

LOST = {
    "microphone": "I can't hear you: {reason}. Until I can, the button works.",
    "model": "I can't understand you: {reason}. Until then the button works.",
    "voice": "I can't speak: {reason}. Until then follow the lamp and the screen.",
    "loudspeaker": "I can't be heard: {reason}. Plug in a loudspeaker, or follow lamp and screen.",
    "button": "The button doesn't work: {reason}. On a keyboard, the space bar is one.",
    "lamp": "The lamp doesn't work: {reason}. Everything else goes on.",
    "journal": "I can't keep the journal: {reason}. Everything else goes on.",
    "presence": "I can't tell whether you are there: {reason}. I count as if you were.",
    "sound": "I can't hear you well: {reason}.",
    "configuration": "I leave out what I can't use in your configuration: {reason}.",
    "routines": "I leave out what I can't use of your own routines: {reason}.",
    "recording": "I have stopped recording: {reason}. Everything else goes on.",
    "processor": "I may answer late: {reason}. The button works at once.",
    "page": "The page for phones can't be opened: {reason}. Everything else goes on.",
    "broker": "I can't tell house or office what goes on: {reason}. All else goes on.",
}
FOUND = {
    "microphone": "I can hear again.",
    "model": "I can understand you again.",
    "voice": "I can speak again.",
    "loudspeaker": "You can hear me again.",
    "button": "The button works again.",
    "lamp": "The lamp works again.",
    "journal": "The journal works again.",
    "presence": "I can tell again whether you are there.",
    "sound": "The microphone sounds right again.",
    "configuration": "I can use your whole configuration again.",
    "routines": "I can use all your routines again.",
    "recording": "I am recording again.",
    "processor": "I can keep up again.",
    "page": "The page for phones is there again.",
    "broker": "I can tell house and office again.",
}


def hello(name: str) -> str:
    """To somebody who said who they are."""
    return f"Hello, {name}. Good that you are here."


def known(names: Sequence[str]) -> str:
    """The routines, by the names to call them by; of many, the first few."""
    few = 6  # as many as can be kept in mind
    told = list(names[:few])
    if len(names) > few:
        told.append(f"{words.number(len(names) - few)} more")
    return KNOWN.format(names=words.listing(told))


def time_left(here_s: float, here: str, total_s: float) -> str:
    """What is left of this exercise (0: between exercises) and of the routine."""
    total = f"{words.length(total_s).capitalize()} in all."
    if here_s < 1:
        return total
    return f"{words.length(here_s).capitalize()} of {here}. {total}"


def next_up(name: str) -> str:
    return f"Next comes {name}." if name else "This is the last one."


def next_stand(seconds: float, time_of_day_s: float | None) -> str:
    """When the next reminder comes, with the clock time where it is known."""
    at = "" if time_of_day_s is None else f", at {words.clock(time_of_day_s)}"
    return f"Your next stand-up is in {words.length(seconds)}{at}."


def back_in(name: str, side: str) -> str:
    """After a power cut in a session."""
    return BACK_IN.format(where=f"{name}, {side} side" if side else name)


def restarted(sit_left_s: float) -> str:
    """After a power cut at the desk."""
    return RESTARTED.format(left=words.length(sit_left_s).capitalize())


def without_answer(name: str) -> str:
    """What is led when nobody has answered."""
    return f"Then we take {name} today, and only what suits every back."


def much_pain(value: int) -> str:
    """After six and more of ten; from eight on, a judgement of our own, see somebody."""
    if value >= 8:
        return f"That is very strong pain. {TALK_ABOUT_IT}"
    return "That is a lot of pain, so we take it very gently today."


def pain_lately(value: int) -> str:
    """The same where it was told before, or it was only said that it hurts."""
    if value >= 8:
        return f"You had very strong pain not long ago. {TALK_ABOUT_IT}"
    return "You had pain not long ago, so we take it very gently today."


def easier_instead(name: str) -> str:
    """After "that hurts"."""
    return f"All right. We take an easier one instead: {name}. Only as far as it is comfortable."


def went_well(harder: str) -> str:
    """Before the question whether to try it."""
    return f"One exercise of this routine has gone well three times. A harder one is {harder}."


def why(name: str, orgs: Sequence[str], phase: str, care: Sequence[str] = ()) -> str:
    """Where an exercise comes from, when it is for, and `Plan.care` of it."""
    when = {
        "acute": "It is mild enough for a sore back.",
        "subacute": "It is for when the worst is over.",
    }.get(phase, "It is for days when the pain has eased.")
    org = re.sub(r"^(?=NHS$|American|Chartered)", "the ", "".join(orgs[:1])).replace(" / ", " and ")
    where = f"it comes from {org}" if org else "one of my own"
    return " ".join((f"{name.capitalize()}: {where}. {when}", *care))


def timer_begun(pack: str, seconds: float, *, capped: bool, first: bool) -> str:
    """The timer read back, and what to take care of."""
    said = f"{pack.capitalize()}, {words.length(seconds)}{': that is the most' * capped}."
    care = f"Put a cloth between the {pack} pack and your skin. Stay awake while it is on."
    return f"{said} {care} {FIRST_DAYS}" if first else f"{said} {care}"


def timer_left(pack: str, seconds: float) -> str:
    return f"{words.length(seconds).capitalize()} left for the {pack}."


def timer_rest(seconds: float) -> str:
    """The pause after ice or heat, and why."""
    return f"Then {words.length(seconds)} without, so that your skin can feel again."


def timer_ended(rest_s: float) -> str:
    """It was taken off."""
    if rest_s < 60:
        return "All right, the timer is off."
    return f"All right, the timer is off. Your skin rests {words.length(rest_s)} from now."


def skin_rests(left_s: float) -> str:
    """Why there is no timer yet."""
    return (
        f"Your skin still rests from the last one. In {words.length(left_s)} it can feel again "
        "what is too cold or too warm."
    )


def code(digits: str) -> str:
    """The code for the page, in two breaths."""
    said = [words.number(int(digit)) for digit in digits]
    first, second = ", ".join(said[:3]), ", ".join(said[3:])
    return f"The code is {first}; {second}. It is good for two minutes."


def noted(time_of_day_s: float | None, *, known: bool = False) -> str:
    """A break that was taken; `known`: it is the one that was told of before."""
    said = "Yes, I have that one." if known else "Good, that counts."
    return f"{said}{words.next_at(time_of_day_s)}"


def up_still(left_s: float) -> str:
    """In the minutes up."""
    return f"Good. {words.length(left_s).capitalize()} to go. Or press to end it."


def welcome_back(time_of_day_s: float | None) -> str:
    return f"Welcome back.{words.next_at(time_of_day_s)}"


def reminders_on(time_of_day_s: float | None) -> str:
    return f"Reminders are on.{words.next_at(time_of_day_s)}"


def stand(sat_s: float, times: int = 0) -> str:
    """That it is time; for whoever has stood up so many times just that, in turn in other words."""
    text = STAND if times < _LEARNT_TIMES else _STAND_KNOWN[times % len(_STAND_KNOWN)]
    return text.format(sat=words.length(sat_s).capitalize())


def standing(seconds: float, times: int = 0) -> str:
    text = STANDING if times < _LEARNT_TIMES else STANDING_KNOWN
    return text.format(length=words.length(seconds).capitalize())


def halfway(times: int) -> str:
    """Half of the two minutes; nothing to whoever knows them."""
    return HALFWAY if times < _LEARNT_TIMES else ""


def sit(time_of_day_s: float | None) -> str:
    """The end of the two minutes, and when the next ones are."""
    return f"{SIT}{words.next_at(time_of_day_s)}"
