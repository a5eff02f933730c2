"""Migrations of the tracker's database, run by Alembic."""
