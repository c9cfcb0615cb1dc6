"""From files to a model: in order, in parts, and what is wrong with them said by name."""

from pathlib import Path

import load_checks as checks
from test_xl import run_apart


def test_prompts_are_encoded_before_the_rest_arrives(random_model: Path) -> None:
    run_apart(checks.prompts_are_encoded_before_the_rest_arrives, random_model)


def test_a_problem_of_the_download_reaches_who_waits(random_model: Path) -> None:
    run_apart(checks.a_problem_of_the_download_reaches_who_waits, random_model)


def test_a_stop_ends_a_load(random_model: Path) -> None:
    run_apart(checks.a_stop_ends_a_load, random_model)


def test_files_that_do_not_load_are_named(random_model: Path, tmp_path: Path) -> None:
    run_apart(checks.files_that_do_not_load_are_named, random_model, tmp_path)


def test_unknown_pipelines_and_schedulers_are_refused(random_model: Path, tmp_path: Path) -> None:
    run_apart(checks.unknown_pipelines_and_schedulers_are_refused, random_model, tmp_path)


def test_measures_ours_beside_from_pretrained(random_model: Path) -> None:
    run_apart(checks.measures_both_ways, random_model)
