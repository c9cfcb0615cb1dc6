"""Parts of a pipeline from their files."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from random_models import FLUX, SD, SD3, XL
from worker.assemble import Place, fill_body, load_encoder, make_body, replace_weights
from worker.kinds import KINDS
from worker.tensors import map_files

PIPELINES = [SD, XL, SD3, FLUX]


@pytest.mark.parametrize("pipeline", PIPELINES)
def test_loads_the_bits_that_from_pretrained_loads(
    model_of: Callable[[str], Path], pipeline: str
) -> None:
    """Every parameter and buffer, with the same dtype, in bfloat16 too."""
    folder, kind, dtype = model_of(pipeline), KINDS[pipeline], torch.bfloat16
    theirs = kind.pipeline.from_pretrained(
        str(folder), dtype=dtype, local_files_only=True, **kind.options
    )
    place = Place(torch.device("cpu"), dtype)
    for name, cls in {**kind.encoders, **kind.bodies}.items():
        files = sorted((folder / name).glob("*.safetensors"))
        if name in kind.encoders:
            ours = load_encoder(cls, folder / name, files, place)
        else:
            ours = make_body(cls, folder / name)
            fill_body(ours, files, place)
        assert not ours.training
        for kind_of in ("named_parameters", "named_buffers"):
            found, wanted = (
                dict(getattr(module, kind_of)()) for module in (ours, getattr(theirs, name))
            )
            assert found.keys() == wanted.keys(), name
            for key, tensor in wanted.items():
                assert found[key].dtype == tensor.dtype, (name, key)
                assert torch.equal(found[key], tensor), (name, key)


@pytest.mark.parametrize("pipeline", PIPELINES)
def test_every_weight_of_an_encoder_is_replaced_by_the_staged_one(
    model_of: Callable[[str], Path], pipeline: str
) -> None:
    folder, place = model_of(pipeline), Place(torch.device("cpu"), torch.float32)
    for name, cls in KINDS[pipeline].encoders.items():
        files = sorted((folder / name).glob("*.safetensors"))
        mapped = map_files(files)
        module = cls.from_pretrained(
            None,
            config=load_encoder(cls, folder / name, files, place).config,
            state_dict=dict(mapped),
            dtype=place.dtype,
        )
        staged = {key: tensor.clone() for key, tensor in mapped.items()}
        replace_weights(module, mapped, staged)
        pointers = {tensor.data_ptr() for tensor in staged.values()}
        assert all(parameter.data_ptr() in pointers for parameter in module.parameters()), name
