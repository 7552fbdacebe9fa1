"""The doctor's look at the page, with a real one."""

import socket
from contextlib import closing
from dataclasses import asdict

import pytest

from assistant.config.outside_keys import Page
from assistant.doctor.finding import Finding, Grade
from assistant.doctor.parts import house_page
from tests.outside.page_process import HERE, free_port, page_and_house


def look(port: int, address: str = HERE) -> Finding:
    return house_page.page(asdict(Page(on=True, port=port, address=address)))


def test_a_page_that_answers_is_told_apart_from_another_program_at_its_port(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with page_and_house() as (page, _):
        told = look(page.port)
        assert (told.grade, told.found) == (Grade.OK, f"answers at http://{HERE}:{page.port}/")
    with closing(socket.create_server((HERE, 0))) as other:
        port = other.getsockname()[1]
        monkeypatch.setattr(house_page, "PAGE_ANSWERS_S", 0.2)
        told = look(port)
    assert told.grade is Grade.WARN
    assert "another program uses its port" in told.found
    assert told.mend == f"try: assistant config set page.port {port + 1}"


def test_a_page_that_could_be_there_is_well_while_nobody_runs() -> None:
    port = free_port()
    told = look(port)
    assert (told.grade, told.mend) == (Grade.OK, "")
    assert f"will be at http://{HERE}:{port}/" in told.found


def test_an_address_of_another_machine_is_told_with_the_cure() -> None:
    told = look(free_port(), "192.0.2.7")
    assert "this machine doesn't have its address now" in told.found
    assert "assistant config unset page.address" in told.mend


@pytest.mark.parametrize(
    ("own", "said"),
    [("", "no address in a network now"), ("203.0.113.9", "no address of a local network")],
)
def test_where_no_device_can_come_to_it_is_told(
    monkeypatch: pytest.MonkeyPatch, own: str, said: str
) -> None:
    """The machine's own address can't be taken away in a test: it is handed in."""
    monkeypatch.setattr(house_page, "own_address", lambda: own)
    told = look(free_port(), "")
    assert told.grade is Grade.WARN
    assert said in told.found
    assert "network" in told.mend
