"""E-mail addresses, links, handles, cards, accounts and IP addresses.

Every pattern is bounded and starts where a word starts, so that the work grows with the text's length and no faster.
"""

import ipaddress
import re
from collections.abc import Iterator

from training.dataset.redaction.spans import Kind, Span

_EMAIL = re.compile(
    r"(?:mailto:)?(?<![\w.+%-])[\w.+%'-]{1,64}@(?:[^\W_](?:[\w-]{0,62})\.){1,5}[^\W\d_]{2,24}(?![^\W_])"
)
# As people spell an address out: "anna (at) mail (dot) com".
_AT = r"(?:[ ]?[(\[{][ ]?(?:at|ät|arroba|собака|@)[ ]?[)\]}][ ]?|[ ](?:at|ät|arroba|собака)[ ]|[ ]?@[ ]?)"
_DOT = r"(?:[ ]?[(\[{][ ]?(?:dot|punkt|punto|точка|\.)[ ]?[)\]}][ ]?|[ ](?:dot|punkt|punto|точка)[ ]|\.)"
_WRITTEN_EMAIL = re.compile(
    rf"(?<![\w.+%-])[\w+%-]{{1,40}}(?:{_DOT}[\w+%-]{{1,40}}){{0,3}}{_AT}[\w-]{{1,40}}"
    rf"(?:{_DOT}[\w-]{{2,24}}){{0,2}}"
    rf"{_DOT}(?:com|org|net|de|es|ru|co|uk|at|ch|info|eu|fr|it|mx|ar|io|me|edu|gmx|us|ca|com\.ru|рф)(?!\w)",
    re.IGNORECASE,
)
_DOT_GATE = re.compile(r"\.[^\W\d]{2}|[ ([{](?:dot|punkt|punto|точка|\.)[ )\]}]")
_WRITTEN_SIGNS = (" at ", "(at", "[at", "{at", " ät ", "(ät", "[ät", "{ät", "arroba", "собака", "@")

_URL = re.compile(
    r"(?<![\w@])(?:(?:https?|ftp|tg|geo|whatsapp|viber)://?|geo:|www\.)[^\s<>\"\ue000]{1,2048}"
    r"|(?<![\w@.-])(?:[\w-]{1,63}\.){1,4}[a-z]{2,12}/[^\s<>\"\ue000]{1,2048}",
    re.IGNORECASE,
)
_LINK_SIGNS = (":/", "www.", "geo:")
_PATH = re.compile(r"\.[a-z]{2,12}/")
_PROFILE_SIGNS = (
    "telegr", " tg", "insta", " ig", "snap", "discord", "tiktok", "twitter", "skype", "user", "handle", " nick",
    "телег", "инста", " ник", "usuario", "benutzername",
)  # fmt: skip
_TRAILING = ".,;:!?)]}»”’'…*_"
# Places where a link is a person, a group that let them in, or a document of theirs.
_PERSONAL = re.compile(
    r"(?:^|[/.@])(?:t\.me|telegram\.me|telegram\.dog|wa\.me|instagram\.com|facebook\.com|fb\.com|fb\.me"
    r"|m\.me|vk\.com|ok\.ru|twitter\.com"
    r"|x\.com|tiktok\.com|linkedin\.com|snapchat\.com|discord\.gg|discord\.com|signal\.me|threads\.net"
    r"|reddit\.com/u"
    r"|docs\.google\.com|drive\.google\.com|photos\.google\.com|photos\.app\.goo\.gl|maps\.app\.goo\.gl"
    r"|goo\.gl"
    r"|maps\.google\.[a-z.]{2,6}|google\.[a-z.]{2,6}/maps|maps\.apple\.com|openstreetmap\.org"
    r"|yandex\.ru/maps|calendly\.com"
    r"|dropbox\.com|1drv\.ms|icloud\.com|onedrive\.live\.com|zoom\.us|meet\.google\.com|paypal\.me"
    r"|paypal\.com|revolut\.me"
    r"|strava\.com|myfitnesspal\.com|garmin\.com|fitbit\.com|bit\.ly|tinyurl\.com)(?![\w-])",
    re.IGNORECASE,
)
_OF_SOMEBODY = re.compile(
    r"/(?:users?|u|profiles?|members?|account|invite|join|share|shared|reset|verify|unsubscribe|~|@)[/\w@~]",
    re.IGNORECASE,
)
_RANDOM = re.compile(r"(?=[\w-]{0,80}\d)(?=[\w-]{0,80}[A-Za-z])[A-Za-z0-9_-]{16,80}")
_MIXED = re.compile(r"(?=[\w-]{0,80}\d)(?=[\w-]{0,80}[a-z])(?=[\w-]{0,80}[A-Z])[A-Za-z0-9_-]{8,80}")
_WORDS_JOINED = re.compile(r"(?:[a-z]{1,20}|\d{1,6})(?:[-_](?:[a-z]{1,20}|\d{1,6})){1,20}")
_PLAIN_VALUE = re.compile(r"[A-Za-z-]{0,20}|\d{0,4}")

