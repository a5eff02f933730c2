"""Training of the classifier: run from a checkout, never installed. See ``python -m models.train --help``."""
