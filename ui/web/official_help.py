"""Where somebody with a case of their own finds official help, by the country that a question is about."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Office:
    """An authority or adviser: its own name for itself, and its address."""

    name: str
    url: str


@dataclass(frozen=True)
class _Country:
    names: re.Pattern[str]
    offices: tuple[Office, ...]


def _country(names: str, *offices: tuple[str, str]) -> _Country:
    return _Country(re.compile(names), tuple(Office(*office) for office in offices))


# Names in the interface's languages. "US" only in capitals: lower-cased it is a pronoun.
_COUNTRIES = (
    _country(
        r"\bU\.?S\.?(?:A\b|\b)|(?i:\bunited states|\bamerica\b|\bgreen card|\buscis\b|\bh-?1b\b|\bdaca\b"
        r"|\bestados unidos|\bee\. ?uu|\bétats-unis)|美国",
        ("US Citizenship and Immigration Services", "https://www.uscis.gov"),
        (
            "US Department of Justice: free legal help",
            "https://www.justice.gov/eoir/list-pro-bono-legal-service-providers",
        ),
    ),
    _country(
        r"\bUK\b|(?i:\bunited kingdom|\bbritain|\bbritish|\bengland|\bscotland|\bwales|\bhome office|\breino unido"
        r"|\broyaume-uni|\bskilled worker visa)|英国",
        ("GOV.UK: visas and immigration", "https://www.gov.uk/browse/visas-immigration"),
        ("GOV.UK: find an immigration adviser", "https://www.gov.uk/find-an-immigration-adviser"),
    ),
    _country(
        r"(?i:\bcanad|\bircc\b|\bexpress entry|\bqu[eé]bec)|加拿大",
        (
            "Immigration, Refugees and Citizenship Canada",
            "https://www.canada.ca/en/services/immigration-citizenship.html",
        ),
    ),
    _country(
        r"(?i:\baustrali)|澳大利亚|澳洲",
        ("Australian Department of Home Affairs", "https://immi.homeaffairs.gov.au"),
    ),
    _country(
        r"(?i:\bm[eé]xi[cq])|墨西哥",
        ("Comisión Mexicana de Ayuda a Refugiados", "https://www.gob.mx/comar"),
        ("Instituto Nacional de Migración", "https://www.gob.mx/inm"),
    ),
    _country(
        r"(?i:\bgerman|\baleman|\balemania|\ballemagne)|德国",
        ("Bundesamt für Migration und Flüchtlinge", "https://www.bamf.de"),
    ),
    _country(
        r"(?i:\bfrance\b|\bfrench|\bfrancia\b|\bfrancés|\bfrançais)|法国",
        ("Service-Public.fr", "https://www.service-public.fr"),
        ("OFPRA", "https://www.ofpra.gouv.fr"),
    ),
    _country(
        r"(?i:\bspain\b|\bspanish|\bespaña|\bespagne)|西班牙",
        ("Ministerio de Inclusión, Seguridad Social y Migraciones", "https://www.inclusion.gob.es"),
    ),
    _country(
        r"\bEU\b|\bUE\b|(?i:\beuropean union|\bschengen|\bunión europea|\bunion européenne)|欧盟",
        ("European Commission: migration and home affairs", "https://home-affairs.ec.europa.eu"),
    ),
)
_ANYWHERE = (Office("UNHCR Help", "https://help.unhcr.org"),)


def offices(question: str) -> tuple[Office, ...]:
    """The official sources for the countries that `question` names, and one that serves every country."""
    named = [office for country in _COUNTRIES if country.names.search(question) for office in country.offices]
    return (*named, *_ANYWHERE)
