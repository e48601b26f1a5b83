"""The embedder that serves, on a tiny model."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.embedding.onnx_embedder import OnnxEmbedder
from retrieval.embedding.tokens import batches
from retrieval.errors import UnavailableError
from tests.unit.retrieval.embedding.tiny import tiny_export


@pytest.fixture
def embedder(tmp_path: Path) -> Iterator[OnnxEmbedder]:
    embedder = OnnxEmbedder("tiny", tiny_export(tmp_path), threads=2)
    yield embedder
    embedder.close()


async def test_each_text_gets_its_own_vector_in_its_own_place(embedder: OnnxEmbedder) -> None:
    texts = ["north", "east east west north", "south", "north", "west", "north east"] * 300
    half = np.sqrt(0.5)
    expected = [[0, 1], [half, half], [0, -1], [0, 1], [-1, 0], [half, half]] * 300
    vectors = await embedder.embed(texts)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(vectors, expected, atol=1e-6)


async def test_a_question_has_the_vector_of_the_same_document(embedder: OnnxEmbedder) -> None:
    texts = ["north", "north west", "south"]
    questions = await asyncio.gather(*(embedder.query(text) for text in texts))
    np.testing.assert_allclose(questions, await embedder.embed(texts), atol=1e-6)


async def test_long_texts_are_cut_and_short_ones_not_padded_to_them(embedder: OnnxEmbedder) -> None:
    vectors = await embedder.embed(["north north north north" + " south" * 99, "east"])
    np.testing.assert_allclose(vectors, [[0, 1], [1, 0]], atol=1e-6)


async def test_no_texts_and_empty_texts_are_no_trouble(embedder: OnnxEmbedder) -> None:
    assert (await embedder.embed([])).shape == (0, 2)
    assert np.isfinite(await embedder.embed(["", "east"])).all()
    assert np.isfinite(await embedder.query("")).all()


async def test_a_model_deleted_under_a_running_bot_is_one_clear_line(
    embedder: OnnxEmbedder, tmp_path: Path
) -> None:
    (tmp_path / "documents.onnx").unlink()
    with pytest.raises(UnavailableError, match="is gone; start again"):
        await embedder.embed(["north"])
    await embedder.query("north")


@given(
    st.lists(st.integers(0, 40), max_size=60),
    st.integers(1, 4),
    st.integers(1, 100),
)
def test_batches_hold_every_text_once_and_no_more_than_they_may(
    lengths: list[int], parts: int, most: int
) -> None:
    grouped = batches(lengths, parts, most)
    assert sorted(position for group in grouped for position in group) == list(range(len(lengths)))
    for group in grouped:
        assert len(group) == 1 or len(group) * max(lengths[position] for position in group) <= most
