"""The suites are no test files by their names; let their assertions show what they compared nevertheless."""

import pytest

pytest.register_assert_rewrite("tests.contract.ledger")


def pytest_itemcollected(item: pytest.Item) -> None:
    """Leave to the long tests what a kind of ledger says that it takes long for."""
    if getattr(item, "originalname", "") in getattr(getattr(item, "cls", None), "takes_long", ()):
        item.add_marker(pytest.mark.long)
