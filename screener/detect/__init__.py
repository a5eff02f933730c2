"""Detectors: each looks at one message and returns findings in its original text."""
