"""Where the data that comes with the package lies.

In a checkout ``lexicons/`` and ``policies/`` stand at the top, where people who never open Python find
them; installed, they lie inside the package.
"""

from __future__ import annotations

from pathlib import Path

__all__ = ["resource_dir"]

_PACKAGE = Path(__file__).parent
_IN_CHECKOUT = {"classifier": "models/artefact"}


def resource_dir(name: str) -> Path:
    """The folder ``name`` (``lexicons``, ``policies`` or ``classifier``) of this installation.

    Raises:
        FileNotFoundError: when the installation is incomplete.

    """
    for candidate in (_PACKAGE / name, _PACKAGE.parent / _IN_CHECKOUT.get(name, name)):
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"the folder {name} is missing from this installation; install the package again")
