"""Texts for logs: what might name a person, or open something, is blotted out, whoever wrote the text."""

import re

_CUIL = re.compile(r"(\d{2})[-–./ ]?\d{1,2}[. ]?\d{3}[. ]?\d{3}[-–./ ]?(\d)")
# Not the parts of a network address, which has four.
_WITH_DOTS = re.compile(r"(?<![\d.])\d{1,2}[. ]\d{3}[. ]\d{3}(?!\d|\.\d)")
_LONG_NUMBER = re.compile(r"\d{7,}")
# Also several that stand together without a gap, of which the second begins where no word does.
# The asterisks are those of a number in it, which has gone before.
_MAIL = re.compile(r"(?<![\w.%+'*-])[\w.%+'*-]++(?:@[\w.%+'*-]*+)+")
_QUERY = re.compile(r"(?<=[\w/])\?\S+")
# What our links carry: signed tokens, codes of papers, keys of sessions.
_TOKEN = re.compile(r"(?<=/)[\w:=~-]{20,}(?=[/\s'\")\]>,;]|$)")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def scrubbed(text: str) -> str:
    """The text without CUILs, trámite and document numbers, addresses of mail, and what links carry.

    Digits in a row are blotted from seven on: a number of anybody's has as many. Of eleven, those that
    are no secret by themselves stay (20-********-6), so that two lines can be seen to tell of two.
    """
    text = _QUERY.sub("?…", text)
    text = _TOKEN.sub("…", text)
    text = _CUIL.sub(r"\1-********-\2", text)
    text = _WITH_DOTS.sub("********", text)
    text = _LONG_NUMBER.sub("********", text)
    # Last: what precedes an address without a gap would be taken for a part of it, and half a number left.
    return _MAIL.sub("…@…", text)


def in_one_line(text: str) -> str:
    """Control characters spelled out: nobody writes a second line into the log."""
    return _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}" if found[0] != "\n" else "\\n", text)
