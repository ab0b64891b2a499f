"""`passage serve`: what can go wrong before the first question."""

from __future__ import annotations

import socket

import pytest


def test_an_empty_folder_is_not_served(passage, data) -> None:
    done = passage("serve", "--data", data)
    assert done.code == 1
    assert "passage ingest --demo" in done.err


@pytest.mark.slow
def test_a_taken_port_is_said(passage, filled) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = passage("serve", "--data", filled, "--port", taken.getsockname()[1])
    assert done.code == 1
    assert "can't listen" in done.err
