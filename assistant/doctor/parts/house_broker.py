"""The broker of [mqtt]: found, spoken to and heard, with the settings that the assistant has.

Decides what is told of rights that a broker denies without a word. Why one can't be had is told as
the connection itself tells it.
"""

import time
from collections.abc import Mapping
from queue import Empty, SimpleQueue
from typing import Any

from assistant.config import Config
from assistant.config.outside_keys import Mqtt
from assistant.doctor.finding import Finding, doubt, good
from assistant.outside import mqtt
from assistant.outside.broker import (
    Connected,
    Connection,
    Denied,
    Disconnected,
    Fact,
    Heard,
    Message,
)

BROKER = "Broker"
ANSWER_S = 12.0
"""For the connection and the way there and back."""


def broker(settings: Mapping[str, Any]) -> Finding:
    """`settings`: the keys of [mqtt] in the configuration."""
    config = Config(mqtt=Mqtt(**settings))
    access, name = mqtt.access(config), mqtt.name_of(config)
    facts: SimpleQueue[Fact] = SimpleQueue()
    line = Connection(access, f"{name.id}-doctor", facts.put, filters=(name.commands,))
    line.start()
    finding = _judge(facts, line, name.topic("doctor/set"), f"{access.host}, port {access.port}")
    line.close()
    return finding


def _judge(facts: "SimpleQueue[Fact]", line: Connection, topic: str, place: str) -> Finding:
    rights = "give its user the rights that deploy/home-assistant.md lists"
    until, connected = time.monotonic() + ANSWER_S, False
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
