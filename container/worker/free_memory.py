"""Makes room on the device again."""

import gc

import torch


def free_memory(*, drop_graphs: bool = False) -> None:
    """Call it outside of the except block: the traceback holds the tensors.

    `drop_graphs`: gives back the private pools of CUDA graphs too, and with them what is compiled;
    another compute batch would be compiled anew anyway.
    """
    gc.collect()
    if drop_graphs:
        torch.compiler.reset()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
