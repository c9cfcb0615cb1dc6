from pathlib import Path

import numpy as np
import pytest
from transformers import CLIPTokenizer

from models.training.captions import COMBINATIONS, WORDS, pick_scenes, write_caption
from models.training.tokenizer import MAX_TOKENS, write_tokenizer


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> CLIPTokenizer:
    folder: Path = tmp_path_factory.mktemp("tokenizer")
    write_tokenizer(folder)
    return CLIPTokenizer.from_pretrained(folder)


@pytest.mark.parametrize("word", WORDS)
def test_every_word_of_the_grammar_is_one_token(tokenizer: CLIPTokenizer, word: str) -> None:
    assert tokenizer.tokenize(word) == [f"{word}</w>"]


def test_case_does_not_matter(tokenizer: CLIPTokenizer) -> None:
    assert tokenizer("A Red STAR").input_ids == tokenizer("a red star").input_ids


def test_an_unknown_word_falls_apart_into_known_letters(tokenizer: CLIPTokenizer) -> None:
    tokens = tokenizer.tokenize("zebra")
    assert len(tokens) > 1
    assert set("".join(tokens)) - set("</w>") == set("zebra")
    assert str(tokenizer.unk_token) not in tokens


def test_no_caption_is_cut_off(tokenizer: CLIPTokenizer) -> None:
    rng = np.random.default_rng(0)
    scenes = pick_scenes(COMBINATIONS, 500, rng)
    lengths = [len(tokenizer(write_caption(scene, rng)).input_ids) for scene in scenes]
    assert max(lengths) <= MAX_TOKENS
