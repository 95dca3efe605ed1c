"""What every story of a whole shop begins with: a mailbox, and a folder opened on it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.shop.folder import Postbox, ShopFolder


@pytest.fixture
def box() -> Iterator[Postbox]:
    with Postbox() as one:
        yield one


@pytest.fixture
def open_folder(tmp_path: Path, box: Postbox) -> Iterator[Callable[..., ShopFolder]]:
    opened: list[ShopFolder] = []

    def make(rules: dict[str, str], *orders: dict[str, str], **more: object) -> ShopFolder:
        shop = ShopFolder(tmp_path, rules, orders, **{"port": box.port, **more})  # type: ignore[arg-type] # fields
        opened.append(shop)
        return shop

    yield make
    for shop in opened:
        shop.close()
