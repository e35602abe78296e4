"""Is a mission statement one sentence?"""

import re

_END = re.compile(r"[.!?…]+[\"'”’»)]*\s+(?=[\"'“‘«(]*\w)")
_SHORT = re.compile(r"(?:^|[\s(])(?:\w|e\.g|i\.e|etc|p\. ?ex|env|resp|ca|approx|mr|mrs|dr|st|no|vs)$", re.IGNORECASE)


def sentences(text: str) -> int:
    """How many sentences a text seems to hold; abbreviations and lines without a full stop are given the benefit."""
    text = " ".join(text.split())
    ends = [found.start() for found in _END.finditer(text)]
    return sum(not _SHORT.search(text[:end]) for end in ends) + 1 if text else 0


def is_one_sentence(text: str) -> bool:
    return sentences(text) == 1
