"""Being found by name: asked of avahi's own program, for as long as the page is there."""

import asyncio
from contextlib import suppress
from pathlib import Path

import pytest

from assistant.outside.page import announced


def program(folder: Path, script: str) -> Path:
    """In place of avahi's: notes how it was called, and then does what the script says."""
    file = folder / announced.PROGRAM
    file.write_text(f'#!/bin/sh\necho "$*" >>"{folder}/called"\n{script}\n')
    file.chmod(0o755)
    return folder / "called"


async def announced_until(called: Path, lines: int) -> list[str]:
    task = asyncio.create_task(announced.announce(look_s=0.02))
    try:
        async with asyncio.timeout(10):
            while not called.exists() or len(called.read_text().splitlines()) < lines:
                await asyncio.sleep(0.01)
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    return called.read_text().splitlines()


def test_the_name_is_said_with_the_address_and_said_anew_with_another_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    called = program(tmp_path, "exec sleep 60")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    addresses = iter(["192.168.1.2"] * 4)
    monkeypatch.setattr(announced, "own_address", lambda: next(addresses, "192.168.1.9"))
    told = asyncio.run(announced_until(called, 2))
    assert told == [
        "--address --no-reverse exercise-assistant.local 192.168.1.2",
        "--address --no-reverse exercise-assistant.local 192.168.1.9",
    ]


def test_a_name_that_can_not_be_had_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    called = program(tmp_path, "exit 1")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(announced, "own_address", lambda: "10.0.0.1")
    assert len(set(asyncio.run(announced_until(called, 2)))) == 1


def test_without_avahi_nothing_is_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    asyncio.run(announced.announce())
