"""The floor of mailing: the same mail again and again over one kept connection, by a process as nice as a worker is.

python -m benchmarks.raw PORT SECONDS < mail
"""

import os
import smtplib
import sys
import time

from core.alive import BEHIND_PAGES


def main(port: int, seconds: float) -> None:
    os.nice(BEHIND_PAGES)
    content = sys.stdin.buffer.read()
    with smtplib.SMTP("127.0.0.1", port) as kept:
        kept.ehlo()
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            kept.sendmail("sextant@example.com", ["reader@example.com"], content)


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
