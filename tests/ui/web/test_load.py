"""The load test of the chat, on the real server: it counts answers, who is told to come back, and errors."""

from __future__ import annotations

import pytest

from corpus.errors import ServiceError
from eval.bench.load import visit

pytestmark = pytest.mark.slow


def test_every_visitor_is_answered(address):
    load = visit(address, visitors=5, seconds=0, pause=0)
    assert (len(load.whole), load.busy, load.errors) == (5, 0, [])
    assert len(load.first) == 5
    assert all(first <= whole for first, whole in zip(sorted(load.first), sorted(load.whole), strict=True))
    assert load.lines()[0] == "answers 5, told to come back 0, errors 0"


def test_who_is_told_to_come_back_is_no_error(serve, own_folder):
    with serve(own_folder, "--set", "ask_per_minute=2") as address:
        load = visit(address, visitors=5, seconds=0, pause=0)
    assert (len(load.whole), load.busy, load.errors) == (2, 3, [])


def test_an_address_where_nobody_answers_is_said():
    with pytest.raises(ServiceError, match=r"Nobody answers at http://127\.0\.0\.1:9"):
        visit("http://127.0.0.1:9", visitors=1, seconds=0, pause=0)
