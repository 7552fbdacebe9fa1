"""One connection to a real broker: when it is there, when it isn't, and what is told of it."""

import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TypeVar

import pytest

from assistant.config import load
from assistant.office import seal
from assistant.outside import mqtt, office
from assistant.outside.broker_access import BEHIND, Access, refusal, trouble_of
from assistant.outside.mqtt_broker import (
    Connected,
    Connection,
    Denied,
    Disconnected,
    Fact,
    Heard,
    Message,
    uptime,
)
from tests.mosquitto import Mosquitto, needed, running

pytestmark = needed
T = TypeVar("T", bound=Fact)
SOON = (0.05,)


class Line:
    """A connection, and the facts that it posted."""

    def __init__(self, access: Access, name: str = "coach", **more: object) -> None:
        self.facts: SimpleQueue[Fact] = SimpleQueue()
        more.setdefault("backoff_s", SOON)
        self.connection = Connection(access, name, self.facts.put, **more)  # type: ignore[arg-type]
        self.connection.start()

    def next(self, kind: type[T], within_s: float = 15.0) -> T:
        """The next fact of this kind; what comes before it is passed over."""
        until = time.monotonic() + within_s
        while True:
            try:
                fact = self.facts.get(timeout=max(0.0, until - time.monotonic()))
            except Empty:
                raise AssertionError(f"no {kind.__name__} came") from None
            if isinstance(fact, kind):
                return fact

    def publish(self, topic: str, payload: str, **more: bool) -> bool:
        return self.connection.publish(Message(topic, payload.encode(), **more))


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    with running(tmp_path_factory.mktemp("broker")) as one:
        yield one


@pytest.fixture
def lines() -> Iterator[list[Line]]:
    """Put into it what is to be closed at the end."""
    opened: list[Line] = []
    yield opened
    for line in opened:
        line.connection.close()


def at(broker: Mosquitto, **more: object) -> Access:
    return Access(host="127.0.0.1", port=broker.port, **more)  # type: ignore[arg-type]


def test_what_one_publishes_the_other_hears(broker: Mosquitto, lines: list[Line]) -> None:
    """At once, with the time before which it can't have come; a kept one is known as kept."""
    one, other = Line(at(broker), "one"), Line(at(broker), "other", filters=("a/+/set",))
    lines += [one, other]
    one.next(Connected), other.next(Connected)
    before = uptime()
    assert one.publish("a/b/set", "now")
    heard = other.next(Heard)
    assert (heard.topic, heard.payload, heard.retained) == ("a/b/set", b"now", False)
    assert before - 3 < heard.not_before <= uptime()
    one.publish("a/c/set", "old", retain=True, sure=True)
    other.next(Heard)
    late = Line(at(broker), "late", filters=("a/+/set",))
    lines.append(late)
    assert late.next(Heard).retained
    one.publish("a/c/set", "", retain=True, sure=True)


def test_an_end_in_good_order_says_its_last_word_and_no_will(
    broker: Mosquitto, lines: list[Line]
) -> None:
    watch = Line(at(broker), "watch", filters=("life",))
    lines.append(watch)
    watch.next(Connected)
    will = Message("life", b"vanished", retain=True, sure=True)
    one = Line(at(broker), "ends", will=will)
    one.next(Connected)
    one.connection.close(Message("life", b"offline", retain=True, sure=True))
    assert watch.next(Heard).payload == b"offline"
    assert not one.connection.alive
    assert not one.publish("life", "later")
    with pytest.raises(AssertionError, match="no Heard"):
        watch.next(Heard, 0.3)


def test_a_broker_that_is_started_late_or_again_is_found(tmp_path: Path, lines: list[Line]) -> None:
    """Meanwhile each try is told, and nothing is kept for it."""
    with running(tmp_path) as broker:
        broker.stop()
        line = Line(at(broker), filters=("x",))
        lines.append(line)
        assert "no broker listens at 127.0.0.1" in line.next(Disconnected).trouble.reason
        line.next(Disconnected)
        assert not line.publish("x", "stale")
        for way in (signal.SIGKILL, signal.SIGTERM):
            broker.start()
            line.next(Connected)
            assert line.publish("x", "fresh")
            assert line.next(Heard).payload == b"fresh"
            broker.stop(way)
            line.next(Disconnected)


