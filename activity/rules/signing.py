"""How a webhook proves that it comes from us: the convention of Standard Webhooks.

What is signed is "<id>.<timestamp>.<body>", with HMAC-SHA256 under the endpoint's secret; the secret is written as
"whsec_" and its bytes in base64. Whoever is told compares signatures, refuses old timestamps, and throws away an id
that it has seen: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime

PREFIX = "whsec_"
SECRET_BYTES = 32  # the convention asks for 24 to 64


def new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def number_of(key: str) -> str:
    """The webhook-id of a message: the same however often it is sent."""
    return f"msg_{hashlib.sha256(key.encode()).hexdigest()[:32]}"


def signature(secret: str, *, number: str, timestamp: int, body: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    content = f"{number}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()


def headers(secrets_: Sequence[str], *, number: str, now: datetime, body: bytes) -> dict[str, str]:
    """The three headers. Under several secrets, while one replaces the other, there are as many signatures."""
    timestamp = int(now.timestamp())
    signed = (signature(secret, number=number, timestamp=timestamp, body=body) for secret in secrets_)
    return {"webhook-id": number, "webhook-timestamp": str(timestamp), "webhook-signature": " ".join(signed)}
