"""Every file of a dataset loads with `datasets`, and TRL's trainers take a step on it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from training.dataset.export import export
from training.dataset.manifest import Manifest
from training.dataset.options import ExportOptions, Format
from training.dataset.schema import Exchange, Feedback, Guard, Passage, Row
from training.dataset.source import Turn
from training.dataset.views import VIEWS

TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}<|im_end|>\n"
    "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
FOODS = ("lentils", "tofu", "spinach", "almonds", "salmon", "oats")


def turns() -> Iterator[Turn]:
    """Of six people, each asks twice and wants another answer to the second question, which pleases."""
    for number, food in enumerate(FOODS):
        person, conversation = f"{number:032x}", f"{number + 100:032x}"
        for position, (answer, thumb) in enumerate(
            [
                (f"Cooked {food} have {number}.5 g of protein per 100 g [1].", "up"),
                (f"I would put {food} into a stew with carrots, and nothing else at all [1].", "down"),
                (f"Bake the {food} slowly, and serve them with rice and lime [1].", "up"),
            ]
        ):
            yield Turn(
                Row(
                    row=f"{number * 10 + position:032x}",
                    person=person,
                    conversation=conversation,
                    position=position,
                    question=f"How much protein is in {food} of type {number}?"
                    if not position
                    else f"What can I cook from {food}?",
                    history=(Exchange(question=f"Do you know {food}?", answer="Yes, I do."),)
                    * bool(position),
                    preferences={"allergies": ["peanuts"]},
                    passages=(
                        Passage(id=food, version="1", kind="food", title=food, text=f"{food}: protein."),
                    ),
                    answer=answer,
                    feedback=Feedback(value=thumb),
                    again_of=f"{number * 10 + 1:032x}" if position == 2 else None,
                    guard=Guard(status="passed"),
                )
            )


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Manifest]:
    folder = tmp_path_factory.mktemp("datasets") / "all"
    options = ExportOptions(
        views=tuple(VIEWS), formats=tuple(Format), shares={"train": 1.0, "validation": 0.0, "test": 0.0}
    )
    return folder, export(turns(), folder, options)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    """The folder of a model of a few thousand weights, and a tokenizer of bytes."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    special = ["<pad>", "<|im_start|>", "<|im_end|>"]
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    inner = Tokenizer(models.BPE({token: n for n, token in enumerate([*special, *alphabet])}, []))
    inner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    inner.decoder = decoders.ByteLevel()
    inner.add_special_tokens(special)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=inner, pad_token="<pad>", eos_token="<|im_end|>", chat_template=TEMPLATE
    )
    config = LlamaConfig(
        vocab_size=len(tokenizer), hidden_size=16, intermediate_size=32, num_hidden_layers=1,
        num_attention_heads=2, max_position_embeddings=4096, pad_token_id=0, eos_token_id=2,
    )  # fmt: skip
    folder = tmp_path_factory.mktemp("tiny")
    # DPO and KTO load it once more, as what the trained one is compared with.
    LlamaForCausalLM(config).save_pretrained(folder)
    return folder, tokenizer


def loaded(folder: Path, view: str, ending: str = "parquet") -> Any:
    from datasets import load_dataset

    how = "parquet" if ending == "parquet" else "json"
    return load_dataset(
        how, data_files=str(folder / view / f"train.{ending}"), split="train", cache_dir=str(folder.parent)
    )


@pytest.mark.parametrize("view", VIEWS)
def test_every_format_of_every_view_loads_and_says_the_same(
    dataset: tuple[Path, Manifest], view: str
) -> None:
    folder, manifest = dataset
    held = [loaded(folder, view, str(how)).to_list() for how in Format]
    assert held[0] == held[1] == held[2]
    (records,) = {file.records for file in manifest.files if file.view == view and file.split == "train"}
    assert len(held[0]) == records > 0


@pytest.mark.filterwarnings(  # what TRL calls of transformers
    r"ignore:.*checkpointing.* is deprecated and will be removed in v6:FutureWarning"
)
@pytest.mark.parametrize(
    ("view", "trainer", "config"),
    [
        ("prompt-completion", "SFTTrainer", "SFTConfig"),
        ("messages", "SFTTrainer", "SFTConfig"),
        ("dpo", "DPOTrainer", "DPOConfig"),
        ("kto", "KTOTrainer", "KTOConfig"),
    ],
)
def test_a_trainer_takes_a_step(
    dataset: tuple[Path, Manifest],
    tiny: tuple[Any, Any],
    tmp_path: Path,
    view: str,
    trainer: str,
    config: str,
) -> None:
    model, tokenizer = tiny
    trl: Any = trainers(trainer)
    settings = getattr(trl, config)(
        output_dir=str(tmp_path), max_steps=1, per_device_train_batch_size=2, report_to=[], use_cpu=True,
        bf16=False, save_strategy="no", logging_steps=1, max_length=4096,
    )  # fmt: skip
    taken = getattr(trl, trainer)(
        model=str(model),
        args=settings,
        train_dataset=loaded(dataset[0], view),
        processing_class=tokenizer,
    )
    result = taken.train()
    assert result.global_step == 1
    assert result.training_loss > 0


def trainers(name: str) -> Any:
    """Return the module of TRL that has a trainer: some move to `trl.experimental`."""
    import trl

    if hasattr(trl, name):
        return trl
    from importlib import import_module

    return import_module(f"trl.experimental.{name.removesuffix('Trainer').lower()}")
