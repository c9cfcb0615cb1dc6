from worker.compute_batch import Size
from worker.warm_up import WarmUp


def test_warming_up_is_what_the_first_batch_of_a_kind_takes_longer() -> None:
    warm_up = WarmUp()
    small, large = Size(64, 64), Size(128, 64)
    slow, quick = [9.0, 12.0, 13.0, 14.0, 15.0], [3.0, 4.0, 5.0]
    for kind, size, times in [
        ("a", small, slow),
        ("a", small, [50.0]),
        ("b", small, [1.0, 2.0]),
        ("a", large, quick),
    ]:
        warm_up.begin(kind, size).extend(times)
    # Steps of 9, 3, 1, 1 and 1 s: 10 s above five of 1 s. Two steps tell nothing.
    assert (warm_up.seconds_of(small), warm_up.seconds_of(large)) == (10, 2)
    assert warm_up.seconds == 12
