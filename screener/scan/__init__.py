"""Batch: many files, all cores, bounded memory, resumable."""
