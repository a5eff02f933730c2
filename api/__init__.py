"""The HTTP service, installed as ``screener.api`` (``screener/api`` links here). Needs the extra ``api``."""
