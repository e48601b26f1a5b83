"""What the exporter takes; and the model that ships, as it comes out.

The export is the one that the user's cache keeps: made by the first run, and again when the exporter's code changes.
"""

import asyncio
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from retrieval.embedding import BUNDLED, load_embedder
from retrieval.embedding.exporting import _unsupported
from retrieval.embedding.onnx_embedder import OnnxEmbedder

TEXTS = (
    "How much protein is in cooked lentils?",
    "Lentils, mature seeds, cooked, boiled, without salt",
    "CRÈME BRÛLÉE with extra cream",
    "A soup of red lentils and cumin for four. " * 60,
)
# Cosines between the vectors of TEXTS by SentenceTransformer("all-MiniLM-L6-v2"), fp32, normalised.
BY_SENTENCE_TRANSFORMERS = np.asarray(
    [
        [1.0, 0.6501, 0.1583, 0.4715],
        [0.6501, 1.0, 0.1394, 0.4698],
        [0.1583, 0.1394, 1.0, 0.0973],
        [0.4715, 0.4698, 0.0973, 1.0],
    ]
)


class Transformer:
    tokenizer = SimpleNamespace(backend_tokenizer="fast", pad_token_id=0)


class Pooling:
    def __init__(self, mode: str = "mean") -> None:
        self.pooling_mode = mode


class Normalize:
    pass


class Dense:
    pass


class Model(list[Any]):
    """As much of a SentenceTransformer as the exporter looks at."""

    default_prompt_name = None
    max_seq_length = 256

    def __init__(self, *modules: Any, prompts: Mapping[str, str] | None = None) -> None:
        super().__init__(modules)
        self.prompts = prompts or {"query": "", "document": ""}


@pytest.mark.parametrize(
    ("model", "reason"),
    [
        (Model(Transformer(), Pooling()), None),
        (Model(Transformer(), Pooling(), Normalize()), None),
        (Model(Transformer(), Pooling("cls")), "cls pooling"),
        (Model(Transformer(), Pooling(), Dense()), "Dense"),
        (Model(Transformer(), Pooling(), prompts={"query": "query: "}), "prompts"),
    ],
)
def test_only_what_the_graph_can_do_is_exported(model: Model, reason: str | None) -> None:
    said = _unsupported(model)
    assert said is None if reason is None else reason in str(said)


def test_an_exported_model_gives_the_vectors_of_the_original() -> None:
    embedder = load_embedder(BUNDLED)
    assert isinstance(embedder, OnnxEmbedder)

    async def both() -> tuple[np.ndarray, np.ndarray]:
        return await embedder.embed(TEXTS), np.stack([await embedder.query(text) for text in TEXTS])

    documents, questions = asyncio.run(both())
    embedder.close()
    assert (embedder.name, embedder.dimension) == (BUNDLED, 384)
    np.testing.assert_allclose(questions @ questions.T, BY_SENTENCE_TRANSFORMERS, atol=0.01)
    np.testing.assert_allclose(questions @ documents.T, BY_SENTENCE_TRANSFORMERS, atol=0.04)
