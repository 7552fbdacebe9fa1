"""Requests that no browser sends: sizes, paths, headers, methods, slow ones, wrong hosts, foreign
origins, guessed codes.

`python -m tests.outside.hostile [N]` sends N of them (10,000) to a page's own process and prints
what came of it. What they may do is nothing: no traceback, no leak, no device locked out.
"""

import random
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from tests.outside.page_process import HERE, WORD, House, Page, page_and_house

HEALTHY = (
    b"303",
    b"400",
    b"403",
    b"404",
    b"405",
    b"408",
    b"411",
    b"413",
    b"421",
    b"429",
    b"431",
    b"501",
)
"""What may be answered, besides nothing."""
SECRETS = (WORD.encode(), b"Exercise", b"your back", b"routine", b"Traceback", b"Ready")
"""What no stranger may read."""
PATHS = (
    *("/", "/live", "/screen", "/history", "/settings", "/routines", "/routines/sides", "/page.js"),
    *(
        "/../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/routines/../../x",
        "//evil/x",
        "/\\..\\x",
    ),
    *("/history?days=365", "/%00", "/%ff%fe", "/" + "a" * 7000, "/?" + "a=b&" * 1500, "*", "/ask"),
    *("http://example.org/", "/pair?code=%3Cscript%3E", "/pair.css", "/favicon.ico", "/%0d%0aX: y"),
)
SLOWLY_S = 0.1
"""Some send one half, and the other after so long."""
METHODS = (
    "GET",
    "HEAD",
    "POST",
    "PUT",
    "DELETE",
    "OPTIONS",
    "TRACE",
    "CONNECT",
    "PATCH",
    "G\x00T",
    "x",
)
BODIES = (
    *(
        "",
        "code=000000",
        "code=" + "1" * 4000,
        "ask=start",
        "ask=start:../x",
        "code=%00",
        "&" * 900,
    ),
    *("a=b" * 40000, "code=123456&code=654321", '{"ask":"start"}', "ask=number-7", "code=١٢٣٤٥٦"),
)


def request(chance: random.Random, port: int) -> bytes:
    """One of them."""
    own = f"{HERE}:{port}"
    host = chance.choice(
        (own, own, own, "evil.example", f"evil.example:{port}", "", own.upper(), "[::1")
    )
    origin = chance.choice(("", f"http://{own}", "http://evil.example", "null", f"https://{own}"))
    body = chance.choice(BODIES).encode()
    version = chance.choice(("1.1",) * 8 + ("1.0", "9"))
    method = chance.choice(("GET", "POST") * 5 + METHODS)
    lines = [f"{method} {chance.choice(PATHS)} HTTP/{version}"]
    if host:
        lines.append(f"Host: {host}")
    if origin:
        lines.append(f"Origin: {origin}")
    for extra in chance.sample(EXTRAS, chance.choice((0, 0, 1, 3))):
        lines.append(extra)
    right = (str(len(body)),) * 9
    length = chance.choice((*right, "-1", "99999999999", "x", "0"))
    lines.append(f"Content-Length: {length}")
    return "\r\n".join(lines).encode("utf-8", "surrogateescape") + b"\r\n\r\n" + body


EXTRAS = (
    *("Transfer-Encoding: chunked", "Expect: 100-continue", "Upgrade: websocket", "Connection: x"),
    *("Cookie: device=AAAA", "Cookie: device=" + "x" * 3000, 'Cookie: device="\\', "Cookie: =;;=;"),
    *("X: " + "y" * 9000, "Host: other", " folded: line", "No colon", "Accept: application/json"),
    *("Content-Length: 5", "X-Forwarded-For: 10.0.0.1", "Range: bytes=0-", "Cookie: \x01\x02"),
)


def attack(page: Page, house: House, count: int, seed: int = 20) -> Counter[str]:
    """Send so many, some at once, and tell the answers; raises AssertionError for one that is
    wrong. A code is open all the while, and guessed at."""
    chance = random.Random(seed)
    house.code()
    told: Counter[str] = Counter()

    def one(data: bytes) -> None:
        back = page.raw(data, slowly_s=SLOWLY_S if data.endswith(b"0") else 0.0)
        for secret in SECRETS:
            assert secret not in back, (data[:300], back[:300])
        first = back.split(b"\r\n", 1)[0].split(b" ")
        status = first[1] if len(first) > 1 else b""
        style = status == b"200" and b"text/css" in back
        assert not back or style or status in HEALTHY, (data[:300], back[:300])
        told[status.decode() or "nothing"] += 1

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(one, (request(chance, page.port) for _ in range(count))))
    return told


def main(count: int) -> None:
    with page_and_house() as (page, house):
        device = page.let_in(house)
        attack(page, house, 300, seed=1)
        before = page.pss_kib(), page.descriptors()
        began = time.monotonic()
        told = attack(page, house, count)
        took_s = time.monotonic() - began
        time.sleep(1.0)
        after = page.pss_kib(), page.descriptors()
        print(f"{count} requests in {took_s:.0f} s: {dict(told.most_common())}")
        print(f"memory {before[0]} -> {after[0]} KiB; descriptors {before[1]} -> {after[1]}")
        print(f"the device that was let in: {page.ask('GET', '/', cookie=device).status}")
        print(f"in its log: {page.log.read_text() or 'nothing'}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
