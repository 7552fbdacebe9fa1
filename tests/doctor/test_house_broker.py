"""The doctor's look at the broker of [mqtt], with a real one."""

import subprocess
from dataclasses import asdict
from pathlib import Path

from assistant.config.outside_keys import Mqtt, Office
from assistant.doctor.finding import Finding, Grade
from assistant.doctor.parts.house_broker import broker as look
from assistant.doctor.parts.house_broker import office as look_at_office
from assistant.office import seal
from tests.mosquitto import free_port, needed, running

pytestmark = needed
KEY = seal.verify_key(seal.new_secret())


def found(**keys: object) -> Finding:
    settings = Mqtt(on=True, host="127.0.0.1", name="desk", **keys)  # type: ignore[arg-type]
    return look(asdict(settings))


def test_a_broker_that_takes_and_sends_is_well(tmp_path: Path) -> None:
    with running(tmp_path) as broker:
        told = found(port=broker.port)
    assert told.grade is Grade.OK
    assert told.found == f"127.0.0.1, port {broker.port}, as desk"


def test_no_broker_is_told_with_a_cure() -> None:
    told = found(port=free_port())
    assert told.grade is Grade.WARN
    assert "no broker listens" in told.found
    assert "start the broker" in told.mend


def test_rights_that_are_denied_without_a_word_are_found(tmp_path: Path) -> None:
    """Mosquitto takes a message it throws away, and grants what it will never send."""
    passwords, rights, secret = (tmp_path / name for name in ("passwords", "rights", "secret"))
    subprocess.run(["mosquitto_passwd", "-b", "-c", passwords, "desk", "right"], check=True)
    secret.write_text("right\n")
    for allowed, said in (
        ("topic read coach/desk/+/set", "nothing may be told on coach/desk/doctor/set"),
        ("topic write coach/desk/#", "no command reaches coach/desk/doctor/set"),
    ):
        rights.write_text(f"user desk\n{allowed}\n")
        with running(tmp_path, f"password_file {passwords}\nacl_file {rights}\n") as broker:
            told = found(port=broker.port, user="desk", password_file=str(secret))
            assert said in told.found
            assert "deploy/home-assistant.md" in told.mend
            secret.write_text("wrong")
            told = found(port=broker.port, user="desk", password_file=str(secret))
            assert "doesn't take the user name or the password" in told.found
            secret.write_text("right\n")


def in_office(**keys: object) -> Finding:
    desk = Office(on=True, host="127.0.0.1", desk="sales-1", key=KEY, **keys)  # type: ignore[arg-type]
    return look_at_office(asdict(desk))


def test_a_desk_that_its_office_takes_is_well_and_one_it_does_not_is_told_why(
    tmp_path: Path,
) -> None:
    passwords, secret = tmp_path / "passwords", tmp_path / "secret"
    subprocess.run(["mosquitto_passwd", "-b", "-c", passwords, "sales-1", "right"], check=True)
    secret.write_text("right\n")
    with running(tmp_path, f"password_file {passwords}\n") as broker:
        keys = {"port": broker.port, "password_file": str(secret)}
        told = in_office(**keys)
        assert told.grade is Grade.OK
        assert told.found == f"127.0.0.1, port {broker.port}, as sales-1"
        secret.write_text("wrong\n")
        told = in_office(**keys)
        assert "doesn't take the user name or the password" in told.found
        assert "[office] of the configuration" in told.mend
        assert "assistant office join FILE" in told.mend
    assert "no broker listens" in in_office(**keys).found


def test_a_desk_without_its_office_s_key_is_told_to_join_again() -> None:
    told = look_at_office(asdict(Office(on=True, host="127.0.0.1", desk="sales-1", key="x")))
    assert told.grade is Grade.WARN
    assert "assistant office join FILE" in told.mend
