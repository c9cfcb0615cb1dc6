"""Prints a LoRA for the tiny model, as safetensors: rank 2, on all queries of its UNet."""

import sys
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file, save

unet = load_file(Path("models/tiny/unet/diffusion_pytorch_model.safetensors"))
weights = {}
for name, layer in unet.items():
    if name.endswith("to_q.weight"):
        key = f"unet.{name.removesuffix('.weight')}"
        weights[f"{key}.lora_A.weight"] = np.full((2, layer.shape[1]), 0.01, np.float32)
        weights[f"{key}.lora_B.weight"] = np.full((layer.shape[0], 2), 0.01, np.float32)
sys.stdout.buffer.write(save(weights))
