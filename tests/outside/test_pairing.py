"""Letting devices in: how long a code is good, how often it may be tried, what is kept."""

import os
from pathlib import Path

import pytest

from assistant.outside.door_protocol import Devices, Knock, PutOut, WantCode
from assistant.outside.pairing import (
    CODE_S,
    DEVICES,
    NO_CODE,
    SPENT,
    TRIES,
    TRIES_EACH,
    WRONG,
    Pairing,
    hash_of,
)


class Keeper:
    """A pairing whose clock is a number."""

    def __init__(self, folder: Path) -> None:
        self.now = 1000.0
        self.file = folder / "state" / "devices.json"
        self.told: list[Devices] = []
        self.shown: list[str] = []
        self.pairing = self.again()

    def again(self) -> Pairing:
        return Pairing(self.file, lambda: self.now, self.told.append, self.shown.append)

    def code(self, *, watch_only: bool = False) -> str:
        return self.pairing.show(WantCode(1, watch_only)).code

    def knock(
        self, code: str, device: str = "a phone", address: str = "192.168.1.7"
    ) -> tuple[str, str]:
        answer = self.pairing.knock(Knock(2, code, device, address))
        assert answer.number == 2
        return answer.token, answer.reason


@pytest.fixture
def keeper(tmp_path: Path) -> Keeper:
    return Keeper(tmp_path)


def other(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_a_code_is_good_for_two_minutes(keeper: Keeper) -> None:
    code = keeper.code()
    keeper.now += CODE_S
    assert keeper.knock(code) == ("", NO_CODE)
    code = keeper.code()
    keeper.now += CODE_S - 0.1
    assert keeper.knock(code)[0]


def test_a_code_is_shown_and_lets_one_device_in(keeper: Keeper) -> None:
    code = keeper.code()
    assert keeper.shown == [code]
    token, _ = keeper.knock(f" {code[:3]} {code[3:]} ")
    [device] = keeper.pairing.devices().devices
    assert (device.name, device.token_hash) == ("a phone", hash_of(token))
    assert keeper.knock(code) == ("", NO_CODE)


def test_a_code_may_be_tried_three_times_by_each_and_five_times_in_all(keeper: Keeper) -> None:
    code = keeper.code()
    tries = [keeper.knock(other(code), address=f"192.168.1.{n // 2}")[1] for n in range(TRIES)]
    assert tries == [WRONG] * (TRIES - 1) + [SPENT]
    assert keeper.knock(code, address="192.168.1.9") == ("", NO_CODE)


def test_a_single_stranger_cannot_spend_a_code_for_others(keeper: Keeper) -> None:
    """But gets no further themselves, even with the right one."""
    code = keeper.code()
    tries = [keeper.knock(other(code), address="192.168.1.66")[1] for _ in range(2 * TRIES)]
    assert tries == [WRONG] * (TRIES_EACH - 1) + [SPENT] * (2 * TRIES - TRIES_EACH + 1)
    assert keeper.knock(code, address="192.168.1.66") == ("", SPENT)
    assert keeper.knock(code)[0]


def test_a_new_code_ends_the_older_one(keeper: Keeper) -> None:
    first, second = keeper.code(), keeper.code()
    if first != second:
        assert keeper.knock(first) == ("", WRONG)
    assert keeper.knock(second)[0]


def test_without_a_code_nobody_is_let_in(keeper: Keeper) -> None:
    for given in ("", "000000", "None"):
        assert keeper.knock(given) == ("", NO_CODE)


def test_devices_are_told_as_they_change_and_kept(keeper: Keeper) -> None:
    keeper.knock(keeper.code(), "a phone")
    keeper.knock(keeper.code(watch_only=True), "a television\x1b[2J")
    names = [(one.name, one.watch_only) for one in keeper.again().devices().devices]
    assert names == [("a phone", False), ("a television[2J", True)]
    assert keeper.told[-1] == keeper.pairing.devices()
    keeper.pairing.put_out(PutOut(3, keeper.pairing.devices().devices[0].token_hash))
    assert [one.name for one in keeper.again().devices().devices] == ["a television[2J"]
    assert keeper.pairing.put_out(PutOut(4, "")).devices == ()


def test_only_so_many_devices_are_kept(keeper: Keeper) -> None:
    for number in range(DEVICES + 1):
        keeper.knock(keeper.code(), f"device {number}")
    names = [one.name for one in keeper.pairing.devices().devices]
    assert (len(names), names[0]) == (DEVICES, "device 1")


@pytest.mark.parametrize("text", ["", "[", "{}", "[1]", '[{"name": 3}]', "\udcff", "[" * 100_000])
def test_a_file_that_cannot_be_read_lets_nobody_in(
    keeper: Keeper, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    """And a new code works."""
    keeper.file.parent.mkdir()
    keeper.file.write_bytes(text.encode("utf-8", "surrogateescape"))
    keeper.pairing = keeper.again()
    assert keeper.pairing.devices().devices == ()
    assert text == "{}" or "needs a new code" in caplog.text
    assert keeper.knock(keeper.code())[0]


def test_a_pipe_in_the_files_place_is_not_waited_for_and_gives_way(keeper: Keeper) -> None:
    keeper.file.parent.mkdir()
    os.mkfifo(keeper.file)
    keeper.pairing = keeper.again()
    keeper.knock(keeper.code())
    assert [one.name for one in keeper.again().devices().devices] == ["a phone"]


def test_a_device_that_is_put_out_is_out_though_that_cannot_be_written_down(
    keeper: Keeper,
) -> None:
    """A full card must not leave a stolen phone in the house; and whoever puts it out is told."""
    keeper.knock(keeper.code())
    keeper.file.unlink()
    keeper.file.mkdir()
    answer = keeper.pairing.put_out(PutOut(3, ""))
    assert (answer.number, answer.devices) == (3, ())
    assert "next start" in answer.reason
    assert keeper.pairing.devices().devices == ()


def test_a_device_that_cannot_be_kept_is_not_let_in(keeper: Keeper) -> None:
    """Else it would be a stranger again tomorrow, without a word."""
    keeper.file.parent.write_text("in the way")
    token, reason = keeper.knock(keeper.code())
    assert (token, bool(reason)) == ("", True)
    assert keeper.pairing.devices().devices == ()
