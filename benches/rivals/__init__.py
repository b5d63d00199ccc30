"""SC-REF by other means: SimPy, Ciw, numpy. Each has ``run(work, replications, seed)``."""
