"""Where somebody lives or is: street addresses and coordinates."""

import re
from collections.abc import Iterator

from training.dataset.redaction.spans import Kind, Span

_NUMBER = r"-?\d{1,3}[.,]\d{4,15}"
_PAIR = re.compile(
    rf"(?<![\w.,])(?P<a>{_NUMBER})°?[ ]?[NSСЮ]?[ ]?[,;/ ][ ]{{0,2}}(?P<b>{_NUMBER})(?!\d)"
    rf"(?:°?[ ]?[EWOВЗ](?!\w)|°)?(?![ ]?(?:k?cal|m?g|ml)(?!\w))"
)
_DEGREES = re.compile(
    r"(?<![\w.,])\d{1,3}(?:[.,]\d{1,8})?[ ]?°[ ]?(?:\d{1,2}(?:[.,]\d{1,6})?[ ]?['′’][ ]?(?:\d{1,2}"
    r"(?:[.,]\d{1,4})?[ ]?[\"″”][ ]?)?)?[NSСЮ]"
    r"[,; ]{0,3}(?:und |and |y |и )?\d{1,3}(?:[.,]\d{1,8})?[ ]?°[ ]?(?:\d{1,2}"
    r"(?:[.,]\d{1,6})?[ ]?['′’][ ]?(?:\d{1,2}(?:[.,]\d{1,4})?[ ]?[\"″”][ ]?)?)?[EWOВЗ](?!\w)"
)
_CUED = re.compile(
    r"(?:coords?|coordinates|gps|lat(?:itude)?|location|standort|koordinaten|coordenadas|ubicaci[oó]n"
    r"|координаты|геолокация|геопозиция|локация)"
    r"\W{0,4}(?:\w{1,10}\W{1,3}){0,3}(?P<place>-?\d{1,3}[.,]\d{1,15}°?[ ]?[NS]?[,;/ ]{1,3}(?:(?:and|und"
    r"|y|и|lon|long|lng|longitude|долгота)[ :=]{1,3}){0,2}-?\d{1,3}[.,]\d{1,15}(?:°?[ ]?[EWO](?!\w))?)",
    re.IGNORECASE,
)
_PLUS_CODE = re.compile(r"(?<!\w)[2-9CFGHJMPQRVWX]{4,8}\+[2-9CFGHJMPQRVWX]{2,3}(?!\w)")

