"""The embedded model server: weights from a package, vLLM as a child process."""
