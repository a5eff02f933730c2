"""The tracker of cases: through its commands and on its database."""

import csv
import datetime as dt
import io
import json

import pytest
from click.testing import CliRunner

pytest.importorskip("sqlalchemy")

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from screener.cases import tracker
from screener.cases.database import open_database, session
from screener.cases.rules import read_rules
from screener.cases.tables import Base, Case, Event, EventKind, Status
from screener.cli.case import command
from screener.errors import ScreenerError

NOW = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)


@pytest.fixture
def run(tmp_path):
    def go(*args, fails=False):
        done = CliRunner().invoke(command, ["--db", f"sqlite:///{tmp_path}/cases.db", *args])
        assert (done.exit_code != 0) == fails, done.output
        return done.output if done.exception is None or fails else pytest.fail(repr(done.exception))

    return go


@pytest.fixture
def database(tmp_path):
    engine = open_database(f"sqlite:///{tmp_path}/cases.db")
    with session(engine) as opened:
        yield opened
    engine.dispose()


def case(**given):
    form = {
        "order_id": "1", "marketplace": "tiktok_shop", "region": "US", "product": "", "reason": "",
        "status": Status.OPEN, "opened_at": NOW, "pack": "", "result": "",
    }  # fmt: skip
    return Case(**{**form, **given})


def add(run, *more):
    return run("add", "--order", "5771", "--region", "US", "--asked-at", "2026-11-20T10:00:00-08:00", *more)


def test_a_case_through_its_life(run):
    # Friday; Monday, Tuesday.
    assert "due 2026-11-24T18:00:00+00:00" in add(run, "--reason", "functions_well", "--product", "Lamp")
    assert "missing: Pictures of the whole conversation" in run("list", "--open")
    assert "filed" in run("update", "1", "--status", "filed", "--done", "Pictures of the whole conversation")
    assert "Pictures" not in run("list")
    run("update", "1", "--status", "won", "--result", "refund refused")
    assert run("list", "--open") == ""
    row = json.loads(run("list", "--format", "json"))[0]
    assert (row["status"], row["result"], row["reason"]) == (
        "won",
        "refund refused",
        "tiktok_shop.global.reason.functions_well",
    )
    assert row["closed_at"]
    assert "won by reason: tiktok_shop.global.reason.functions_well 1" in run("stats")


def test_an_order_above_the_sum_has_longer(run):
    assert "due 2026-11-27T18:00:00+00:00" in add(run, "--amount", "150 USD")


def test_unknown_deadlines_are_said_to_be(run):
    assert "due unknown" in run("add", "--order", "1", "--region", "BR", "--asked-at", "2026-11-20T10:00:00Z")


def test_mistakes_are_told(run):
    add(run, "--paper", "photo")
    assert isinstance(
        CliRunner().invoke(command, ["--db", "sqlite:////proc/nowhere/x.db", "list"]).exception, ScreenerError
    )
    assert isinstance(CliRunner().invoke(command, ["--db", "nonsense", "list"]).exception, ScreenerError)
    run("update", "9", "--status", "won", fails=True)
    run("update", "1", "--done", "video", fails=True)
    run("event", "score", fails=True)
    run("list", "--format", "xlsx", fails=True)
    assert "photo" in run("list")


def test_tables_for_spreadsheets_run_no_formula(run, tmp_path):
    add(run, "--product", "=HYPERLINK(1)", "--reason", "+1")
    rows = list(csv.DictReader(io.StringIO(run("list", "--format", "csv").removeprefix("\ufeff"))))
    assert rows[0]["product"] == "'=HYPERLINK(1)"
    run("list", "--format", "xlsx", "-o", str(tmp_path / "c.xlsx"))
    from openpyxl import load_workbook

    sheet = load_workbook(tmp_path / "c.xlsx").active
    cell = sheet.cell(2, tracker.COLUMNS.index("product") + 1)
    assert (cell.value, cell.data_type) == ("'=HYPERLINK(1)", "s")


def test_warnings_hold_by_number_time_and_severity(database):
    rules = read_rules()
    database.add(
        Event(kind=EventKind.VIOLATION, at=NOW - dt.timedelta(days=40), marketplace="x", severity="major", details={})
    )
    database.add(
        Event(kind=EventKind.VIOLATION, at=NOW - dt.timedelta(days=2), marketplace="x", severity="minor", details={})
    )
    database.add(
        Event(kind=EventKind.VIOLATION, at=NOW - dt.timedelta(days=1), marketplace="x", severity="major", details={})
    )
    database.add(
        Event(kind=EventKind.SCORE, at=NOW - dt.timedelta(days=3), marketplace="x", severity="", score=70, details={})
    )
    database.add(
        Event(kind=EventKind.SCORE, at=NOW - dt.timedelta(days=2), marketplace="x", severity="", score=80, details={})
    )
    database.flush()
    assert tracker.raised(database, rules, NOW) == []
    database.add(Event(kind=EventKind.VIOLATION, at=NOW, marketplace="x", severity="major", details={}))
    database.add(Event(kind=EventKind.SCORE, at=NOW, marketplace="x", severity="", score=79.5, details={}))
    database.flush()
    assert {one.rule.id: one.value for one in tracker.raised(database, rules, NOW)} == {
        "violations_in_a_month": 2, "low_score": 79.5,
    }  # fmt: skip
    assert all(rule.confidence == "unverified" for rule in rules.warnings)


def test_retention_counts_from_the_last_thing_that_happened(database):
    old = NOW - dt.timedelta(days=61)
    database.add_all(
        [
            case(order_id="closed", closed_at=old, opened_at=old),
            case(order_id="forgotten", opened_at=old, due_at=old),
            case(order_id="due later", opened_at=old, due_at=NOW),
            case(order_id="closed lately", opened_at=old, closed_at=NOW),
        ]
    )
    database.flush()
    outdated = tracker.outdated(database, read_rules(), NOW)
    assert {c.order_id for c in outdated} == {"closed", "forgotten"}
    receipt = tracker.purge(database, outdated, NOW)
    assert receipt["cases"] == len(receipt["sha256"]) == 2
    assert "forgotten" not in json.dumps(receipt)
    assert {c.order_id for c in tracker.due(database)} == {"due later", "closed lately"}


def test_nothing_is_removed_without_a_receipt(run, tmp_path):
    run("add", "--order", "1", "--region", "US", "--asked-at", "2020-01-01T00:00:00Z")
    run("purge", "--yes", fails=True)
    run("purge", "--yes", "--receipt", "/proc/none/r.json", fails=True)
    assert "order 1" in run("list")
    assert "1 case(s) past" in run("purge")
    assert "1 case(s) removed" in run("purge", "--yes", "--receipt", str(tmp_path / "r.json"))
    assert json.loads((tmp_path / "r.json").read_text())["cases"] == 1
    assert run("list") == ""


def test_migrations_make_the_tables_of_the_classes(tmp_path):
    engine = open_database(f"sqlite:///{tmp_path}/cases.db")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()
    open_database(f"sqlite:///{tmp_path}/cases.db").dispose()