def test_what_lay_in_a_connection_that_stood_still_is_known_as_old(
    broker: Mosquitto, lines: list[Line], tmp_path: Path
) -> None:
    """A laptop that slept finds messages waiting: the time before which they can't have come is
    that of the last look, not that of the reading."""
    script = tmp_path / "listens.py"
    script.write_text(
        "import sys\n"
        "from assistant.outside.mqtt_broker import Connected, Connection, Heard, uptime\n"
        "from assistant.outside.broker_access import Access\n"
        "def post(fact):\n"
        "    if isinstance(fact, Heard):\n"
        "        print('heard', uptime() - fact.not_before, flush=True)\n"
        "    elif isinstance(fact, Connected):\n"
        "        print('ready', flush=True)\n"
        "line = Connection(Access(host='127.0.0.1', port=int(sys.argv[1])), 'still', post,\n"
        "                  filters=('s',))\n"
        "line.start(); sys.stdin.read()\n"
    )
    python = [sys.executable, str(script), str(broker.port)]
    with subprocess.Popen(
        python,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    ) as child:
        assert child.stdout is not None
        assert child.stdin is not None
        assert child.stdout.readline() == "ready\n"
        speaker = Line(at(broker), "speaker")
        lines.append(speaker)
        speaker.next(Connected)
        child.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, child.pid, os.WSTOPPED)  # its threads may run on for a moment
        stopped = time.monotonic()
        speaker.publish("s", "late", sure=True)
        with pytest.raises(AssertionError):
            speaker.next(Denied, 3.0)
        child.send_signal(signal.SIGCONT)
        waited_s = float(child.stdout.readline().split()[1])
        assert waited_s >= 2.9, time.monotonic() - stopped
        child.stdin.close()


