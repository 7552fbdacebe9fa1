"""Signatures, and secrets that two desks share: the one file that knows PyNaCl.

Decides that Ed25519 signs and X25519 agrees (RFC 8032, RFC 7748), and what a signed message looks
like. What is signed, and which key is trusted, is for whoever calls.
"""

import base64
import binascii
import json
from typing import Any

KEY_BYTES = 32
_CONTEXT = b"exercise-assistant office 1\n"
"""Goes before what is signed, so that no signature made for something else ever fits."""


class Forged(ValueError):
    """What came was not signed with the office's key; the text says what is wrong with it."""


# --- keys: 32 bytes, written as 44 letters of base64 ------------------------


def is_key(text: object) -> bool:
    """Whether a text is a key as it is written."""
    try:
        return isinstance(text, str) and _text(_bytes(text)) == text
    except ValueError:
        return False


def new_secret() -> str:
    """A secret key, for signing or for agreeing; one is never used for both."""
    from nacl.utils import random

    return _text(random(KEY_BYTES))


def verify_key(secret: str) -> str:
    """What others check signatures with."""
    from nacl.signing import SigningKey

    return _text(bytes(SigningKey(_bytes(secret)).verify_key))


def public_key(secret: str) -> str:
    """What others agree on a shared secret with."""
    from nacl.bindings import crypto_scalarmult_base

    return _text(crypto_scalarmult_base(_bytes(secret)))


def shared_secret(secret: str, other: str) -> bytes:
    """What the two of a pair know and nobody else: `secret` and the other one's public key.

    Raises ValueError for a public key with which there is no secret.
    """
    from nacl.bindings import crypto_scalarmult
    from nacl.exceptions import CryptoError

    try:
        return crypto_scalarmult(_bytes(secret), _bytes(other))
    except (CryptoError, RuntimeError) as error:  # a point of small order
        raise ValueError(f"{other} is no key to agree with") from error


def can_agree(text: object) -> bool:
    """Whether there is a secret to share with whoever has this public key. With a point of small
    order there is none: it would be the same for everybody."""
    try:
        return is_key(text) and bool(shared_secret(new_secret(), str(text)))
    except ValueError:
        return False


# --- signed messages --------------------------------------------------------


def signed(text: str, secret: str) -> str:
    """A message that holds the text and its signature."""
    from nacl.signing import SigningKey

    signature = SigningKey(_bytes(secret)).sign(_CONTEXT + text.encode()).signature
    return json.dumps({"signed": text, "signature": _text(signature)}, ensure_ascii=False)


def opened(message: bytes, key: str) -> str:
    """The text of a signed message. Raises Forged unless `key` says who signed exactly it."""
    from nacl.exceptions import CryptoError
    from nacl.signing import VerifyKey

    try:
        content: Any = json.loads(message.decode())
        text, signature = content["signed"], content["signature"]
        given, raw = text.encode(), base64.b64decode(signature, validate=True)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Forged("it is not signed") from None
    try:
        VerifyKey(_bytes(key)).verify(_CONTEXT + given, raw)
    except (CryptoError, ValueError, TypeError):
        raise Forged("it is not signed with the office's key") from None
    return str(text)


def _bytes(key: str) -> bytes:
    try:
        found = base64.b64decode(key, validate=True)
    except (ValueError, binascii.Error):
        found = b""
    if len(found) != KEY_BYTES:
        raise ValueError("a key is 44 letters that end with =")
    return found


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
