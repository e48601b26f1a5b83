"""Forms made plain before they are read: boxes that aren't ticked go, numbered points become lines: `ticked`."""

import re


def ticked(text: str) -> str:
    """Return `text` without what stands beside an empty box, and with each ticked box or number on its own line.

    '[ ] vegan [x] nut allergy' says 'nut allergy'; '1) no fish 2) no nuts' is two lines.
    """
    if "✅" in text and "❌" in text:
        behind = text.rstrip()[-1] in "✅❌"
        text = (_CROSSED_BEHIND if behind else _CROSSED).sub("\n", text)
    if len(_BOX.findall(text)) > 1:
        text = _TICKED.sub("\n", _EMPTY.sub("\n", text))
    if _COUNTED.search(text):
        text = _COUNT.sub("\n", text)
    if len(_NUMBER.findall(text)) > 1:
        text = _NUMBER.sub(", " if ":" in text.split("2", 1)[0] else "\n", text)
    return text


_MARKS = r"\[ ?\]|\[ ?[xX✓✔v] ?\]|\( \)|☐|☑|☒|✅|✓|✔|⬜|◻"
_BOX = re.compile(_MARKS)
_EMPTY = re.compile(rf"(?:\[ ?\]|\( \)|☐|⬜|◻)(?:(?!{_MARKS})[^\n;.])*")
_TICKED = re.compile(r"\[ ?[xX✓✔v] ?\]|☑|☒|✅|✓|✔")
_CROSSED = re.compile(r"❌[^\n;.,✅❌]*")
_CROSSED_BEHIND = re.compile(r"[^\n;.,✅❌]*❌")
_COUNTED = re.compile(
    r"(?<![\w.,])(?<!ype )(?<!yp )1 (?=[^\W\d])[^\n]{3,80}? 2 (?=[^\W\d])[^\n]{3,80}? 3 (?=[^\W\d])"
)
_COUNT = re.compile(r"(?<![\w.,])(?<!ype )(?<!yp )\d (?=[^\W\d])")
_NUMBER = re.compile(r"(?<=\S )\d{1,2}[.)](?= +[^\W\d])")
