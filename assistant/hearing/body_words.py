"""What a typed line tells of the body: pain, or faintness, in whatever words.

Decides that alone, for lines that are none of the templates' sentences. What would be missed leads
on, and what is taken for pain only asks: so a line that holds a word of pain tells of it, unless
the word is in what says that there is none, in a question about pain, in a wish for something
against it or in what is long past. What the coach does about it is its tables'.
"""

import re

from assistant.coach.events import Asked, Command, Source

_LEG = (
    r"down (?:the (?:back|side|front) of )?(?:my|the|both|one|a|either) (?:(?:left|right) )?"
    r"(?:legs?|thighs?|cal(?:f|ves))"
)
_NOUNS = (
    r"(?:pains?|hurt|aches?|soreness|cramps?|numbness|tingling|spasms?|agony|burning"
    r"|pins and needles)"
)
_LIMB = (
    r"(?:legs?|foot|feet|toes?|thighs?|cal(?:f|ves)|ankles?|knees?|hips?|bottom|groin|back|neck|face"
    r"|arms?|hands?|fingers?|side)"
)
_OTHERS = (
    r"(?:hurt(?:s|ing)?|painful|ach(?:es|ing)|sore|numb|tingl(?:es?|y)|stabb?(?:s|ing)|shooting"
    r"|burns|sharp|pinch(?:es|ed|ing)?|agoni[sz]ing|excruciating|unbearable|getting worse"
    r"|killing me|ow+|ouch+|a+r+g+h+|radiat\w+|(?:no|less) (?:feeling|strength (?:left )?in)"
    rf"|(?:can't|cannot|can not) (?:feel|move) my (?:(?:left|right) )?{_LIMB}"
    r"|(?:legs?|knees?|foot|feet|arms?) (?:is|are|feels?|went|goes?) (?:so |very )?(?:weak|dead)"
    r"|(?:gave|gives?|giving|given) way)"
)
_PAIN = rf"\b(?:{_NOUNS}|{_OTHERS}|{_LEG})\b"
_FAINT_NOUNS = r"(?:dizziness|faintness|light ?headedness|nausea|chest pains?|pains? in my chest)"
_FAINT_OTHERS = (
    r"(?:dizzy|faint(?:ing)?|(?:feel(?:ing)? )?(?:sick|ill|unwell)|light ?headed|nause(?:ous|ated)"
    r"|spinning|chest (?:hurts|aches|is (?:tight|sore)))"
)
PAIN = re.compile(_PAIN)
FAINT = re.compile(
    rf"(?<!\w)(?:{_FAINT_NOUNS}|dizz\w+|faint\w*|light ?headed|nause\w+"
    r"|(?:feel(?:ing)?|but|just|i'm|i am|/)(?: (?:a bit|a little|just|so|very|really))*"
    r" (?:sick|ill|unwell)(?! of\b)"
    r"|spinning|(?:can't|cannot|can not) breathe|chest (?:hurts|aches|is (?:tight|sore))"
    r"|heart attack|having a stroke|ambulance|emergency(?! exit)"
    r"|had a fall|i(?:'ve| have)? (?:just )?(?:fell|fallen)(?=$| /| (?:and|over|down|off|on)\b))"
    r"(?!\w)"
)
_GONE_OF = rf"(?:{_PAIN}|\b(?:dizziness|nausea)\b)"
_PART = r"(?:back|lower|upper|neck|leg|knee|hip|shoulder|arm|wrist|foot|muscle|joint|chest)"
_NOT = r"(?:not|no longer|without|nothing|(?:do|does|did|is|are|am|was|have|has|had)n'?t)"
_SLIGHT = r"(?:a|any|at|all|even|ever|feel|feeling|have|having|got|in|really|longer|actually|go|be)"
_WHERE = r"(?: (?:in|down|at|around|on) (?:my|the|your|both|one|either) \w+(?: legs?| back)?)?"
_OFF = r"(?: (?:off|up|a bit|a little|a lot))*"
_END = r"(?: (?:now|today|again|thanks?|thank you))*(?=$| /)"
NONE = re.compile(
    # "no" is before what there can be none of: "no, sore" and "no, too much pain" tell of pain.
    rf"\bno (?:(?:more|real|actual|sharp|new|bad|{_PART}) )*(?:{_NOUNS}|{_FAINT_NOUNS})\b"
    rf"(?: (?:and|or) {_NOUNS}\b)?{_WHERE}"
    rf"(?! (?:like|as|is|was|has|than)\b)"
    rf"|(?<!not )\b{_NOT} (?:(?:{_SLIGHT}|more|{_PART}) )*"
    rf"(?:(?:so|too|that|very) (?=painful|sore))?"
    rf"(?:{_NOUNS}|{_OTHERS}|{_FAINT_NOUNS}|{_FAINT_OTHERS}|{_LEG})\b{_WHERE}"
    r"(?!(?: any)? (?:less|better)\b)"
    rf"|\b(?:can't|cannot|can not) feel any {_NOUNS}\b"
    rf"|\b(?:free (?:of|from) (?:{_PART} )?{_NOUNS}|{_NOUNS} free)\b"
    rf"|(?<!not )(?<!no )(?<!any )(?<!n't )\bless {_PAIN}"
    rf"|(?<!n't )(?<!not ){_GONE_OF}{_WHERE}(?:'s| is| has| has been)?"
    r"(?: (?:much|all|now|a lot|a bit|a little))*"
    rf" (?:gone(?: away)?|better|less|stopped|passed|went(?: away)?|(?:eased|easing){_OFF}){_END}"
    rf"|(?<!n't )(?<!not )(?<!never )\bstopped hurting{_END}"
    rf"|(?<!n't )(?<!not ){_GONE_OF}{_WHERE}(?:'s| is)(?: now)? over{_END}"
)
"""What says that there is none, or less than before."""
_BASE = rf"(?:{_NOUNS}|painful|sore|numb|sharp)\b"
_OF = r"(?:(?:a|an|any|some|the|this|that|my|little|bit|much|more|so|such|bad|strong|sharp|of) )*"
_IT = (
    r"(?:it|this|that|they|these|there|exercis\w+|(?:the|this|that|my|your|an?|some|any) \w+"
    r"(?: (?:back|leg|neck|knee|hip|arm|exercise))?)"
)
_BE = (
    r"(?:(?:be|get|feel|cause|have|still|also|really|ever|always|usually|supposed|allowed|meant"
    r"|going|likely|normal|ok(?:ay)?|good|bad|safe|fine|to|with|for|against) )*"
)
_ASKS = r"(?:do|does|did|is|are|am|was|will|would|should|shall|may|might|can|could)"
_TAIL = r"(?: (?!it\b|that\b|stop\b|i\b)\w+){0,4}"
ASKING = re.compile(
    rf"^(?:(?:why|when|where|how(?: (?:much|bad|badly|long|often))?) )?{_ASKS} (?:"
    rf"{_IT} {_BE}{_OF}(?:{_PART} )*{_BASE}"
    rf"|(?:i|we|you) (?:have|feel|get|expect|be in|exercise with|train with|move with|treat|avoid)"
    rf" {_OF}(?:{_PART} )*{_BASE}"
    rf"|{_OF}(?:{_PART} )*{_NOUNS} (?:normal|ok(?:ay)?|good|bad|allowed|fine|last|go|mean)\b)"
    rf"{_TAIL}$"
    rf"|^(?:what|which)(?: \w+)? (?:helps?|is(?: good| best)?|are|can help|should help)"
    rf" (?:for|against|with) {_OF}(?:{_PART} )*{_BASE}{_TAIL}$"
    rf"|^how much pain is (?:ok(?:ay)?|normal|allowed|good|fine|too much)$|^what is pain$"
)
"""A line that only asks about pain, from its first word to its last."""
WISH = re.compile(
    r"(?:^|\b(?:for|start|begin|me|do|have|want|need|like) )"
    r"(?:(?:something|anything|(?:(?:the|a|some|my) )?(?:\w+ )?(?:exercises?|routine|stretch(?:es)?"
    rf"|session)) (?:good )?(?:for|against|with) {_OF}(?:{_PART} )*"
    rf"{_BASE}|(?:(?:the|a|my) )?(?:{_PART} )*{_NOUNS} (?:routine|relief|exercises?|session))"
)
"""What is wanted against it."""
_LONG_AGO = r"(?:last year|(?:(?:\w+ )?(?:years|months)|a year) ago|as a child)"
_WAS = r"(?:(?:hurt|had|injured|was|were)(?: (?!since\b|and\b|but\b|now\b)\w+){0,5}?)"
LONG_PAST = re.compile(
    rf"(?<!have )(?<!has )(?<!'ve )(?<!'s )\b{_WAS} {_LONG_AGO}"
    rf"|^{_LONG_AGO} (?:i|my \w+) (?:hurt|had {_OF}(?:{_PART} )*{_NOUNS}|was sore)\b"
)
AGAIN = re.compile(r"\b(?:again|now|still|today|too)\b")
"""What was long ago is here."""
ON_TIME = re.compile(r"\b(?:at|until|till|by) [\w: ]+? sharp\b")
AT_ONCE = re.compile(
    r"(?<!n't )\bstop\b|\b(?:can't|cannot) go on\b|\b(?:can't|cannot|can not)\b.* without\b"
    r"|\b(?:until|till|once|when|hope|(?:don't|do not) think)\b.*"
    r"\b(?:gone|over|better|less|passed|stopped|eased|easing|went)\b"
)
"""With a word of pain it is no question, no wish and no "no more pain", nor is it past already."""
_TO_TEN = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
SCORE = re.compile(
    r"(?:^|/ )(?:(?:it's|it is|i'd say|maybe|about|around|like|a|an) )*"
    rf"({'|'.join(_TO_TEN)}|10|\d)(?: out of (?:ten|10))?(?= /|$)"
)
"""A number on its own: how much it hurts."""
YES = re.compile(r"(?:yes|yeah|yep|yup|y)\b")
SHARP = re.compile(r"\b(?:sharp|shooting|stabb?(?:s|ing)|excruciating|agony)\b")

