"""Which batch fits a memory."""

from builders import recipe_of
from worker.compute_batch import Layout
from worker.memory_layout import Line, fit_layout, most_useful_batch


def test_a_batch_is_found_by_what_fits() -> None:
    gib = 1 << 30

    def fit(total: float, resident: float, most: int = 16, graphs: bool = False) -> Layout:
        denoising, decoding = Line(gib // 2, 3 * gib // 4), Line(gib, 2 * gib)
        sizes = int(total * gib), int(resident * gib)
        return fit_layout(*sizes, denoising, decoding, most=most, keeps_graphs=graphs)

    # 0.92 of the memory without 1 GiB: of 24 GiB 21.08 are left for 2 resident and 19.08 to work.
    assert fit(24, 2) == Layout(16, 16)
    assert fit(24, 2, most=4) == Layout(4, 4)
    # Denoising 16 takes 4.25 GiB; 14.83 are left beside its graphs, decoding 16 takes 16.
    assert fit(24, 2, graphs=True) == Layout(16, 1)
    # 1.36 GiB are left: denoising 4 takes 1.25, decoding one takes 1.
    assert fit(8, 5) == Layout(4, 1)
    # Nothing fits: one is tried all the same, what fails is said by the device.
    assert fit(4, 3) == Layout(1, 1)
    assert [most_useful_batch(recipe_of(width=w, height=w)) for w in (512, 1024, 2048)] == [
        16,
        4,
        1,
    ]
