"""Which addresses are of the local network, and which names are ours."""

import socket

import pytest

from assistant.outside.page import addresses
from assistant.outside.page.browsers import name_of

PORT = 8765


@pytest.mark.parametrize(
    ("address", "local"),
    [
        *(("127.0.0.1", True), ("10.1.2.3", True), ("172.16.0.1", True), ("172.31.255.255", True)),
        *(("192.168.178.20", True), ("169.254.3.4", True), ("::1", True), ("fd00::1", True)),
        *(("fe80::1%eth0", True), ("::ffff:192.168.1.2", True), ("::ffff:8.8.8.8", False)),
        *(("8.8.8.8", False), ("172.32.0.1", False), ("100.64.0.1", False), ("192.169.0.1", False)),
        *(("2001:db8::1", False), ("", False), ("localhost", False)),
    ],
)
def test_the_local_network_is_what_no_router_passes_on(address: str, local: bool) -> None:
    assert addresses.is_local(address) is local


@pytest.mark.parametrize(
    ("host", "ours"),
    [
        *(("192.168.1.2:8765", True), ("localhost:8765", True), ("LOCALHOST.:8765", True)),
        *(("exercise-assistant.local:8765", True), ("192.168.1.2", False), ("", False)),
        *(("192.168.1.3:8765", False), ("192.168.1.2:80", False), ("evil.example:8765", False)),
        *(("192.168.1.2.evil.example:8765", False), ("192.168.1.2:8765:8765", False)),
        *(("@192.168.1.2:8765", False), ("evil.example", False), (":8765", False)),
    ],
)
def test_only_our_own_names_are_answered_to(host: str, ours: bool) -> None:
    assert addresses.is_ours(host, "192.168.1.2", PORT) is ours


def test_the_machines_own_name_is_ours() -> None:
    name = socket.gethostname().partition(".")[0]
    assert addresses.is_ours(f"{name}.local:{PORT}", "10.0.0.2", PORT)
    assert addresses.is_ours(f"[fd00::2]:{PORT}", "fd00::2", PORT)
    assert addresses.is_ours("10.0.0.2", "10.0.0.2", 80)


def test_a_person_is_told_an_address_to_type() -> None:
    assert addresses.url("127.0.0.1", PORT) == "http://127.0.0.1:8765/"
    assert addresses.url("fd00::2", PORT) == "http://[fd00::2]:8765/"
    assert addresses.url("", PORT).startswith("http://")


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        (
            "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0",
            "Firefox on Android",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 "
            "(KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
            "Safari on an iPhone",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0 Safari/537.36 Edg/156.0", "Edge on Linux"),
        ("", "A browser"),
        ("<script>alert(1)</script>", "A browser"),
    ],
)
def test_a_device_is_called_as_a_person_would(sent: str, name: str) -> None:
    assert name_of(sent) == name
