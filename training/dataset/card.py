"""A dataset's card: what it is, where it comes from, what was left out, for people; and two pictures of it.

The header is that of dataset cards on the Hugging Face hub, so that `load_dataset(folder, view)` finds the files.
"""

import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from training.dataset.manifest import CARD, Manifest
from training.dataset.splitting import SPLITS, Split

Lengths = Mapping[Split, Mapping[str, Counter[int]]]
"""Rows by split, part (`prompt`, `completion`, `both`) and length."""

PICTURES = "pictures"
_MOST = 12
"""Bars of a picture; what is rarer is added up."""

_INK, _FIRST, _SECOND, _GRID = "#222222", "#2f6f4f", "#c8793a", "#dddddd"
_ABOUT = {
    "prompt-completion": "TRL prompt–completion, one record an answer",
    "messages": "OpenAI chat",
    "sharegpt": "ShareGPT, one record a conversation",
    "alpaca": "Alpaca",
    "kto": "KTO, rated answers",
    "dpo": "DPO, TRL's layout",
    "dpo-openai": "DPO, OpenAI's layout",
    "raft": "RAFT, with distractors and refusals",
    "raw": "the rows themselves",
}


def write_card(folder: Path, manifest: Manifest, lengths: Lengths) -> None:
    """Write `README.md` and its pictures into a dataset's folder; the same bytes for the same dataset."""
    (folder / PICTURES).mkdir()
    _draw_lengths(folder / PICTURES / "lengths.png", manifest, lengths)
    _draw_topics(folder / PICTURES / "topics.png", manifest)
    (folder / CARD).write_text(_text(manifest), encoding="utf-8")


def _text(manifest: Manifest) -> str:
    parts = [
        f"---\n{yaml.safe_dump(_header(manifest), sort_keys=False, allow_unicode=True)}---",
        "# Questions about food, and their answers",
        _origin(manifest),
        "## Files",
        _table(("view", "what", *SPLITS), _views(manifest)),
        "Records of each split. `dataset.json` has the SHA-256 of every file.",
        "## What was left out",
        _table(("after", "rows"), manifest.counts.items()),
        _table(("step", "reason", "rows"), _drops(manifest)) or "Nothing was.",
        _leaks(manifest),
        "## Who is in it, and how that is allowed",
        _people(manifest),
        "## What is in it",
        f"![How long prompts and answers are]({PICTURES}/lengths.png)",
        _table(("split", "part", "rows", f"{manifest.unit} in all", "p5", "p50", "p95", "most"), _sizes(manifest)),
        f"![What is asked]({PICTURES}/topics.png)",
        _table(("class", "value", *SPLITS), _balance(manifest)),
        "## Using it",
        _usage(manifest),
    ]  # fmt: skip
    return "\n\n".join(part for part in parts if part).rstrip("\n") + "\n"


def _header(manifest: Manifest) -> Mapping[str, Any]:
    configs = []
    for view in dict.fromkeys(file.view for file in manifest.files if file.view):
        files = [file for file in manifest.files if file.view == view]
        # One format is enough; readers know Parquet's types without guessing.
        ending = min({_ending(file.path) for file in files}, key=("parquet", "jsonl", "jsonl.zst").index)
        data = [{"split": split, "path": f"{view}/{split}.{ending}"} for split in SPLITS]
        configs.append({"config_name": view, "data_files": data})
    languages = sorted({value.split("-")[0] for value in _all(manifest, "language") if value != "none"})
    return {"language": languages or ["en"], "task_categories": ["text-generation"], "configs": configs}


def _ending(path: str) -> str:
    return Path(path).name.partition(".")[2]


def _all(manifest: Manifest, name: str) -> Counter[str]:
    total: Counter[str] = Counter()
    for classes in manifest.balance.values():
        total.update(classes.get(name, {}))
    return total


def _origin(manifest: Manifest) -> str:
    said = {
        "turn": "Turns of people who talked with Platewise and allowed that this improves the model",
        "bootstrap": "Conversations made from the knowledge base, true by construction: nobody said them",
    }
    origins = "; ".join(said.get(origin, origin) for origin in manifest.origins)
    rows = sum(manifest.rows.values())
    redacted = manifest.options.get("redact", True)
    private = (
        "E-mail addresses, numbers, names and other personal data stand as placeholders such as `<NAME_1>`, the same "
        "throughout a conversation."
        if redacted
        else "**Personal data was not taken out.**"
    )
    return (
        f"{origins}. {rows:,} rows: question, what the model saw, answer. {private} Made by platewise "
        f"{manifest.code_version}; the same turns and options give the same bytes."
    )


def _views(manifest: Manifest) -> Iterator[Sequence[object]]:
    for view in dict.fromkeys(file.view for file in manifest.files if file.view):
        counted = {file.split: file.records for file in manifest.files if file.view == view}
        what = _ABOUT.get(view.removesuffix("-without-context"), "")
        if view.endswith("-without-context"):
            what += "; no passages in prompts"
        yield (f"`{view}`", what, *(f"{counted.get(split, 0):,}" for split in SPLITS))


