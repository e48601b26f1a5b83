"""Run the fake model server by hand.

python -m tests.fakes.model --port 8001 --ttft 0.3 --per-token 0.02 --text "Lentils are rich in protein."
curl http://127.0.0.1:8001/v1/models
"""

import argparse
import asyncio
import sys
from itertools import cycle, islice

from tests.fakes.model.completion import tokenize
from tests.fakes.model.server import ANSWER, MODEL, FakeModel
from tests.fakes.serving import run_until_stopped


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m tests.fakes.model", description="A fake model server.")
    parser.add_argument("--port", type=int, default=8001, help="0 takes a free one")
    parser.add_argument("--name", default=MODEL, help="the name of the model")
    parser.add_argument("--text", default=ANSWER, help="what it always answers")
    parser.add_argument("--tokens", type=int, default=0, help="repeat the text, or cut it, to so many tokens")
    parser.add_argument("--ttft", type=float, default=0.0, help="seconds until the first token")
    parser.add_argument("--per-token", type=float, default=0.0, help="seconds between tokens")
    parser.add_argument(
        "--max-model-len", type=int, default=2048, help="tokens of prompt and answer together"
    )
    options = parser.parse_args()
    fake = FakeModel(name=options.name, port=options.port, max_model_len=options.max_model_len)
    fake.ttft, fake.per_token = options.ttft, options.per_token
    fake.default = options.text
    if options.tokens and options.text:
        fake.default = "".join(islice(cycle(tokenize(f" {options.text}")), options.tokens)).lstrip()
    sys.exit(asyncio.run(run_until_stopped(fake, f"model {options.name}")))


if __name__ == "__main__":
    main()
