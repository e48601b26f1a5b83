"""A process that adds records and hangs in the middle, to be killed: `python -m tests.fakes.adding URI`.

It prints a line when it hangs: 8 of 10 batches are read then, more than one commit of them.
"""

import asyncio
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

from retrieval.adding import add
from retrieval.knowledge.loaders.loader import Batch
from tests.fakes.embedder import WordEmbedder
from tests.fakes.records import RecordList, foods

MANY = foods({f"food-{number}": "oats" for number in range(20)})
SOURCE = "many"


@dataclass(frozen=True)
class HangingList(RecordList):
    """Stops giving batches after the eighth."""

    def batches(self) -> Iterator[Batch]:
        for number, batch in enumerate(super().batches()):
            if number == 8:
                sys.stdout.write("hanging\n")
                sys.stdout.flush()
                time.sleep(600)
            yield batch


if __name__ == "__main__":
    asyncio.run(add(sys.argv[1], WordEmbedder(), HangingList(MANY), reason="killed", source=SOURCE))
