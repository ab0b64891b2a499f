"""Training of what selects sentences and decides on refusing, from folders of SQuAD-format questions."""
