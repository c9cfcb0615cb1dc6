"""The worker: renders the missing images of one shard and uploads each as soon as it exists."""
