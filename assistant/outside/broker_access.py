"""Where a broker is, who we are to it, and why it can't be had, in words that mend.

Decides what is told of each failure, and how long it is not worth another try. How a connection is
made stands in `mqtt_broker`.
"""

import socket
import ssl
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from assistant.machine.whole_file import read_whole

REFUSED_S = 60.0
"""Before the next try where the last one was refused: a mended password is found by itself."""

# MQTT 5, 2.4 "Reason Code"
_BAD_VERSION, _BAD_PASSWORD, _NOT_AUTHORIZED = 0x84, 0x86, 0x87
_SHUTTING_DOWN = 0x8B
# OpenSSL, X509_V_ERR_CERT_NOT_YET_VALID, X509_V_ERR_CERT_HAS_EXPIRED
_NOT_YET, _EXPIRED = 9, 10
TABLE = "[mqtt] of the configuration"


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Where a broker is, and who we are to it."""

    host: str
    port: int
    tls: bool = False
    ca_file: Path | None = None
    """The authorities that its certificate may be signed by; None: the machine's own."""
    user: str = ""
    password_file: Path | None = None
    """Read at each try; its last line end doesn't count."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why there is no connection."""

    reason: str
    """In plain words, without a full stop."""
    mend: str
    patience_s: float | None = None
    """How long to wait before the next try; None: as the tries go."""
    aloud: str = ""
    """The same to be said aloud, where only a person can mend it; empty: it is for the log."""


ANOTHER = "take a broker that does: Mosquitto 1.6 or newer"
"""What to do about one that speaks no MQTT 5."""

BROKEN = Trouble("the connection broke", "look at the broker's log, and at the network")

BEHIND = Trouble("what came couldn't be read in time", "look for whoever sends so much")


class BrokerTrouble(Exception):
    """Something that is known to be wrong before the broker is asked."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.reason)
        self.trouble = trouble


def tls_context(access: Access) -> ssl.SSLContext:
    """What decides whether a broker's certificate is trusted. Raises OSError and BrokerTrouble."""
    if access.ca_file is None:
        return ssl.create_default_context()
    try:
        context = ssl.create_default_context(cadata=read_whole(access.ca_file).decode("ascii"))
    except (ssl.SSLError, ValueError):
        mend = "take the file that the broker's certificate was signed with: PEM, BEGIN CERTIFICATE"
        reason = f"{access.ca_file} holds no certificate"
        trouble = Trouble(reason, mend, REFUSED_S, "a file that it needs can't be read")
        raise BrokerTrouble(trouble) from None
    # Python 3.13 began to ask for every extension of RFC 5280; an authority of one's own, made as
    # Mosquitto's manual says, has no "key usage".
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    return context


def password(file: Path | None) -> str | None:
    """What stands in a password's file, without the line's end; None: there is none.

    Raises OSError, or UnicodeDecodeError for a file that is no text.
    """
    return None if file is None else read_whole(file).decode().rstrip("\r\n")


def refusal(code: int, words: str, access: Access) -> Trouble:
    """What the broker's reason code means for a person; `words` is what the library calls it."""
    if code == _BAD_VERSION:
        reason = "the broker doesn't speak MQTT 5"
        return Trouble(reason, ANOTHER, REFUSED_S, "the broker is too old for me")
    if code in (_BAD_PASSWORD, _NOT_AUTHORIZED) and not access.user:
        mend = f"give it both: user and password_file in {TABLE}"
        reason = "the broker wants a user name and a password"
        return Trouble(reason, mend, REFUSED_S, reason)
    if code in (_BAD_PASSWORD, _NOT_AUTHORIZED):
        mend = f"check user and password_file in {TABLE}, and what the broker knows of them"
        reason = "the broker doesn't take the user name or the password"
        return Trouble(reason, mend, REFUSED_S, reason)
    if code == _SHUTTING_DOWN:
        return Trouble("the broker was shut down", "start it; it is looked for meanwhile")
    reason = f"the broker refuses: {words.lower()}"
    return Trouble(reason, "look at the broker's log", REFUSED_S, "the broker refuses me")


def silent(access: Access) -> Trouble:
    """What it means that the other side took the connection, and then said nothing: no broker,
    or one that waits on at a greeting in MQTT 5 (amqtt 0.12.1, where it holds a will)."""
    reason = f"{access.host}, port {access.port} takes the connection, but doesn't speak MQTT 5"
    return Trouble(reason, f"check host and port in {TABLE}; if they are right, {ANOTHER}")


def hung_up(access: Access) -> Trouble:
    """What it means that the other side ended the connection without a word, before it began."""
    reason = f"{access.host}, port {access.port} hangs up"
    return Trouble(
        reason, f"if the broker wants TLS, set tls = true and its port in {TABLE}, usually 8883"
    )


def trouble_of(error: Exception, access: Access) -> Trouble:
    """What it means that the connection could not be made, or broke."""
    place = f"{access.host}, port {access.port}"
    where = f"check host and port in {TABLE}"
    match error:
        case BrokerTrouble():
            return error.trouble
        case ssl.SSLCertVerificationError() if error.verify_code in (_NOT_YET, _EXPIRED):
            early = error.verify_code == _NOT_YET  # a clock that nobody has set yet is set soon
            reason = f"the broker's certificate {'is not valid yet' if early else 'has expired'}"
            mend = f"it is {date.today()} here: set the clock if that is wrong, or renew it"
            if early:
                return Trouble(reason, mend)
            return Trouble(reason, mend, REFUSED_S, reason)
        case ssl.SSLCertVerificationError():
            reason = f"the broker's certificate isn't trusted ({error.verify_message.lower()})"
            mend = f"check ca_file in {TABLE}, and that host is the name in the certificate"
            return Trouble(reason, mend, REFUSED_S, "the broker's certificate isn't trusted")
        case ssl.SSLError() | ConnectionResetError() if access.tls:
            mend = f"{where}: TLS is usually at 8883; or set tls = false there"
            return Trouble(f"no TLS is spoken at {place}", mend, REFUSED_S, "the broker has no TLS")
        case socket.gaierror():
            mend = f"check host in {TABLE}, or write the broker's address"
            return Trouble(f'there is no machine called "{access.host}" in this network', mend)
        case ConnectionRefusedError():
            mend = f"start the broker, or {where}"
            return Trouble(f"no broker listens at {place}", mend)
        case TimeoutError():
            return Trouble(f"nobody answers at {place}", f"start the broker, or {where}")
        case OSError() if error.filename is not None:
            reason = (error.strerror or str(error)).lower()
            mend = f"check the file, and that the assistant may read it, or {TABLE}"
            reason = f"{error.filename} can't be read ({reason})"
            return Trouble(reason, mend, REFUSED_S, "a file that it needs can't be read")
        case UnicodeDecodeError():
            mend = "write the password in a file of plain text"
            reason = f"{access.password_file} holds no text"
            return Trouble(reason, mend, REFUSED_S, "the password's file can't be read")
        case OSError():
            reason = (error.strerror or str(error)).lower()
            return Trouble(f"{place} can't be reached ({reason})", where)
    return Trouble(f"the connection broke ({type(error).__name__})", "look at the broker's log")
