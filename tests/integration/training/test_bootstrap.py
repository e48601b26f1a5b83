"""Conversations made from the shipped knowledge base: true, permitted, let through by the guard, and split cleanly."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice

import pytest

from bot.assistant.bootstrapped import faults_of
from bot.assistant.composing.options import options
from bot.assistant.composing.parts import Need
from bot.assistant.understand import Intent
from retrieval.diet.permits import Answer, permits
from retrieval.diet.preferences import Preferences
from retrieval.errors import BadInputError
from retrieval.knowledge.documents import NUTRIENTS, Kind, Passage
from retrieval.prompt import Exchange, build_prompt
from training.dataset.bootstrap import KINDS, Made, Tally, rows
from training.dataset.bootstrap.datafiles import phrasings
from training.dataset.bootstrap.splits import family

_CITED = re.compile(r"\[(\d+)\]")
_FIGURE = re.compile(r"(?P<name>[a-zA-Z][a-zA-Z0-9 ]*?) (?P<amount>[\d,.]+) (?P<unit>kcal|g|mg|µg)\b")


@pytest.fixture(scope="module")
def made(knowledge: str) -> Sequence[Made]:
    """Rows that nobody has judged."""
    return tuple(rows(knowledge, count=1500, seed=11))


def of(made: Sequence[Made], kind: str) -> Iterator[Made]:
    return (item for item in made if item.row.kind == kind)


def test_every_kind_of_question_is_asked_in_every_split(made: Sequence[Made]) -> None:
    for split in ("train", "validation", "test"):
        assert {item.row.kind for item in made if item.split == split} == set(KINDS)


def test_the_guard_lets_nearly_all_answers_of_every_kind_through(made: Sequence[Made]) -> None:
    faulty: dict[str, list[tuple[str, Sequence[str]]]] = defaultdict(list)
    for item in made:
        if faults := faults_of(item):
            faulty[item.row.kind or ""].append((item.row.asked, faults))
    counts = Counter(item.row.kind for item in made)
    for kind in KINDS:
        assert len(faulty[kind]) <= 0.02 * counts[kind] + 1, faulty[kind]


def test_what_the_guard_is_against_is_dropped_with_all_that_follows_and_counted(knowledge: str) -> None:
    tally = Tally()
    found = list(
        rows(
            knowledge,
            count=200,
            seed=12,
            accepts=lambda item: ["about lunch"] if "lunch" in item.row.answer else [],
            tally=tally,
        )
    )

    assert len(found) == 200
    assert not any("lunch" in item.row.answer for item in found)
    assert not any("lunch" in earlier.answer for item in found for earlier in item.row.history)
    assert all(item.row.guard is not None and item.row.guard.status == "passed" for item in found)
    assert sum(tally.made.values()) == 200
    assert sum(tally.guarded.values()) == sum(tally.faults.values()) > 0


def test_the_same_seed_makes_the_same_rows_and_fewer_are_the_first_of_them(
    knowledge: str, made: Sequence[Made]
) -> None:
    again = [item.row.model_dump_json() for item in rows(knowledge, count=150, seed=11)]
    other = [item.row.model_dump_json() for item in rows(knowledge, count=20, seed=13)]

    assert again == [item.row.model_dump_json() for item in made[:150]]
    assert not set(other) & set(again)


def test_figures_are_those_of_the_passages_that_are_cited(made: Sequence[Made]) -> None:
    checked = 0
    for item in of(made, "figures"):
        for line in item.row.answer.splitlines():
            if not line.startswith("**") or "computed from" in line:
                continue
            passage = cited(line, item)[0]
            assert line.startswith(f"**{passage.title}**")
            told = line.removeprefix(f"**{passage.title}**")
            assert f"per {passage.basis}" in told
            checked += check_figures(told, passage)
    assert checked > 200


def test_amounts_are_worked_out_from_the_figure_per_100_g(made: Sequence[Made]) -> None:
    form = re.compile(
        r"\*\*: (?P<name>[\w ]+?) (?P<held>[\d.,]+) \S+ in (?P<asked>\d+) (?P<weight>g|kg), "
        r"computed from (?P<base>[\d.,]+)"
    )
    found = [(item, match) for item in of(made, "figures") if (match := form.search(item.row.answer))]
    assert len(found) > 20
    for item, match in found:
        grams = float(match["asked"]) * (1000 if match["weight"] == "kg" else 1)
        passage = cited(item.row.answer, item)[0]
        base = number(match["base"])
        assert base == pytest.approx(passage.per_100g[nutrient(match["name"])], rel=1e-5)
        assert number(match["held"]) == pytest.approx(base * grams / 100, rel=0.006)
        assert f"{match['asked']} {match['weight']}" in item.row.question


def test_comparisons_name_the_food_that_has_more_or_less(made: Sequence[Made]) -> None:
    form = re.compile(r"\*\*(?P<title>[^*]+)\*\* has (?P<which>more|less) (?P<name>[\w ]+):")
    counted = Counter[str]()
    for item in of(made, "comparison"):
        if (match := form.match(item.row.answer)) is None:
            continue
        first, second = cited(item.row.answer, item)
        key = nutrient(match["name"])
        assert match["title"] == first.title
        if match["which"] == "more":
            assert first.per_100g[key] > second.per_100g[key]
        else:
            assert first.per_100g[key] < second.per_100g[key]
        counted[match["which"]] += 1
    assert counted["more"] > 40
    assert counted["less"] > 20


def test_nothing_is_recommended_that_the_person_may_not_have(made: Sequence[Made]) -> None:
    checked = 0
    for item in made:
        restrictions = Preferences.from_dict(item.row.preferences).restrictions
        for passage in item.passages:
            if passage.kind is not Kind.NOTE and restrictions:
                assert permits(passage.contains, passage.per_100g, restrictions).answer is Answer.YES
                checked += 1
    assert checked > 1500


def test_what_is_disliked_is_not_offered(made: Sequence[Made]) -> None:
    dislikers = [
        item
        for kind in ("choice", "plan")
        for item in of(made, kind)
        if "mushroom" in item.row.preferences["dislikes"]
    ]
    assert dislikers
    for item in dislikers:
        assert not any("mushroom" in (passage.contains or ()) for passage in cited(item.row.answer, item))


def test_choices_read_as_the_bot_composes_them(made: Sequence[Made]) -> None:
    compared = 0
    for item in of(made, "choice"):
        if "with their" in item.row.answer:
            continue
        shown = [passage for passage in cited(item.row.answer, item) if passage.kind is Kind.RECIPE]
        preferences = Preferences.from_dict(item.row.preferences)
        composed = options(Need("something", Intent.PLAN, None, preferences), shown)
        assert composed is not None
        assert _CITED.sub("", composed.text) == _CITED.sub("", item.row.answer)
        compared += 1
    assert compared > 50


def test_refusals_answer_nothing_from_passages_that_do_not_hold_it(made: Sequence[Made]) -> None:
    refused = [item for item in of(made, "refusal") if item.row.answer.startswith("I have no figure")]
    nowhere = [item for item in refused if not _CITED.search(item.row.answer)]
    assert len(nowhere) > 20
    assert any(item.passages for item in nowhere), "near passages, which must not answer"
    assert not any(_FIGURE.search(item.row.answer.partition(" in ")[0]) for item in refused)


def test_a_refusal_of_a_figure_is_of_one_that_the_cited_passage_lacks(made: Sequence[Made]) -> None:
    form = re.compile(r"I have no figure for (?P<name>.+?) in .* \[\d+\]\.$")
    found = [(item, match) for item in of(made, "refusal") if (match := form.match(item.row.answer))]
    assert found
    for item, match in found:
        known = {name for name, _unit in NUTRIENTS.values()}
        if match["name"] in known:
            assert nutrient(match["name"]) not in cited(item.row.answer, item)[0].facts


def test_the_right_passage_stands_anywhere_among_others(made: Sequence[Made]) -> None:
    places = Counter(
        int(numbers[0])
        for item in of(made, "figures")
        if (numbers := _CITED.findall(item.row.answer)) and len(item.passages) > 1
    )
    assert set(places) == {1, 2, 3, 4, 5}


def test_some_questions_have_no_passages_at_all(made: Sequence[Made]) -> None:
    assert any(not item.passages for item in of(made, "refusal"))


def test_no_document_of_the_test_part_is_in_a_prompt_of_train(made: Sequence[Made]) -> None:
    seen = {passage.id for item in made if item.split == "train" for passage in item.passages}
    families = {family(passage) for item in made if item.split == "train" for passage in item.passages}
    answered = [
        passage
        for item in made
        if item.split == "test"
        and item.row.kind in {"figures", "comparison", "choice", "recipe", "plan", "advice"}
        for passage in cited(item.row.answer, item)
    ]
    assert len(answered) > 100
    assert not seen & {passage.id for passage in answered}
    assert not families & {family(passage) for passage in answered}


def test_no_phrasing_of_the_test_part_is_used_in_train(made: Sequence[Made]) -> None:
    used: dict[str, set[str]] = {"train": set(), "test": set()}
    forms = {
        line: pattern(line)
        for name in ("figure", "compare_more", "recipe_named")
        for line in phrasings()[name]
    }
    for item in made:
        if item.split in used and item.row.kind in {"figures", "comparison", "recipe"}:
            used[item.split].update(line for line, form in forms.items() if form.fullmatch(item.row.question))
    # A question may match a wider form than the one it was made with: 'Is {food} high in {nutrient}?' and the like.
    narrow = {line for line in forms if len(re.sub(r"\{\w+\}", "", line)) > 25}
    assert len(used["train"] & narrow) > 20
    assert used["test"] & narrow
    assert not used["train"] & used["test"] & narrow


def test_a_person_and_a_conversation_stay_in_one_split(made: Sequence[Made]) -> None:
    splits = defaultdict(set)
    for item in made:
        splits[item.row.person].add(item.split)
    assert all(len(found) == 1 for found in splits.values())
    shares = Counter(item.split for item in made)
    assert shares["test"] > 100
    assert shares["validation"] > 100
    assert shares["train"] > 1000


def test_rows_of_a_conversation_remember_what_was_said(made: Sequence[Made]) -> None:
    conversations: dict[str, list[Made]] = defaultdict(list)
    for item in made:
        conversations[item.row.conversation].append(item)
    longer = [items for items in conversations.values() if len(items) > 1]
    assert len(longer) > 100
    for items in longer:
        for position, item in enumerate(items):
            assert item.row.position == position
            earlier = [(one.row.question, one.row.answer) for one in items[:position]]
            assert [(said.question, said.answer) for said in item.row.history] == earlier


def test_questions_are_many_and_in_many_manners(made: Sequence[Made]) -> None:
    questions = [item.row.question for item in made]
    assert len(set(questions)) > 0.93 * len(questions)
    assert sum(question == question.lower() for question in questions) > 0.25 * len(questions)
    assert sum(question[-1] not in ".?!" for question in questions) > 0.3 * len(questions)
    assert len({item.row.row for item in made}) == len(made)


def test_the_one_prompt_is_made_of_a_row(made: Sequence[Made]) -> None:
    for item in made[:200]:
        prompt = build_prompt(
            item.row.asked,
            Preferences.from_dict(item.row.preferences),
            item.passages,
            [Exchange(said.question, said.answer) for said in item.row.history],
            budget=100_000,
        )
        assert prompt.passages == item.passages
        assert item.row.asked in prompt.messages[-1]["content"]


def test_no_rows_are_bad_input(knowledge: str) -> None:
    with pytest.raises(BadInputError, match="0 rows can't be made"):
        next(rows(knowledge, count=0, seed=1))


def test_a_guard_that_lets_nothing_through_ends_with_a_clear_line(knowledge: str) -> None:
    with pytest.raises(BadInputError, match="after 0 rows"):
        next(rows(knowledge, count=10, seed=1, accepts=lambda _made: ["no"]))


def test_rows_may_be_left_unread(knowledge: str) -> None:
    assert len(list(islice(rows(knowledge, count=1_000_000, seed=1), 5))) == 5


def cited(text: str, item: Made) -> list[Passage]:
    """Return the passages that a text cites, each once, in its order."""
    return [item.passages[place - 1] for place in dict.fromkeys(map(int, _CITED.findall(text)))]


def check_figures(text: str, passage: Passage) -> int:
    """Assert that each figure of a list is the passage's; return how many there were."""
    found = list(_FIGURE.finditer(text.partition(" per ")[0].removeprefix(": ") if text[0] == ":" else text))
    for match in found:
        name = match["name"].strip()
        if name in {title for title, _unit in NUTRIENTS.values()}:
            assert number(match["amount"]) == pytest.approx(passage.facts[nutrient(name)], rel=1e-5)
    return len(found)


def nutrient(name: str) -> str:
    return next(key for key, (title, _unit) in NUTRIENTS.items() if title == name)


def number(text: str) -> float:
    return float(text.replace(",", ""))


def pattern(line: str) -> re.Pattern[str]:
    parts = (r".+?" if part.startswith("{") else re.escape(part) for part in re.split(r"(\{\w+\})", line))
    return re.compile("".join(parts))
