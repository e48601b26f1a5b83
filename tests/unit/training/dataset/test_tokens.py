"""Tokens are counted in pieces, and come out as if the whole had been encoded."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tokenizers import Regex, Tokenizer, models, pre_tokenizers, trainers

from retrieval.errors import BadInputError
from training.dataset.tokens import TokenCounter

TEMPLATE = (
    "{% for message in messages %}"
    "{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
SENTENCES = (
    "Passages:\n[1] Lentils, cooked. Per 100 g: protein 9.02 g.\n\n[2] Tofu: protein 17.3 g.\n\nQuestion: How much?",
    "The lentils have more protein: 9.02 g per 100 g [1].\n\n- **Tofu**: protein 17.3 g [2]\n\n\nEnjoy!",
)
_SPLITS = {
    # How GPT-2 cuts, which keeps line breaks together; and digits each for themselves, as SmolLM does.
    "gpt2": pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    ),
    # As Llama 3 and Qwen cut: line breaks belong to what stands before them.
    "llama3": pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(
                Regex(
                    r"\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|[^\r\n\p{L}\p{N}]?\p{L}+|\s*[\r\n]+|\s+(?!\S)|\s+"
                ),
                "isolated",
            ),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    ),
    # No cut anywhere: pieces would be counted wrongly, so the whole must be.
    "none": pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
}


@pytest.fixture(scope="module", params=sorted(_SPLITS))
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    inner = Tokenizer(models.BPE())
    inner.pre_tokenizer = _SPLITS[request.param]
    inner.train_from_iterator(
        SENTENCES * 20,
        trainers.BpeTrainer(
            vocab_size=600,
            special_tokens=["<|im_start|>", "<|im_end|>"],
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        ),
    )
    made = tmp_path_factory.mktemp(request.param)
    inner.save(str(made / "tokenizer.json"))
    (made / "tokenizer_config.json").write_text(json.dumps({"chat_template": TEMPLATE}))
    return made


_WORDS = st.sampled_from(
    [
        "lentils",
        " lentils",
        "9.02 g",
        "\n",
        "\n\n",
        "\n\n\n",
        "[1] ",
        "[12] ",
        "Question: ",
        " ",
        "é",
        "🥜",
        "<|im_end|>",
        ".",
    ]
)
_TEXTS = st.lists(_WORDS, max_size=30).map("".join)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(_TEXTS, min_size=1, max_size=5))
def test_the_sum_of_the_pieces_is_the_whole(folder: Path, texts: list[str]) -> None:
    messages = [
        {"role": "user" if number % 2 else "system", "content": text} for number, text in enumerate(texts)
    ]
    whole = "".join(f"<|im_start|>{item['role']}\n{item['content']}<|im_end|>\n" for item in messages)
    encoded = Tokenizer.from_file(str(folder / "tokenizer.json")).encode(whole, add_special_tokens=False)
    counter = TokenCounter(folder)
    assert counter.chat(messages) == len(encoded)
    assert counter.chat(messages) == len(encoded)  # out of what it remembers
    assert counter.chat(messages, answer_follows=True) > len(encoded)


def test_what_is_no_tokenizer_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match=r"there is no tokenizer\.json"):
        TokenCounter(tmp_path)
    (tmp_path / "tokenizer.json").write_text("{}")
    with pytest.raises(BadInputError, match="can't be read as a tokenizer"):
        TokenCounter(tmp_path)
