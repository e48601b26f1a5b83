"""Forms made plain before they are read: boxes that aren't ticked go, numbered points become lines: `ticked`."""

import re


def ticked(text: str) -> str:
    """Return `text` without what stands beside an empty box, and with each ticked box or number on its own line.

    '[ ] vegan [x] nut allergy' says 'nut allergy'; '1) no fish 2) no nuts' is two lines.
    """
    if _BOX.search(text):
        text = _TICKED.sub("\n", _EMPTY.sub("\n", text))
    if len(_NUMBER.findall(text)) > 1:
        text = _NUMBER.sub("\n", text)
    return text


_MARKS = r"\[ ?\]|\[ ?[xX✓✔v] ?\]|\( \)|☐|☑|☒|✅|✓|✔|⬜|◻|❌"
_BOX = re.compile(_MARKS)
_EMPTY = re.compile(rf"(?:\[ ?\]|\( \)|☐|⬜|◻|❌)(?:(?!{_MARKS})[^\n;.])*")
_TICKED = re.compile(r"\[ ?[xX✓✔v] ?\]|☑|☒|✅|✓|✔")
_NUMBER = re.compile(r"(?<![\w.])\d{1,2}[.)](?= +[^\W\d])")
