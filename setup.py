"""Build step beyond pyproject.toml: put the data folders of the repository inside the package.

``lexicons/`` and ``policies/`` hold no Python; they are copied as they are, and the compiled lexicon is
added, so that an installed screener starts as fast the first time as every other time.
"""

import shutil
import sys
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).parent
DATA = ("lexicons", "policies")


class BuildWithData(build_py):
    """``build_py`` that also copies the data folders."""

    def run(self) -> None:
        """Build, then copy."""
        super().run()
        if self.editable_mode:
            return  # a checkout uses its own folders
        for name in DATA:
            target = Path(self.build_lib) / "screener" / name
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(ROOT / name, target, ignore=shutil.ignore_patterns("*.md", "__pycache__"))


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    setup(cmdclass={"build_py": BuildWithData})