_CAP = r"[A-ZÀ-ÖØ-ÞА-ЯЁ][\w'’.-]{0,24}"
_HOUSE = r"\d{1,5}(?:[ ]?[-–/][ ]?\d{1,4})?[ ]?[A-Za-zА-Яа-я]?(?![\w])"
_FLAT = r"(?:[,]?[ ](?:Apt|apt|Apartment|apartment|Flat|flat|Unit|unit|Suite|Ste|No|#)\.?[ ]?#?[ ]?\w{1,6})?"
_EN_TYPE = (
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Place|Pl|Close|Crescent"
    r"|Terrace|Way|Gardens|Grove|Mews|Square|Sq|Parkway|Pkwy"
    r"|Highway|Hwy|Circle|Cir|Row|Hill|Walk|Parade|Quay|Wharf|Trail|Broadway|street|road|avenue|lane"
    r"|drive|boulevard|close|crescent)"
)
_UK_POST = r"[A-Z]{1,2}\d[A-Z\d]?[ ]\d[A-Z]{2}(?!\w)"
_TOWN = rf"(?:[,]?[ \n]{_CAP}(?:[ -]{_CAP}){{0,2}})?"
_EN_TAIL = (
    rf"(?:(?:[,]?[ \n]{_CAP}(?:[ -]{_CAP}){{0,2}}){{0,2}}[,]?[ \n](?:{_UK_POST}|[A-Z]{{2}}[ ]\d{{5}}"
    rf"(?:-\d{{4}})?(?!\w)|\d{{5}}(?!\w))|,[ ]{_CAP}(?:[ -]{_CAP}){{0,2}}(?:,[ ][A-Z]{{2}}(?!\w))?)?"
)
_EN = re.compile(
    rf"(?<![\w.,])(?:(?:Flat|flat|Apartment|Apt|Unit)[ ]\w{{1,5}},?[ ])?{_HOUSE}[ ](?:[NSEW]\.?[ ])?"
    rf"(?:{_CAP}[ ]|\d{{1,3}}(?:st|nd|rd|th)[ ]|[a-z]{{3,14}}[ ]){{1,3}}{_EN_TYPE}\.?(?![\w])(?![ ]"
    rf"(?:food|Food|taco|Taco|style|Style|eat|corn))(?:[ ](?:[NSEW]{{1,2}}|North|South|East|West)"
    rf"(?!\w))?{_FLAT}{_EN_TAIL}"
)
_UK_POSTCODE = re.compile(rf"(?<![\w])(?:{_UK_POST})")
_US_TOWN = re.compile(rf"(?<!\w){_CAP}(?:[ ]{_CAP}){{0,2}},[ ](?:[A-Z]{{2}})[ ]\d{{5}}(?:-\d{{4}})?(?!\w)")
_PO_BOX = re.compile(
    r"(?<!\w)(?:P\.?[ ]?O\.?[ ]?Box|Postfach|Apartado(?: de correos)?|а/я)[ ]\d{1,7}", re.IGNORECASE
)
_DE_POST = (
    rf"(?:[,]?[ \n](?:D-|A-|CH-)?\d{{4,5}}[ ]{_CAP}(?:[ -]{_CAP}){{0,2}}|,?[ ](?:in[ ])?{_CAP}(?=[.,!?\n]"
    rf"|$))?"
)
_DE = re.compile(
    rf"(?<![\w])(?:(?:Am|An der|Auf der|Auf dem|Im|In der|Zum|Zur|Unter den|Alte|Alter|Neue|Neuer|Große"
    rf"|Kleine|Obere|Untere)[ ])?"
    rf"(?:[A-ZÄÖÜ][\w.-]{{1,40}}(?:[ -](?=(?:Stra|stra|Str|Allee|Platz|Weg|Gasse|Ring|Ufer|Damm))|"
    rf"(?=\b)|))(?:(?<=stra[sß]e)|(?<=strasse)|(?<=str\.)|(?<=weg)|(?<=platz)|(?<=gasse)|(?<=allee)|"
    rf"(?<=ring)|(?<=ufer)|(?<=damm)|(?<=stieg)|(?<=markt)|(?<=hof)"
    rf"|(?:[Ss]tra[sß]e|[Ss]trasse|[Ss]tr\.|Allee|Platz|Weg|Gasse|Ring|Ufer|Damm))[ ]{_HOUSE}{_DE_POST}"
)
_DE_PLACE = re.compile(
    rf"(?<!\w)(?:Unter den[ ]{_CAP}[ ]{_HOUSE}|(?:Am|An der|An den|Auf der|Auf dem|In der|Im|Zum"
    rf"|Zur)[ ]{_CAP}[ ]{_HOUSE},?[ ]\d{{5}})(?:,?[ ]\d{{5}})?(?:[ ]{_CAP})?"
)
_DE_TOWN = re.compile(
    rf"(?<![\w])(?:(?:D-|A-|CH-)\d{{4,5}}|(?:PLZ[ ]?|in[ ]|aus[ ]|wohne[ ])\d{{5}})[ ]{_CAP}(?!\w)|"
    rf"(?<![\w.,])\d{{5}}[ ]{_CAP}(?=[.,!?\n]|$)"
)
_ES = re.compile(
    rf"(?<![\w])(?:[Cc]alle|[Cc]/|C\.|[Aa]venida|[Aa]vda\.?|[Aa]v\.|[Pp]laza|[Pp]za\.?|[Pp]aseo|[Pp]º"
    rf"|[Cc]amino|[Cc]arrer|[Rr]onda|[Cc]arretera|[Tt]ravesía)[ ]?(?:(?:de|del|la|las|los|el"
    rf"|y)[ ]){{0,3}}{_CAP}(?:[ ](?:(?:de|del|la|las|los|y)[ ]){{0,2}}{_CAP}){{0,4}}"
    rf"(?:,?[ ](?:n[º°o.]{{1,2}}[ ]?|número[ ])?\d{{1,4}}(?!\d)(?:[ ]?[A-Za-z](?!\w))?)"
    rf"(?:,?[ ]\d{{1,2}}[ºª°](?:[ -]?[A-Za-zª](?!\w)|[ ](?:izq|dcha|derecha|izquierda)\w{{0,6}})?)?"
    rf"(?:,?[ ]\d{{5}}(?:[ ]{_CAP}(?:[ ]{_CAP}){{0,2}})?|,[ ]{_CAP})?"
)
_RU = re.compile(
    rf"(?<![\w])(?:(?:г\.|город)[ ]?{_CAP},?[ ])?(?:ул\.|улиц[аеуы]|пр\.|пр-т|просп\.|проспект[еу]?"
    rf"|пер\.|переул\w{{0,4}}|бул\.|бульвар[еу]?|ш\.|шоссе|наб\.|набережн\w{{0,3}}|пл\.|площад[ьи])[ ]?"
    rf"(?:{_CAP}|\d{{1,2}}-?[а-я]{{0,3}}|[а-я]{{3,14}})(?:[ ]{_CAP}){{0,2}}"
    rf",?[ ](?:д\.?|дом)?[ ]?\d{{1,4}}[ ]?[а-яА-Я]?(?!\w)(?:,?[ ]?(?:к\.|корп\.?|корпус"
    rf"|стр\.?)[ ]?\d{{1,3}})?(?:,?[ ](?:кв\.?|квартира)[ ]?\d{{1,4}})?"
    rf"|(?<![\w]){_CAP}[ ](?:ул\.|улица|проспект|пр-т|переулок|бульвар|шоссе),?[ ](?:д\.?"
    rf"|дом)?[ ]?\d{{1,4}}[а-яА-Я]?(?!\w)(?:,?[ ](?:кв\.?|квартира)[ ]?\d{{1,4}})?"
)
# Signs that are searched for first: a pattern takes a hundred times as long.
_PLACE_SIGNS = ("°", "coord", "gps", " lat", "\nlat", "ocation", "standort", "koord", "ubicaci")
_RUSSIAN_PLACE_SIGNS = ("коорд", "гео", "локац")
_PLACE_NUMBERS = re.compile(r"\d[.,]\d{4}")
_SIGNS_EN = re.compile(
    r" (?:st|street|road|rd|ave|avenue|lane|ln|drive|dr|boulevard|blvd|court|ct|place|pl|close|crescent|terrace|way"
    r"|gardens|grove|mews|square|sq|parkway|pkwy|highway|hwy|circle|cir|row|hill|walk|parade|quay|wharf|trail"
    r"|broadway)\b"
)
_SIGNS_DE = (
    "straße ", "strasse ", "strase ", "str. ", "weg ", "platz ", "gasse ", "allee ", "ring ", "ufer ", "damm ",
    "stieg ", "markt ", "hof ",
)  # fmt: skip
_SIGNS_ES = (
    "calle", "c/", "c. ", "avenida", "avda", "av.", "plaza", "pza", "paseo", "pº", "camino", "carrer", "ronda",
    "travesía",
)  # fmt: skip
_SIGNS_RU = (
    "ул.", "улиц", "пр.", "пр-т", "просп", "пер.", "переул", "бул", "ш.", "шоссе", "наб", "пл.", "площад",
)  # fmt: skip
_GATE_POST = re.compile(r"\d{4,5}|Unter den|[A-Z]{1,2}\d[A-Z\d]?[ ]\d[A-Z]|[Bb]ox|BOX|Postfach|partado|а/я")


