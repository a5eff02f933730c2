"""Build step beyond pyproject.toml: put the data folders of the repository inside the package.

``lexicons/``, ``policies/`` and the trained classifier hold no Python; they are copied as they are, and the compiled
lexicon is added, so that an installed screener starts as fast the first time as every other time.
"""

import shutil
import subprocess
import sys
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).parent
DATA = {"lexicons": "lexicons", "policies": "policies", "models/artefact": "classifier"}


class BuildWithData(build_py):
    """``build_py`` that also copies the data folders."""

    def run(self) -> None:
        """Build, then copy."""
        super().run()
        if self.editable_mode:
            return  # a checkout uses its own folders
        for name, inside in DATA.items():
            target = Path(self.build_lib) / "screener" / inside
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(ROOT / name, target, ignore=shutil.ignore_patterns("*.md", "__pycache__"))
        self._compile_lexicons(Path(self.build_lib).resolve())

    def _compile_lexicons(self, root: Path) -> None:
        """Compile in a process of its own, which imports the copy that is being built."""
        code = (
            f"import sys; sys.path.insert(0, {str(root)!r}); "
            "from screener.detect.lexicon.registry import precompile; precompile()"
        )
        subprocess.run([sys.executable, "-B", "-c", code], check=True, cwd=root)  # noqa: S603


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    setup(cmdclass={"build_py": BuildWithData})
