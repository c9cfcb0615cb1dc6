"""What an import prints: one line each, whatever a hub or an error says, and never the token."""

import re

REDACTED = "<token>"
# A header can't carry more; a library would quote what it refuses.
TOKEN = re.compile(r"[\x21-\x7e]{1,512}")
# C0, DEL, C1, line separators, and the marks that change the direction of what follows.
UNPRINTABLE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]+"
)


def plain(text: str, token: str | None = None) -> str:
    """A line for a log or a terminal; who writes file names could else forge or colour one."""
    shown = text.replace(token, REDACTED) if token else text
    return UNPRINTABLE.sub(" ", shown).strip()


def token_problem(token: str) -> str | None:
    """What is wrong with a token, without a word of it."""
    if TOKEN.fullmatch(token):
        return None
    return (
        "Expected `HF_TOKEN` to be one line of letters, digits and signs, got something else. "
        "To fix: copy the token again."
    )
