from pathlib import Path

import pytest
import yaml

from bot.assistant.answer_lines import ANSWER_LINES, crossed_lines, read_lines
from bot.assistant.sentences import split_sentences
from retrieval.errors import BadInputError
from retrieval.knowledge.catalogue import load_catalogue, passages


def test_nothing_in_the_catalogue_crosses_a_line() -> None:
    crossed = [
        (passage.id, sentence)
        for passage in passages(load_catalogue())
        for sentence in split_sentences(passage.text)
        if crossed_lines(sentence)
    ]
    assert crossed == []


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda rules: rules.pop(), "one rule for each"),
        (lambda rules: rules[0].update(kind="boredom"), "unknown kind"),
        (lambda rules: rules[1].update(reason=" "), "'reason' is empty"),
        (lambda rules: rules[2].pop("unless"), "must have cues, kind, patterns, reason, unless"),
        (lambda rules: rules[3].update(patterns=["(open"]), "no regular expression"),
        (lambda rules: rules[4].update(cues="text"), "must be lists"),
    ],
)
def test_a_wrong_entry_is_named(change: object, complaint: str, tmp_path: Path) -> None:
    rules = yaml.safe_load(ANSWER_LINES.read_text(encoding="utf-8"))
    change(rules)  # type: ignore[operator]
    path = tmp_path / "answer_lines.yaml"
    path.write_text(yaml.safe_dump(rules), encoding="utf-8")
    with pytest.raises(BadInputError, match=complaint):
        read_lines(path)