NUMB = re.compile(
    r"\b(?:numb(?:ness)?|tingl\w+|pins and needles|(?:no|less) feeling"
    r"|(?:can't|cannot|can not) (?:feel|move) my)\b"
)


def of_the_body(text: str) -> Asked | None:
    """What a line (clauses are parted by " / ", small letters, no other punctuation) tells."""
    told = ON_TIME.sub(" - ", text)
    if not AGAIN.search(told):
        told = LONG_PAST.sub(" - ", told)
    if not AT_ONCE.search(told):
        told = NONE.sub(" - ", told)
        if ASKING.match(told):
            return None
        told = WISH.sub(" - ", told)
    faint = FAINT.search(told)
    if faint is None and PAIN.search(told) is None:
        return None
    of_the_back = re.search(r"\bback\b", told)
    command = Command.DIZZY if faint else Command.BACK_HURTS if of_the_back else Command.HURTS
    says = {
        "yes": YES.match(told),
        "sharp": SHARP.search(told),
        "leg_pain": re.search(rf"\b{_LEG}\b", told),
        "chest": re.search(r"\bchest\b", told),
        "numb": NUMB.search(told),
        "weakness": re.search(r"\b(?:g[ai]v\w+ way|weak|no strength)\b", told),
    }
    yes = frozenset(name for name, found in says.items() if found)
    scores: list[str] = SCORE.findall(told)
    value = None
    if len(scores) == 1:
        value = int(scores[0]) if scores[0].isdigit() else _TO_TEN.index(scores[0])
    return Asked(command, Source.TYPED, value=value, text=text.replace(" / ", " "), tells=yes)
