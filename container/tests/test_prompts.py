"""Prompts and weights, on models of random weights and on the tiny model of the repository."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import prompt_checks as checks
import pytest

TINY = Path(__file__).parents[2] / "models" / "tiny"
SD, XL = "StableDiffusionPipeline", "StableDiffusionXLPipeline"
Check = Callable[[Path, str], None]

OF_ALL: list[Check] = [
    checks.plain_prompts_are_what_the_pipeline_makes_of_them,
    checks.escapes_are_the_characters_themselves,
    checks.weights_and_long_prompts_are_compels,
    checks.a_prompt_does_not_depend_on_its_mates,
    checks.lengths_are_known_beforehand,
    checks.a_prompt_is_in_no_log,
]
OF_SD: list[Check] = [
    checks.the_shorter_of_a_pair_is_padded,
    checks.prompts_of_two_lengths_are_no_batch,
    checks.a_text_is_encoded_once,
    checks.other_weights_are_asked_again_once_it_forgets,
]
OF_XL: list[Check] = [
    checks.a_pooled_embedding_has_no_weights,
    checks.zeros_stand_for_no_negative_of_any_length,
]


def named(check: Check) -> str:
    return check.__name__


@pytest.mark.parametrize("check", [*OF_ALL, *OF_SD], ids=named)
def test_stable_diffusion(child: Any, random_model: Path, check: Check) -> None:
    child(check, random_model, SD)


@pytest.mark.parametrize("check", [*OF_ALL, *OF_XL], ids=named)
def test_stable_diffusion_xl(child: Any, xl_model: Path, check: Check) -> None:
    child(check, xl_model, XL)


@pytest.mark.parametrize("check", OF_ALL, ids=named)
def test_the_tiny_model(child: Any, check: Check) -> None:
    child(check, TINY, SD)


def test_old_embeddings_move_to_the_host_and_come_back(child: Any) -> None:
    child(checks.old_embeddings_move_to_the_host_and_come_back)


def test_models_of_sentences_read_texts_as_they_are(child: Any) -> None:
    child(checks.sentence_models_read_texts_as_they_are)
