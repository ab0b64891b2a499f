"""Where somebody with a case of their own finds official help, by the country that a question is about."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Link:
    """An office's page: its own name for itself, and the BCP 47 code of the page's language."""

    name: str
    url: str
    language: str


@dataclass(frozen=True)
class Office:
    """An authority or adviser: its pages in the languages that it has, the first one for everybody else."""

    links: tuple[Link, ...]

    def link(self, language: str) -> Link:
        """The page for who reads `language` (BCP 47)."""
        return next((link for link in self.links if link.language == language), self.links[0])


@dataclass(frozen=True)
class _Country:
    names: re.Pattern[str]
    offices: tuple[Office, ...]


def _country(names: str, *offices: Office) -> _Country:
    return _Country(re.compile(names), offices)


def _office(*links: tuple[str, str, str]) -> Office:
    return Office(tuple(Link(name, url, language) for language, name, url in links))


_USCIS_LANGUAGES = "https://www.uscis.gov/tools/multilingual-resource-center"

# Names in the interface's languages. "US" only in capitals: lower-cased it is a pronoun.
_COUNTRIES = (
    _country(
        r"\bU\.?S\.?(?:A\b|\b)|(?i:\bunited states|\bamerica\b|\bgreen card|\buscis\b|\bh-?1b\b|\bdaca\b"
        r"|\bestados unidos|\bee\. ?uu|\bétats-unis)|美国",
        _office(
            ("en", "US Citizenship and Immigration Services", "https://www.uscis.gov"),
            ("es", "Servicio de Ciudadanía e Inmigración de Estados Unidos", "https://www.uscis.gov/es"),
            ("fr", "US Citizenship and Immigration Services : ressources multilingues", _USCIS_LANGUAGES),
            ("zh-Hans", "美国公民及移民服务局：多语种资料", _USCIS_LANGUAGES),
        ),
        _office(
            (
                "en",
                "US Department of Justice: free legal help",
                "https://www.justice.gov/eoir/list-pro-bono-legal-service-providers",
            ),
        ),
    ),
    _country(
        r"\bUK\b|(?i:\bunited kingdom|\bbritain|\bbritish|\bengland|\bscotland|\bwales|\bhome office|\breino unido"
        r"|\broyaume-uni|\bskilled worker visa)|英国",
        _office(("en", "GOV.UK: visas and immigration", "https://www.gov.uk/browse/visas-immigration")),
        _office(("en", "GOV.UK: find an immigration adviser", "https://www.gov.uk/find-an-immigration-adviser")),
    ),
    _country(
        r"(?i:\bcanad|\bircc\b|\bexpress entry|\bqu[eé]bec)|加拿大",
        _office(
            (
                "en",
                "Immigration, Refugees and Citizenship Canada",
                "https://www.canada.ca/en/services/immigration-citizenship.html",
            ),
            (
                "fr",
                "Immigration, Réfugiés et Citoyenneté Canada",
                "https://www.canada.ca/fr/services/immigration-citoyennete.html",
            ),
        ),
    ),
    _country(
        r"(?i:\baustrali)|澳大利亚|澳洲",
        _office(("en", "Australian Department of Home Affairs", "https://immi.homeaffairs.gov.au")),
    ),
    _country(
        r"(?i:\bm[eé]xi[cq])|墨西哥",
        _office(("es", "Comisión Mexicana de Ayuda a Refugiados", "https://www.gob.mx/comar")),
        _office(("es", "Instituto Nacional de Migración", "https://www.gob.mx/inm")),
    ),
    _country(
        r"(?i:\bgerman|\baleman|\balemania|\ballemagne|\ballemand)|德国",
        _office(
            (
                "en",
                "Federal Office for Migration and Refugees (BAMF)",
                "https://www.bamf.de/EN/Startseite/startseite_node.html",
            ),
        ),
    ),
    _country(
        r"(?i:\bfrance\b|\bfrench|\bfrancia\b|\bfrancés|\bfrançais)|法国",
        _office(("fr", "Service-Public.fr", "https://www.service-public.fr")),
        _office(("en", "OFPRA", "https://www.ofpra.gouv.fr/en"), ("fr", "OFPRA", "https://www.ofpra.gouv.fr")),
    ),
    _country(
        r"(?i:\bspain\b|\bspanish|\bespaña|\bespagne)|西班牙",
        _office(
            (
                "es",
                "Ministerio de Inclusión, Seguridad Social y Migraciones",
                "https://www.inclusion.gob.es/web/migraciones/",
            ),
        ),
    ),
    _country(
        r"\bEU\b|\bUE\b|(?i:\beuropean union|\bschengen|\bunión europea|\bunion européenne)|欧盟",
        _office(
            ("en", "EU Immigration Portal", "https://immigration-portal.ec.europa.eu/index_en"),
            ("es", "Portal de Inmigración de la UE", "https://immigration-portal.ec.europa.eu/index_es"),
            ("fr", "Portail de l’UE sur l’immigration", "https://immigration-portal.ec.europa.eu/index_fr"),
        ),
    ),
)
_ANYWHERE = (_office(("en", "UNHCR Help", "https://help.unhcr.org")),)  # asks for the country and then the language


def offices(question: str) -> tuple[Office, ...]:
    """The official sources for the countries that `question` names, and one that serves every country."""
    named = [office for country in _COUNTRIES if country.names.search(question) for office in country.offices]
    return (*named, *_ANYWHERE)
