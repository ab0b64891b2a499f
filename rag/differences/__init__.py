"""Where reports differ: two articles that give different values for the same thing.

A pair of sentences is compared fact by fact. They are about the same thing when, numbers, dates and names apart, most
of the longer one's words are in the other and hardly a word is foreign to both. Then exactly one kind of fact may
differ: where both number and date differ, the periods do; where both number and name differ, the groups do.
"""

from rag.differences.comparison import Difference, differences
from rag.differences.statements import Reported

__all__ = ["Difference", "Reported", "differences"]
