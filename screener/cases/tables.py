"""The tables. Times are UTC; a change of these classes needs a migration (``migrations/versions``)."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, DateTime, ForeignKey, MetaData, Numeric, String, Text, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

__all__ = ["Base", "Case", "Event", "EventKind", "Paper", "Status"]


class Status(StrEnum):
    """Where a case stands."""

    OPEN = "open"
    FILED = "filed"
    APPEALED = "appealed"
    WON = "won"
    LOST = "lost"
    DROPPED = "dropped"

    @property
    def closed(self) -> bool:
        """True when nothing more can be done."""
        return self in (Status.WON, Status.LOST, Status.DROPPED)


class EventKind(StrEnum):
    """What else a shop keeps count of."""

    VIOLATION = "violation"
    SCORE = "score"


class Utc(TypeDecorator[dt.datetime]):
    """A time in UTC; databases without zones give it back without one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Any) -> dt.datetime | None:  # noqa: ARG002
        """To UTC."""
        return None if value is None else value.astimezone(dt.UTC)

    def process_result_value(self, value: dt.datetime | None, dialect: Any) -> dt.datetime | None:  # noqa: ARG002
        """From UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


class Base(DeclarativeBase):
    """Names of constraints are fixed, so that migrations can find them on every database."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Case(Base):
    """One refusal and what became of it. No words of a chat are kept, only where the sealed pack lies."""

    __tablename__ = "cases"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[str] = mapped_column(String(100), index=True)
    marketplace: Mapped[str] = mapped_column(String(40))
    region: Mapped[str] = mapped_column(String(20))
    product: Mapped[str] = mapped_column(String(200), default="")
    reason: Mapped[str] = mapped_column(String(200), default="")
    """Id of a reason of the rule packs, or the shop's own words."""
    status: Mapped[Status] = mapped_column(String(20), default=Status.OPEN)
    amount: Mapped[float | None] = mapped_column(Numeric(14, 2, asdecimal=False))
    currency: Mapped[str | None] = mapped_column(String(3))
    opened_at: Mapped[dt.datetime] = mapped_column(Utc)
    due_at: Mapped[dt.datetime | None] = mapped_column(Utc, index=True)
    closed_at: Mapped[dt.datetime | None] = mapped_column(Utc)
    pack: Mapped[str] = mapped_column(Text, default="")
    result: Mapped[str] = mapped_column(Text, default="")
    papers: Mapped[list[Paper]] = relationship(
        back_populates="case", cascade="all, delete-orphan", order_by="Paper.id", lazy="selectin"
    )


class Paper(Base):
    """A paper that a case needs."""

    __tablename__ = "papers"

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    done: Mapped[bool] = mapped_column(default=False)
    case: Mapped[Case] = relationship(back_populates="papers")


class Event(Base):
    """A violation that the marketplace told, or a score that it showed."""

    __tablename__ = "events"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[EventKind] = mapped_column(String(20), index=True)
    at: Mapped[dt.datetime] = mapped_column(Utc)
    marketplace: Mapped[str] = mapped_column(String(40))
    severity: Mapped[str] = mapped_column(String(40), default="")
    score: Mapped[float | None]
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
