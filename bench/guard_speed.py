"""How long the last check of an answer takes: what it recommends against a person's restrictions.

.venv/bin/python bench/guard_speed.py [--answers 200]

Each answer is new to the process: put together from shuffled paragraphs as a model writes them (bold type, lists,
citations, foods to eat and foods to avoid) and numbered, so that no cache knows its text. One person has 1, 3 or
8 restrictions. Times are of this thread on the CPU, so that other programs don't count.
"""

import argparse
import os
import random
import statistics
import sys
import time

from rich.console import Console
from rich.table import Table

from retrieval.diet.preferences import Diet, Restrictions
from retrieval.diet.violations import violations

LENGTHS = (500, 2_000, 8_000)
PEOPLE = (
    Restrictions(allergies=frozenset({"peanuts"})),
    Restrictions(diets=frozenset({Diet.VEGETARIAN}), allergies=frozenset({"peanuts", "milk"})),
    Restrictions(
        diets=frozenset({Diet.VEGAN, Diet.GLUTEN_FREE, Diet.LOW_SODIUM}),
        allergies=frozenset({"peanuts", "tree_nuts", "sesame", "soybeans", "strawberry"}),
    ),
)
ANSWERS = """\
**Lentil soup** has 9 g of protein per 100 g [1]. Simmer the lentils with carrots, celery and a bay leaf for 25
minutes, then stir in lemon juice.

Here’s a quick one – chickpea curry. It uses coconut milk instead of cream [2], so it stays mild: fry an onion, add
garlic, ginger and cumin, then the chickpeas and a tin of tomatoes. Serve it with basmati rice.

Avoid:
- satay sauce, which contains peanuts
- butter, cheese and cream
- anything with sesame
Enjoy:
- roasted potatoes with rosemary
- grilled courgettes
- a bowl of berries

Because of your peanut allergy I left out the pad thai; check the label of the curry paste for traces of nuts.

1. Heat the olive oil and soften the leek.
2. Add the mushrooms; don't skip the thyme.
3. Pour in the stock and cook for 12 minutes.
4. Blend half of it for a creamy soup without any cream.

A cup (198 g) of cooked lentils gives you 17.9 g of protein and 6.6 mg of iron [3], about a third of what an adult
needs in a day. Brown rice, oats and quinoa add fibre.

If you can't have milk, eggs or wheat, try buckwheat pancakes with banana. They're gluten-free, dairy-free and
egg-free, and a spoonful of sunflower seed butter goes well with them.

For lunch I'd suggest a salad of white beans, rocket, cherry tomatoes and olives with a purée of mustard, vinegar and
oil. Leftovers keep for 2 days in the fridge.

| food | protein per 100 g |
|---|---|
| tofu, firm | 15.8 g |
| edamame | 11.9 g |
| cheddar | 25.4 g |
| peanut butter | 24.1 g |

Swap the sour cream for oat yoghurt and the beef for black beans; the chilli needs 40 minutes either way."""
PARAGRAPHS = tuple(ANSWERS.split("\n\n"))


def main(answers: int) -> int:
    """Measure and print the table; return 1 when an answer of 2,000 characters takes more than 2 ms at p95."""
    chance = random.Random(5)
    for person in PEOPLE:
        violations(
            _answer(chance, "warm", 8_000), person
        )  # the lexicon is loaded, its rules are worked out once
    table = Table(
        "characters",
        "restrictions",
        "p50 CPU ms",
        "p95 CPU ms",
        "found",
        title=f"{answers} answers each, one by one",
    )
    slowest = 0.0
    for length in LENGTHS:
        for person in PEOPLE:
            times, found = [], 0
            for number in range(answers):
                text = _answer(chance, f"{length}-{len(person.diets)}-{number}", length)
                begin = time.thread_time()
                found += len(violations(text, person))
                times.append((time.thread_time() - begin) * 1000)
            p95 = statistics.quantiles(times, n=20)[-1]
            slowest = max(slowest, p95) if length == 2_000 else slowest
            count = len(person.diets) + len(person.allergies)
            table.add_row(
                f"{length:,}",
                str(count),
                f"{statistics.median(times):.2f}",
                f"{p95:.2f}",
                f"{found / answers:.1f}",
            )
    console = Console(width=100)
    console.print(table)
    console.print(f"{os.cpu_count()} cores; goal: p95 ≤ 2 ms for 2,000 characters, measured {slowest:.2f} ms")
    return 0 if slowest <= 2 else 1


def _answer(chance: random.Random, name: str, length: int) -> str:
    """Return an answer of `length` characters that no other call returns."""
    parts = [f"Answer {name}."]
    while sum(len(part) + 2 for part in parts) < length:
        parts += chance.sample(PARAGRAPHS, len(PARAGRAPHS))
    return "\n\n".join(parts)[:length]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--answers", type=int, default=200)
    sys.exit(main(parser.parse_args().answers))
