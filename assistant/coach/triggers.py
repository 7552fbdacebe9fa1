"""What moves a machine besides a command: time, and what machines and events tell all of them.

Decides nothing. Each value is what the diagrams call it.
"""

from enum import StrEnum


class Time(StrEnum):
    """What time alone brings about; each belongs to one machine."""

    ACT = "(its next word, or the end of a segment)"
    COUNT_IN = "(a second of three)"
    REENTER = "(three seconds)"
    FORGET = "(ten minutes)"
    NOT_TOLD_WHERE = "(a minute without an answer)"
    NO_ANSWER = "(no answer)"
    SAT = "(sat long enough)"
    APPROACH = "(a gap in the talk)"
    ASK_TO_STAND = "(a moment after the chime)"
    ASK_AGAIN = "(two minutes)"
    UNANSWERED = "(four minutes)"
    HALFWAY = "(half the time up)"
    UP_LONG_ENOUGH = "(up long enough)"
    ASSUME_BACK = "(away for hours)"
    QUIET_ENDS = "(quiet is over)"
    COMES_UP = "(a moment for what is planned)"
    PACK_HALF = "(half its time)"
    PACK_ENDS = "(its time)"
    FORGET_WHO = "(nothing led for an hour)"
    FALL_ASLEEP = "(nothing said)"


class Signal(StrEnum):
    """What one machine, or an event that is no command, tells all machines."""

    ROUTINE_ASKED = "(a routine was asked for)"
    SESSION_BEGINS = "(a session begins)"
    LEAD_ENDS = "(nothing is led or asked any more)"
    COMMAND = "(a command)"
    SAID = "(a sentence is over)"
    INVITED = "(more is asked for)"
    UNCLEAR = "(no command)"
    VOICE_ENDS = "(nothing is being said any more)"
    SLEPT = "(the machine slept)"
    NOBODY = "(somebody goes)"
    SOMEBODY = "(somebody comes)"
    MET = "(the journal tells who that is)"
    DIZZY = "(somebody is dizzy)"
    LEAVES = "(somebody leaves in the midst of something)"
    ALIVE = "(a sign of life)"
    CLOCK_SET = "(the clock is set)"
    LOOKED_AT = "(whatever happens)"
    RESTARTED = "(a power cut)"
    RAISED = "(it is time to ask)"
    PUT_OFF = "(asked again later)"
    OFFERED = "(the office hands something out)"
    QUIT = "(the end)"
