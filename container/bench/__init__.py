"""The worker's engine beside plain diffusers, on one machine, in one run."""
