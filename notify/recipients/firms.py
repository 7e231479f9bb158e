"""What firms, authorities and clubs are called: their legal forms, and words that no person bears.

A legal form decides (Müller GmbH). Words like Praxis and Stadt are surnames too, and decide only where nothing speaks
for a person; a firm that is not recognised is greeted neutrally and listed, so these words need not be complete.
"""

from __future__ import annotations

from notify.core.late_pattern import late_pattern
from notify.recipients.cells import words

_WORDS_FOR_FORMS = frozenset(
    """
    gmbh ggmbh mbh gesmbh mbb ohg gbr gesbr kgaa partg partgmbb ltd limited llc llp plc inc incorporated corp
    corporation sàrl sarl eurl sasu srl
    """.split()
)
# case tells the short ones from names: E. G. Müller is a person
_SHORT_FORMS = frozenset("UG KlG Sagl SCI SNC SAS ApS Oy Oyj eG eK eU eV eKfm eKfr".split())
_LEGAL_FORMS = (
    rf"(?i:{'|'.join(sorted(_WORDS_FOR_FORMS))}|ges\. ?m\. ?b\. ?h|g\. ?m\. ?b\. ?h)"
    rf"|{'|'.join(sorted(_SHORT_FORMS))}|A/S|e\. ?[GKUV]|e\.? ?Kf[mr]"
    r"|s\.? ?r\. ?o|a\. ?s|S\. ?p\. ?A|S\. ?r\. ?l|S\. ?à ?r\. ?l|[Ss]p\. ?z ?o\. ?o"
)
# only behind a name: Se Yeon has a first name, and B. V. Müller initials
_LEGAL_FORMS_BEHIND = r"AG|ag|KG|kg|OG|og|OEG|KLG|BV|NV|VOF|AB|ASA|B\. ?V\.|N\. ?V\.|V\. ?O\. ?F\."
_LEGAL_FORMS_AT_THE_END = r"SA|SE|AS|S\. ?A\.|S\. ?L\.|S\. ?R\. ?L\."
_AND_COMPANY = (
    "Cie|Co|Company|Partners?|Sohn|Söhne|Tochter|Töchter|Sons?|Brüder|Brothers|Fils|Kollegen|Kolleg|Associates|Team"
)
_LEGAL = late_pattern(
    rf"(?<!\w)(?:{_LEGAL_FORMS})(?!\w)|(?<=\S )(?:{_LEGAL_FORMS_BEHIND})(?!\w)"
    rf"|(?<=\S )(?:{_LEGAL_FORMS_AT_THE_END})(?=$| ?[&,(])"
    rf"|(?:&|\b(?:und|and|et)|\bu\.) ?(?:{_AND_COMPANY})(?!\w)"
    r"|(?<!\w)(?:Gebr\.|Gebrüder |Geschwister |Inh\.|Inhaber(?:in)?:? )"
    # Bank of Muster, Verein für Heimatpflege
    r"| (?:of|für|for|pour) "
)

