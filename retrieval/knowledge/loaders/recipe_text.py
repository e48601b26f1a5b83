"""A recipe as its source wrote it, and the passage that it becomes."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from retrieval.diet.lexicon import lexicon
from retrieval.errors import BadInputError
from retrieval.knowledge.documents import NUTRIENTS, Kind, Origin, Passage, Record, Says

_LONGEST = 20_000  # characters of a passage: ten times a long recipe


@dataclass(frozen=True, slots=True)
class Group:
    """Ingredients that belong together, as lines ('50 g butter'); `name` is '' when there is only one group."""

    name: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecipeText:
    """A recipe in its source's words.

    `about` are short facts ('Servings: 6'), `facts` figures per `basis` in the units of `NUTRIENTS`, as the source
    states them, and `portion_g` the weight of a serving, `None` when unknown. `date` is the newest that it names, in
    ISO form, '' for none.
    """

    title: str
    groups: tuple[Group, ...]
    steps: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    description: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    facts: Mapping[str, float] = field(default_factory=dict)
    basis: str = ""
    portion_g: float | None = None
    author: str = ""
    date: str = ""
    licence: str = ""

    @property
    def lines(self) -> tuple[str, ...]:
        """Every line of ingredients."""
        return tuple(line for group in self.groups for line in group.lines)


def recipe_record(recipe: RecipeText, *, key: str, source: str, origin: Origin) -> Record:
    """Return `recipe` as a record with the id `recipe:<key>`.

    Steps name what the list of ingredients forgets ('serve with mustard'), and so do titles and remarks: everything
    that they name is stated as contained. Tags aren't read: they tell what is left out as well. An introduction often
    speaks of other dishes ('goes well with ham'), so it is left out when it names a food that nothing else does.

    Raises `BadInputError` when it is longer than a recipe can be.
    """
    groups = tuple(group.name for group in recipe.groups)
    stated = mentioned("\n".join((recipe.title, *recipe.names, *groups, *recipe.steps, *recipe.remarks)))
    there = lexicon().contents((*stated, *mentioned("\n".join(recipe.lines)))).everything
    description = [text for text in recipe.description if there.issuperset(mentioned(text))]
    text = "\n".join(_text(recipe, description))
    if len(text) > _LONGEST:
        raise BadInputError(f"a recipe of {len(text):,} characters: at most {_LONGEST:,} are one recipe")
    passage = Passage(
        id=f"{Kind.RECIPE}:{key}",
        kind=Kind.RECIPE,
        title=recipe.title,
        text=text,
        facts=recipe.facts,
        basis=recipe.basis,
        per_100g=_per_100g(recipe),
        portion="serving" if recipe.portion_g else "",
        portion_g=recipe.portion_g,
        source=source,
        names=recipe.names,
    )
    return Record(
        passage=passage,
        origin=origin,
        says=Says.LINES,
        label="\n".join(recipe.lines),
        stated=stated,
    )


def mentioned(text: str) -> tuple[str, ...]:
    """Return the lexicon ids that `text` names, sorted."""
    return tuple(sorted({mention.ingredient for mention in lexicon().find(text)}))


def _text(recipe: RecipeText, description: Iterable[str]) -> Iterator[str]:
    about = f" {'; '.join(recipe.about)}." if recipe.about else ""
    yield f"{recipe.title}.{about}"
    if recipe.tags:
        yield f"Tags: {', '.join(recipe.tags)}."
    if recipe.facts:
        yield f"Per {recipe.basis}: {_figures(recipe.facts)}."
    yield from description
    yield f"Ingredients: {'. '.join(_groups(recipe))}."
    if recipe.steps:
        yield "Steps: " + " ".join(f"{number}. {step}" for number, step in enumerate(recipe.steps, 1))
    yield from recipe.remarks


def _groups(recipe: RecipeText) -> Iterator[str]:
    for group in recipe.groups:
        lines = "; ".join(line.rstrip(".;") for line in group.lines)
        yield f"{group.name}: {lines}" if group.name else lines


def _figures(facts: Mapping[str, float]) -> str:
    return ", ".join(
        f"{name} {facts[key]:g} {unit}" for key, (name, unit) in NUTRIENTS.items() if key in facts
    )


def _per_100g(recipe: RecipeText) -> dict[str, float]:
    if recipe.basis == "100 g":
        return dict(recipe.facts)
    if not recipe.portion_g:
        return {}
    return {key: round(value * 100 / recipe.portion_g, 3) for key, value in recipe.facts.items()}
