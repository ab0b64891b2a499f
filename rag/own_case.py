"""Recognises questions about the asker's own case: these get a pointer to help, never what reads as advice."""

from __future__ import annotations

import re

_FAMILY = (
    r"(?:wife|husband|spouse|partner|brother|sister|son|daughter|baby|child|kids?|children|mother|father|mum|mom|dad|parents?"
    r"|cousin|uncle|aunt|family|friend|girlfriend|boyfriend|fianc[eé]e?)"
)
_OWN_PAPERS = (
    r"(?:case|application|petition|hearing|interview|appointment|visa|parole|asylum|status|papers|lawyer|employer|chances?"
    r"|h-?1b|green card|permit|residence|deportation|appeal)"
)
_PATTERNS = [
    # What will or should happen to the asker: "will I be deported", "should we apply", "do I go", "am I going to".
    re.compile(
        r"\b(?:will|would|should|shall|must|can|could|may|might|do|am|are|did|have) (?:i|we|my \w+)\b",
        re.I,
    ),
    # What others will do to the asker: "is the minister going to deport me", "can they send us back".
    re.compile(
        r"\b(?:will|would|can|could|may|might|going to|gonna)\b.{0,40}\b(?:deport|detain|arrest|expel|remove|send"
        r"|stop|refuse|deny|let|turn|kick|throw|catch|punish|fine|jail|ban|accept|admit)"
        r" (?:me\b|us(?=\W*$| (?:out|back|away|in|stay|home)\b))",
        re.I,
    ),
    re.compile(rf"\bmy (?:\w+ )?{_OWN_PAPERS}\b", re.I),
    re.compile(rf"\bmy {_FAMILY}\b.*\b(?:is|was|has|have|will|should|can|get|be|crossed|got)\b", re.I),
    re.compile(r"\b(?:i am|i'm|im|we are|we're) (?:an? |from |in |here |on )", re.I),
    re.compile(r"\bi (?:got|received|came|crossed|entered|overstayed|applied|have no papers)\b", re.I),
    # Spanish, French, Chinese: what the interface speaks, whatever language the articles are in.
    re.compile(
        r"\b(?:me|nos) (?:van?|pueden?|podrían?|deportarán?|expulsarán?|negarán?|darán?)\b"
        r"|\b(?:debo|debemos|podré|podremos|tengo que|tenemos que|voy a|vamos a|puedo|podemos)\b"
        r"|\bmis? (?:caso|solicitud|visa|visado|permiso|asilo|estatus|papeles|abogad[oa]|audiencia|cita|espos[oa]"
        r"|marido|mujer|hij[oa]s?|herman[oa]s?|madre|padres?|familia|novi[oa])\b",
        re.I,
    ),
    re.compile(
        r"\b(?:vais|puis|dois|serai|pourrai|devrais|peux|suis)-je\b|\best-ce que (?:je|nous|on va me)\b"
        r"|\b(?:pouvons|devons|serons|allons)-nous\b|\bva-t-on (?:me|nous)\b"
        r"|\bm(?:on|a|es) (?:cas|dossier|demande|visa|titre|permis|asile|statut|papiers|avocate?|audience|femme|mari"
        r"|fils|fille|enfants?|frère|sœur|mère|père|parents|famille|conjointe?)\b",
        re.I,
    ),
    re.compile(
        r"我们?(?:会不会|会|能不能|能|可不可以|可以|应该|该|是否|要不要|还能)"
        r"|我们?的?(?:签证|案子|案件|申请|身份|绿卡|工卡|庇护|律师|面试|妻子|丈夫|太太|先生|孩子|儿子|女儿|父母|家人)"
    ),
]
# "how much do I pay", "where can I apply": the answer is the same for everybody.
_FOR_ANYBODY = re.compile(
    r"\b(?:how|what|which|where|when)\b.{0,40}\b(?:do|can|must) (?:i|we)\b(?! do\b)"
    r"|(?:cómo|cuánt[oa]s?|dónde|cuándo|qué) .{0,40}\b(?:puedo|podemos|debo|debemos|tengo que)\b"
    r"|\b(?:comment|combien|où|quand|quels?|quelles?)\b.{0,40}\b(?:puis|dois|peux)-je\b"
    r"|我们?可以(?:在哪|怎么|如何|什么时候)|(?:在哪里|怎么|如何|什么时候)我们?可以",
    re.I,
)
_MY = re.compile(r"\b(?:my|mis?|mon|ma|mes)\b|我的|我们的", re.I)


def is_own_case(question: str) -> bool:
    """Whether `question` asks what will happen to, or should be done by, the person who asks."""
    if _FOR_ANYBODY.search(question) and not _MY.search(question):
        return False
    return any(pattern.search(question) for pattern in _PATTERNS)
