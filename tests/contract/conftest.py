"""The suites are no test files by their names; let their assertions show what they compared nevertheless."""

import pytest

pytest.register_assert_rewrite("tests.contract.ledger")
