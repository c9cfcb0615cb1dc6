r"""The syntax of prompts: weights as compel writes them, and nothing else.

  `(red ball)1.3`, `(red ball)++`, `(red ball)-`  a group with a number or signs: 1.1 and 0.9 each
  `ball++`, `ball--`                              a word with two signs or more
  `\(`, `\)`, `\[`, `\]`, `\+`, `\-`              the character itself
Groups nest, their weights multiply; parentheses without a weight are text. compel's own parser is
not used: it drops such parentheses and quotes and takes `post-` for a weight, so that prompts which
hold no weight would change. Validate prompts reads by the same rules (functions/core/
input/prompt-syntax.ts) and refuses other forms; test/fixtures/prompts.json holds both to it.
"""

import re
from typing import NamedTuple

WHITESPACE = " \t\n\r\f\v\u00a0\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
ESCAPE = re.compile(r"\\([()\[\]+-])")
BOUNDARY = re.compile(rf"[{WHITESPACE},.;:!?)\]\"']|\Z")
# Ends a word; a full stop does where a boundary follows it.
DELIMITER = re.compile(rf"[{WHITESPACE}()\[\],;:!?\"]|\.(?=[{WHITESPACE},.;:!?)\]\"']|\Z)")
GROUP_WEIGHT = re.compile(r"[0-9]+(?:\.[0-9]+)?|\.[0-9]+|\++|-+")
BASES = {"+": 1.1, "-": 0.9}


class Fragment(NamedTuple):
    text: str
    weight: float


def to_weight(written: str) -> float:
    """By repeated multiplication: the same double in TypeScript."""
    base = BASES.get(written[0])
    if base is None:
        return float(written)
    weight = 1.0
    for _ in written:
        weight *= base
    return weight


def pair_parentheses(text: str) -> dict[int, int]:
    """The place of the closing parenthesis of each opening one. Escaped ones are text."""
    pairs: dict[int, int] = {}
    waiting: list[int] = []
    at = 0
    while at < len(text):
        if ESCAPE.match(text, at):
            at += 1
        elif text[at] == "(":
            waiting.append(at)
        elif text[at] == ")" and waiting:
            pairs[waiting.pop()] = at
        at += 1
    return pairs


def read_group_weight(text: str, at: int) -> tuple[float, int] | None:
    """The weight written right behind a closing parenthesis, and where it ends."""
    written = GROUP_WEIGHT.match(text, at)
    if written is None or not BOUNDARY.match(text, written.end()):
        return None
    return to_weight(written[0]), written.end()


def read_word(text: str, at: int) -> tuple[int, int]:
    """The word at `at`: where its body and its signs end. Equal where it has no weight."""
    end = literal = at
    while end < len(text) and not DELIMITER.match(text, end):
        is_escape = ESCAPE.match(text, end) is not None
        end += 2 if is_escape else 1
        if is_escape:
            literal = end
    body = end
    while body > literal and text[body - 1] in BASES and text[body - 1] == text[end - 1]:
        body -= 1
    is_mixed = body > literal and text[body - 1] in BASES
    is_weighted = body > at and end - body >= 2 and not is_mixed and BOUNDARY.match(text, end)
    return (body if is_weighted else end), end


def join(fragments: list[Fragment]) -> list[Fragment]:
    """Neighbours of the same weight are one fragment."""
    joined: list[Fragment] = []
    for fragment in fragments:
        if joined and joined[-1].weight == fragment.weight:
            joined[-1] = Fragment(joined[-1].text + fragment.text, fragment.weight)
        elif fragment.text:
            joined.append(fragment)
    return joined


def parse_prompt(text: str) -> list[Fragment]:
    """The texts of a prompt in order, each with its weight (1: as it is). Never fails."""
    groups = pair_parentheses(text)
    fragments: list[Fragment] = []
    stack = [(len(text), len(text), 1.0)]
    at = 0
    while stack:
        group_end, resume, outer = stack[-1]
        if at >= group_end:
            at = resume
            stack.pop()
            continue
        close = groups.get(at)
        group = None if close is None else read_group_weight(text, close + 1)
        if close is not None and group:
            stack.append((close, group[1], outer * group[0]))
            at += 1
            continue
        body, end = read_word(text, at)
        weight = outer * to_weight(text[body:end]) if body < end else outer
        end = max(end, at + 1)
        part = text[at : body if body > at else end]
        fragments.append(Fragment(ESCAPE.sub(r"\1", part), weight))
        at = end
    return join(fragments)
