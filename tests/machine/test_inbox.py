"""The one queue of the house: nothing is lost in it, and nobody waits in it too long."""

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from assistant.machine.inbox import Inbox

THREADS, POSTS = 8, 500


@contextmanager
def interrupted(handler: Callable[[], object]) -> Iterator[None]:
    """Shortly after it begins to wait this thread gets a signal, with this for its handler."""
    before = signal.signal(signal.SIGUSR1, lambda *_: handler())
    timer = threading.Timer(0.05, signal.pthread_kill, (threading.get_ident(), signal.SIGUSR1))
    timer.start()
    try:
        yield
    finally:
        timer.join()
        signal.signal(signal.SIGUSR1, before)


@pytest.mark.timeout(10)
def test_a_signal_that_takes_longer_than_there_is_time_lets_the_pump_go_on() -> None:
    """Ctrl-Z, and fg a minute later: the hold whose end was due meanwhile ends now, not with the
    next press."""
    inbox = Inbox[str]()
    until = time.monotonic() + 0.2

    def stopped() -> None:
        while time.monotonic() < until + 0.1:
            pass

    with interrupted(stopped):
        assert inbox.next(until) is None


def test_what_a_signal_posts_is_read_at_once() -> None:
    inbox = Inbox[str]()
    with interrupted(lambda: inbox.post("quit")):
        assert inbox.next(None, 30.0) == "quit"


def test_what_many_threads_post_arrives_whole_and_each_ones_in_order() -> None:
    """Whatever moment they hit: between a look and the wait, too."""
    inbox = Inbox[tuple[int, int]]()

    def post_all(me: int) -> None:
        for i in range(POSTS):
            inbox.post((me, i))

    threads = [threading.Thread(target=post_all, args=(me,)) for me in range(THREADS)]
    for thread in threads:
        thread.start()
    read = [inbox.next(None, 10.0) for _ in range(THREADS * POSTS)]
    for me in range(THREADS):
        assert [one for one in read if one and one[0] == me] == [(me, i) for i in range(POSTS)]
    assert inbox.next(time.monotonic() + 0.05) is None
    assert inbox.next(0.0) is None