def test_a_wrong_password_is_told_and_a_mended_one_is_found(
    tmp_path: Path, lines: list[Line], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is read at each try. Without the right to a topic, the broker's silence is told."""
    passwords, rights = tmp_path / "passwords", tmp_path / "rights"
    subprocess.run(["mosquitto_passwd", "-b", "-c", passwords, "desk", "right"], check=True)
    rights.write_text("user desk\ntopic readwrite mine/#\n")
    more = f"password_file {passwords}\nacl_file {rights}\n"
    monkeypatch.setattr("assistant.outside.broker_access.REFUSED_S", 0.05)
    secret = tmp_path / "secret"
    secret.write_text("wrong\n")
    with running(tmp_path, more) as broker:
        nobody = Line(at(broker), "nobody")
        lines.append(nobody)
        assert "wants a user name and a password" in nobody.next(Disconnected).trouble.reason
        desk = Line(at(broker, user="desk", password_file=secret), "desk")
        lines.append(desk)
        told = desk.next(Disconnected).trouble
        assert "doesn't take the user name or the password" in told.reason
        assert "password_file" in told.mend
        secret.write_text("right\n")
        desk.next(Connected)
        desk.publish("mine/a", "good", sure=True)
        desk.publish("theirs/a", "bad", sure=True)
        assert desk.next(Denied) == Denied("theirs/a")
        secret.unlink()
        other = Line(at(broker, user="desk", password_file=secret), "other")
        lines.append(other)
        assert "secret can't be read" in other.next(Disconnected).trouble.reason


def certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """One that signs itself, and its key."""
    key, made = folder / f"{name}.key", folder / f"{name}.pem"
    order = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
    order += f" -subj /CN={name} -addext subjectAltName=IP:127.0.0.1"
    subprocess.run(
        [*order.split(), "-keyout", str(key), "-out", str(made)],
        check=True,
        capture_output=True,
    )
    return made, key


def test_a_broker_is_trusted_by_its_certificate_only(tmp_path: Path, lines: list[Line]) -> None:
    made, key = certificate(tmp_path, "broker")
    other, _ = certificate(tmp_path, "other")
    more = f"certfile {made}\nkeyfile {key}\nallow_anonymous true\n"
    with running(tmp_path, more) as broker:
        good = Line(at(broker, tls=True, ca_file=made), "good", filters=("t",))
        lines.append(good)
        good.next(Connected)
        good.publish("t", "x" * 40_000)
        assert len(good.next(Heard).payload) == 40_000
        for ca_file in (other, None):
            line = Line(at(broker, tls=True, ca_file=ca_file), "bad")
            lines.append(line)
            assert "certificate isn't trusted" in line.next(Disconnected).trouble.reason
        plain = Line(at(broker), "plain")
        lines.append(plain)
        assert "tls = true" in plain.next(Disconnected).trouble.mend
        for file, said in ((tmp_path / "none.pem", "can't be read"), (key, "holds no certificate")):
            line = Line(at(broker, tls=True, ca_file=file), "bad")
            lines.append(line)
            assert f"{file} {said}" in line.next(Disconnected).trouble.reason


AUTHORITY = """\
[ca]
default_ca = own
[own]
database = index
rand_serial = yes
new_certs_dir = .
default_md = sha256
policy = any
x509_extensions = names
[any]
commonName = supplied
[names]
subjectAltName = IP:127.0.0.1
"""


@pytest.mark.parametrize(
    ("years", "reason", "aloud"),
    [((2090, 2091), "is not valid yet", False), ((2000, 2001), "has expired", True)],
)
def test_a_certificate_of_another_time_is_told_of_with_the_clock(
    tmp_path: Path, lines: list[Line], years: tuple[int, int], reason: str, aloud: bool
) -> None:
    """A small computer begins each day in the past, until somebody sets its clock: that is no
    reason to speak, or to look for another certificate."""
    (tmp_path / "ca.cnf").write_text(AUTHORITY)
    (tmp_path / "index").touch()
    begins, ends = (f"{year}0101000000Z" for year in years)
    key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=broker -keyout key"
    sign = "-batch -config ca.cnf -selfsign -keyfile key -in wanted -out made -notext"
    for order in (f"req {key} -out wanted", f"ca {sign} -startdate {begins} -enddate {ends}"):
        subprocess.run(["openssl", *order.split()], check=True, capture_output=True, cwd=tmp_path)
    made = tmp_path / "made"
    more = f"certfile {made}\nkeyfile {tmp_path / 'key'}\nallow_anonymous true\n"
    with running(tmp_path, more) as broker:
        line = Line(at(broker, tls=True, ca_file=made), "coach")
        lines.append(line)
        trouble = line.next(Disconnected).trouble
    assert reason in trouble.reason
    assert "set the clock" in trouble.mend
    assert bool(trouble.aloud) is aloud


def signed(folder: Path, ca: Path, ca_key: Path) -> tuple[Path, Path]:
    """A certificate for this machine that an authority has signed, and its key."""
    key, wanted, made = (folder / f"signed.{end}" for end in ("key", "csr", "pem"))
    (folder / "names").write_text("subjectAltName=IP:127.0.0.1\n")
    order = "openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=broker"
    sign = f"openssl x509 -req -in {wanted} -CA {ca} -CAkey {ca_key} -CAcreateserial -days 2"
    for words in (
        [*order.split(), "-keyout", str(key), "-out", str(wanted)],
        [*sign.split(), "-extfile", str(folder / "names"), "-out", str(made)],
    ):
        subprocess.run(words, check=True, capture_output=True)
    return made, key


def test_home_and_office_trust_what_their_own_authority_has_signed(
    tmp_path: Path, lines: list[Line], monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the configuration as it is written, with a name and a password that go encrypted; and by
    another authority they don't. Also with a Python from 3.13 on, which is stricter by itself."""
    usual = ssl.create_default_context

    def stricter(cadata: str) -> ssl.SSLContext:
        context = usual(cadata=cadata)
        context.verify_flags |= ssl.VERIFY_X509_STRICT
        return context

    monkeypatch.setattr(ssl, "create_default_context", stricter)
    ca, ca_key = certificate(tmp_path, "authority")
    other, _ = certificate(tmp_path, "other")
    made, key = signed(tmp_path, ca, ca_key)
    passwords = tmp_path / "passwords"
    subprocess.run(["mosquitto_passwd", "-b", "-c", passwords, "desk", "right"], check=True)
    (tmp_path / "secret").write_text("right\n")
    text = """
[mqtt]
on = true
host = "127.0.0.1"
port = {port}
tls = true
ca_file = "{ca}"
user = "desk"
password_file = "secret"
[office]
on = true
host = "127.0.0.1"
port = {port}
tls = true
ca_file = "{ca}"
desk = "desk"
password_file = "secret"
key = "{key}"
"""
    file = tmp_path / "config.toml"
    more = f"certfile {made}\nkeyfile {key}\npassword_file {passwords}\n"
    with running(tmp_path, more) as broker:
        for authority, trusted in ((ca, True), (other, False)):
            office_key = seal.verify_key(seal.new_secret())
            file.write_text(text.format(port=broker.port, ca=authority.name, key=office_key))
            config = load(file)
            for access in (mqtt.access(config), office.access(config)):
                line = Line(access, "desk", filters=("t",))
                lines.append(line)
                if trusted:
                    line.next(Connected)
                    line.publish("t", "told")
                    assert line.next(Heard).payload == b"told"
                else:
                    assert "isn't trusted" in line.next(Disconnected).trouble.reason
                line.connection.close()


def test_a_broker_without_tls_is_told_as_such(broker: Mosquitto, lines: list[Line]) -> None:
    line = Line(at(broker, tls=True), "hopes")
    lines.append(line)
    assert "no TLS is spoken at 127.0.0.1" in line.next(Disconnected).trouble.reason


def test_an_owner_that_raises_loses_nothing_but_that_fact(broker: Mosquitto) -> None:
    """What is posted to is ours, and may fail; the connection lives on."""
    heard: SimpleQueue[bytes] = SimpleQueue()

    def post(fact: Fact) -> None:
        if isinstance(fact, Heard):
            heard.put(fact.payload)
            raise RuntimeError("no room")
        if isinstance(fact, Connected):
            line.publish(Message("again", b"one"))
            line.publish(Message("again", b"two"))

    line = Connection(at(broker), "raises", post, filters=("again",))
    line.start()
    assert [heard.get(timeout=10), heard.get(timeout=10)] == [b"one", b"two"]
    line.close()


def test_who_does_not_catch_up_begins_anew_without_what_waited(
    broker: Mosquitto, lines: list[Line], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A broker keeps any number of messages for who reads slowly, and all of them would be late."""
    monkeypatch.setattr("assistant.outside.mqtt_broker.LOOK_S", 0.05)
    monkeypatch.setattr("assistant.outside.mqtt_broker.BEHIND_S", 0.5)
    facts: list[Fact] = []
    slow, anew = threading.Event(), threading.Event()

    def post(fact: Fact) -> None:
        facts.append(fact)
        if isinstance(fact, Heard):
            slow.wait(0 if anew.is_set() else 0.01)
        elif facts.count(Connected()) == 2:
            anew.set()

    one = Connection(at(broker), "slow", post, filters=("much",), backoff_s=SOON)
    one.start()
    speaker = Line(at(broker), "much")
    lines.append(speaker)
    speaker.next(Connected)
    until = time.monotonic() + 10
    while Connected() not in facts:
        assert time.monotonic() < until
    for number in range(300):
        speaker.publish("much", str(number))
    assert anew.wait(15)
    assert Disconnected(BEHIND) in facts
    assert len([fact for fact in facts if isinstance(fact, Heard)]) < 200
    while not any(isinstance(fact, Heard) and fact.payload == b"after" for fact in facts):
        assert time.monotonic() < until + 20
        speaker.publish("much", "after")
        slow.wait(0.05)
    one.close()


ACCESS = Access(host="house", port=1883)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(101, "Network is unreachable"), "network is unreachable"),
        (TimeoutError(), "nobody answers at house, port 1883"),
        (OSError(113, "No route to host"), "no route to host"),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad"), "holds no text"),
        (ValueError("anything"), "the connection broke"),
    ],
)
def test_every_failure_has_words_and_a_cure(error: Exception, said: str) -> None:
    told = trouble_of(error, ACCESS)
    assert said in told.reason
    assert told.mend
    assert not told.reason.endswith(".")


@pytest.mark.parametrize("code", [0x80, 0x84, 0x86, 0x87, 0x8B, 0x97])
def test_every_refusal_has_words_and_a_cure(code: int) -> None:
    told = refusal(code, "Quota exceeded", ACCESS)
    assert told.reason
    assert told.mend


def test_a_port_that_never_answers_is_given_up(
    lines: list[Line], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Something listens there that is no broker."""
    monkeypatch.setattr("assistant.outside.mqtt_broker.CONNECT_S", 0.3)
    monkeypatch.setattr("assistant.outside.mqtt_broker.LOOK_S", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as server:
        access = Access(host="127.0.0.1", port=server.getsockname()[1])
        line = Line(access)
        lines.append(line)
        trouble = line.next(Disconnected, 12).trouble
        assert "doesn't speak MQTT 5" in trouble.reason
        assert "Mosquitto" in trouble.mend
