"""Files of weights that are pickle, or may be: reading one runs the code that is in it."""

PICKLES = frozenset({".bin", ".ckpt", ".pt", ".pth", ".pkl", ".pickle", ".msgpack"})
