"""The process of the page: why it can't listen, in words and with a cure."""

import errno
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.config.keys import Config
from assistant.config.outside_keys import Page
from assistant.outside.door_protocol import Keep
from assistant.outside.kept_settings import KEYS, keep, written
from assistant.outside.page.listening import why_not

PAGE = replace(Config(), page=Page(on=True, address="192.0.2.7"))


@pytest.mark.parametrize(
    ("number", "told", "cure"),
    [
        (errno.EADDRINUSE, "another program uses its port", "set page.port 8766"),
        (errno.EADDRNOTAVAIL, "this machine doesn't have its address now", "unset page.address"),
        (errno.ENETDOWN, "the network says network is down", ""),
    ],
)
def test_why_it_can_not_listen_is_said_and_its_cure_is_written(
    number: int, told: str, cure: str
) -> None:
    reason, written_cure = why_not(OSError(number, ""), PAGE)
    assert reason == told
    assert written_cure.endswith(cure)


def test_only_some_keys_can_be_kept_from_the_page(tmp_path: Path) -> None:
    """Not those that say who may come in, what is listened to, or whether it asks."""
    file = tmp_path / "config.toml"
    for key in ("page.address", "session.screening", "wake.phrases", "hearing.model", "x", ""):
        assert keep(file, Keep(1, key, "true")).reason
    assert not file.exists()
    for key in KEYS:
        assert not keep(file, Keep(1, key, written(Config(), key))).reason, key


def test_a_file_that_can_not_be_written_is_said_with_the_command(tmp_path: Path) -> None:
    (tmp_path / "in the way").write_text("")
    kept = keep(tmp_path / "in the way" / "config.toml", Keep(3, "voice.volume", "0.5"))
    assert kept.number == 3
    assert kept.reason.endswith("sudo assistant config set voice.volume 0.5")
