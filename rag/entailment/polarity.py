"""Does a claim deny what the quote says, or say what it denies, by "not" or by a word of opposite sense?"""

from __future__ import annotations

from collections.abc import Iterator

from rag.claims import Facts, Negation, Sense, Token
from rag.claims.opposites import without_prefix
from rag.claims.tokens import clause_at, total_weight
from rag.entailment.roles import is_verb
from rag.entailment.source import Failure, FailureKind, Source, Span, keys_in, like_any, meet, tokens_in, within
from rag.word_forms import aliases, key

# Keys of words by which a quote may say what a claim says by "not".
_DENYING = frozenset(
    key(word)
    for word in (
        "waive cancel avoid spare exempt lack refuse deny reject prevent stop ban fail bar undecided unclear unknown "
        "withdraw abolish scrap vain miss short shortage close absent empty exclude oppose against unlikely"
    ).split()
)
_CONDITIONS = frozenset({"unless", "except", "vain"})  # these deny without a negation of their own
_BELIEFS = frozenset("expect think believ want plan intend hope seem".split())
# On these axes one side only, in all the quote, is enough for the other side to be wrong.
_WHOLE = frozenset("up stance verdict ruling truth win strengthen custody cost".split())
_BEHIND_ONLY = ("order", "cause")  # axes whose words ("before", "because") are about what follows them
_SOME_SHARE = 0.1  # of a claim's words that a clause must bring for what it denies to matter
_BESIDE = 4  # words within which two words of opposite sense must have a neighbour in common


def negations(claim: Facts, source: Source) -> Iterator[Failure]:
    """What the claim denies and the quote doesn't; and what the quote denies and the claim says."""
    for stated in claim.negations:
        if counted := _counted(stated, claim, source.quote):
            yield Failure(FailureKind.NEGATION, f"“{stated.text}”: the quote has {counted}", contradicted=True)
            continue
        said = any(_same_verb(k, head) for k in source.keys for head in stated.heads)
        if not (_denies(stated, claim, source) or (not said and _denied_by_sense(stated, claim, source))):
            yield Failure(FailureKind.NEGATION, f"“{stated.text}”: the quote doesn't deny it", contradicted=said)
    mainly = source.about(claim)
    for given in source.quote.negations:
        span = clause_at(source.quote.text, given.start)
        if span in source.about(claim, _SOME_SHARE) and (
            word := _said_plainly(given, span, claim, source, span in mainly)
        ):
            yield Failure(FailureKind.NEGATION, f"the quote says “{given.text}” of “{word}”", True)


def _counted(stated: Negation, claim: Facts, quote: Facts) -> str:
    """The number that the quote gives of what the claim says there is none of ("no workers"); "" for none."""
    noun = next((t.key for t in claim.tokens if t.start > stated.start), "")
    if stated.text.lower() != "no" or any(noun in n.reach for n in quote.negations if n.text.lower() != "without"):
        return ""
    return next((q.text for q in quote.quantities if not q.unit and noun in q.nouns[:1]), "")


def _said_plainly(given: Negation, span: Span, claim: Facts, source: Source, mainly: bool) -> str:
    """The word that the claim says without the negation that the quote has; "" for none.

    Args:
        given: the quote's negation.
        span: its clause.
        claim: the claim.
        source: the quote.
        mainly: whether the claim is mainly about that clause; if not, only verbs count.
    """
    quote = source.quote
    if any(meet(n.reach, given.heads) for n in claim.negations):
        return ""
    if any(t.key in _DENYING or without_prefix(t.word) for t in claim.tokens if t.key not in source.keys):
        return ""
    for head in given.heads:
        said = [t for i, t in enumerate(claim.tokens)
                if like_any(t.key, frozenset({head})) and (mainly or is_verb(claim.tokens, i))]  # fmt: skip
        if not said or (claim.negations and head in _BELIEFS):
            continue  # "doesn't expect it to hurt" is "expects that it won't hurt"
        plain = [t for t in quote.tokens if t.key == said[0].key and not _in_reach(quote, t)]
        denied = _held(claim, quote, span)
        if not any(_held(claim, quote, clause_at(quote.text, t.start)) >= denied for t in plain):
            return said[0].text
    return ""


