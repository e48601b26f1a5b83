"""Telephone numbers, in the forms of many countries, told from the other numbers of a diet.

What looks like one is judged by `phonenumbers` (Google's libphonenumber): by itself where it starts with a country
code, by the plans of some countries where it is written as people there write it, and by any where it is called one.
"""

import re
from collections.abc import Iterator

import phonenumbers

from training.dataset.redaction.spans import Kind, Span

_CANDIDATE = re.compile(
    r"(?<![\w.,/:#€$£=-])(?:\+ ?|00)?\(?\d(?:[ \u00a0./()\u2010-\u2015-]{0,3}\d){6,14}(?!\d)"
)
GATE = re.compile(r"\d(?:\D{0,3}\d){6}")
"""Finds something in every text that may hold a number of seven digits or more."""
_CUE = re.compile(
    r"(?:phone|mobile|\bcell|\btel\b|telefon|teléfono|telefono|\bhandy|rufnummer|nummer\b|\bmóvil"
    r"|\bmovil|whats ?app|\bcall\b|\btext me|\bring me"
    r"|\bring\b|\bsms\b|\bfax\b|reach me|reach\b|my number|number is|\bnumber:|\bnumero\b|número|\bllam"
    r"|anruf|erreich|\bruf|signal|viber"
    r"|тел\b|тел\.|телефон|номер|звон|позвон|набер|вотсап|ватсап)",
    re.IGNORECASE,
)
_BEFORE = 48  # characters in which "call me" counts
_UNIT = re.compile(
    r"[ \u00a0]?(?:k?cal(?:orie)?s?|kj|m?g|kg|ml|cl|dl|l|mcg|µg|oz|lbs?|iu|mmol|steps?|schritte|pasos"
    r"|шаг|ккал|г|мг|мл|кг|%|€|\$|£|euros?)(?![^\W\d_])",
    re.IGNORECASE,
)
_NOT_A_PHONE_CUE = re.compile(
    r"(?:barcode|\bean\b|\bgtin|\bupc\b|штрих-?код|strichcode|código de barras|order|bestell|pedido"
    r"|заказ|batch|charge|lot\b|e-?numbers?)[^\n]{0,16}$",
    re.IGNORECASE,
)
_DATE = re.compile(r"(?:\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./]\d{2,4})(?!\d)")
# How people write numbers without a country code, and whose plan such a number must fit.
_NATIONAL: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (
        re.compile(
            r"\(?[2-9]\d{2}\)?[ .\-\u2010-\u2015]{0,2}[2-9]\d{2}[ .\-\u2010-\u2015]?\d{4}"
            r"|1[ .-]\(?[2-9]\d{2}\)?[ .-][2-9]\d{2}[ .-]\d{4}"
        ),
        ("US",),
    ),
    (
        re.compile(r"\(?0\d[\d ()/.\-\u2010-\u2015]{6,20}"),
        ("GB", "DE", "FR", "CH", "AT", "IT", "AU", "NL", "BE", "IE", "UA"),
    ),
    (re.compile(r"8[ (.-]{0,2}\d{3}[ ).-]{0,2}\d{3}[ .-]?\d{2}[ .-]?\d{2}"), ("RU",)),
    (re.compile(r"[6-9]\d{2}[ .-]?(?:\d{3}[ .-]?\d{3}|\d{2}[ .-]?\d{2}[ .-]?\d{2})"), ("ES",)),
    (re.compile(r"9\d{2}[ -]\d{3}[ -]\d{2}[ -]\d{2}"), ("RU",)),
)


def find_phones(text: str) -> Iterator[Span]:
    """Yield the telephone numbers of `text`."""
    for match in _CANDIDATE.finditer(text):
        number = match.group()
        digits = "".join(char for char in number if char.isdigit())
        if 7 <= len(digits) <= 15 and _is_phone(text, match.start(), number, digits):
            # The last digits tell the same number with a country code from one without.
            yield Span(match.start(), match.end(), Kind.PHONE, digits[-9:] if len(digits) >= 9 else digits)


def _is_phone(text: str, start: int, number: str, digits: str) -> bool:
    before = text[max(0, start - _BEFORE) : start]
    if _UNIT.match(text, start + len(number)) or _NOT_A_PHONE_CUE.search(before):
        return False
    if number.startswith("+"):
        return True
    if _DATE.match(number):
        return False
    if number.startswith("00") and _fits(f"+{digits[2:]}", None):
        return True
    if _CUE.search(before):
        return True
    return any(
        pattern.fullmatch(number) and any(_fits(number, region) for region in regions)
        for pattern, regions in _NATIONAL
    )


def _fits(number: str, region: str | None) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(number, region))
    except phonenumbers.NumberParseException:
        return False
