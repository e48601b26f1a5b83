"""`platewise model serve`: the embedded model server in the foreground."""

import asyncio

from rich.console import Console

from bot.serving.server import DEFAULT_PORT, ServerOptions, serve
from bot.settings import Settings


def serve_model(port: int | None) -> int:
    """Serve until SIGTERM or Ctrl-C; what vLLM says goes to a file in the data folder."""
    settings = Settings.read()
    options = ServerOptions.embedded(data=settings.data, port=port or DEFAULT_PORT)
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    said: list[str] = []

    def report(what: str, _share: float | None) -> None:
        if [what] != said[-1:]:
            said.append(what)
            console.print(f"model server: {what}", markup=False)

    def ready(url: str) -> None:
        console.print(f"ready at {url}; log in {options.log}; Ctrl-C stops it", markup=False)

    asyncio.run(serve(options, report=report, ready=ready))
    return 0
