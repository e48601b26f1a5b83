"""The JSON Schema of a row that docs/ publishes."""

import json
from pathlib import Path

import jsonschema
import pytest

from tests.unit.training.dataset.rows import row
from training.dataset.schema import Exchange, Feedback, Row

SCHEMA = json.loads(
    (Path(__file__).parents[4] / "docs" / "dataset-row.schema.json").read_text(encoding="utf-8")
)


def test_it_is_the_one_of_the_code() -> None:
    assert Row.model_json_schema() == SCHEMA, "run .venv/bin/python tools/make_docs.py"


def test_rows_as_they_are_written_satisfy_it() -> None:
    full = row(
        1, history=(Exchange(question="So?", answer="So."),), feedback=Feedback(value="down", reason="Dry.")
    )
    jsonschema.validate(json.loads(full.model_dump_json()), SCHEMA)


@pytest.mark.parametrize(
    "change", [{"row": "Ann"}, {"name": "Ann"}, {"position": -1}, {"feedback": {"value": "meh"}}], ids=repr
)
def test_what_is_no_row_does_not(change: dict[str, object]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**json.loads(row(1).model_dump_json()), **change}, SCHEMA)
