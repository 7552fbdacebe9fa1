"""The safety questions: one thing each, what yes means, and what is asked after it.

How they are meant to be asked: `FIRST` before the first time (`AGAIN` later), then `QUESTIONS` in
their order, one after the other, each answered with yes or no and repeated or explained (`help`)
whenever that is asked for. After a yes its `follow_up` is asked at once, if it has one. `meaning`
says what the two answers come to; an answer that is missing counts as the cautious one, so who
leaves a question out isn't "asked" yet. A red flag ends the questions with `SAID[flag]`, and no
exercise is led until it is taken back and confirmed (`confirm`). A condition leaves out what
`conditions` names.

New or worse is told apart from old and settled. Where a yes would be an emergency the question
itself says "new", and its help says that what a doctor knows of is a no; where it only asks for a
doctor first, the follow-up asks whether a doctor has settled it.

Decides wording and meaning only. When they are asked, and how long one waits for an answer, is the
coach's business.

Sources: NICE NG59 (2016), low back pain and sciatica, for looking for another cause first; NHS,
back pain and sciatica, for what is an emergency: numbness around the genitals, bladder and bowels,
both legs, chest pain, a serious accident. Fever of thirty-eight degrees, weight loss, swelling or a
changed shape, pain at night, cancer, and a fall with thin bones or after steroids: see a doctor at
once. Own: asking after a settled doctor's word, three months of steroid tablets, and two months
after a birth.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from assistant.content import words
from assistant.content.conditions import Condition

ASKED_AGAIN_DAYS = 91
"""After three months the questions are asked again."""


class Flag(StrEnum):
    """Why no exercise is led."""

    EMERGENCY = "emergency"
    """Help at once."""
    URGENT = "urgent"
    """A doctor, today."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """Asked after a yes."""

    text: str
    help: str
    settles: bool = True
    """Whether a yes to it takes back what the question's own yes means."""
    flag: Flag | None = None
    """What a yes to it means, where it doesn't settle anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question that is answered with yes or no."""

    id: str
    """What its answer is kept under."""
    text: str
    help: str
    """What exactly is meant, in other words."""
    flag: Flag | None = None
    condition: Condition | None = None
    follow_up: FollowUp | None = None


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an answer comes to; a plain no means neither."""

    flag: Flag | None = None
    condition: Condition | None = None


def meaning(question: Question, yes: bool | None, then: bool | None = None) -> Meaning:
    """What the answer to a question, and `then` the one to its follow-up, mean. None is no answer:
    the cautious one."""
    if yes is False:
        return Meaning()
    told = Meaning(question.flag, question.condition)
    if (more := question.follow_up) is None:
        return told
    if more.settles:
        return Meaning() if yes and then else told
    return told if then is False else Meaning(more.flag or told.flag, told.condition)


_SETTLED = FollowUp(
    text="Has a doctor looked at that, and said that you may exercise?",
    help="Say yes only if a doctor knows of it, and of your back.",
)
_FALL = FollowUp(
    text="Have you had a fall or a knock lately, and new back pain since then?",
    help="With thin bones even a stumble counts, or a hard cough.",
    settles=False,
    flag=Flag.URGENT,
)
_ALLOWED = "Has a doctor or physiotherapist told you which exercises suit you?"

QUESTIONS: tuple[Question, ...] = (
    Question(
        id="numbness",
        text="Do you have new numbness, or less feeling, between your legs or in your buttocks?",
        help=(
            "I mean where a saddle would touch you: when you wipe, or when you have sex. "
            "If you have had it for long, and a doctor knows, that is a no."
        ),
        flag=Flag.EMERGENCY,
    ),
    Question(
        id="bladder",
        text="Do you have new trouble with your bladder or bowels?",
        help=(
            "I mean trouble starting or holding on, or not feeling that you need to go. "
            "If you have had it for long, and a doctor knows, that is a no."
        ),
        flag=Flag.EMERGENCY,
    ),
    Question(
        id="weakness",
        text="Do you have new or worsening weakness in one of your legs, or both?",
        help=(
            "Such as a foot that drags, or a knee that gives way. "
            "An old weakness that hasn't changed is a no."
        ),
        flag=Flag.EMERGENCY,
    ),
    Question(
        id="both_legs",
        text="Do you have new pain, tingling or numbness in both legs?",
        help="I mean both legs at the same time. One leg only is a no; I ask about that later.",
        flag=Flag.EMERGENCY,
    ),
    Question(
        id="chest",
        text="Do you have chest pain together with your back pain?",
        help="Pain or tightness in your chest, that came with the pain in your back.",
        flag=Flag.EMERGENCY,
    ),
    Question(
        id="accident",
        text="Have you had a serious accident lately, and back pain since then?",
        help="Such as a car accident, or a fall from a height, in the last weeks.",
        flag=Flag.EMERGENCY,
        follow_up=_SETTLED,
    ),
    Question(
        id="fever",
        text="Do you have a fever now?",
        help="Thirty-eight degrees Celsius or more, or shivering.",
        flag=Flag.URGENT,
    ),
    Question(
        id="swelling",
        text="Do you have a new swelling on your back, or has your back changed its shape?",
        help="A lump, or a bend that wasn't there before.",
        flag=Flag.URGENT,
        follow_up=_SETTLED,
    ),
    Question(
        id="weight",
        text="Have you lost weight lately without wanting to?",
        help="So much that your clothes are looser, and you don't know why.",
        flag=Flag.URGENT,
        follow_up=_SETTLED,
    ),
    Question(
        id="night",
        text="Do you have pain that keeps you awake at night, however you lie?",
        help="If it eases when you turn over, that is a no.",
        flag=Flag.URGENT,
        follow_up=_SETTLED,
    ),
    Question(
        id="cancer",
        text="Have you ever had cancer?",
        help="Of any kind, now or long ago. After a yes I ask whether your doctor knows.",
        flag=Flag.URGENT,
        follow_up=FollowUp(
            text="Has a doctor said since then that you may exercise?",
            help="At a check-up, for instance. If your back pain is new since then, say no.",
        ),
    ),
    Question(
        id="osteoporosis",
        text="Do you have osteoporosis?",
        help="That is thin bones, which break more easily.",
        condition=Condition.OSTEOPOROSIS,
        follow_up=_FALL,
    ),
    Question(
        id="steroids",
        text="Have you taken steroid tablets for more than three months?",
        help="Such as cortisone, now or in the last years. An inhaler or a cream is a no.",
        condition=Condition.OSTEOPOROSIS,
        follow_up=_FALL,
    ),
    Question(
        id="stenosis",
        text="Has a doctor ever found a narrow spinal canal, or a vertebra that has slipped?",
        help="Also called stenosis, or spondylolisthesis. If nobody has told you so, say no.",
        condition=Condition.STENOSIS,
    ),
    Question(
        id="leg_pain",
        text="Do you have pain or tingling that goes down a leg, below the knee?",
        help="It may come and go. If it stays above the knee, that is a no.",
        condition=Condition.LEG_PAIN,
    ),
    Question(
        id="surgery",
        text="Have you had an operation on your back?",
        help="At any time. After a yes I ask whether somebody has told you what suits you.",
        condition=Condition.SURGERY,
        follow_up=FollowUp(
            text=_ALLOWED,
            help="Somebody who knows of your operation. If all is allowed, that is a yes.",
        ),
    ),
    Question(
        id="hip_replacement",
        text="Do you have a hip replacement?",
        help="A new hip joint, on one side or on both.",
        condition=Condition.HIP_REPLACEMENT,
        follow_up=FollowUp(
            text="Has a doctor or physiotherapist told you that this hip may move freely?",
            help="If nobody has said so, that is a no.",
        ),
    ),
    Question(
        id="pregnancy",
        text="Are you pregnant, or have you had a baby in the last two months?",
        help="After a yes I ask whether somebody has told you what suits you.",
        condition=Condition.PREGNANCY,
        follow_up=FollowUp(
            text="Has a doctor, midwife or physiotherapist told you which exercises suit you?",
            help="Somebody who knows how you and the child are.",
        ),
    ),
)
"""Emergencies first, then what a doctor should see first, then what some exercises are left out
for."""

_COUNT = words.number(len(QUESTIONS))

FIRST = (
    f"Before the first time I ask {_COUNT} short questions, for your safety. "
    "The answers stay on this device. What I know is general exercise information, "
    "not diagnosis or treatment. Say yes or no, and take your time."
)
AGAIN = f"{_COUNT.capitalize()} short questions. Say yes or no, and take your time."
SAID: Mapping[Flag, str] = {
    Flag.EMERGENCY: (
        "Then please don't exercise now. This can be something that needs help at once. "
        "Call your emergency number, or have somebody take you to a hospital, now."
    ),
    Flag.URGENT: (
        "Then please don't exercise now. Call your doctor today, and tell them what you told me. "
        "I lead no exercises until that is settled."
    ),
}
"""What is said after a red flag, in place of the questions that would follow."""
CONFIRM = (
    "Last time you told me of something that a doctor should look at first. "
    "Has a doctor done that, and said that you may exercise?"
)
"""Asked before a red flag is taken back."""
CONFIRM_FEVER = (
    "Last time you told me of a fever. Is it gone, and do you feel well enough to exercise?"
)
"""The same, where it was nothing but a fever: that passes without a doctor."""


def confirm(flagged: Collection[str]) -> str:
    """The question before red flags are taken back, by the questions that they were told in."""
    return CONFIRM_FEVER if set(flagged) == {"fever"} else CONFIRM