_HANDLE = re.compile(r"(?<![\w@./])@[A-Za-z_][\w.]{1,31}(?<!\.)")
_PROFILE = re.compile(
    r"(?<!\w)(?:telegram|tg|insta|instagram|ig|snapchat|snap|discord|tiktok|twitter|skype|username"
    r"|user name|handle|nick|nickname|телеграм|телеграме|телега"
    r"|инста|инстаграм|ник|usuario|benutzername)(?:[ ](?:is|ist|es|handle|name|id|user|username|account"
    r"|nick|me|at|как|по|under|unter|como)){0,3}"
    r"[ ]?[:=@–-]?[ ]?(?P<handle>[A-Za-z][A-Za-z0-9_.#-]{2,31})",
    re.IGNORECASE,
)

_DIGITS = re.compile(r"\D")
_CARD = re.compile(r"(?<![\w.,])[2-6]\d{3}(?:[ \u00a0.-]?\d){8,15}(?![\w])")
_CARD_CUE = re.compile(
    r"(?:card|karte|kreditkarte|tarjeta|карт[аыуе]|visa|mastercard|amex)[^\d\n]{0,30}(?P<card>\d"
    r"(?:[ -]?\d){11,18})(?!\d)",
    re.IGNORECASE,
)
_IBAN = re.compile(r"(?<![^\W_])[A-Za-z]{2}[ ]?\d{2}(?:[ \u00a0-]?[A-Za-z0-9]{1,4}){3,9}(?![^\W_])")
_IBAN_CUE = re.compile(
    r"(?<!\w)IBAN\W{0,6}(?:[a-zа-я]{1,8}\W{1,3}){0,3}(?P<iban>[A-Za-z]{2}\d{2}"
    r"(?:[ -]?[A-Za-z0-9]{2,4}){2,9})",
    re.IGNORECASE,
)
# Characters of an account number by country (ISO 13616).
_IBAN_LENGTHS = {
    country: length
    for length, countries in {
        15: "NO", 16: "BE", 18: "DK FI FO GL NL", 19: "MK SI", 20: "AT BA EE KZ LT LU XK", 21: "CH HR LI LV",
        22: "BG BH CR DE GB GE IE ME RS VA", 23: "AE GI IL IQ TL", 24: "AD CZ ES MD PK RO SA SE SK TN VG",
        25: "LY PT ST",
        26: "IS TR", 27: "BI DJ FR GR IT MC MR SM", 28: "AL AZ BY CY DO GT HU LB NI PL SV", 29: "BR EG PS QA UA",
        30: "JO KW MU YE", 31: "MT SC", 32: "LC", 33: "RU",
    }.items()
    for country in countries.split()
}  # fmt: skip
_IPV4 = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?:/\d{1,2}(?!\d))?(?!\.?\w)")
_IPV6 = re.compile(
    r"(?<![\w:.])(?:[0-9A-Fa-f]{0,4}:){2,7}(?:[0-9A-Fa-f]{1,4}|(?:\d{1,3}\.){3}\d{1,3})?(?:%\w{1,16})?"
    r"(?![\w:])"
)


IP_GATE = re.compile(r"\d\.\d{1,3}\.\d|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f]{0,4}:")
"""Finds something in every text that may hold an IP address."""


def find_links(text: str) -> Iterator[Span]:
    """Yield e-mail addresses, links that lead to a person or carry a secret, and handles."""
    if "@" in text:
        for match in _EMAIL.finditer(text):
            yield _span(match, Kind.EMAIL, match.group().casefold().removeprefix("mailto:"))
        for match in _HANDLE.finditer(text):
            yield _span(match, Kind.HANDLE, match.group().casefold().lstrip("@"))
    lower = f" {text.lower()}"
    if any(sign in lower for sign in _WRITTEN_SIGNS) and _DOT_GATE.search(lower):
        for match in _WRITTEN_EMAIL.finditer(text):
            yield _span(match, Kind.EMAIL, _spelled_out(match.group()))
    if any(sign in lower for sign in _LINK_SIGNS) or ("/" in lower and _PATH.search(lower)):
        yield from _private_links(text)
    if any(sign in lower for sign in _PROFILE_SIGNS):
        yield from _profiles(text)


def _private_links(text: str) -> Iterator[Span]:
    for match in _URL.finditer(text):
        link = match.group().rstrip(_TRAILING)
        if _is_private(link):
            yield Span(match.start(), match.start() + len(link), Kind.URL, link.casefold())


