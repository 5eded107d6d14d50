"""A second store beside that of a test, into which its backup is brought back."""

import pytest
from sqlalchemy import Engine

from tests import postgres


@pytest.fixture
def elsewhere(request: pytest.FixtureRequest) -> Engine:
    """Give a store in which nothing was done yet: on the other kind of database, where the machine has both.

    Each kind is so written from and restored into once; that both pairs of one kind work as well is tried apart.
    """
    from_sqlite = request.node.callspec.params.get("copy_of", request.node.callspec.params.get("engine")) == "sqlite"
    return request.getfixturevalue(f"{'postgresql' if from_sqlite and postgres.available() else 'sqlite'}_engine")