def _drops(manifest: Manifest) -> Iterator[Sequence[object]]:
    for step, reasons in manifest.dropped.items():
        for reason, count in sorted(reasons.items(), key=lambda item: (-item[1], item[0])):
            yield (step, reason, f"{count:,}")


def _leaks(manifest: Manifest) -> str:
    if not manifest.evaluation_sets:
        return "**No evaluation set was at hand, so none was looked for in these rows.**"
    names = ", ".join(manifest.evaluation_sets)
    found = sum(manifest.dropped.get("evaluation sets", {}).values())
    return (
        f"Compared with the questions of {names}: {found:,} rows held one and were left out "
        "(`dataset.json` lists them)."
    )


def _people(manifest: Manifest) -> str:
    people = ", ".join(f"{manifest.people.get(split, 0):,} in {split}" for split in SPLITS)
    versions = ", ".join(manifest.consent_versions) or "none is needed: nobody's words are in here"
    redacted = ", ".join(f"{kind} {count:,}" for kind, count in manifest.redacted.items()) or "none"
    return (
        f"People by split: {people}; nobody is in two. Consent texts agreed to: {versions}. Placeholders in "
        f"questions and answers: {redacted}.\n\nWho takes consent back, or is erased, stays in copies of this folder "
        "until it is made again: `platewise dataset check` tells."
    )


def _sizes(manifest: Manifest) -> Iterator[Sequence[object]]:
    for split in SPLITS:
        for part, held in manifest.tokens.get(split, {}).items():
            if held.rows:
                at = held.percentiles
                yield (
                    split,
                    part,
                    f"{held.rows:,}",
                    f"{held.total:,}",
                    at["p5"],
                    at["p50"],
                    at["p95"],
                    at["max"],
                )


def _balance(manifest: Manifest) -> Iterator[Sequence[object]]:
    names = dict.fromkeys(name for classes in manifest.balance.values() for name in classes)
    for name in names:
        for value, _ in sorted(_all(manifest, name).items(), key=lambda item: (-item[1], item[0]))[:_MOST]:
            counts = [manifest.balance.get(split, {}).get(name, {}).get(value, 0) for split in SPLITS]
            yield (name, value, *(f"{count:,}" for count in counts))


def _usage(manifest: Manifest) -> str:
    view = next((file.view for file in manifest.files if file.view), "")
    return (
        "```python\nfrom datasets import load_dataset\n\n"
        f'load_dataset("<this folder>", "{view}", split="train")\n```\n\n'
        "`platewise dataset check <this folder>` verifies that nothing was changed, that every file loads, and that "
        "nobody is in it who has left since."
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
    if not lines:
        return ""
    return "\n".join(["| " + " | ".join(head) + " |", "| " + " | ".join("---" for _ in head) + " |", *lines])


def _draw_lengths(path: Path, manifest: Manifest, lengths: Lengths) -> None:
    figure, axes = _figure(columns=2)
    for axis, part, color in zip(axes, ("prompt", "completion"), (_FIRST, _SECOND), strict=True):
        counted: Counter[int] = Counter()
        for parts in lengths.values():
            counted.update(parts[part])
        values = sorted(counted)
        weights = [counted[value] for value in values]
        bins = min(40, max(1, values[-1] - values[0])) if values else 1
        axis.hist(values, bins=bins, weights=weights, color=color)
        axis.set_title("Prompts" if part == "prompt" else "Answers", loc="left", color=_INK)
        axis.set_xlabel(manifest.unit)
        axis.set_ylabel("rows")
    _save(figure, path)


def _draw_topics(path: Path, manifest: Manifest) -> None:
    kinds = _all(manifest, "kind")
    name = "kind" if set(kinds) - {"none"} else "intent"
    figure, axes = _figure(columns=2)
    for axis, title, counts, color in (
        (axes[0], "What is asked", _all(manifest, name), _FIRST),
        (axes[1], "Allergies of those who ask", _all(manifest, "allergies"), _SECOND),
    ):
        shown = _shortened(counts)
        axis.barh([label.replace("_", " ") for label, _ in shown], [count for _, count in shown], color=color)
        axis.invert_yaxis()
        axis.set_title(title, loc="left", color=_INK)
        axis.set_xlabel("rows")
        axis.grid(visible=False, axis="y")
    _save(figure, path)


def _shortened(counts: Counter[str]) -> list[tuple[str, int]]:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    rest = sum(count for _, count in ordered[_MOST:])
    return [*ordered[:_MOST], *([("others", rest)] if rest else [])]


def _figure(columns: int) -> tuple[Any, Any]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10, 4), dpi=100, layout="constrained")
    axes = figure.subplots(1, columns)
    for axis in axes:
        axis.spines[["top", "right"]].set_visible(False)
        axis.set_axisbelow(True)
        axis.grid(visible=True, color=_GRID, linewidth=0.6)
    return figure, axes


def _save(figure: Any, path: Path) -> None:
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    FigureCanvasAgg(figure)
    # The font that comes with matplotlib, and no word of the program or the time: the same bytes anywhere.
    with rc_context({"font.family": "DejaVu Sans"}), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a letter that the font lacks is drawn as a box
        figure.savefig(path, metadata={"Software": None})
