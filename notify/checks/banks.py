"""Whether IBAN, BIC and name of a bank belong together, as far as that is known without a directory of all banks."""

from __future__ import annotations

import re

from notify.core.record import record

#: The countries that a BIC may name beside that of the IBAN: its territories.
_TERRITORIES = {
    "FR": frozenset("BL GF GP MF MQ NC PF PM RE TF WF YT".split()),
    "GB": frozenset("GG IM JE".split()),
    "ES": frozenset({"IC"}),
}


@record(frozen=True, slots=True)
class _Bank:
    """How a bank's BICs begin, and words of which one is in its name."""

    label: str
    bic: str
    words: str


#: Banks that many have, by the country and the code of the bank in their IBANs.
_BANKS = {
    "DE10010010": _Bank("Postbank", "PBNK", "postbank|deutsche bank"),
    "DE10011001": _Bank("N26", "NTSB", "n26"),
    "DE10010123": _Bank("Qonto", "QNTO", "qonto|olinda"),
    "DE10050000": _Bank("Berliner Sparkasse", "BELA", "sparkasse"),
    "DE10090000": _Bank("Berliner Volksbank", "BEVO", "volksbank"),
    "DE12030000": _Bank("DKB", "BYLA", "dkb|kreditbank"),
    "DE20050550": _Bank("Hamburger Sparkasse", "HASP", "haspa|sparkasse"),
    "DE30050110": _Bank("Stadtsparkasse Düsseldorf", "DUSS", "sparkasse"),
    "DE30060601": _Bank("apoBank", "DAAE", "apo"),
    "DE37020500": _Bank("SozialBank", "BFSW", "sozial"),
    "DE37050198": _Bank("Sparkasse KölnBonn", "COLS", "sparkasse"),
    "DE43060967": _Bank("GLS Bank", "GENO", "gls"),
    "DE50010517": _Bank("ING", "INGD", r"\bing\b|ing-diba"),
    "DE50050201": _Bank("Frankfurter Sparkasse", "HELA", "sparkasse|1822"),
    "DE50070010": _Bank("Deutsche Bank", "DEUT", "deutsche bank"),
    "DE70020270": _Bank("HypoVereinsbank", "HYVE", "hypo|hvb|unicredit"),
    "DE70150000": _Bank("Stadtsparkasse München", "SSKM", "sparkasse"),
    "DE76030080": _Bank("Consorsbank", "CSDB", "consors|bnp"),
    "AT20111": _Bank("Erste Bank", "GIBA", "erste"),
    "AT12000": _Bank("Bank Austria", "BKAU", "austria|unicredit"),
    "AT14000": _Bank("BAWAG", "BAWA", "bawag|easybank"),
    "CH00700": _Bank("Zürcher Kantonalbank", "ZKBK", "zkb|kantonalbank"),
    "CH09000": _Bank("PostFinance", "POFI", "postfinance"),
}
#: How many characters the code of the bank has in the IBANs of a country, behind country and check digits.
_CODE_LENGTHS = {"AT": 5, "CH": 5, "DE": 8}


def mismatch(iban: str, bic: str, name: str) -> str:
    """Return in a sentence what of a bank does not belong to an IBAN; empty where nothing is known to be wrong.

    :param iban: compact, and right in itself.
    """
    country = iban[:2]
    if bic and bic[4:6] != country and bic[4:6] not in _TERRITORIES.get(country, ()):
        return f"the BIC {bic} is that of a bank in {bic[4:6]}, and the account is in {country}"
    bank = _BANKS.get(country + iban[4 : 4 + _CODE_LENGTHS.get(country, 0)])
    if bank is None:
        return ""
    if bic and not bic.startswith(bank.bic):
        return f"the account is at {bank.label}, whose BIC begins with {bank.bic}, and {bic} is another bank's"
    if name and not re.search(bank.words, name, re.IGNORECASE):
        return f'the account is at {bank.label}, and the bank is called "{name}" here'
    return ""
