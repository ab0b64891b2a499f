"""`passage articles flag|unflag|flags`: staff's flags from the command line."""

from __future__ import annotations

import contextlib

import pytest

from corpus.flags import Flags
from corpus.folder import FolderLock
from corpus.store import ArticleStore
from ui.answer_log.database import open_log
from ui.staff.audit_trail import AuditTrail, Chosen

pytestmark = pytest.mark.slow
QUESTION = "What is the quota for seasonal visas?"


def test_a_hidden_article_is_no_longer_answered_from(passage, filled):
    assert "visa" in {c["article_id"] for c in passage("ask", QUESTION, "--json", "--data", filled).json["citations"]}

    done = passage("articles", "flag", "visa", "--note", "Complaint.", "--data", filled)
    assert (done.code, done.out) == (0, "visa is now hidden.\n")
    answer = passage("ask", QUESTION, "--json", "--data", filled).json
    assert "visa" not in {c["article_id"] for c in answer["citations"]}
    assert "visa" not in {headline["article_id"] for headline in answer["nearest"]}
    assert passage("articles", "show", "visa", "--data", filled).code == 0

    [flag] = passage("articles", "flags", "--json", "--data", filled).json
    assert (flag["subject"], flag["kind"], flag["note"]) == ("visa", "hidden", "Complaint.")
    assert "Complaint." in passage("articles", "flags", "--data", filled).out

    assert passage("articles", "unflag", "visa", "--data", filled).out == "visa is no longer hidden.\n"
    assert passage("articles", "flags", "--json", "--data", filled).json == []
    with contextlib.closing(open_log(filled)) as log:
        noted = AuditTrail(log).entries(Chosen(account="(command line)"))
        assert [(entry.action, entry.subject) for entry in noted] == [("unflag", "visa"), ("flag", "visa")]


def test_a_correction_is_a_note_beside_the_answer(passage, filled):
    passage("articles", "flag", "visa", "--as", "corrected", "--note", "The quota is 9,050.", "--data", filled)
    assert "The quota is 9,050." in passage("ask", QUESTION, "--data", filled).out


def test_flags_are_set_while_the_folder_is_served(passage, filled):
    with FolderLock(filled):
        done = passage("articles", "flag", "The Northern Post", "--outlet", "--data", filled)
    assert done.code == 0
    with contextlib.closing(ArticleStore.open(filled)) as store:
        assert Flags(store.database).hides("court")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("flag", "nowhere"), "no article 'nowhere'"),
        (("flag", "visa", "--as", "retracted"), "needs a note"),
        (("flag", "The Northern Post", "--outlet", "--as", "corrected", "--note", "x"), "only hidden"),
        (("unflag", "visa"), "isn't flagged as hidden"),
    ],
)
def test_what_cant_be_flagged_is_said(passage, filled, arguments, says):
    done = passage("articles", *arguments, "--data", filled)
    assert done.code == 1
    assert says in done.err
