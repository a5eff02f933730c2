"""Speech acts: what a message asserts, read by a small encoder (onnxruntime)."""
