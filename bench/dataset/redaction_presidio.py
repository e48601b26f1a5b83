"""What the stock recognisers of Presidio find in the messages by which our own are measured, and how long they take.

.venv/bin/python -m bench.dataset.redaction_presidio [--half test]

Needs `presidio-analyzer` and `spacy`, which nothing else here does (docs/decisions/0020-redaction.md). Each message is
read in its own language, Russian with what Presidio has for any. The pipelines are blank ones, so that no model is
downloaded and no names are found; `tldextract` uses the list that comes with it.
"""

import argparse
import re
import statistics
import sys
import time
from collections import defaultdict
from importlib import import_module
from typing import Any

from rich.console import Console
from rich.table import Table

from .redaction import FOOD, KINDS, messages

_LANGUAGES = ("en", "de", "es", "ru")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--half", choices=("dev", "test"), default="test")
    options = parser.parse_args()
    try:
        engine = _engine()
    except ImportError as error:
        sys.exit(f"This comparison needs presidio-analyzer and spacy: {error}. Install them first.")
    chosen = [message for message in messages() if message.half == options.half]
    found: dict[str, list[bool]] = defaultdict(list)
    foods: list[bool] = []
    started = time.thread_time()
    results = [engine.analyze(message.text, language=_language(message.section)) for message in chosen]
    spent = (time.thread_time() - started) / len(chosen)
    for message, result in zip(chosen, results, strict=True):
        gone = {at for one in result for at in range(one.start, one.end)}
        for kind, start, end in message.labels:
            found[kind].append(all(at in gone for at in range(start, end) if message.text[at].isalnum()))
        if message.section in FOOD:
            foods += [bool(gone & set(range(*word.span()))) for word in re.finditer(r"\w+", message.text)]
    table = Table(
        "what", "labels", "recall / share", title=f"Presidio's stock recognisers, {options.half} half"
    )
    for kind in KINDS.values():
        table.add_row(kind, str(len(found[kind])), f"{statistics.mean(found[kind]):.3f}")
    contacts = [hit for kind in found if kind != "name" for hit in found[kind]]
    table.add_row("contacts", str(len(contacts)), f"{statistics.mean(contacts):.3f}")
    table.add_row("food words wrongly removed", str(len(foods)), f"{statistics.mean(foods):.4f}")
    Console().print(table)
    print(f"{spent * 1e6:.0f} µs a message")


def _language(section: str) -> str:
    return next((part for part in section.split("-")[::-1] if part in _LANGUAGES), "en")


def _engine() -> Any:
    """Return Presidio's engine; what isn't installed here is imported by name."""
    spacy: Any = import_module("spacy")
    tldextract: Any = import_module("tldextract.tldextract")
    presidio: Any = import_module("presidio_analyzer")
    nlp: Any = import_module("presidio_analyzer.nlp_engine")

    tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=())
    package: Any = import_module("tldextract")
    package.extract = tldextract.TLD_EXTRACTOR
    engine = nlp.SpacyNlpEngine(models=[{"lang_code": code, "model_name": code} for code in _LANGUAGES])
    engine.nlp = {code: spacy.blank(code) for code in _LANGUAGES}
    registry = presidio.RecognizerRegistry(supported_languages=list(_LANGUAGES))
    registry.load_predefined_recognizers(languages=list(_LANGUAGES))
    return presidio.AnalyzerEngine(registry=registry, nlp_engine=engine, supported_languages=list(_LANGUAGES))


if __name__ == "__main__":
    main()
