import torch

from worker.embeddings import Embedding, Shelf


def test_where_there_is_no_room_the_one_longest_not_asked_for_goes() -> None:
    shelf = Shelf(limit=200)  # two of 80 bytes
    made = {name: Embedding(torch.zeros(1, 4, 5), None) for name in ("negative", "a", "b", "c")}
    for name, embedding in made.items():
        shelf.put(name, embedding)
        assert shelf.get(name) is embedding
        assert shelf.get("negative") is made["negative"]
    assert [shelf.get(name) for name in made] == [made["negative"], None, None, made["c"]]


def test_one_that_is_larger_than_the_room_is_kept_until_the_next() -> None:
    shelf, large = Shelf(limit=10), Embedding(torch.zeros(1, 4, 5), None)
    shelf.put("large", large)
    assert shelf.get("large") is large
    shelf.put("next", large)
    assert shelf.get("large") is None and shelf.get("next") is large
