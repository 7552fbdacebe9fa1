"""Sentences laid out in one stretch of a plan, one after the other, or before its end.

Decides when each begins and how long the stretch is at least. Which sentences a plan has is
`plan`'s.
"""

from collections.abc import Sequence

from assistant.content import counts_and_cues
from assistant.content.limits import sentences
from assistant.content.speech import estimate_s
from assistant.content.types import Cue, Kind, Rank, Segment

_PAUSE_S = 0.1
"""Between two sentences in a row, on top of the third of a second of silence that each ends in."""
AFTER_S = 0.4
"""Silence after the last sentence, before the next stretch begins."""

LEAD_S = 0.8
"""From the last sentence before the work, "get set" or the movement, to its beginning."""

Line = tuple[str, Rank]
Paced = tuple[str, float]
"""A sentence, and how long what it says takes at least, in seconds."""


def stretch(
    kind: Kind,
    index: int,
    title: str,
    lines: Sequence[Line],
    least_s: float,
    *,
    side: str = "",
    last: Sequence[Paced] = (),
    rests_s: float = 0.0,
    lead_s: float = 0.0,
    after_s: float = AFTER_S,
) -> Segment:
    """Sentences one after the other from the start, and `last` towards the end: it begins
    `lead_s` before the end, or as near to that as the other sentences and its own length allow, and
    not sooner than `rests_s` after the first of them."""
    laid: list[Cue] = []
    at = 0.0
    for text, rank in lines:
        laid.append(counts_and_cues.cue(at, text, rank))
        at += estimate_s(text) + _PAUSE_S
    if not last:
        length = max(least_s, at - _PAUSE_S + after_s)
        return Segment(kind, index, title, length, tuple(laid), side)
    if laid:
        at = max(at, laid[0].speech_s + rests_s)
    after = [*(_PAUSE_S for _ in last[1:]), after_s]
    take = [max(estimate_s(text) + s, own) for (text, own), s in zip(last, after, strict=True)]
    length = max(least_s, at + sum(take))
    at = max(at, length - max(lead_s, sum(take)))
    for (text, _), takes in zip(last, take, strict=True):
        laid.append(counts_and_cues.cue(at, text, Rank.CUE))
        at += takes
    return Segment(kind, index, title, length, tuple(laid), side)


def paced(texts: Sequence[str], least_s: float) -> list[Paced]:
    """The sentences, which share this time."""
    return [(text, least_s / len(texts)) for text in texts]


def cues(text: str) -> list[Line]:
    return [cue(sentence) for sentence in sentences(text)]


def cue(text: str) -> Line:
    return text, Rank.CUE
