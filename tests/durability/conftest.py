"""Options of the durability tests."""

import random

import pytest


def pytest_addoption(parser):
    parser.addoption("--kills", type=int, default=50, help="how often the server is killed")
    parser.addoption("--seed", type=int, default=None, help="repeats a run's times and choices")


@pytest.fixture(scope="session")
def kills(request):
    return request.config.getoption("--kills")


@pytest.fixture(scope="session")
def seed(request):
    """The run's seed; printed, so that a failure can be repeated."""
    given = request.config.getoption("--seed")
    chosen = random.SystemRandom().randrange(2**32) if given is None else given
    print(f"\ndurability: --seed {chosen}")
    return chosen
