"""How are the steps of the state's form run? Inside the transaction that rowcall.store.migrate has opened."""

from alembic import context

from rowcall.store.schema import META

context.configure(connection=context.config.attributes["connection"], target_metadata=META)
context.run_migrations()