_WORDS = frozenset(
    """
    abteilung agence agency akademie amtsgericht architekten archiv association atelier autohaus bahnhof bauhof baumarkt
    behörde betriebsrat bibliothek bistro bistum botschaft brasserie bücherei cabinet café cafe caritas club clinique
    commune company consulate consulting council crew dekanat department diakonie dienststelle diözese einkauf embassy
    empfang ensemble entreprise erzbistum établissements ets fachbereich fakultät feuerwehr foundation fotografie
    fraktion friseur friseursalon galerie gallery garage gaststätte gasthaus gasthof gemeinderat geschäftsführung
    geschäftsleitung getränkemarkt group gruppe gymnasium hauptverwaltung hochbauamt holding holdings hospital hotel
    hôtel immobilien industries info ingenieure institut institute jobcenter jugendherberge kaufhaus kindergarten kino
    kita kitas klinikum kommune konditorei konsulat kontakt krankenhaus kreditorenbuchhaltung kundendienst kundenservice
    landkreis landratsamt lehrstuhl librairie library lycée magistrat mairie manufaktur metzgerei ministry möbelhaus
    musikschule notare notariat office optik orchester orchestra oratorium ortsverband parteibüro pension personal
    personalabteilung pfarramt pfarre pfarrei pharmacie pizzeria polizei pressestelle radio rathaus rechnungsstelle
    rechtsanwälte reederei reinigung reisebüro rektorat restaurant ristorante salon sanatorium schulleitung sekretariat
    service services society société solutions spedition stadtrat stadtwerke staatsanwaltschaft steuerberater
    steuerberatung studio studios supermarkt team theater theatre tierheim trattoria universität university vereinigung
    verkauf versand vertrieb vorstand vorzimmer weingut werft wohnheim zentrale
    altenheim kinderheim pflegeheim seniorenheim seniorenresidenz anwälte
    """.casefold().split()
)
# at the end of a compound or alone: Zahnarztpraxis, Musikverein
_ENDINGS = tuple(
    """
    agentur apotheke bäckerei behörde brauerei buchhaltung büro druckerei fleischerei gärtnerei gemeinde gemeinschaft
    genossenschaft gericht gesellschaft gewerkschaft gymnasium handlung hochschule immobilien institut kanzlei kellerei
    kindertagesstätte klinik kliniken ministerium museum praxis redaktion regierung schlosserei schreinerei schule
    stiftung tischlerei universität verband verein verlag versicherung versicherungen verwaltung werkstatt zeitung
    zentrum zimmerei
    """.casefold().split()
)
# the same, but short words end in them as well, and those are surnames
_LONG_ENDINGS = tuple("amt bank bau bund dienst handel kammer kasse technik verkehr werke wirtschaft".split())
_LONG = 7
# with capitals, before the name of a place or another name: TSV Musterstadt, IHK Köln, WEG Musterweg 1
_ABBREVIATIONS = frozenset(
    """
    ADAC ADFC AFC AOK ASB ASC ASKÖ ASV ATSV ATV AWO BAG BBS BDKJ BKK BRK BSC BSG BSV BTV BUND CDU CSU CVJM DAK DAV
    DBB DGB DIHK DJK DLRG DRK EHC ESV FDP FFW FPÖ FSC FSV FWG GEW GKV GTV HSC HSG HSV HWK IHK IKK JFV JRK JSG JVA
    KAB KAV KFD KGV KHS KITA KJG KJR KLJB KSC KSV KTV LBS LBV LKA LRA LTC MGV MTV MVZ NABU NGG OGV OSV PSG PSV RFV
    RSC RSV RTV SAC SAV SBB SGV SKF SKG SKM SPD SPVG SPVGG SPÖ SSC SSG SSV STV STWEG SVG SVP SWR THW TKV TSC TSG
    TSV TTC TTV TUS TVB TVG USC USV VCD VDK VFB VFL VFR VHS VSG VSV WEG WSC WSV YMCA ZDF ÖAMTC ÖAV ÖRK ÖVP
    """.split()
)
# these are surnames too, but nobody's first name
_FIRST_WORDS = frozenset(
    """
    abtei amt bank bezirk bund chor firma fa freistaat gemeinde haus hof kammer kanton kirche kloster kreis land markt
    markt ordnungsamt partei praxis schule stadt stift uni ville zunft
    """.split()
)


def has_legal_form(text: str) -> bool:
    """Tell whether a name has a legal form in it, or another sign of a firm that no person's name has."""
    words = text.split("-")
    if all(map(str.isalnum, words)):
        # within a word none begins, and none has a hyphen; undSohn and etFils are the only ones that are none of these
        return any(
            word.casefold() in _WORDS_FOR_FORMS or word in _SHORT_FORMS or (word[0] in "uae" and _LEGAL.match(word))
            for word in words
        )
    return _LEGAL.search(text) is not None


def is_abbreviated(text: str) -> bool:
    """Tell whether a name begins with what a club or an office is called for short: TSV, IHK, TuS, VfB."""
    first, _, rest = text.partition(" ")
    called = first.rstrip(".:,-")
    return bool(rest) and sum(map(str.isupper, called)) > 1 and called.upper() in _ABBREVIATIONS


def is_body(text: str) -> bool:
    """Tell whether a name has a word for a business, an authority or a club in it; some of them are surnames too."""
    found = words(text)
    return bool(found) and (
        found[0] in _FIRST_WORDS
        or any(
            word in _WORDS or word.endswith(_ENDINGS) or (len(word) >= _LONG and word.endswith(_LONG_ENDINGS))
            for word in found
        )
    )
