import torch

from worker.embeddings import Embedding, Shelf


def test_old_embeddings_move_to_the_host_and_come_back() -> None:
    shelf = Shelf(torch.device("cpu"), limit=100)
    made = {str(n): Embedding(torch.full((1, 4, 5), float(n)), None) for n in range(3)}
    for text, embedding in made.items():
        shelf.put(text, embedding)
    for text, embedding in made.items():
        found = shelf.get(text)
        assert found is not None and torch.equal(found.tokens, embedding.tokens)
    assert shelf.get("3") is None
