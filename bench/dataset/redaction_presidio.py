"""What the stock recognisers of Presidio find in the messages by which our own are measured, and how long they take.

.venv/bin/python -m bench.dataset.redaction_presidio [--half test]

Needs `presidio-analyzer` and `spacy`, which nothing else here does (docs/decisions/0020-redaction.md). Each message is
read in its own language, Russian with what Presidio has for any. The pipelines are blank ones, so that no model is
downloaded and no names are found; `tldextract` uses the list that comes with it.
"""

import argparse
import statistics
import sys
import time
from collections import defaultdict

from rich.console import Console
from rich.table import Table

from bench.dataset.redaction import FOOD, KINDS, messages

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
    found: dict[str, list[bool]] = defaultdict(list)
    foods: list[bool] = []
    spent = []
    for message in messages():
        if message.half != options.half:
            continue
        language = message.section.rpartition("-")[2] if "-" in message.section else message.section
        language = language if language in _LANGUAGES else "en"
        started = time.thread_time()
        results = engine.analyze(message.text, language=language)
        spent.append(time.thread_time() - started)
        gone = {at for result in results for at in range(result.start, result.end)}
        for kind, start, end in message.labels:
            found[kind].append(all(at in gone for at in range(start, end) if message.text[at].isalnum()))
        if message.section in FOOD:
            position = 0
            for word in message.text.split():
                position = message.text.index(word, position)
                foods.append(bool(gone & set(range(position, position + len(word)))))
                position += len(word)
    table = Table(
        "what", "labels", "recall / share", title=f"Presidio's stock recognisers, {options.half} half"
    )
    for kind in KINDS.values():
        table.add_row(kind, str(len(found[kind])), f"{statistics.mean(found[kind]):.3f}")
    contacts = [hit for kind in found if kind != "name" for hit in found[kind]]
    table.add_row("contacts", str(len(contacts)), f"{statistics.mean(contacts):.3f}")
    table.add_row("food words wrongly removed", str(len(foods)), f"{statistics.mean(foods):.4f}")
    Console().print(table)
    print(f"{statistics.mean(spent) * 1e6:.0f} µs a message")


def _engine():  # noqa: ANN202 - the type is of the library that may be missing
    import spacy
    import tldextract
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
    from presidio_analyzer.nlp_engine import SpacyNlpEngine

    tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=())
    tldextract.extract = tldextract.tldextract.TLD_EXTRACTOR
    engine = SpacyNlpEngine(models=[{"lang_code": code, "model_name": code} for code in _LANGUAGES])
    engine.nlp = {code: spacy.blank(code) for code in _LANGUAGES}
    registry = RecognizerRegistry(supported_languages=list(_LANGUAGES))
    registry.load_predefined_recognizers(languages=list(_LANGUAGES))
    return AnalyzerEngine(registry=registry, nlp_engine=engine, supported_languages=list(_LANGUAGES))


if __name__ == "__main__":
    main()
