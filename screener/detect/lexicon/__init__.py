"""Lexicon rules: loading, compiling and matching (``docs/lexicons.md`` describes the files)."""
