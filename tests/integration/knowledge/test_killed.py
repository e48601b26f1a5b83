"""`kill -9` while a source is being added."""

import asyncio
import sys
from pathlib import Path

from retrieval.adding import add
from retrieval.index import Index
from tests.fakes.adding import MANY, SOURCE
from tests.fakes.embedder import WordEmbedder
from tests.fakes.records import RecordList, record


async def test_the_old_version_answers_and_the_next_run_completes_it(tmp_path: Path) -> None:
    uri, words = str(tmp_path / "knowledge"), WordEmbedder()
    await add(uri, words, RecordList((record("oats"),)), reason="first", source="first")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.fakes.adding", uri, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"hanging\n"
    process.kill()
    await process.wait()
    assert (await (await Index.open(uri, words)).snapshot()).change.passages == 1

    words.embedded.clear()
    added = await add(uri, words, RecordList(MANY), reason="again", source=SOURCE)
    assert (added.added, len(words.embedded)) == (20, 4), (
        "what the killed one had embedded isn't embedded again"
    )
    assert (await (await Index.open(uri, words)).snapshot()).change.passages == 21
