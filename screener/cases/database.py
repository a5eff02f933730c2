"""Open the tracker's database: an SQLite file by default, any other by URL (``postgresql+psycopg://…``)."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from screener.errors import ScreenerError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

__all__ = ["default_url", "open_database", "session"]


def default_url() -> str:
    """An SQLite file in the user's data folder."""
    from platformdirs import user_data_path

    return f"sqlite:///{user_data_path('screener', appauthor=False) / 'cases.db'}"


def open_database(url: str | None = None) -> Engine:
    """The database, brought to the newest form of its tables.

    Raises:
        ScreenerError: E501 without the extra ``cases``, E208 when it cannot be opened.

    """
    try:
        from sqlalchemy import create_engine, event
        from sqlalchemy.engine import make_url
        from sqlalchemy.exc import ArgumentError, SQLAlchemyError
    except ImportError:
        raise ScreenerError("E501", feature="case", package="sqlalchemy", extra="cases") from None
    try:
        where = make_url(url or default_url())
        if where.get_backend_name() == "sqlite" and where.database:
            Path(where.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(where)
        if where.get_backend_name() == "sqlite":
            event.listen(engine, "connect", _strict)
        _migrate(engine)
    except (ArgumentError, SQLAlchemyError, OSError, ModuleNotFoundError) as error:
        # Words of database errors can hold passwords and rows.
        raise ScreenerError("E208", reason=type(error).__name__) from None
    return engine


def _strict(connection: Any, _: Any) -> None:
    """SQLite keeps its promises about foreign keys only when it is told to."""
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA busy_timeout = 5000")


def _migrate(engine: Engine) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


@contextmanager
def session(engine: Engine) -> Iterator[Session]:
    """A transaction: kept when the block ends, undone when it fails."""
    from sqlalchemy.orm import Session

    with Session(engine, expire_on_commit=False) as opened, opened.begin():
        yield opened
