"""Flags on articles and outlets."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from corpus import Article, ArticleStore
from corpus.errors import InputError, NotFoundError
from corpus.flags import MAX_NOTE, FlagKind, Flags, Scope


@pytest.fixture
def flags(store: ArticleStore, articles: list[Article]) -> Flags:
    store.upsert(articles)
    return Flags(store.database)


def test_flag_says_what_who_and_when(flags: Flags) -> None:
    flag = flags.set(Scope.ARTICLE, "visa", FlagKind.CORRECTED, " The quota is\n9,050. ", "ada")

    assert (flag.note, flag.flagged_by, flag.kind) == ("The quota is 9,050.", "ada", FlagKind.CORRECTED)
    assert flag.flagged_at.utcoffset().total_seconds() == 0
    assert flags.all() == [flag]
    assert flags.of(["ferry", "visa", "nowhere"]) == {"visa": (flag,)}


def test_flagging_again_changes_the_note_and_other_kinds_stay(flags: Flags) -> None:
    flags.set(Scope.ARTICLE, "visa", FlagKind.CORRECTED, "First.", "ada")
    hidden = flags.set(Scope.ARTICLE, "visa", FlagKind.HIDDEN, "", "ben")
    second = flags.set(Scope.ARTICLE, "visa", FlagKind.CORRECTED, "Second.", "ben")

    assert flags.of(["visa"]) == {"visa": (second, hidden)}


def test_flag_on_an_outlet_is_on_its_articles_however_it_is_spelt(flags: Flags, store: ArticleStore) -> None:
    store.upsert([Article(id="small", title="A", text="A note.", source="the northern POST")])
    flags.set(Scope.OUTLET, "The Northern Post", FlagKind.HIDDEN, "Copies others.", "ada")

    assert set(flags.of(["ferry", "visa", "court", "small"])) == {"visa", "court", "small"}
    assert [flags.hides(i) for i in ("ferry", "visa", "small")] == [False, True, True]


@pytest.mark.parametrize(("kind", "hides"), [("hidden", True), ("retracted", True), ("corrected", False)])
def test_hidden_and_retracted_articles_are_left_out_where_asked(
    flags: Flags, store: ArticleStore, kind: str, hides: bool
) -> None:
    flags.set(Scope.ARTICLE, "visa", FlagKind(kind), "Why.", "ada")

    shown = {"ferry", "court"} | (set() if hides else {"visa"})
    assert {a.article_id for a in store.find(hidden=False)} == shown
    assert {a.article_id for a in store.current(hidden=False)} == shown
    assert len(store.find()) == len(list(store.current())) == 3
    assert store.get("visa").title, "old citations still resolve"


def test_clearing_a_flag_brings_the_article_back(flags: Flags, store: ArticleStore) -> None:
    flags.set(Scope.OUTLET, "The Northern Post", FlagKind.HIDDEN, "", "ada")
    flags.clear(Scope.OUTLET, "The Northern Post", FlagKind.HIDDEN)

    assert flags.all() == []
    assert len(store.find(hidden=False)) == 3
    with pytest.raises(NotFoundError, match="isn't flagged as hidden"):
        flags.clear(Scope.OUTLET, "The Northern Post", FlagKind.HIDDEN)


def test_every_change_is_seen_through_another_connection(flags: Flags, store: ArticleStore) -> None:
    other = ArticleStore.open(store.database.path.parent)
    seen = Flags(other.database)
    try:
        before = seen.generation()
        flags.set(Scope.ARTICLE, "visa", FlagKind.HIDDEN, "", "ada")
        after = seen.generation()
        assert after > before
        assert seen.hides("visa")
        flags.clear(Scope.ARTICLE, "visa", FlagKind.HIDDEN)
        assert seen.generation() > after
    finally:
        other.close()


@pytest.mark.parametrize(
    ("scope", "subject", "kind", "note", "error", "says"),
    [
        ("article", "visa", "corrected", "  ", InputError, "needs a note"),
        ("article", "visa", "retracted", "", InputError, "needs a note"),
        ("article", "visa", "hidden", "x" * (MAX_NOTE + 1), InputError, "at most 500"),
        ("outlet", "The Northern Post", "retracted", "All of it.", InputError, "only hidden"),
        ("article", "nowhere", "hidden", "", NotFoundError, "no article 'nowhere'"),
        ("outlet", "", "hidden", "", NotFoundError, "no outlet ''"),
        ("outlet", "The Nowhere Post", "hidden", "", NotFoundError, "no outlet"),
    ],
)
def test_what_cant_be_flagged_is_refused_and_changes_nothing(
    flags: Flags, scope: str, subject: str, kind: str, note: str, error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        flags.set(Scope(scope), subject, FlagKind(kind), note, "ada")

    assert flags.all() == []
    assert flags.generation() == 0


def test_an_article_without_an_outlet_isnt_hidden_with_any(flags: Flags, store: ArticleStore) -> None:
    store.upsert([Article(id="loose", title="A", text="A note.")])
    flags.set(Scope.OUTLET, "Westhaven Gazette", FlagKind.HIDDEN, "", "ada")

    assert {a.article_id for a in store.find(hidden=False)} == {"visa", "court", "loose"}


def test_flags_set_at_the_same_time_are_all_kept(flags: Flags, store: ArticleStore) -> None:
    subjects = ["ferry", "visa", "court"] * 8
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda key: flags.set(Scope.ARTICLE, key, FlagKind.HIDDEN, "", "ada"), subjects))

    assert {flag.subject for flag in flags.all()} == {"ferry", "visa", "court"}
    assert flags.generation() == len(subjects)
    assert store.find(hidden=False) == []
