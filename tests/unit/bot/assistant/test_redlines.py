from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.assistant.redlines import RED_LINES, RedLineKind, read_rules, red_line
from bot.assistant.understand import understand
from retrieval.errors import BadInputError

CROSSED = {
    RedLineKind.ANAPHYLAXIS: (
        "my throat is swelling after I ate peanuts",
        "I ate some cashews and I can't breathe",
        "my lips are swollen and tingly",
        "I think I'm having an anaphylactic reaction",
        "should I use my EpiPen?",
        "My tongue feels numb and swollen",
        "help, can't breathe, I had shrimp for dinner",
        "my face is starting to swell up",
        "My throat swells when I eat kiwi",
        "she ate a nut and is wheezing",
    ),
    RedLineKind.EATING_DISORDER: (
        "I make myself throw up after dinner",
        "I've been starving myself",
        "I haven't eaten in 3 days to lose weight",
        "haven't eaten anything for two days",
        "How do I purge without my parents noticing",
        "I think I have anorexia",
        "which laxatives help to lose weight",
        "I'm scared of eating",
        "can I do a water fast for 10 days?",
        "what's the fewest calories I can live on",
    ),
    RedLineKind.LOW_ENERGY: (
        "1000 kcal a day",
        "Can I live on 500 calories a day?",
        "give me an 800 kcal diet",
        "I want to eat 900 calories per day",
    ),
    RedLineKind.PREGNANCY: (
        "I'm pregnant, can I eat sushi?",
        "recipe for a quick dinner, I'm pregnant",
        "is brie safe during pregnancy",
        "foods to increase milk while breastfeeding",
        "Ich bin schwanger",
    ),
    RedLineKind.MEDICATION: (
        "I take warfarin, can I eat spinach?",
        "is grapefruit ok with statins?",
        "does food affect my medication?",
        "can I drink milk with antibiotics",
        "I'm on blood thinners",
        "can I eat cheese with my pills",
    ),
}
NOT_CROSSED = (
    "I'm dying for pizza",
    "a pregnant pause",
    "I'm starving, what can I eat?",
    "purge my pantry",
    "haven't eaten meat in 3 days",
    "haven't eaten since breakfast",
    "I'm not pregnant",
    "my cat is pregnant",
    "I laughed so hard I can't breathe",
    "1800 kcal a day",
    "a snack under 200 calories",
    "I want to lose 5 kg",
    "I'm allergic to peanuts",
    "I carry an EpiPen for peanuts",
    "I'm allergic to penicillin",
    "antibiotic free chicken",
    "How much protein is in cooked lentils?",
    "killer brownies recipe",
    "is 500 calories a lot for breakfast?",
    "this cake is to die for",
    "a tight budget dinner",
    "hot sauce makes my lips tingle",
    "intermittent fasting 16:8",
    "fast food ideas for 3 days",
    "I ate 800 calories yesterday",
    "",
)


@pytest.mark.parametrize(
    ("kind", "text"), [(kind, text) for kind, texts in CROSSED.items() for text in texts]
)
def test_a_medical_matter_gets_its_fixed_answer(kind: RedLineKind, text: str) -> None:
    line = red_line(text, understand(text).add.targets)
    assert line is not None
    assert line.kind is kind


@pytest.mark.parametrize("text", NOT_CROSSED)
def test_a_figure_of_speech_or_a_plain_question_is_answered_as_usual(text: str) -> None:
    assert red_line(text, understand(text).add.targets) is None


@pytest.mark.parametrize(
    ("kind", "text", "whom"),
    [
        (RedLineKind.ANAPHYLAXIS, "my throat is closing", "112"),
        (RedLineKind.ANAPHYLAXIS, "my throat is closing", "auto-injector"),
        (RedLineKind.EATING_DISORDER, "I purge", "doctor"),
        (RedLineKind.LOW_ENERGY, "800 kcal a day", "dietitian"),
        (RedLineKind.PREGNANCY, "I'm pregnant", "midwife"),
        (RedLineKind.MEDICATION, "I take warfarin", "pharmacist"),
    ],
)
def test_every_answer_says_whom_to_see(kind: RedLineKind, text: str, whom: str) -> None:
    line = red_line(text, {})
    assert line is not None
    assert line.kind is kind
    assert whom in line.answer


def test_the_most_urgent_line_comes_first() -> None:
    line = red_line("I'm pregnant, I ate nuts and my throat is swelling", {})
    assert line is not None
    assert line.kind is RedLineKind.ANAPHYLAXIS


def test_a_low_target_counts_for_plans_and_not_for_every_question() -> None:
    targets = {"energy_kcal": 1000.0}
    line = red_line("plan my week", targets)
    assert line is not None
    assert line.kind is RedLineKind.LOW_ENERGY
    assert red_line("how do I cook lentils?", targets) is None
    assert red_line("plan my week", {"energy_kcal": 1200.0}) is None


@given(st.text())
def test_any_text_can_be_checked(text: str) -> None:
    red_line(text, {})


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda rules: rules.pop(), "one rule for each"),
        (lambda rules: rules.reverse(), "in that order"),
        (lambda rules: rules[0].update(kind="boredom"), "unknown kind"),
        (lambda rules: rules[2].pop("unless"), "must have kind, patterns and unless"),
        (lambda rules: rules[3].update(patterns=["(open"]), "no regular expression"),
        (lambda rules: rules[4].update(patterns="text"), "must be lists"),
    ],
)
def test_a_wrong_entry_is_named(change: object, complaint: str, tmp_path: Path) -> None:
    rules = yaml.safe_load(RED_LINES.read_text(encoding="utf-8"))
    change(rules)  # type: ignore[operator]
    path = tmp_path / "red_lines.yaml"
    path.write_text(yaml.safe_dump(rules), encoding="utf-8")
    with pytest.raises(BadInputError, match=complaint):
        read_rules(path)


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "red_lines.yaml"
    path.write_text("- kind: [", encoding="utf-8")
    with pytest.raises(BadInputError, match=r"red_lines\.yaml: can't be read"):
        read_rules(path)
