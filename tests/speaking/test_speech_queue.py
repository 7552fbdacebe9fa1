"""One voice, one queue: the highest priority first, then the oldest, and nothing too late."""

import pytest

from assistant.coach.effects import Priority
from assistant.speaking.speech_queue import PAUSE_S, Turn, Turns


def turns(*waiting: tuple[int, Priority, float]) -> Turns:
    queue = Turns()
    for utterance, priority, expires_at in waiting:
        queue.add(Turn(utterance, f"sentence {utterance}", priority, expires_at))
    return queue


def spoken(queue: Turns, now: float) -> list[int]:
    order = []
    while (turn := queue.next(now)) is not None:
        queue.take(turn)
        order.append(turn.utterance)
    return order


def test_the_highest_priority_speaks_first_and_then_the_oldest() -> None:
    queue = turns(
        (1, Priority.TIP, 9),
        (2, Priority.CUE, 9),
        (3, Priority.SAFETY, 9),
        (4, Priority.COUNT, 9),
        (5, Priority.CUE, 9),
        (6, Priority.SAFETY, 9),
    )
    assert spoken(queue, now=0) == [3, 6, 4, 2, 5, 1]


def test_a_sentence_that_can_not_begin_in_time_is_dropped() -> None:
    queue = turns((1, Priority.COUNT, 5.0), (2, Priority.CUE, 7.0))
    assert queue.deadline(now=0) == 5.0
    assert queue.drop_stale(now=5.0) == []
    assert queue.drop_stale(now=5.001) == [1]
    assert queue.drop_stale(now=6.0) == []
    assert spoken(queue, now=6.0) == [2]


def test_hush_forgets_everything_and_says_what_was_forgotten() -> None:
    queue = turns((1, Priority.CUE, 9), (2, Priority.SAFETY, 9))
    assert sorted(queue.clear()) == [1, 2]
    assert queue.next(0) is None
    assert queue.deadline(0) is None


def test_a_breath_parts_two_sentences_but_a_count_does_not_wait_for_it() -> None:
    queue = turns((1, Priority.CUE, 20), (2, Priority.COUNT, 20))
    queue.ended(10.0)
    first = queue.next(10.0)
    assert first is not None
    assert first.utterance == 2
    queue.take(first)
    queue.ended(11.0)
    assert queue.next(11.0) is None
    assert queue.deadline(11.0) == 11.0 + PAUSE_S
    assert spoken(queue, now=11.0 + PAUSE_S) == [1]


def test_a_breath_never_makes_a_sentence_stale() -> None:
    queue = turns((1, Priority.CUE, 10.1))
    queue.ended(10.0)
    assert queue.deadline(10.0) == pytest.approx(10.1)
    assert queue.drop_stale(10.1) == []
    assert spoken(queue, now=10.1) == [1]
