"""Connected pieces of a mask, without SciPy: pictures here are 64x64."""

import numpy as np


def label_pieces(mask: np.ndarray) -> tuple[np.ndarray, list[int]]:
    """Labels from 1 on for the 4-connected pieces of the mask, and the pieces' pixel counts."""
    labels, counts = np.zeros(mask.shape, int), []
    for start in zip(*np.nonzero(mask), strict=True):
        if not labels[start]:
            counts.append(flood(mask, labels, start, len(counts) + 1))
    return labels, counts


def flood(mask: np.ndarray, labels: np.ndarray, start: tuple[int, int], label: int) -> int:
    stack, count = [start], 0
    labels[start] = label
    height, width = mask.shape
    while stack:
        y, x = stack.pop()
        count += 1
        for near in ((y - 1, x), (y + 1, x), (y, x - 1), (y, x + 1)):
            inside = 0 <= near[0] < height and 0 <= near[1] < width
            if inside and mask[near] and not labels[near]:
                labels[near] = label
                stack.append(near)
    return count
