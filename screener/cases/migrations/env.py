"""Called by Alembic with an open connection (``database.migrate``)."""

from alembic import context

from screener.cases.tables import Base

context.configure(
    connection=context.config.attributes["connection"], target_metadata=Base.metadata, render_as_batch=True
)
with context.begin_transaction():
    context.run_migrations()
