"""Words in quotation marks that somebody else said, or that stand on a label or in a song: `told_apart`."""

import re
from dataclasses import dataclass

from bot.assistant.subjects import Who, subjects


@dataclass(frozen=True, slots=True)
class Told:
    """A message without the words of others: `own`, and what other people said of themselves."""

    own: str
    by_others: tuple[str, ...] = ()


def told_apart(plain_text: str) -> Told:
    """Take quoted words out of plain text (see `wording.plain`) unless they are, or may be, the person's own.

    What somebody says to the person ('you are allergic', of a doctor) is about the person, and stays. Quotation marks
    without a verb of saying mean nothing: 'allergic to "nuts"'.
    """
    plain_text = _ON_A_LABEL.sub(" ", _TRANSLATED.sub(" ", plain_text))
    if '"' not in plain_text and "'" not in plain_text:
        return Told(plain_text)
    kept: list[str] = []
    by_others: list[str] = []
    done = 0
    for match in _QUOTED.finditer(plain_text):
        speaker = _speaker(plain_text, match)
        if speaker is None:
            continue
        said = (match[1] or match[2]).strip()
        kept.append(plain_text[done : match.start()])
        done = match.end()
        if speaker is not _NOBODY and _TO_ME.match(said):
            kept.append(f". {_TO_ME.sub('i am', said)}. ")
        elif speaker is Who.OTHER and _FIRST_PERSON.search(said):
            by_others.append(said)
    return Told("".join([*kept, plain_text[done:]]), tuple(by_others))


_NOBODY = Who.NOBODY
_TRANSLATED = re.compile(
    r"\b(?:translat(?:e|ing|ion)|übersetz\w*|tradui[st]\w*|traduc\w*|tradur\w*|traduz\w*|vertaal\w*"
    r"|przetłumacz\w*|перевед\w*"
    r"|çevir\w*|(?:what is|how (?:do|would|can|should) (?:i|you|we|one) (?:say|write|put|spell)(?: it| this"
    r"| that)?) in"
    r" [a-z]+)\b[^\n:.?!]{0,60}: *[^\n]*"
)
_ON_A_LABEL = re.compile(
    r"\b(?:the|an?|this|that) (?:\w+ )?(?:menu|label|packet|package|packaging|pack|sign|poster|headline"
    r"|advert|ad|wrapper|box|tin"
    r"|sticker|website|recipe|article|magazine|blog|book|song|t-?shirt) (?:reads?|says?|said|states?|stated"
    r"|goes|went) ?: *[^\n.!?]*"
)
_REACH = 80
"""Characters before and behind a quotation in which its speaker is looked for."""

_QUOTED = re.compile(r"\"([^\"\n]{2,400})\"|(?<!\w)'((?:[^'\n]|'(?=\w)){2,400}?)'(?!\w)")
_SAYS = (
    r"(?:said|says|say|saying|told|tells|telling|tell|wrote|writes|texted|texts|replied|replies|answered"
    r"|goes|went"
    r"|(?:shout|yell|scream|chant|whisper|sing|preach|repeat|nag|bang on|go|keep go|holler|bark|groan|moan"
    r"|argue|reply|add|note|insist|declare|announce|warn)(?:e?s|ed|ing)?|mentioned|claims|claimed|joked"
    r"|insists|insisted|announced|posted|commented|asked|asks"
    r"|(?:was|were|is|am|are) (?:all )?like)"
)
_STANDS = r"(?:reads?|states?|stated|printed|written|called|titled|named|entitled|sings?|sang|sung|singing)"
_BEFORE = re.compile(rf"\b(?P<verb>{_SAYS}|{_STANDS})(?: (?!i\b)[\w'-]+){{0,4}}? ?[:,]? ?$")
_BEHIND = re.compile(
    rf"[,.!?]? ?(?:(?:my |our |the |a |an )?[\w'-]+(?: [\w'-]+){{0,2}}? (?P<verb>{_SAYS})\b"
    rf"|(?P<verb2>{_SAYS}) (?:my |our |the |a |an )?[\w'-]+)"
)
_THING = re.compile(
    r"\b(?:labels?|packets?|packages?|packaging|songs?|films?|movies?|books?|articles?|signs?|t-?shirts?"
    r"|shirts?|menus?|poster"
    r"|adverts?|ads?|lyrics?|chorus|recipes?|website|site|magazine|newspaper|show|headlines?|bottle|box"
    r"|bag|wrapper|stickers?"
    r"|comment(?:s|er|ers)?|posts?|tweets?|character|line|quote|slogan|meme|tv|series|novel|poem|video"
    r"|podcast|chapter"
    r"|ingredients?|warning|notice|tin|jar|can says|pack|words?|phrase|term|sentence|translate|spell"
    r"|pronounce|mean)\b"
)
_IN_STORY = re.compile(
    r" (?:in|from|of) (?:the|a|an|this|that|my|his|her) (?:\w+ )?(?:story|tale|book|novel|film|movie|show"
    r"|play|song|poem|comic|series|cartoon)\b"
)
_MEANT = re.compile(
    r",? ?(?:how (?:do|would|can|should) (?:i|you|one|we) (?:say|write|spell|put)|mean|means|in (?:french"
    r"|german|spanish|italian|english|polish|turkish|\w+ese)|into \w+)\b"
)
_ASKED = re.compile(
    r"\b(?:translate|how (?:do|would|can|to)|what (?:does|is)|does|the (?:word|phrase|term|sentence)) [^.]*$"
)
_SEEN = re.compile(
    r" ?[,–—-]* ?(?:(?:as |i |was |is )*(?:seen|read|spotted|found|noticed|saw|written|printed|painted"
    r"|posted) (?:it |this |that )?"
    r"(?:on|in|at|outside|above|by)\b|(?:on|in) (?:a|the|some) (?:shop|window|wall|poster|menu|sign|label"
    r"|magazine|bus|t-?shirt|mug))"
)
_FIRST_PERSON = re.compile(r"\b(?:i|my|me|we|am)\b")
_TO_ME = re.compile(r"you are\b")


def _speaker(text: str, match: re.Match[str]) -> Who | None:
    """Return whose words are quoted: `NOBODY` for a thing's, `None` when they may be the person's own."""
    before = re.split(r"[.!?;\n]", text[max(0, match.start() - _REACH) : match.start()])[-1]
    behind = text[match.end() : match.end() + _REACH]
    if _MEANT.match(behind) or _ASKED.search(before):
        return Who.NOBODY
    if _SEEN.match(behind):
        return Who.NOBODY
    said_before = _BEFORE.search(before)
    said_behind = None if said_before else _BEHIND.match(behind)
    if said_before is None and said_behind is None:
        return Who.NOBODY if _THING.search(before) and before.rstrip().endswith(":") else None
    words = (
        before[: said_before.start()] if said_before else behind[: said_behind.end()] if said_behind else ""
    )
    if _THING.search(words) or _IN_STORY.match(behind, said_behind.end() if said_behind else 0):
        return Who.NOBODY
    if said_before and re.fullmatch(_STANDS, said_before["verb"]):
        return Who.NOBODY
    found = subjects(words)
    if found and found[-1].who is Who.ME and not re.match(r" ?\w+ ?\w* ?$", words[found[-1].end :]):
        return None
    if found and found[-1].who is Who.ME and text[: match.start()].rstrip().endswith(("i say", "i said")):
        return None
    return Who.OTHER if words.strip(" ,") else None