def _denies(stated: Negation, claim: Facts, source: Source) -> bool:
    """Whether the clause of the quote that a negation of the claim is about denies the same."""
    quote = source.quote
    if stated.text.lower() == "without" and any(stated.heads & n.heads for n in quote.negations):
        return True

    def holds(span: tuple[int, int]) -> bool:
        return any(_same_verb(k, h) for k in keys_in(quote, span) for h in stated.heads)

    holding = [span for span in source.spans if holds(span)]
    for span in {max(spans, key=lambda s: _held(claim, quote, s)) for spans in (holding, source.spans) if spans}:
        inside = tokens_in(quote, span)
        spoken = [t for t in inside if any(_same_verb(t.key, h) for h in stated.heads)]
        if any(_in_reach(quote, t) for t in spoken) or any(t.word in _CONDITIONS for t in inside):
            return True
        if not spoken and any(span[0] <= n.start < span[1] for n in quote.negations):
            return True
        if any(t.key in _DENYING and t.key not in claim.content for t in inside):
            return True
    return any(_points_back(n, claim) for n in quote.negations)


def _points_back(given: Negation, claim: Facts) -> bool:
    """Whether the quote denies something named before: "the state does not publish any"."""
    return given.pointing and bool(given.reach & claim.content)


def _same_verb(a: str, b: str) -> bool:
    return a == b or a in aliases(b)


def _in_reach(quote: Facts, token: Token) -> bool:
    start, end = clause_at(quote.text, token.start)
    return any(token.key in n.reach and start <= n.start < end for n in quote.negations)


def _held(claim: Facts, quote: Facts, span: tuple[int, int]) -> float:
    """The weight of the claim's words that stand in a clause of the quote."""
    keys = frozenset(t.key for t in claim.tokens if t.content and not t.capital)
    return total_weight(keys & frozenset(t.key for t in quote.tokens if span[0] <= t.start < span[1]))


def _denied_by_sense(stated: Negation, claim: Facts, source: Source) -> bool:
    """Whether the quote says by a word of opposite sense what the claim says by "not": "not accept" for "reject"."""
    ahead = [s for s in claim.senses if s.start > stated.start and s.key in stated.reach]
    if any(g.axis == s.axis and g.positive != s.positive for s in ahead for g in source.quote.senses):
        return True
    return any(
        without_prefix(t.word) and like_any(key(without_prefix(t.word)), stated.reach) for t in source.quote.tokens
    )


def opposites(claim: Facts, source: Source) -> Iterator[Failure]:
    """Words that can't be true with a word that the quote has beside the same words."""
    about = source.about(claim)
    given = [s for s in source.quote.senses if within(s.start, about)]
    near = frozenset(t.key for t in source.quote.tokens if within(t.start, about)) | {s.key for s in given}
    said = {t.key for t in claim.tokens}
    for stated in claim.senses:
        if stated.key in near:
            continue
        beside = _near(claim, stated)
        rivals = [
            g for g in given if g.axis == stated.axis and g.key not in said and beside & _near(source.quote, g)
        ]  # fmt: skip
        if not rivals and stated.axis in _WHOLE:
            rivals = [g for g in source.quote.senses if g.axis == stated.axis and g.key not in said]
        if rivals and not any(_true_side(claim, stated) == _true_side(source.quote, g) for g in rivals):
            yield Failure(FailureKind.OPPOSITE, f"“{stated.text}”: the quote has “{rivals[0].text}”", True)


def prefixes(claim: Facts, source: Source) -> Iterator[Failure]:
    """ "lawful" for "unlawful" and the like, unless one of them is denied."""
    bare = {key(without_prefix(t.word)): t.key for t in source.quote.tokens if without_prefix(t.word)}
    for token in claim.tokens:
        if token.key in source.keys or not token.content:
            continue
        opposite = bare.get(token.key) or key(without_prefix(token.word) or "-")
        if opposite not in source.keys:
            continue
        denied = any(token.key in n.reach for n in claim.negations)
        if not denied and not any({opposite, token.key} & n.reach for n in source.quote.negations):
            yield Failure(FailureKind.OPPOSITE, f"“{token.text}”: the quote has the opposite", True)


def _near(text: Facts, sense: Sense) -> frozenset[str]:
    """The keys of the content words next to a word; for "before" and "because" only of those behind it."""
    content = [t for t in text.tokens if t.content and not t.text[0].isdigit() and not t.capital]
    at = sum(t.start < sense.start for t in content)
    if sense.axis in _BEHIND_ONLY:
        stop = next((t.start for t in text.tokens if t.start > sense.start and t.gap.strip(" -'’")), len(text.text))
        return frozenset(t.key for t in content[at : at + _BESIDE] if t.start < stop)
    return frozenset(t.key for t in (*content[max(0, at - _BESIDE) : at], *content[at + 1 :][:_BESIDE]))


def _true_side(text: Facts, sense: Sense) -> bool:
    """The side of a word's sense, turned by a negation before it."""
    denied = any(sense.key in n.heads for n in text.negations)
    return sense.positive != denied