def _profiles(text: str) -> Iterator[Span]:
    """Yield what is called somebody's name elsewhere and doesn't read like a word: "insta: oats4life_22"."""
    for match in _PROFILE.finditer(text):
        handle = match["handle"].rstrip(".-")
        if re.search(r"[\d_.#]", handle):
            start = match.start("handle")
            yield Span(start, start + len(handle), Kind.HANDLE, handle.casefold())


def find_numbers(text: str) -> Iterator[Span]:
    """Yield cards and bank accounts; to be called for texts that hold many digits."""
    for match in _IBAN.finditer(text):
        # The pattern takes in the words that follow; the checksum says where the account ends.
        end = _iban_end(match.group())
        if end:
            yield Span(match.start(), match.start() + end, Kind.IBAN, _letters(match.group()[:end]))
    for match in _IBAN_CUE.finditer(text):
        # Called an account: it goes without its check digits being right.
        end = _end_of(match["iban"], _IBAN_LENGTHS.get(match["iban"][:2].upper(), 34))
        yield Span(match.start("iban"), match.start("iban") + end, Kind.IBAN, _letters(match["iban"][:end]))
    for match in _CARD.finditer(text):
        digits = _DIGITS.sub("", match.group())
        if len(digits) != 13 and _passes_luhn(digits):
            yield _span(match, Kind.CARD, digits)
    for match in _CARD_CUE.finditer(text):
        yield Span(match.start("card"), match.end("card"), Kind.CARD, _DIGITS.sub("", match["card"]))


def find_addresses(text: str) -> Iterator[Span]:
    """Yield IP addresses."""
    for pattern in (_IPV4, _IPV6):
        for match in pattern.finditer(text):
            address = match.group().partition("/")[0].partition("%")[0]
            if _is_address(address):
                yield _span(match, Kind.IP, address.casefold())


def _span(match: re.Match[str], kind: Kind, key: str) -> Span:
    return Span(match.start(), match.end(), kind, key)


def _spelled_out(address: str) -> str:
    """Return 'anna (at) mail dot com' as 'anna@mail.com'."""
    plain = re.sub(r"(?i)[ (\[{]+(?:at|ät|arroba|собака|@)[ )\]}]+|[ ]?@[ ]?", "@", address)
    plain = re.sub(r"(?i)[ (\[{]+(?:dot|punkt|punto|точка|\.)[ )\]}]+", ".", plain)
    return plain.replace(" ", "").casefold()


def _is_private(link: str) -> bool:
    """Return whether `link` leads to a person or lets somebody in; a public page of recipes doesn't."""
    lower = link.casefold()
    if lower.startswith(("tg:", "geo:", "whatsapp:", "viber:", "ftp:")):
        return True
    address, _, query = link.partition("?")
    address, _, fragment = address.partition("#")
    query, _, later = query.partition("#")
    host = address.partition("://")[2].partition("/")[0] or address.partition("/")[0]
    if (
        "@" in host
        or ":" in host
        or re.fullmatch(r"[\d.]{7,15}", host)
        or host.casefold().startswith("localhost")
    ):
        return True
    if _PERSONAL.search(address) or _OF_SOMEBODY.search(address) or "@" in address:
        return True
    if any(not _PLAIN_VALUE.fullmatch(part.rpartition("=")[2]) for part in query.split("&")):
        return True
    if any(not re.fullmatch(r"[\w-]{0,40}", part) or _is_random(part) for part in (fragment, later)):
        return True
    return any(_is_random(part.partition(".")[0]) for part in address.split("/")[1:])


def _is_random(part: str) -> bool:
    """Return whether a piece of a path reads like a key: digits among letters, and not words joined by hyphens."""
    if _MIXED.fullmatch(part[:80]):
        return True
    return bool(_RANDOM.fullmatch(part[:80])) and not _WORDS_JOINED.fullmatch(part.casefold())


def _letters(text: str) -> str:
    return "".join(char for char in text if char.isalnum()).upper()


def _iban_end(text: str) -> int:
    """Return where the account number at the start of `text` ends by its country and check digits, 0 for none."""
    compact = _letters(text)
    length = _IBAN_LENGTHS.get(compact[:2], 0)
    number = compact[4:length] + compact[:4]
    if not length <= len(compact) or not length or not number.isascii():
        return 0
    if int("".join(str(int(char, 36)) for char in number)) % 97 != 1:
        return 0
    return _end_of(text, length)


def _end_of(text: str, count: int) -> int:
    """Return where the first `count` letters and digits of `text` end."""
    places = [position for position, char in enumerate(text) if char.isalnum()]
    return places[min(count, len(places)) - 1] + 1


def _passes_luhn(digits: str) -> bool:
    """Return whether the check digit is right (ISO/IEC 7812-1), for the lengths that cards have."""
    if not 13 <= len(digits) <= 19 or len(set(digits)) == 1:
        return False
    doubled = [int(digit) * (1 + index % 2) for index, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def _is_address(text: str) -> bool:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    return address.version == 4 or (sum(char.isalnum() for char in text) >= 3)
