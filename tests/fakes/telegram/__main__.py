"""Run the fake Bot API server by hand.

python -m tests.fakes.telegram --port 8081
curl -d '{"chat": 1, "text": "/start"}' http://127.0.0.1:8081/control/send
curl 'http://127.0.0.1:8081/control/messages?chat=1&count=1'
"""

import argparse
import asyncio
import sys

from tests.fakes.serving import run_until_stopped
from tests.fakes.telegram.limits import FloodLimits
from tests.fakes.telegram.server import TOKEN, FakeTelegram


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.fakes.telegram", description="A fake Bot API server."
    )
    parser.add_argument("--port", type=int, default=8081, help="0 takes a free one")
    parser.add_argument("--token", default=TOKEN, help="the bot token that is accepted")
    parser.add_argument("--flood-limits", action="store_true", help="refuse floods as Telegram does")
    options = parser.parse_args()
    fake = FakeTelegram(port=options.port, token=options.token)
    fake.limits = FloodLimits() if options.flood_limits else None
    sys.exit(asyncio.run(run_until_stopped(fake, f"token {options.token}")))


if __name__ == "__main__":
    main()
