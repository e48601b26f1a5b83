"""The forms in which a text is read: as it is written, and with the disguises of its letters taken off."""

import html
import re
import unicodedata

_BLANKS = dict.fromkeys(map(ord, "\u115f\u1160\u3164\uffa0\u2800"))
_LETTERS = str.maketrans(
    {"\N{LATIN SMALL LETTER DOTLESS I}": "i", "ł": "l", "ø": "o", "đ": "d", "œ": "oe", "æ": "ae"}
)
_APOSTROPHES = re.compile(r"['’‘\u02bc\u00b4`]")
_TAG = re.compile(r"<[^<>\n]{1,200}>")
_LINK = re.compile(r"\[([^\[\]\n]*)\]\([^()\n]*\)")
_CITATION = re.compile(r"\[\d{1,3}(?:\s*,\s*\d{1,3})*\]")
_MARKUP = re.compile(r"[*~_]+")
_DASH = re.compile(r"[^\S\n]*[—–][^\S\n]*|(?<=\S)[^\S\n]+-{1,2}[^\S\n]+(?=\S)")
_HYPHEN = re.compile(r"(?<=\w)[-\u2010\u2011](?=\w)")
# In 'pea-nut' the hyphen is a disguise, in 'nut-free' it isn't.
_GAP = re.compile(
    r"(?<=\w)(?<!\bnon)[-\u2010\u2011](?!(?:free|based|style|infused|fried|alcoholic)\b)(?=\w)", re.IGNORECASE
)
_DOTTED = re.compile(r"(?<!\w)[^\W\d_](?:[.·•][^\W\d_]){2,}(?!\w)")
_SPELLED = re.compile(r"(?<!\w)[^\W\d_](?:[ .\-·•/|][^\W\d_]){3,}(?!\w)")
_MIXED = re.compile(r"(?<![\w@$])(?=[\w@$]*[a-z][\w@$]*[a-z])(?=[\w@$]*[0-9@$])[\w@$]+")

# Letters of other alphabets that look like Latin ones, after case folding.
_CONFUSABLE = str.maketrans(
    "аеорсухіјѕһкмтвнԁԛԝɡӏгиαεορνυκτιχημβγɑɩօոսᴀʙᴄᴅᴇɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ",
    "aeopcyxijshkmtbhdqwglruaeopvuktixnmbyaionuabcdeghijklmnoprstuvwyz",
)
_DIGITS = str.maketrans("01345789@$", "oieastbgas")
_DIGITS_L = str.maketrans("01345789@$", "oleastbgas")


def fold(text: str) -> str:
    """Return text in the form of the lists: no case, accents, apostrophes, hyphens, markup or invisible letters."""
    plain = unicodedata.normalize("NFKD", _TAG.sub("", html.unescape(text)))
    plain = "".join(letter for letter in plain if unicodedata.category(letter) not in {"Mn", "Me", "Cf"})
    plain = plain.translate(_BLANKS).casefold().translate(_LETTERS)
    plain = _CITATION.sub(" ", _LINK.sub(r"\1", plain))
    plain = _APOSTROPHES.sub("", _MARKUP.sub("", plain))
    return re.sub(r"[^\S\n]+", " ", _HYPHEN.sub(" ", _DASH.sub(" ; ", plain))).strip(" ")


def forms(text: str) -> tuple[str, ...]:
    """Return the folded text, and what it would be with foreign letters, digits and gaps read as plain letters."""
    plain = fold(text)
    dotted = _DOTTED.sub(lambda found: re.sub(r"\W", "", found[0]), _GAP.sub("", text))
    solid = fold(_SPELLED.sub(lambda found: re.sub(r"\W", "", found[0]), dotted))
    latin = solid.translate(_CONFUSABLE)
    undisguised = (latin, plain.translate(_CONFUSABLE))
    digits = [_without_digits(form, table) for form in undisguised for table in (_DIGITS, _DIGITS_L)]
    return tuple(dict.fromkeys((plain, *undisguised, *digits)))


def _without_digits(form: str, table: dict[int, int]) -> str:
    return _MIXED.sub(lambda found: found[0].translate(table), form)
