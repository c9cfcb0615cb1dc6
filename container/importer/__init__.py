"""The import: copies a model's weights from its home into the bucket, once, each byte checked."""