def find_places(text: str) -> Iterator[Span]:
    """Yield coordinates and addresses; to be called for texts that hold digits."""
    lower = f" {text.lower()}"
    if _may_hold_coordinates(text, lower):
        for pattern in (_PAIR, _DEGREES, _CUED, _PLUS_CODE):
            for match in pattern.finditer(text):
                if pattern is not _PAIR or _is_on_earth(match["a"], match["b"]):
                    group = "place" if pattern is _CUED else 0
                    yield _span(text, match.start(group), match.end(group), Kind.LOCATION)
    patterns = [pattern for signs, pattern in _STREETS if any(sign in lower for sign in signs)]
    if _SIGNS_EN.search(lower):
        patterns.append(_EN)
    if not text.isascii() and any(sign in lower for sign in _SIGNS_RU):
        patterns.append(_RU)
    if _GATE_POST.search(text):
        patterns += _TOWNS
    for pattern in patterns:
        for match in pattern.finditer(text):
            yield _span(text, match.start(), match.end(), Kind.ADDRESS)


_STREETS = ((_SIGNS_DE, _DE), (_SIGNS_ES, _ES))
_TOWNS = (_UK_POSTCODE, _US_TOWN, _PO_BOX, _DE_TOWN, _DE_PLACE)


def _may_hold_coordinates(text: str, lower: str) -> bool:
    return (
        any(sign in lower for sign in _PLACE_SIGNS)
        or "+" in text
        or _PLACE_NUMBERS.search(text) is not None
        or (not text.isascii() and any(sign in lower for sign in _RUSSIAN_PLACE_SIGNS))
    )


def _span(text: str, start: int, end: int, kind: Kind) -> Span:
    return Span(start, end, kind, "".join(char for char in text[start:end].casefold() if char.isalnum()))


def _is_on_earth(latitude: str, longitude: str) -> bool:
    return abs(float(latitude.replace(",", "."))) <= 90 and abs(float(longitude.replace(",", "."))) <= 180
