"""A sound device is found by the name that somebody once copied."""

import pytest

from assistant.sound.devices import pick

DEVICES = (
    "HD Webcam: USB Audio (hw:1,0)",
    "USB PnP Sound Device: Audio (hw:2,0)",
    "USB PnP Sound Device: Audio (hw:3,0)",
    "default",
)


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("default", 3),
        ("USB PnP Sound Device: Audio (hw:3,0)", 2),
        ("usb pnp", 1),
        ("usb", 0),  # the first of several
        ("USB PnP Sound Device: Audio (hw:5,0)", 1),  # plugged in again, as another card
        ("hw:2,0", 1),
        ("Bluetooth", None),
    ],
)
def test_the_whole_name_then_a_part_then_without_its_number(name: str, place: int | None) -> None:
    assert pick(name, DEVICES) == place


def test_where_there_is_no_device_none_is_meant() -> None:
    assert pick("anything", ()) is None
