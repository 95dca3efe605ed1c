"""The clocks of rows, turns of roles, and pressed buttons."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; what the first form holds stays as it is."""
    op.create_table(
        "row_clock",
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("rule", "key"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "turn",
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("role"),
    )
    op.create_table(
        "press",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("button", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("snooze", sa.Text(), nullable=True),
        sa.Column("stop", sa.Boolean(), nullable=False),
        sa.Column("taken", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("token"),
        sqlite_autoincrement=True,
    )
    op.create_index("press_row", "press", ["rule", "key"], unique=False)
    op.create_index(
        "press_open",
        "press",
        ["number"],
        unique=False,
        sqlite_where=sa.text("NOT taken"),
        postgresql_where=sa.text("NOT taken"),
    )
