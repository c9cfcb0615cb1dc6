"""A CLIP tokenizer whose merges make every word of the grammar one token.

Other words fall apart into letters, which the model has never seen together: they are legal, and
mean nothing. The files are those of a stock CLIPTokenizer.
"""

import json
import string
from collections import Counter
from itertools import pairwise
from pathlib import Path

from models.training.captions import WORDS

MAX_TOKENS = 24
START, END = "<|startoftext|>", "<|endoftext|>"
SPECIAL_TOKENS = {"bos_token": START, "eos_token": END, "unk_token": END, "pad_token": END}
CHARACTERS = string.ascii_lowercase + string.digits + ",.-'"

Pair = tuple[str, str]


def merge_pair(pieces: list[str], pair: Pair) -> list[str]:
    merged: list[str] = []
    for piece in pieces:
        if merged and (merged[-1], piece) == pair:
            merged[-1] += piece
        else:
            merged.append(piece)
    return merged


def learn_merges(words: tuple[str, ...]) -> list[Pair]:
    """Byte-pair merges in order, until every word is one piece. Ties break by the alphabet."""
    pieces = [[*word[:-1], f"{word[-1]}</w>"] for word in words]
    merges: list[Pair] = []
    while any(len(word) > 1 for word in pieces):
        counts = Counter(pair for word in pieces for pair in pairwise(word))
        best = min(counts, key=lambda pair: (-counts[pair], pair))
        merges.append(best)
        pieces = [merge_pair(word, best) for word in pieces]
    return merges


def make_vocabulary(merges: list[Pair]) -> dict[str, int]:
    single = [*CHARACTERS, *(f"{character}</w>" for character in CHARACTERS)]
    tokens = [*single, *("".join(pair) for pair in merges), START, END]
    return {token: index for index, token in enumerate(dict.fromkeys(tokens))}


def write_tokenizer(folder: Path) -> None:
    """Writes vocab.json, merges.txt and the two configuration files into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    merges = learn_merges(WORDS)
    lines = ["#version: 0.2", *(" ".join(pair) for pair in merges)]
    config = {
        "tokenizer_class": "CLIPTokenizer",
        "model_max_length": MAX_TOKENS,
        "do_lower_case": True,
        **SPECIAL_TOKENS,
    }
    (folder / "vocab.json").write_text(json.dumps(make_vocabulary(merges)))
    (folder / "merges.txt").write_text("\n".join(lines) + "\n")
    (folder / "tokenizer_config.json").write_text(json.dumps(config, indent=2))
    (folder / "special_tokens_map.json").write_text(json.dumps(SPECIAL_TOKENS, indent=2))
