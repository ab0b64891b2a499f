"""Written claims and reports that show what the verifier and the notes on differing reports catch.

`pairs.jsonl` has a passage a line: `title`, `source`, `published`, the `quote` that is cited, what stands `before`
and `after` it, and `claims`, each with a `label`:

- `supported`: by kind `verbatim`, `paraphrase`, `compressed`, `rounding`, `context` (a name or date from around the
  quote) or `bracket` (an addition of ours in brackets);
- `altered`: nearly the same, but for what `kind` names: number, unit, magnitude, hedge, date, name, place, negation,
  modality, attribution (dropped), quantifier, direction, roles (who did what to whom, what a number belongs to),
  quotation, bracket;
- `contradicted`: the opposite in other words;
- `not_mentioned`: `new` where the quote has nothing of it, `added` where it has a part, `beside` where the text
  around the quote has it, but not the quote.

`reports.jsonl` has two sentences a line, each with `source` and `published`, and a `label`: `conflict`, `superseded`,
`corrected`, or `none` where both can be true.

`contrasts` has claims that one of two like quotes bears out and the other, for which they have the label
`contrasted`, doesn't; `eval.verifier.contrasts` has their form and halves them by article.

All of it was written for this project. The half `tune` was read while the rules were written and the weights fitted.
In the half `test`, what has an id with "b" was written before the rules were last changed; its figures by kind were
seen meanwhile, but no verdict on a sentence. What has an id with "d" was written and measured once afterwards.
"""
