"""Text → vectors, off the event loop: in this process (ONNX Runtime, or PyTorch where that can't), or by a server."""

from retrieval.embedding.embedder import Embedder
from retrieval.embedding.loading import BUNDLED, embedder_folder, load_embedder

__all__ = ["BUNDLED", "Embedder", "embedder_folder", "load_embedder"]
