"""What desks send adds up to the sum of a whole group, and to nothing else."""

import random
from contextlib import suppress
from dataclasses import astuple
from datetime import date

import pytest

from assistant.office import seal
from assistant.office.sums import (
    GREATEST,
    Figures,
    Group,
    Share,
    is_week,
    monday_of,
    opened,
    share,
    week_of,
)

WEEK = "2026-W49"
SECRETS = {f"desk-{number}": seal.new_secret() for number in range(6)}
GROUP = Group({name: seal.public_key(secret) for name, secret in SECRETS.items()}, WEEK)
DONE = {name: Figures(100 + n, 80 + n, n, 10 * n) for n, name in enumerate(SECRETS)}


def shares(week: str = WEEK, group: Group = GROUP) -> dict[str, Share]:
    return {name: share(DONE[name], week, name, SECRETS[name], group) for name in group.members}


def test_the_shares_of_all_add_up_to_what_they_did() -> None:
    assert opened(GROUP, shares()) == sum(DONE.values(), Figures())


@pytest.mark.parametrize("missing", SECRETS)
def test_without_one_of_the_group_there_is_no_sum(missing: str) -> None:
    there = shares()
    del there[missing]
    assert opened(GROUP, there) is None


def test_any_part_of_the_shares_is_as_good_as_random() -> None:
    """Over many weeks the sum of any five of six, and each share alone, is spread over all numbers:
    no bit of it is set more or less often than in half of the weeks."""
    weeks = [f"{year}-W{number:02d}" for year in range(2020, 2030) for number in range(1, 51)]
    told = [shares(week) for week in weeks]
    for part in ({"desk-0"}, {"desk-0", "desk-3"}, set(SECRETS) - {"desk-2"}):
        for place in range(len(astuple(Figures()))):
            numbers = [sum(one[name].masked[place] for name in part) % 2**32 for one in told]
            for bit in range(32):
                ones = sum(number >> bit & 1 for number in numbers)
                # 500 tosses: six standard deviations
                assert abs(ones - 250) < 68, (part, place, bit)


def test_the_same_week_is_masked_anew_in_another_group() -> None:
    later = Group(GROUP.members, "2026-W50")
    assert shares("2026-W50", later)["desk-1"].masked != shares("2026-W50")["desk-1"].masked


def test_shares_of_different_groups_or_broken_ones_are_no_sum() -> None:
    there = shares()
    other = Group(GROUP.members, "2026-W50")
    assert opened(other, there) is None
    one = there["desk-1"]
    for bad in (Share(one.group, one.masked[:3]), Share(one.group, (1, *one.masked[1:]))):
        assert opened(GROUP, {**there, "desk-1": bad}) is None


def test_fewer_than_five_are_never_summed_whatever_they_send() -> None:
    four = Group(dict(list(GROUP.members.items())[:4]), WEEK)
    assert opened(four, shares(group=four)) is None


def test_what_cannot_be_is_sent_as_what_can() -> None:
    """A fault of one desk doesn't spoil the sum of the others."""
    done = {**DONE, "desk-0": Figures(-5, 10**12, 1, 1)}
    there = {name: share(done[name], WEEK, name, SECRETS[name], GROUP) for name in SECRETS}
    total = opened(GROUP, there)
    assert total is not None
    assert total.breaks_due == sum(one.breaks_due for one in DONE.values()) - 100
    assert total.breaks_taken == sum(one.breaks_taken for one in DONE.values()) - 80 + GREATEST


def test_a_week_begins_on_monday_and_may_belong_to_the_year_before() -> None:
    assert week_of(date(2027, 1, 1)) == "2026-W53"
    assert monday_of("2026-W53") == date(2026, 12, 28)
    days = [date.fromordinal(date(2026, 1, 1).toordinal() + n) for n in range(0, 3000, 5)]
    assert all(monday_of(week_of(day)) <= day for day in days)
    for text in ("2026-W54", "2026-49", "2025-W53", "week", "２０２６-W49", "0001-W01", None):
        assert not is_week(text)


# --- keys and signatures -------------------------------------------------------


def test_a_signed_text_comes_out_as_it_went_in() -> None:
    secret = seal.new_secret()
    text = 'a "text"\nwith ünïcode and \\ backslashes'
    assert seal.opened(seal.signed(text, secret).encode(), seal.verify_key(secret)) == text


def test_whatever_is_changed_in_a_signed_message_it_is_refused() -> None:
    secret = seal.new_secret()
    key = seal.verify_key(secret)
    message = seal.signed("routines for all", secret)
    chance = random.Random(1)
    for _ in range(300):
        at = chance.randrange(len(message))
        letter = chance.choice('abcdefghijkl0123456789 {}",:[]')
        changed = message[:at] + letter + message[at + 1 :]
        if changed == message:
            continue
        with suppress(seal.Forged):
            assert seal.opened(changed.encode(), key) == "routines for all"  # outside of both


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"\xff",
        b"{}",
        b"[]",
        b"null",
        b"[" * 100_000,
        b'{"signed": 1, "signature": "AA=="}',
        b'{"signed": "x", "signature": null}',
        b'{"signed": "x", "signature": ""}',
        b'{"signed": "x", "signature": "AA=="}',
        b'{"signed": "\\ud800", "signature": "AA=="}',
    ],
)
def test_what_is_not_signed_is_refused_with_a_word(message: bytes) -> None:
    with pytest.raises(seal.Forged, match="signed"):
        seal.opened(message, seal.verify_key(seal.new_secret()))


def test_another_offices_signature_is_refused() -> None:
    message = seal.signed("routines", seal.new_secret())
    with pytest.raises(seal.Forged, match="the office's key"):
        seal.opened(message.encode(), seal.verify_key(seal.new_secret()))


def test_a_key_with_which_everybody_shares_the_same_secret_is_refused() -> None:
    """A point of small order: whoever sent it would know the masks."""
    zero = "A" * 43 + "="
    assert seal.is_key(zero)
    with pytest.raises(ValueError, match="no key"):
        seal.shared_secret(seal.new_secret(), zero)
    for text in ("", "short", "A" * 44, 5, None, "A" * 43 + "é"):
        assert not seal.is_key(text)
