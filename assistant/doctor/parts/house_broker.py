"""The brokers of [mqtt] and [office]: found and spoken to, with the settings of the assistant.

Decides what is told of rights that a broker denies without a word. Why one can't be had is told as
the connection itself tells it.
"""

import time
from collections.abc import Mapping
from queue import Empty, SimpleQueue
from typing import Any

from assistant.config import Config
from assistant.config.outside_keys import Mqtt, Office
from assistant.doctor.finding import Finding, doubt, good
from assistant.machine.places import writable_folders
from assistant.machine.single_instance import holder
from assistant.outside import mqtt
from assistant.outside import office as office_process
from assistant.outside.mqtt_broker import (
    Connected,
    Connection,
    Denied,
    Disconnected,
    Fact,
    Heard,
    Message,
)

BROKER, OFFICE = "Broker", "Office"
JOIN = "ask your office for the desk's file anew, and: assistant office join FILE"
BROKER_ANSWERS_S = 12.0
"""For the connection and the way there and back."""


def broker(settings: Mapping[str, Any]) -> Finding:
    """`settings`: the keys of [mqtt] in the configuration."""
    config = Config(mqtt=Mqtt(**settings))
    access, name = mqtt.access(config), mqtt.name_of(config)
    place = f"{access.host}, port {access.port}"
    facts: SimpleQueue[Fact] = SimpleQueue()
    line = Connection(access, f"{name.id}-doctor", facts.put, filters=(name.commands,))
    line.start()
    finding = _judge(facts, line, name.topic("doctor/set"), place)
    line.close()
    return finding


def office(settings: Mapping[str, Any]) -> Finding:
    """`settings`: the keys of [office] in the configuration. Where the assistant runs, its own
    connection is left alone: at an office's broker a desk may have one."""
    config = Config(office=Office(**settings))
    access = office_process.access(config)
    place = f"{access.host}, port {access.port}, as {config.office.desk}"
    if not office_process.has_key(config):
        return doubt(OFFICE, "it has no key to check the office's signatures with", JOIN)
    if holder(writable_folders()) is not None:
        return good(OFFICE, f"{place}; the assistant that runs is there, and says what is wrong")
    facts: SimpleQueue[Fact] = SimpleQueue()
    line = Connection(access, config.office.desk, facts.put)
    line.start()
    try:
        match facts.get(timeout=BROKER_ANSWERS_S):
            case Disconnected(trouble):
                mend = trouble.mend.replace("[mqtt]", "[office]")
                return doubt(OFFICE, trouble.reason, f"{mend}\n{JOIN}" if trouble.aloud else mend)
    except Empty:
        return doubt(OFFICE, f"{place}: no answer", "ask whoever looks after the office's broker")
    finally:
        line.close()
    return good(OFFICE, place)


def _judge(facts: "SimpleQueue[Fact]", line: Connection, topic: str, place: str) -> Finding:
    rights = "give its user the rights that deploy/home-assistant.md lists"
    until, connected = time.monotonic() + BROKER_ANSWERS_S, False
    while True:
        try:
            fact = facts.get(timeout=max(0.0, until - time.monotonic()))
        except Empty:
            if connected:
                return doubt(BROKER, f"{place}: no command reaches {topic}", rights)
            return doubt(BROKER, f"{place}: no answer", "look at the broker's log")
        match fact:
            case Connected():
                connected, until = True, time.monotonic() + 2.0
                line.publish(Message(topic, b"here?", sure=True))
            case Disconnected(trouble):
                return doubt(BROKER, trouble.reason, trouble.mend)
            case Denied():
                return doubt(BROKER, f"{place}: nothing may be told on {topic}", rights)
            case Heard(topic=heard) if heard == topic:
                return good(BROKER, f"{place}, as {topic.split('/')[1]}")
