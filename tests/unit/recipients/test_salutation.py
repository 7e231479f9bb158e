"""How people are greeted: with certainty, or neutrally, and with the reason why."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from notify.core.contact import FIELDS
from notify.core.form import Form
from notify.recipients.form import read_form
from notify.recipients.salutation import read_gender, salute

# Columns as they stand in a row, and the greeting; "~" before one that fell back.

GERMAN = [
    # what begins with an abbreviation is not turned round, and nobody's name
    ("name=TSV Musterstadt", "Sehr geehrte Damen und Herren,"),
    ("name=IHK Köln", "Sehr geehrte Damen und Herren,"),
    ("name=WEG Musterweg 1", "Sehr geehrte Damen und Herren,"),
    ("name=TuS Musterdorf", "Sehr geehrte Damen und Herren,"),
    ("last_name=DRK Ortsverein", "Sehr geehrte Damen und Herren,"),
    ("name=VfB Musterstadt", "Sehr geehrte Damen und Herren,"),
    ("name=BHKW Musterstadt", "~Guten Tag BHKW Musterstadt,"),
    ("name=SV Musterstadt", "~Guten Tag SV Musterstadt,"),
    ("name=ABC Musterstadt", "~Guten Tag ABC Musterstadt,"),
    ("name=DUPONT Jean", "~Guten Tag DUPONT Jean,"),
    ("prefix=Herr|name=TSV Müller", "~Guten Tag TSV Müller,"),
    ("name=Muster ag", "Sehr geehrte Damen und Herren,"),
    ("name=Muster kg", "Sehr geehrte Damen und Herren,"),
    ("name=Muster & Probe KLG", "Sehr geehrte Damen und Herren,"),
    ("name=Gebrüder Muster KLG", "Sehr geehrte Damen und Herren,"),
    ("company=H&M", "Sehr geehrte Damen und Herren,"),
    # Herr and Frau, in every spelling
    ("prefix=Frau|last_name=Müller", "Sehr geehrte Frau Müller,"),
    ("prefix=Herr|last_name=Müller", "Sehr geehrter Herr Müller,"),
    ("prefix=Herrn|last_name=Müller", "Sehr geehrter Herr Müller,"),
    ("prefix=Hr.|last_name=Müller", "Sehr geehrter Herr Müller,"),
    ("prefix=Hr|last_name=Müller", "Sehr geehrter Herr Müller,"),
    ("prefix=Fr.|last_name=Müller", "Sehr geehrte Frau Müller,"),
    ("prefix=Fr|last_name=Müller", "Sehr geehrte Frau Müller,"),
    ("prefix=FRAU|last_name=Müller", "Sehr geehrte Frau Müller,"),
    ("prefix=Fräulein|last_name=Müller", "Sehr geehrte Frau Müller,"),
    ("prefix=Mr.|last_name=Smith", "Sehr geehrter Herr Smith,"),
    ("prefix=Ms|last_name=Smith", "Sehr geehrte Frau Smith,"),
    ("prefix=Mrs|last_name=Smith", "Sehr geehrte Frau Smith,"),
    ("prefix=M.|last_name=Dupont", "Sehr geehrter Herr Dupont,"),
    ("prefix=Mme|last_name=Dupont", "Sehr geehrte Frau Dupont,"),
    ("prefix=Sra.|last_name=García", "Sehr geehrte Frau García,"),
    ("prefix=Dhr.|last_name=de Vries", "Sehr geehrter Herr de Vries,"),
    ("gender=w|first_name=Anna|last_name=Müller", "Sehr geehrte Frau Müller,"),
    ("gender=m|first_name=Andrea|last_name=Rossi", "Sehr geehrter Herr Rossi,"),
    ("gender=f|last_name=Müller", "Sehr geehrte Frau Müller,"),
    ("gender=female|last_name=Müller", "Sehr geehrte Frau Müller,"),
    ("gender=Männlich|last_name=Müller", "Sehr geehrter Herr Müller,"),
    # a number is nobody's gender: 1 is Frau to SAP, and a man to ISO/IEC 5218
    ("gender=2|last_name=Müller", "~Guten Tag,"),
    ("gender=0|first_name=Anna|last_name=Müller", "~Guten Tag Anna Müller,"),
    ("prefix=1|last_name=Müller", "~Guten Tag,"),
    ("prefix=01|first_name=Anna|last_name=Müller", "~Guten Tag Anna Müller,"),
    ("prefix=2|gender=w|last_name=Müller", "Sehr geehrte Frau Müller,"),
    ("title=Frau|last_name=Müller", "Sehr geehrte Frau Müller,"),
    ("first_name=Frau|last_name=Müller", "Sehr geehrte Frau Müller,"),
    ("last_name=Herr Müller", "Sehr geehrter Herr Müller,"),
    ("prefix=Frau Müller", "Sehr geehrte Frau Müller,"),
    ("name=z. Hd. Frau Müller", "Sehr geehrte Frau Müller,"),
    ("prefix=Herr Bürgermeister|last_name=Müller", "Sehr geehrter Herr Müller,"),
    ("prefix=Lord|last_name=Cole", "Sehr geehrter Lord Cole,"),
    ("prefix=Assistentin von Prof. Huber|first_name=Anna|last_name=Meier", "~Guten Tag Anna Meier,"),
    ("prefix=Büro Dr. Huber|first_name=Anna|last_name=Meier", "~Guten Tag Anna Meier,"),
    ("prefix=Sekretariat Herr Huber|first_name=Anna|last_name=Meier", "~Guten Tag Anna Meier,"),
    ("prefix=Leiter Einkauf und Vertrieb|first_name=Max|last_name=Meier", "~Guten Tag Max Meier,"),
    ("prefix=An Frau Dr.|last_name=Meier", "Sehr geehrte Frau Dr. Meier,"),
    ("prefix=z. Hd. Frau|last_name=Meier", "Sehr geehrte Frau Meier,"),
    ("prefix=Rechtsanwalt und Notar|gender=m|last_name=Meier", "Sehr geehrter Herr Meier,"),
    ("prefix=Direktor Vertrieb & Einkauf|first_name=Max|last_name=Meier", "~Guten Tag Max Meier,"),
    ("prefix=Pfarrerin Dr.|gender=w|last_name=Meier", "Sehr geehrte Frau Dr. Meier,"),
    ("prefix=Herr|last_name=Herr", "Sehr geehrter Herr Herr,"),
    ("prefix=Frau|last_name=Frau", "Sehr geehrte Frau Frau,"),
    # particles and noble names belong to the surname
    ("prefix=Frau|last_name=von der Leyen", "Sehr geehrte Frau von der Leyen,"),
    ("prefix=Frau|name=Ursula von der Heide", "Sehr geehrte Frau von der Heide,"),
    ("prefix=Frau|name=von der Heide, Ursula", "Sehr geehrte Frau von der Heide,"),
    ("prefix=Frau|name=Heide, Ursula von der", "Sehr geehrte Frau von der Heide,"),
    ("prefix=Frau|first_name=Ursula von der|last_name=Heide", "Sehr geehrte Frau von der Heide,"),
    ("prefix=Herr|name=Pieter van Dijk", "Sehr geehrter Herr van Dijk,"),
    ("prefix=Herr|name=Otto von und zu Hohenberg", "Sehr geehrter Herr von und zu Hohenberg,"),
    ("prefix=Herr|name=Karl auf der Heide", "Sehr geehrter Herr auf der Heide,"),
    ("prefix=Frau|last_name=zu Hohenberg", "Sehr geehrte Frau zu Hohenberg,"),
    ("prefix=Frau|last_name=Gräfin Hohenberg", "Sehr geehrte Frau Gräfin Hohenberg,"),
    ("prefix=Frau Gräfin|last_name=Hohenberg", "Sehr geehrte Frau Gräfin Hohenberg,"),
    ("prefix=Herr Graf von|last_name=Hohenberg", "Sehr geehrter Herr Graf von Hohenberg,"),
    ("prefix=Herr|title=Freiherr von|last_name=Hohenberg", "Sehr geehrter Herr Freiherr von Hohenberg,"),
    ("prefix=Frau|particle=von|last_name=Muster", "Sehr geehrte Frau von Muster,"),
    ("prefix=Frau|particle=Von Der|last_name=Muster", "Sehr geehrte Frau von der Muster,"),
    ("prefix=Herr|particle=van der|first_name=Ben|last_name=Berg", "Sehr geehrter Herr van der Berg,"),
    ("prefix=Herr|particle=v.|last_name=Muster", "Sehr geehrter Herr v. Muster,"),
    ("prefix=Frau|particle=d'|last_name=Arc", "Sehr geehrte Frau d'Arc,"),
    ("prefix=Frau|rank=Gräfin|last_name=Muster", "Sehr geehrte Frau Gräfin Muster,"),
    ("prefix=Herr|rank=Freiherr von|last_name=Muster", "Sehr geehrter Herr Freiherr von Muster,"),
    ("prefix=Herr|rank=Graf|particle=von|last_name=Muster", "Sehr geehrter Herr Graf von Muster,"),
    ("prefix=Frau|particle=von|last_name=von Muster", "Sehr geehrte Frau von Muster,"),
    ("prefix=Frau|rank=jun.|particle=Dr.|last_name=Muster", "Sehr geehrte Frau Muster,"),
    ("particle=von|first_name=Anna|last_name=Muster", "~Guten Tag Anna von Muster,"),
    ("prefix=Frau|particle=von|name=Anna Muster", "Sehr geehrte Frau von Muster,"),
    ("prefix=Frau Gräfin|last_name=Gräfin Hohenberg", "Sehr geehrte Frau Gräfin Hohenberg,"),
    ("prefix=Frau|title=Gräfin|last_name=von Hohenberg", "Sehr geehrte Frau Gräfin von Hohenberg,"),
    ("prefix=Frau|name=Anna Gräfin von Hohenberg", "Sehr geehrte Frau Gräfin von Hohenberg,"),
    ("prefix=Herr|name=Karl Freiherr von Stein", "Sehr geehrter Herr Freiherr von Stein,"),
    ("prefix=Herr|name=Stein, Karl Freiherr von", "Sehr geehrter Herr Freiherr von Stein,"),
    ("prefix=Herr|name=Peter Graf", "Sehr geehrter Herr Graf,"),
    ("prefix=Frau|first_name=A|last_name=Müller, geb. Huber", "Sehr geehrte Frau Müller,"),
    ("prefix=Frau|last_name=Müller geb. Huber", "Sehr geehrte Frau Müller,"),
    ("prefix=Frau|last_name=Müller-Lüdenscheidt", "Sehr geehrte Frau Müller-Lüdenscheidt,"),
    ("prefix=Frau|first_name=A|last_name=Müller, M. A.|name=Anni", "Sehr geehrte Frau Müller,"),
    ("prefix=Frau|name=Anna Müller MBA", "Sehr geehrte Frau Müller,"),
    ("prefix=Herr|last_name=Müller jun.", "Sehr geehrter Herr Müller,"),
    ("prefix=Frau|name=Anna M. Müller", "Sehr geehrte Frau Müller,"),
    ("prefix=Frau|first_name=Anna|last_name=Müller (privat)", "Sehr geehrte Frau Müller,"),
    ("prefix=Herr|first_name=Max|last_name=Müller 2", "Sehr geehrter Herr Müller,"),
    # titles: only Dr. and Prof., only the highest, without the faculty
    ("prefix=Herr Dr.|last_name=Meier", "Sehr geehrter Herr Dr. Meier,"),
    ("prefix=Hr. Dr.|last_name=Meier", "Sehr geehrter Herr Dr. Meier,"),
    ("prefix=Frau|title=Dr|last_name=Meier", "Sehr geehrte Frau Dr. Meier,"),
    ("prefix=Frau|title=Dr. med.|last_name=Meier", "Sehr geehrte Frau Dr. Meier,"),
    ("prefix=Frau|title=Dr. med. dent.|last_name=Meier", "Sehr geehrte Frau Dr. Meier,"),
    ("prefix=Herr|title=Dr.-Ing.|last_name=Meier", "Sehr geehrter Herr Dr. Meier,"),
    ("prefix=Frau|title=Dr. Dr.|last_name=Meier", "Sehr geehrte Frau Dr. Meier,"),
    ("prefix=Herr|title=Dr. h. c.|last_name=Meier", "Sehr geehrter Herr Dr. Meier,"),
    ("prefix=Herr|title=Dr. h.c. mult.|last_name=Meier", "Sehr geehrter Herr Dr. Meier,"),
    ("prefix=Frau|title=PD Dr. habil.|last_name=Meier", "Sehr geehrte Frau Dr. Meier,"),
    ("prefix=Frau|title=Prof. Dr.|last_name=Bremer", "Sehr geehrte Frau Professorin Bremer,"),
    ("prefix=Frau|title=Professorin|last_name=Bremer", "Sehr geehrte Frau Professorin Bremer,"),
    ("prefix=Herr Prof.|last_name=Meinert", "Sehr geehrter Herr Professor Meinert,"),
    ("prefix=Herr|title=Juniorprof. Dr.|last_name=Meinert", "Sehr geehrter Herr Professor Meinert,"),
    ("gender=m|title=Univ.-Prof. DDr.|last_name=M", "Sehr geehrter Herr Professor M,"),
    ("gender=m|name=Prof. Dr. h.c. mult. Max Mustermann", "Sehr geehrter Herr Professor Mustermann,"),
    ("gender=m|name=Prof. Dr. med. Dr. h. c. Max Mustermann", "Sehr geehrter Herr Professor Mustermann,"),
    ("prefix=Herr|title=Dipl.-Ing. (FH)|last_name=Meier", "Sehr geehrter Herr Meier,"),
    ("prefix=Herr|name=Dipl.-Kfm. Max Meier", "Sehr geehrter Herr Meier,"),
    ("prefix=Frau|title=Mag.|last_name=Gruber", "Sehr geehrte Frau Gruber,"),
    ("prefix=Frau|title=B.Sc.|last_name=Meier", "Sehr geehrte Frau Meier,"),
    ("prefix=Frau|title=Geschäftsführerin|last_name=Meier", "Sehr geehrte Frau Meier,"),
    ("prefix=Frau|title=Assistentin von Prof. Dr. Huber|last_name=Meier", "Sehr geehrte Frau Meier,"),
    ("prefix=Frau|last_name=Dr. Meier", "Sehr geehrte Frau Dr. Meier,"),
    ("prefix=Frau|first_name=Dr. Anna|last_name=Meier", "Sehr geehrte Frau Dr. Meier,"),
    ("prefix=Frau|first_name=Dr.|last_name=Meier", "Sehr geehrte Frau Dr. Meier,"),
    ("prefix=Frau|first_name=Anna|last_name=Meier, Dr.", "Sehr geehrte Frau Dr. Meier,"),
    ("prefix=Frau|first_name=A|last_name=Meier|name=Dr. A Meier", "Sehr geehrte Frau Dr. Meier,"),
    ("prefix=Frau|first_name=A|last_name=Meier|name=Dr. Huber & Team", "Sehr geehrte Frau Meier,"),
    ("gender=w|name=Meier, Dr. Anna", "Sehr geehrte Frau Dr. Meier,"),
    ("name=Frau Dr. Eva Klein", "Sehr geehrte Frau Dr. Klein,"),
    ("salutation=Frau Dr.|last_name=Klein", "Sehr geehrte Frau Dr. Klein,"),
    ("prefix=Herr|name=Dr. H. Müller", "Sehr geehrter Herr Dr. Müller,"),
    ("prefix=Herr|name=Phil Müller|title=Dr.", "Sehr geehrter Herr Dr. Müller,"),
    ("title=Dr.|first_name=Andrea|last_name=Meier", "~Guten Tag Dr. Andrea Meier,"),
    ("title=Prof. Dr.|first_name=Kim|last_name=Meier", "~Guten Tag Prof. Kim Meier,"),
    ("title=Dr.|last_name=Meier", "~Guten Tag Dr. Meier,"),
    # nobody's gender is guessed
    ("first_name=Andrea|last_name=Müller", "~Guten Tag Andrea Müller,"),
    ("first_name=Max|last_name=Müller", "~Guten Tag Max Müller,"),
    ("title=Gräfin|first_name=Anna|last_name=Hohenberg", "~Guten Tag Anna Gräfin Hohenberg,"),
    ("title=Professorin|first_name=Anna|last_name=Meier", "~Guten Tag Prof. Anna Meier,"),
    ("name=Müller, Andrea", "~Guten Tag Andrea Müller,"),
    ("name=Andrea Müller (privat)", "~Guten Tag Andrea Müller,"),
    ("gender=Keine Angabe|first_name=A|last_name=Müller", "~Guten Tag A Müller,"),
    ("gender=d|first_name=Kim|last_name=Müller", "Guten Tag Kim Müller,"),
    ("gender=divers|title=Dr.|first_name=Kim|last_name=Müller", "Guten Tag Dr. Kim Müller,"),
    ("prefix=Mx|first_name=Kim|last_name=Müller", "Guten Tag Kim Müller,"),
    ("prefix=Herr|gender=w|first_name=Kim|last_name=Müller", "~Guten Tag Kim Müller,"),
    ("prefix=Herr/Frau|first_name=Kim|last_name=Müller", "~Guten Tag Kim Müller,"),
    ("prefix=Herr/Frau|gender=w|first_name=Kim|last_name=Müller", "Sehr geehrte Frau Müller,"),
    # which of the words is the surname cannot be told; a comma, capitals or another column tells it
    ("prefix=Herr|name=Juan García López", "~Guten Tag Juan García López,"),
    ("prefix=Herr|name=García López, Juan", "Sehr geehrter Herr García López,"),
    ("prefix=Herr|name=Juan García López|first_name=Juan", "~Guten Tag Juan García López,"),
    ("prefix=Herr|name=Juan García López|last_name=García López", "Sehr geehrter Herr García López,"),
    ("prefix=Frau|name=Müller Anna|first_name=Anna", "Sehr geehrte Frau Müller,"),
    ("prefix=Frau|name=Müller Anna|last_name=Müller", "Sehr geehrte Frau Müller,"),
    ("prefix=Frau|surname_first=Müller Anna", "Sehr geehrte Frau Müller,"),
    ("surname_first=von der Heide Katrin", "~Guten Tag Katrin von der Heide,"),
    ("prefix=Herr|name=DUPONT Jean", "Sehr geehrter Herr DUPONT,"),
    ("prefix=Mr|name=王小明", "~Guten Tag 王小明,"),
    ("first_name=小明|last_name=王", "~Guten Tag 王小明,"),
]

SEVERAL = [
    ("prefix=Familie|last_name=Müller", "Sehr geehrte Familie Müller,"),
    ("prefix=Fam.|last_name=Müller", "Sehr geehrte Familie Müller,"),
    ("prefix=Familie Dr.|last_name=Müller", "Sehr geehrte Familie Müller,"),
    ("name=Familie Müller", "Sehr geehrte Familie Müller,"),
    ("last_name=Familie von der Heide", "Sehr geehrte Familie von der Heide,"),
    ("first_name=Familie|last_name=Müller", "Sehr geehrte Familie Müller,"),
    ("name=Familie Anna und Max Müller", "Sehr geehrte Familie Müller,"),
    ("prefix=Familie|last_name=Müller und Schmidt", "Sehr geehrte Familie Müller und Schmidt,"),
    ("prefix=Eheleute|last_name=Müller", "Sehr geehrte Eheleute Müller,"),
    ("prefix=Eheleute|first_name=Hans und Maria|last_name=Müller", "Sehr geehrte Eheleute Müller,"),
    ("name=Ehepaar Hans und Maria Müller", "Sehr geehrte Eheleute Müller,"),
    ("prefix=Herr und Frau|last_name=Müller", "Sehr geehrte Frau Müller, sehr geehrter Herr Müller,"),
    ("prefix=Frau u. Herr|last_name=Müller", "Sehr geehrte Frau Müller, sehr geehrter Herr Müller,"),
    ("prefix=Hr. & Fr.|last_name=Müller", "Sehr geehrte Frau Müller, sehr geehrter Herr Müller,"),
    ("salutation=Herr und Frau|last_name=Müller", "Sehr geehrte Frau Müller, sehr geehrter Herr Müller,"),
    ("name=Herr und Frau Müller", "Sehr geehrte Frau Müller, sehr geehrter Herr Müller,"),
    ("name=Herr und Frau Max und Anna Müller", "Sehr geehrte Frau Müller, sehr geehrter Herr Müller,"),
    ("prefix=Herr Dr. und Frau|last_name=Müller", "Sehr geehrte Frau Müller, sehr geehrter Herr Dr. Müller,"),
    ("name=Herr Dr. und Frau Müller", "Sehr geehrte Frau Müller, sehr geehrter Herr Dr. Müller,"),
    ("name=Herr Müller und Frau Schmidt", "Sehr geehrte Frau Schmidt, sehr geehrter Herr Müller,"),
    ("name=Herr Max Müller und Frau Dr. Eva Klein", "Sehr geehrte Frau Dr. Klein, sehr geehrter Herr Müller,"),
    ("name=Frau Eva Klein und Frau Anna Groß", "Sehr geehrte Frau Klein, sehr geehrte Frau Groß,"),
    ("prefix=Herr Dr. und Frau Dr.|last_name=Bo", "Sehr geehrte Frau Dr. Bo, sehr geehrter Herr Dr. Bo,"),
    ("prefix=Herr und Frau|name=Anna und Max Bo", "Sehr geehrte Frau Bo, sehr geehrter Herr Bo,"),
    ("prefix=Frau und Frau|last_name=Müller", "~Guten Tag,"),
    ("prefix=Frau und Sohn|last_name=Müller", "~Guten Tag,"),
    ("prefix=Herr und Frau|last_name=Müller/Schmidt", "~Guten Tag,"),
    ("prefix=Herr und Frau", "~Guten Tag,"),
    ("name=Herr und Frau Anna Maria Müller", "~Guten Tag Anna Maria Müller,"),
    ("name=Herr Max Müller und Frau Eva Klein und Frau Ida Groß", "~Guten Tag,"),
    ("name=Müller und Schmidt", "~Guten Tag,"),
    ("prefix=Herr und Frau Dr.|first_name=Max und Anna|last_name=Müller", "~Guten Tag Max und Anna Müller,"),
    ("prefix=Herr und Frau|title=Dr.|last_name=Müller", "~Guten Tag,"),
    ("prefix=Herr und Frau|last_name=Müller und Schmidt", "~Guten Tag,"),
    ("name=Herr Max und Frau Anna Müller", "~Guten Tag,"),
    ("name=Herr Müller und Frau", "~Guten Tag,"),
    ("name=Anna und Max Müller", "~Guten Tag Anna und Max Müller,"),
    ("name=Müller, Anna & Max", "~Guten Tag Anna und Max Müller,"),
    ("name=Anna Müller und Max Schmidt", "~Guten Tag Anna Müller und Max Schmidt,"),
    ("name=Anna, Max und Eva Müller", "~Guten Tag,"),
    ("prefix=Herr|first_name=Hans & Maria|last_name=Bo", "~Guten Tag Hans und Maria Bo,"),
    ("gender=w|first_name=Hans/Maria|last_name=Bo", "~Guten Tag Hans/Maria Bo,"),
]

FIRMS = [
    "company=Nordkai GmbH",
    "company=Nordkai",
    "prefix=Firma|last_name=Müller",
    "prefix=Fa.|company=Müller",
    "prefix=Firma|first_name=Anna|last_name=Müller|company=Nordkai GmbH",
    "prefix=Damen und Herren|company=Müller",
    "prefix=Frau|company=Nordkai GmbH",
    "first_name=-|last_name=-|company=Nordkai GmbH",
    "first_name=n/a|last_name=n/a|company=Nordkai GmbH",
    "company=Nordkai|name=Nordkai",
    "company=Nordkai|last_name=Nordkai",
    "name=Müller GmbH & Co. KG",
    "name=Nordkai gGmbH",
    "name=Nordkai UG (haftungsbeschränkt)",
    "name=Nordkai AG",
    "name=Müller OHG",
    "name=Müller & Meier GbR",
    "name=Max Müller e.K.",
    "name=Max Müller e. Kfm.",
    "last_name=Sportfreunde Süd e. V.",
    "name=Wohnbau Nord eG",
    "name=Müller Partnerschaft mbB",
    "name=Nordkai SE",
    "name=Nordkai Ltd",
    "name=Nordkai, Inc.",
    "name=Nordkai LLC",
    "name=Nordkai PLC",
    "name=Nordkai SARL",
    "name=Nordkai S.à r.l.",
    "name=Nordkai SAS",
    "name=Nordkai SA",
    "name=Van Dijk Logistik B.V.",
    "name=Tiskárna Novák s.r.o.",
    "name=Gruber Ges.m.b.H.",
    "name=Gruber OG",
    "first_name=Autohaus|last_name=Kühn GmbH",
    "first_name=Nordkai GmbH|last_name=Müller",
    "name=Meier, Schulz & Partner",
    "name=Müller & Söhne",
    "name=Gebr. Müller",
    "name=Firma Müller",
    "name=Praxis Dr. Meier",
    "first_name=Praxis|last_name=Dr. Meier",
    "name=Zahnarztpraxis Dr. Meier",
    "name=Kanzlei Meier",
    "name=Rechtsanwälte Meier und Schulz",
    "name=Apotheke am Markt",
    "name=Finanzamt Musterhausen",
    "name=Stadt Musterhausen",
    "last_name=Gemeinde Musterhausen",
    "name=Amt Süderbrarup",
    "name=Universität Musterhausen",
    "name=Heimatverein Neudorf",
    "name=Verein für Heimatpflege",
    "name=Ev. Kirchengemeinde St. Anna",
    "name=University of Musterham",
    "name=Buchhaltung",
    "name=Team Nordkai",
]

AUSTRIAN = [
    ("prefix=Frau|title=Mag.|last_name=Gruber|country=AT", "Sehr geehrte Frau Mag. Gruber,"),
    ("prefix=Frau|title=Mag.|last_name=Gruber|country=Österreich", "Sehr geehrte Frau Mag. Gruber,"),
    ("prefix=Frau|title=Mag.|last_name=Gruber|country=Austria", "Sehr geehrte Frau Mag. Gruber,"),
    ("prefix=Frau|title=Mag.|last_name=Gruber|country=A", "Sehr geehrte Frau Mag. Gruber,"),
    ("prefix=Frau|title=Mag.|last_name=Gruber|language=de-AT", "Sehr geehrte Frau Mag. Gruber,"),
    ("prefix=Frau|title=Mag.|last_name=Gruber|country=DE|language=de-AT", "Sehr geehrte Frau Gruber,"),
    ("prefix=Frau Mag.|last_name=Gruber|country=AT", "Sehr geehrte Frau Mag. Gruber,"),
    ("prefix=Frau|title=Mag|last_name=Gruber|country=AT", "Sehr geehrte Frau Mag. Gruber,"),
    ("prefix=Frau|name=Mag.a Eva Gruber|country=AT", "Sehr geehrte Frau Mag.a Gruber,"),
    ("prefix=Herr|title=MMag.|last_name=Gruber|country=AT", "Sehr geehrter Herr Mag. Gruber,"),
    ("prefix=Herr|title=Mag. (FH)|last_name=Gruber|country=AT", "Sehr geehrter Herr Mag. Gruber,"),
    ("prefix=Herr|title=Mag. rer. soc. oec.|last_name=Gruber|country=AT", "Sehr geehrter Herr Mag. Gruber,"),
    ("prefix=Herr|title=Mag. Dr.|last_name=Gruber|country=AT", "Sehr geehrter Herr Dr. Gruber,"),
    ("prefix=Herr|title=DDr.|last_name=Gruber|country=AT", "Sehr geehrter Herr Dr. Gruber,"),
    ("prefix=Herr|title=Dr. med. univ.|last_name=Gruber|country=AT", "Sehr geehrter Herr Dr. Gruber,"),
    ("prefix=Frau|title=Univ.-Prof. Mag. Dr.|last_name=Gruber|country=AT", "Sehr geehrte Frau Professorin Gruber,"),
    ("prefix=Herr|title=Dipl.-Ing.|last_name=Gruber|country=AT", "Sehr geehrter Herr Dipl.-Ing. Gruber,"),
    ("prefix=Herr|title=DI|last_name=Gruber|country=AT", "Sehr geehrter Herr DI Gruber,"),
    ("prefix=Herr|name=DI Max Gruber|country=AT", "Sehr geehrter Herr DI Gruber,"),
    ("prefix=Herr|title=Ing.|last_name=Gruber|country=AT", "Sehr geehrter Herr Ing. Gruber,"),
    ("prefix=Frau|title=BSc MSc|last_name=Gruber|country=AT", "Sehr geehrte Frau Gruber,"),
    ("prefix=Frau|name=Eva Gruber, BSc|country=AT", "Sehr geehrte Frau Gruber,"),
    ("title=Mag.|first_name=Kim|last_name=Gruber|country=AT", "~Guten Tag Mag. Kim Gruber,"),
    ("company=Gruber GmbH|country=AT", "Sehr geehrte Damen und Herren,"),
    ("form=du|gender=w|first_name=Eva|title=Mag.|country=AT", "Liebe Eva,"),
]

SWISS = [
    ("prefix=Frau|last_name=Meier|country=CH", "Sehr geehrte Frau Meier"),
    ("prefix=Frau|last_name=Meier|country=Schweiz", "Sehr geehrte Frau Meier"),
    ("prefix=Frau|last_name=Meier|country=Suisse", "Sehr geehrte Frau Meier"),
    ("prefix=Frau|last_name=Meier|country=Switzerland", "Sehr geehrte Frau Meier"),
    ("prefix=Frau|last_name=Meier|language=de-CH", "Sehr geehrte Frau Meier"),
    ("prefix=Frau|last_name=Meier|language=Deutsch (Schweiz)", "Sehr geehrte Frau Meier"),
    ("prefix=Herr|title=Dr. iur.|last_name=Meier|country=CH", "Sehr geehrter Herr Dr. Meier"),
    ("prefix=Frau|title=Prof.|last_name=Meier|country=CH", "Sehr geehrte Frau Professorin Meier"),
    ("prefix=Herr|title=lic. iur.|last_name=Meier|country=CH", "Sehr geehrter Herr Meier"),
    ("prefix=Herr|last_name=Weiß|country=CH", "Sehr geehrter Herr Weiß"),
    ("first_name=Andrea|last_name=Meier|country=CH", "~Guten Tag Andrea Meier"),
    ("last_name=Meier|country=CH", "~Guten Tag"),
    ("prefix=Familie|last_name=Meier|country=CH", "Sehr geehrte Familie Meier"),
    ("prefix=Herr und Frau|last_name=Meier|country=CH", "Sehr geehrte Frau Meier, sehr geehrter Herr Meier"),
    ("company=Meier AG|country=CH", "Sehr geehrte Damen und Herren"),
    ("form=du|gender=f|first_name=Anna|country=CH", "Liebe Anna"),
    ("salutation=Grüezi Frau Meier,|country=CH", "Grüezi Frau Meier"),
    ("salutation=Hoi zäme!|country=CH", "Hoi zäme!"),
    ("prefix=Frau|last_name=Marxer|country=Liechtenstein", "Sehr geehrte Frau Marxer"),
]

FAMILIAR = [
    ("form=du|first_name=Anna|last_name=Müller", "Hallo Anna,"),
    ("form=Du|first_name=Anna|gender=w", "Liebe Anna,"),
    ("form=per du|first_name=Max|prefix=Herr", "Lieber Max,"),
    ("form=duzen|first_name=Max|prefix=Herr|title=Dr.|last_name=Meier", "Lieber Max,"),
    ("form=familiar|first_name=Kim|gender=d", "Hallo Kim,"),
    ("form=du|name=Müller, Anna", "Hallo Anna,"),
    ("form=du|first_name=Anna Maria|last_name=Müller", "Hallo Anna Maria,"),
    ("form=du|first_name=Dr. Anna|prefix=Frau|last_name=Müller", "Liebe Anna,"),
    ("form=du|prefix=Familie|last_name=Müller", "Liebe Familie Müller,"),
    ("form=du|prefix=Herr|first_name=Hans & Maria", "Hallo Hans und Maria,"),
    ("form=du|prefix=Herr und Frau|first_name=Max und Anna|last_name=Müller", "Hallo Max und Anna,"),
    ("form=du|name=Herr Müller und Frau Schmidt", "~Hallo,"),
    ("form=du|last_name=Müller|prefix=Frau", "~Hallo,"),
    ("form=du|first_name=A.|last_name=Müller", "~Hallo,"),
    ("form=du|company=Nordkai GmbH", "~Hallo,"),
    ("form=du|prefix=Firma|first_name=Anna|last_name=Müller", "~Hallo,"),
    ("form=Sie|prefix=Frau|first_name=Anna|last_name=Müller", "Sehr geehrte Frau Müller,"),
    ("form=formal|prefix=Frau|first_name=Anna|last_name=Müller", "Sehr geehrte Frau Müller,"),
    ("form=Sie/Du|prefix=Frau|first_name=Anna|last_name=Müller", "Sehr geehrte Frau Müller,"),
    ("form=kein Du|prefix=Frau|first_name=Anna|last_name=Müller", "Sehr geehrte Frau Müller,"),
    ("form=|prefix=Frau|first_name=Anna|last_name=Müller", "Sehr geehrte Frau Müller,"),
]

MISSING = [
    ("", "~Guten Tag,"),
    ("prefix=Frau", "~Guten Tag,"),
    ("title=Dr.", "~Guten Tag,"),
    ("last_name=Müller", "~Guten Tag,"),
    ("name=Müller", "~Guten Tag,"),
    ("last_name=Müller|company=Nordkai GmbH", "~Guten Tag,"),
    ("gender=divers|last_name=Müller", "Guten Tag,"),
    ("first_name=Anna", "~Guten Tag Anna,"),
    ("prefix=Frau|first_name=Anna", "~Guten Tag Anna,"),
    ("first_name=A.", "~Guten Tag,"),
    ("email=a@b.example|name=a@b.example", "~Guten Tag,"),
    ("name=Anna Müller a@b.example", "~Guten Tag,"),
    ("name=unbekannt", "~Guten Tag,"),
    ("prefix=Frau|last_name=N. N.", "~Guten Tag,"),
    ("first_name=Anna|last_name=?", "~Guten Tag Anna,"),
    ("name=4711", "~Guten Tag,"),
    ("surname_first=García López Juan", "~Guten Tag,"),
    ("prefix=???|last_name=Müller", "~Guten Tag,"),
    ("name=Anna M.", "~Guten Tag Anna M.,"),
    ("prefix=Frau|name=Müller, Anna, Musterstadt", "~Guten Tag,"),
    (f"prefix=Frau|last_name={'Müller ' * 40}", "~Guten Tag,"),
    # a surname that is a word for a firm, and initials that look like a legal form
    ("prefix=Herr|last_name=Stadt", "Sehr geehrter Herr Stadt,"),
    ("gender=w|last_name=Praxis", "Sehr geehrte Frau Praxis,"),
    ("first_name=E. G.|last_name=Müller", "~Guten Tag E. G. Müller,"),
    ("first_name=A.|last_name=S. Müller", "~Guten Tag A. S. Müller,"),
    ("name=Se Yeon Kim", "~Guten Tag Se Yeon Kim,"),
    ("prefix=Frau|last_name=Meier|company=Nordkai GmbH", "Sehr geehrte Frau Meier,"),
    ("prefix=Frau|last_name=Meier|name=Nordkai GmbH", "Sehr geehrte Frau Meier,"),
]

ENGLISH = [
    # a column Title may hold somebody's job: whoever is named in it is somebody else
    ("prefix=Assistant to Prof. Miller|first_name=Anna|last_name=Cole", "~Dear Anna Cole,"),
    ("prefix=PA to Mr Smith|first_name=Anna|last_name=Cole", "~Dear Anna Cole,"),
    ("prefix=Office of Dr. Miller|first_name=Anna|last_name=Cole", "~Dear Anna Cole,"),
    ("prefix=Dr. Miller's assistant|first_name=Anna|last_name=Cole", "~Dear Anna Cole,"),
    ("prefix=Secretary Prof. Miller|first_name=Anna|last_name=Cole", "~Dear Anna Cole,"),
    ("prefix=VP Sales & Marketing|first_name=Anna|last_name=Cole", "~Dear Anna Cole,"),
    ("prefix=Head of R&D|first_name=Anna|last_name=Cole", "~Dear Anna Cole,"),
    ("prefix=Research and Development|first_name=Anna|last_name=Cole", "~Dear Anna Cole,"),
    ("prefix=BBA&E|first_name=Anna|last_name=Cole", "~Dear Anna Cole,"),
    ("prefix=General Manager & CEO|first_name=Anna|last_name=Cole", "~Dear Anna Cole,"),
    ("prefix=Rev.|gender=f|first_name=Anna|last_name=Cole", "Dear Ms Cole,"),
    ("prefix=Manager|gender=f|first_name=Anna|last_name=Cole", "Dear Ms Cole,"),
    ("prefix=VP Sales & Marketing|gender=f|first_name=Anna|last_name=Cole", "Dear Ms Cole,"),
    ("prefix=Assistant Professor|first_name=Anna|last_name=Cole", "Dear Professor Cole,"),
    ("prefix=Professor of Law|first_name=Anna|last_name=Cole", "Dear Professor Cole,"),
    ("prefix=Rev. Dr.|first_name=Anna|last_name=Cole", "Dear Dr Cole,"),
    ("name=Anna Cole, BBA&E", "~Dear Anna Cole,"),
    ("prefix=Lord|first_name=George|last_name=Cole", "Dear Lord Cole,"),
    ("prefix=Lady|last_name=Cole|country=US", "Dear Lady Cole,"),
    ("name=Lord Cole", "Dear Lord Cole,"),
    ("salutation=Lord|first_name=George|last_name=Cole", "Dear Lord Cole,"),
    ("salutation=Sir|first_name=Ian|last_name=Cole", "~Dear Ian Cole,"),
    ("salutation=Baroness|first_name=Eva|last_name=Cole", "~Dear Eva Cole,"),
    ("first_name=Jack|last_name=Lord", "~Dear Jack Lord,"),
    ("prefix=Mr|last_name=Smith", "Dear Mr Smith,"),
    ("prefix=Mr.|last_name=Smith", "Dear Mr Smith,"),
    ("prefix=Ms|last_name=Smith", "Dear Ms Smith,"),
    ("prefix=Mrs|last_name=Smith", "Dear Mrs Smith,"),
    ("prefix=Miss|last_name=Smith", "Dear Miss Smith,"),
    ("prefix=Mx|first_name=Kim|last_name=Smith", "Dear Kim Smith,"),
    ("prefix=Frau|last_name=Müller", "Dear Ms Müller,"),
    ("prefix=Herr|last_name=Müller", "Dear Mr Müller,"),
    ("gender=f|last_name=Smith", "Dear Ms Smith,"),
    ("gender=Male|last_name=Smith", "Dear Mr Smith,"),
    ("prefix=Mrs|gender=f|last_name=Smith", "Dear Mrs Smith,"),
    ("salutation=Mrs.|last_name=Smith", "Dear Mrs Smith,"),
    ("prefix=Mr|name=Robert Smith Jr.", "Dear Mr Smith,"),
    ("prefix=Mr|name=Smith, Robert, PhD", "Dear Mr Smith,"),
    ("prefix=Mr|name=Robert J. Smith", "Dear Mr Smith,"),
    ("prefix=Ms|last_name=O'Sullivan", "Dear Ms O'Sullivan,"),
    ("prefix=Ms|name=Maria de la Cruz", "Dear Ms de la Cruz,"),
    ("prefix=Dr|last_name=Smith", "Dear Dr Smith,"),
    ("prefix=Dr.|first_name=Priya|last_name=Raman", "Dear Dr Raman,"),
    ("prefix=Mrs Dr|last_name=Smith", "Dear Dr Smith,"),
    ("title=Dr. med.|first_name=Anna|last_name=Meier", "Dear Dr Meier,"),
    ("prefix=Prof|last_name=Whitfield", "Dear Professor Whitfield,"),
    ("title=Prof. Dr.|prefix=Frau|last_name=Bremer", "Dear Professor Bremer,"),
    ("title=Associate Professor|first_name=Kim|last_name=Yu", "Dear Professor Yu,"),
    ("title=Mag.|prefix=Frau|last_name=Gruber|country=AT", "Dear Ms Gruber,"),
    ("prefix=Frau Gräfin|last_name=Hohenberg", "Dear Ms Gräfin Hohenberg,"),
    ("prefix=Dr|gender=d|first_name=Kim|last_name=Yu", "Dear Dr Yu,"),
    ("prefix=Mr|last_name=Smith|country=GB", "Dear Mr Smith,"),
    ("prefix=Mr|last_name=Smith|country=Ireland", "Dear Mr Smith,"),
    ("prefix=Mr|last_name=Smith|country=US", "Dear Mr. Smith,"),
    ("prefix=Ms|last_name=Smith|country=USA", "Dear Ms. Smith,"),
    ("prefix=Mrs|last_name=Smith|country=United States", "Dear Mrs. Smith,"),
    ("prefix=Miss|last_name=Smith|country=U.S.A.", "Dear Miss Smith,"),
    ("prefix=Dr|last_name=Smith|country=United States of America", "Dear Dr. Smith,"),
    ("prefix=Prof|last_name=Smith|country=US", "Dear Professor Smith,"),
    ("gender=m|last_name=Smith|language=English (United States)", "Dear Mr. Smith,"),
    ("first_name=Andrea|last_name=Müller", "~Dear Andrea Müller,"),
    ("name=Smith, Andrea", "~Dear Andrea Smith,"),
    ("first_name=Andrea", "~Dear Andrea,"),
    ("last_name=Smith", "~Hello,"),
    ("", "~Hello,"),
    ("gender=d|last_name=Smith", "Hello,"),
    ("prefix=Mr/Ms|first_name=Kim|last_name=Smith", "~Dear Kim Smith,"),
    ("prefix=Sir|first_name=Paul|last_name=Smith", "~Dear Paul Smith,"),
    ("company=Nordkai Ltd", "Dear Sir or Madam,"),
    ("name=Harbour Museum", "Dear Sir or Madam,"),
    ("name=Bank of Musterham", "Dear Sir or Madam,"),
    ("prefix=Messrs|last_name=Smith", "Dear Sir or Madam,"),
    ("prefix=Mr & Mrs|last_name=Smith", "Dear Mr and Mrs Smith,"),
    ("prefix=Mr. and Mrs.|last_name=Smith|country=US", "Dear Mr. and Mrs. Smith,"),
    ("name=Mr and Mrs Smith", "Dear Mr and Mrs Smith,"),
    ("prefix=Herr und Frau|last_name=Müller", "Dear Ms Müller and Mr Müller,"),
    ("name=Mr Paul Smith and Dr Kim Yu", "Dear Mr Smith and Dr Yu,"),
    ("name=Ms Ann Smith and Mr Paul Jones", "Dear Ms Smith and Mr Jones,"),
    ("prefix=Family|last_name=Smith", "Dear Smith family,"),
    ("prefix=Eheleute|first_name=Hans und Maria|last_name=Müller", "~Dear Hans and Maria Müller,"),
    ("name=Ann & Paul Smith", "~Dear Ann and Paul Smith,"),
    ("form=du|first_name=Anna|prefix=Frau", "Dear Anna,"),
    ("form=informal|first_name=Kim", "Dear Kim,"),
    ("form=du|last_name=Smith", "~Hello,"),
]

FRENCH = [
    ("prefix=Mme|last_name=Dupont", "Madame,"),
    ("prefix=M.|last_name=Dupont", "Monsieur,"),
    ("prefix=M|last_name=Dupont", "Monsieur,"),
    ("prefix=Monsieur|last_name=Dupont", "Monsieur,"),
    ("prefix=Mlle|last_name=Dupont", "Madame,"),
    ("prefix=Frau|last_name=Müller", "Madame,"),
    ("gender=Homme|last_name=Dupont", "Monsieur,"),
    ("gender=féminin|last_name=Dupont", "Madame,"),
    ("prefix=Mme", "Madame,"),
    ("prefix=M.|name=Juan García López", "Monsieur,"),
    ("first_name=Dominique|last_name=Dupont", "~Madame, Monsieur,"),
    ("last_name=Dupont", "~Madame, Monsieur,"),
    ("", "~Madame, Monsieur,"),
    ("gender=d|first_name=Camille|last_name=Dupont", "Bonjour Camille Dupont,"),
    ("company=Dupont SARL", "Madame, Monsieur,"),
    ("name=Mairie de Musterville", "Madame, Monsieur,"),
    ("prefix=Famille|last_name=Dupont", "Madame, Monsieur,"),
    ("prefix=M. et Mme|last_name=Dupont", "Madame, Monsieur,"),
    ("name=Mme Anne Dupont et Mme Claire Martin", "Mesdames,"),
    ("prefix=Dr|last_name=Dupont", "Docteur,"),
    ("prefix=Mme|title=Dr. med.|last_name=Dupont", "Docteur,"),
    ("prefix=Docteur|first_name=Anne|last_name=Dupont", "Docteur,"),
    ("prefix=M.|title=Dr. phil.|last_name=Dupont", "Monsieur,"),
    ("prefix=Mme|title=Dr.-Ing.|last_name=Dupont", "Madame,"),
    ("prefix=M.|title=Dr. h. c.|last_name=Dupont", "Monsieur,"),
    ("prefix=M.|title=Prof. Dr.|last_name=Dupont", "Monsieur le Professeur,"),
    ("prefix=Mme|title=Pr|last_name=Dupont", "Madame la Professeure,"),
    ("title=Prof.|first_name=Dominique|last_name=Dupont", "~Madame, Monsieur,"),
    ("prefix=M.|last_name=Dupont|country=CH", "Monsieur,"),
    ("salutation=Madame la Directrice", "Madame la Directrice,"),
    ("salutation=Chère Madame|last_name=Dupont", "Chère Madame,"),
    ("salutation=Madame, Monsieur,|last_name=Dupont", "Madame, Monsieur,"),
    ("salutation=Mme|last_name=Dupont", "Madame,"),
    ("form=tu|gender=f|first_name=Anne", "Chère Anne,"),
    ("form=tutoiement|gender=m|first_name=Paul", "Cher Paul,"),
    ("form=du|first_name=Camille", "Bonjour Camille,"),
    ("form=vous|prefix=Mme|first_name=Anne", "Madame,"),
    ("form=tu|name=Anne et Paul Dupont", "Bonjour Anne et Paul,"),
]

# of two people: whose title it is; where that is not certain nobody is called by it, and nobody without it
TITLES_OF_TWO = [
    ("de", "name=Herr und Frau Müller|title=Dr.", "~Guten Tag,"),
    ("de", "name=Herr und Frau Müller|prefix=Dr.", "~Guten Tag,"),
    ("de", "name=Herr Müller und Frau Schmidt|title=Dr.", "~Guten Tag,"),
    ("de", "name=Herr Müller und Frau Schmidt|prefix=Dr.", "~Guten Tag,"),
    ("de", "name=Herr Müller und Frau Schmidt, Dr.", "~Guten Tag,"),
    ("de", "name=Herr Dr. Müller und Frau Schmidt|title=Prof.", "~Guten Tag,"),
    ("de", "name=Herr Dr. Bo und Frau Klein|title=Dr.", "Sehr geehrte Frau Klein, sehr geehrter Herr Dr. Bo,"),
    ("de", "name=Herr Bo und Frau Dr. Bo", "Sehr geehrte Frau Dr. Bo, sehr geehrter Herr Bo,"),
    ("de", "name=Herr Dr. Bo und Frau Bo", "Sehr geehrte Frau Bo, sehr geehrter Herr Dr. Bo,"),
    ("de", "prefix=Herr Dr. und Frau Dr.|name=Herr Dr. Bo und Frau Bo", "~Guten Tag,"),
    ("de", "prefix=Herr und Frau|first_name=Max und Dr. Anna|last_name=Bo", "~Guten Tag Max und Dr. Anna Bo,"),
    ("de", "prefix=Herr und Frau|first_name=Dr. Max und Anna|last_name=Bo", "~Guten Tag Max und Anna Bo,"),
    ("de", "prefix=Herr und Frau|name=Max und Dr. Anna Bo", "~Guten Tag Max und Dr. Anna Bo,"),
    ("de", "name=Max und Dr. Anna Müller", "~Guten Tag Max und Dr. Anna Müller,"),
    ("de", "name=Dr. Max und Dr. Anna Müller", "~Guten Tag,"),
    ("de", "name=Dr. Müller und Dr. Schmidt", "~Guten Tag,"),
    ("de", "name=Dr. und Frau Müller", "~Guten Tag,"),
    ("de", "prefix=Dr. und Frau|last_name=Müller", "~Guten Tag,"),
    ("de", "prefix=Eheleute Dr.|last_name=Müller", "~Guten Tag,"),
    ("de", "prefix=Eheleute|title=Dr.|last_name=Müller", "~Guten Tag,"),
    ("de", "prefix=Eheleute|title=Dipl.-Ing.|last_name=Müller", "Sehr geehrte Eheleute Müller,"),
    ("de", "name=Ehepaar Dr. Max und Anna Müller", "~Guten Tag Max und Anna Müller,"),
    ("de", "prefix=Herr und Frau Mag.|last_name=Gruber|country=AT", "~Guten Tag,"),
    ("en", "prefix=Mr and Mrs Dr.|last_name=Miller", "~Hello,"),
    ("en", "prefix=Mr and Mrs|title=Dr.|last_name=Miller", "~Hello,"),
    ("en", "prefix=Dr|name=Mr and Mrs Miller", "~Hello,"),
    ("en", "title=Dr|name=Mr and Mrs Miller", "~Hello,"),
    ("en", "name=Mr and Mrs Dr. Miller", "~Hello,"),
    ("en", "name=Mr Dr John Smith and Mrs Mary Smith", "Dear Mrs Smith and Dr Smith,"),
    ("en", "prefix=Dr and Mrs|last_name=Smith", "Dear Dr Smith and Mrs Smith,"),
    ("en", "name=Dr. and Mrs. Smith", "Dear Dr Smith and Mrs Smith,"),
    ("en", "name=Dr. & Mrs. Smith|country=US", "Dear Dr. Smith and Mrs. Smith,"),
    ("en", "name=Professor and Mrs Smith", "Dear Professor Smith and Mrs Smith,"),
    ("en", "name=Dr John Smith and Mrs Mary Jones", "Dear Dr Smith and Mrs Jones,"),
    ("en", "name=Ms Smith and Dr Jones", "Dear Ms Smith and Dr Jones,"),
    ("en", "name=Dr John and Mrs Mary Smith", "~Hello,"),
    ("en", "name=Mr and Dr Smith", "~Hello,"),
    ("en", "name=Dr and Dr Smith", "~Hello,"),
    ("en", "prefix=Mrs and Mr Dr|last_name=Smith", "~Hello,"),
    ("fr", "prefix=M. et Mme Dr|last_name=Dupont", "~Madame, Monsieur,"),
    ("fr", "prefix=M. et Mme|title=Dr|last_name=Dupont", "~Madame, Monsieur,"),
    ("fr", "name=M. et Mme Dr Dupont", "~Madame, Monsieur,"),
    ("fr", "name=M. Dupont et Mme Dr Durand", "~Madame, Monsieur,"),
    ("fr", "name=Monsieur et Madame Dupont|title=Dr", "~Madame, Monsieur,"),
    ("fr", "prefix=Dr et Mme|last_name=Dupont", "Docteur, Madame,"),
    ("fr", "name=Dr et Mme Dupont", "Docteur, Madame,"),
    ("fr", "prefix=Herr Dr. und Frau|last_name=Müller", "Madame, Docteur,"),
    ("fr", "prefix=Herr Dr. phil. und Frau|last_name=Müller", "Madame, Monsieur,"),
]

# what the file has ready wins; what only looks ready does not
READY = [
    ("salutation=Liebe Tante Erna|prefix=Frau|last_name=M", "Liebe Tante Erna,"),
    ("salutation=Sehr geehrte Frau Gonzalez|title=Dr.", "Sehr geehrte Frau Gonzalez,"),
    ("salutation=Sehr geehrte Damen und Herren|prefix=Frau|last_name=Müller", "Sehr geehrte Damen und Herren,"),
    ("salutation=Moin zusammen!", "Moin zusammen!"),
    ("salutation=Hallo ,", "Hallo,"),
    ("salutation=Sehr geehrte\r\nFrau Mann", "Sehr geehrte Frau Mann,"),
    ("salutation=Sehr geehrter Herr Müller jun.", "Sehr geehrter Herr Müller jun.,"),
    ("salutation=Liebe*r Kim", "Liebe*r Kim,"),
    ("salutation=Sehr\u00adgeehrte Frau\u202e Müller\x07", "Sehrgeehrte Frau Müller,"),
    ("salutation=Herr|last_name=Müller", "Sehr geehrter Herr Müller,"),
    ("salutation=Mr.|first_name=Max|last_name=Smith", "Sehr geehrter Herr Smith,"),
    ("salutation=Frau Dr. Müller", "Sehr geehrte Frau Dr. Müller,"),
    ("salutation=Familie|last_name=Müller", "Sehr geehrte Familie Müller,"),
    ("salutation=Sehr geehrte Frau|last_name=Müller", "Sehr geehrte Frau Müller,"),
    ("salutation=-|prefix=Frau|last_name=Müller", "Sehr geehrte Frau Müller,"),
    ("salutation= , |prefix=Frau|last_name=Müller", "Sehr geehrte Frau Müller,"),
    ("salutation=k. A.|prefix=Frau|last_name=Müller", "Sehr geehrte Frau Müller,"),
    ("salutation=Anna|prefix=Frau|first_name=Anna|last_name=Müller", "Sehr geehrte Frau Müller,"),
    ("salutation=Sehr geehrte/r|prefix=Frau|last_name=Müller", "Sehr geehrte Frau Müller,"),
    ("salutation=Sehr geehrte(r) Herr/Frau Müller|prefix=Frau|last_name=Müller", "Sehr geehrte Frau Müller,"),
    ("salutation=Liebe {{ Vorname }}|prefix=Frau|last_name=Müller", "Sehr geehrte Frau Müller,"),
    ("salutation=Hallo «Vorname»|first_name=Anna|last_name=Müller", "~Guten Tag Anna Müller,"),
    ("prefix=Sehr geehrter Herr|last_name=Müller", "Sehr geehrter Herr Müller,"),
    ("prefix=Sehr geehrter Herr Müller", "Sehr geehrter Herr Müller,"),
    ("prefix=Liebe Anna|first_name=Anna", "Liebe Anna,"),
    ("prefix=Hallo|first_name=Anna|last_name=Müller", "~Guten Tag Anna Müller,"),
]

CASES = [
    *(("de", *case) for case in GERMAN + SEVERAL + AUSTRIAN + SWISS + FAMILIAR + MISSING + READY),
    *(("de", columns, "Sehr geehrte Damen und Herren,") for columns in FIRMS),
    *(("en", *case) for case in ENGLISH),
    *(("fr", *case) for case in FRENCH),
    *TITLES_OF_TWO,
]


def row(text: str) -> dict[str, str]:
    """Return the columns that a line of a table stands for."""
    return dict(cell.split("=", 1) for cell in text.split("|")) if text else {}


@pytest.mark.parametrize(("language", "columns", "greeting"), CASES)
def test_the_greeting_is_the_one_that_people_expect(language: str, columns: str, greeting: str) -> None:
    """Each row is greeted as a careful secretary would, and it is told when that was the neutral greeting."""
    said = salute(row(columns), language)
    assert ("~" if said.fell_back else "") + said.text == greeting


def test_a_cell_says_the_same_however_it_is_spaced() -> None:
    """Blanks and line breaks around and in a cell are no part of a name."""
    for language, columns, greeting in CASES:
        spaced = {field: f"\t {cell.replace(' ', chr(160) + chr(10))} \r\n" for field, cell in row(columns).items()}
        said = salute(spaced, language)
        assert ("~" if said.fell_back else "") + said.text == greeting, columns


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ("first_name=Kim|last_name=Müller", "no Anrede, no gender"),
        ("title=Dr.|last_name=Müller|first_name=Kim", "no Anrede, no gender"),
        ("gender=Keine Angabe|name=Kim Müller", "no Anrede, no gender"),
        ("prefix=Herr|gender=w|first_name=Kim|last_name=Müller", "Anrede and gender contradict each other"),
        ("last_name=Müller", "only a surname"),
        ("prefix=Frau|first_name=Anna", "only a first name"),
        ("prefix=Frau|name=Anna Maria Müller", "the surname cannot be told"),
        ("prefix=Frau", "no name"),
        ("", "no name"),
        ("name=Anna und Max Müller", "several people"),
        ("name=Herr Max und Frau Anna Müller", "several people"),
        ("name=Dr. und Frau Müller", "several people"),
        ("prefix=Herr und Frau|title=Dr.|last_name=Müller", "it cannot be told whose the title is"),
        ("name=Herr und Frau Dr. Müller", "it cannot be told whose the title is"),
        ("prefix=Eheleute Dr.|last_name=Müller", "it cannot be told whose the title is"),
        ("form=du|last_name=Müller", "no first name"),
        ("form=du|company=Nordkai GmbH", "a firm"),
        ("prefix=Frau|last_name=Müller", ""),
        ("company=Nordkai GmbH", ""),
        ("gender=d|first_name=Kim|last_name=Müller", ""),
        ("form=du|first_name=Kim", ""),
        ("salutation=Liebe Tante Erna", ""),
    ],
)
def test_whoever_falls_back_is_told_why(columns: str, reason: str) -> None:
    """The list of neutral greetings says what to fill in; there is a reason exactly where there is a fall-back."""
    said = salute(row(columns), "de")
    assert (said.reason, said.fell_back) == (reason, bool(reason))


@pytest.mark.parametrize(
    ("columns", "doubt"),
    [
        ("salutation=Sehr geehrte Frau Müller|prefix=Frau|last_name=Müller", ""),
        ("salutation=Sehr geehrte Frau Mueller|prefix=Frau|last_name=Müller", ""),
        ("salutation=Sehr geehrte Frau Müller-Huber|prefix=Frau|last_name=Müller", ""),
        ("salutation=Sehr geehrte Frau Leyen|prefix=Frau|last_name=von der Leyen", ""),
        ("salutation=Sehr geehrte Frau Dr. Müller|title=Dr. med.|last_name=Müller", ""),
        ("salutation=Liebe Tante Erna|prefix=Frau|last_name=Müller", ""),
        ("salutation=Sehr geehrte Damen und Herren|prefix=Frau|last_name=Müller", ""),
        ("salutation=Sehr geehrte Frau Müller, sehr geehrter Herr Müller|last_name=Müller|prefix=Frau", ""),
        ("salutation=Hi Anna|form=du", ""),
        ("salutation=Sehr geehrte Frau Gonzalez|last_name=Müller", "does not name Müller"),
        ("salutation=Sehr geehrte Frau Li|last_name=Wu", "does not name Wu"),
        ("salutation=Sehr geehrter Herr Müller|prefix=Frau|last_name=Müller", "has another gender than the row"),
        ("prefix=Sehr geehrter Herr Müller|gender=w|last_name=Müller", "has another gender than the row"),
        ("salutation=Sehr geehrte Frau Müller|title=Dr.|last_name=Müller", "leaves out Dr."),
        ("salutation=Sehr geehrte Frau Müller|title=Prof. Dr.|gender=w", "leaves out Professorin"),
        ("salutation=Sehr geehrte Frau Müller|title=Mag.|country=AT", "leaves out Mag."),
        ("salutation=Sehr geehrte Frau Müller|form=du|first_name=Anna", "is formal, and the form is du"),
        ("salutation=Dear Ms Müller|last_name=Müller", 'greets in another language than "de"'),
        ("salutation=Ahoi Anna", "begins like no greeting"),
        (
            "salutation=Dear Mr Smith|prefix=Ms|last_name=Jones",
            'greets in another language than "de"; does not name Jones; has another gender than the row',
        ),
    ],
)
def test_a_greeting_of_the_file_is_used_and_looked_at(columns: str, doubt: str) -> None:
    """It wins over every rule; but what a secretary would ask about is said."""
    said = salute(row(columns), "de")
    assert said.doubt == doubt
    assert not said.fell_back
    assert said.text.rstrip(",") in row(columns).values()


def test_a_form_that_nobody_filled_in_is_not_sent() -> None:
    """It is greeted by the rules instead, and the form is shown."""
    said = salute(row("salutation=Sehr geehrte(r) Herr/Frau Müller|prefix=Frau|last_name=Müller"), "de")
    assert said.text == "Sehr geehrte Frau Müller,"
    assert (
        said.doubt == 'the greeting of the file is not used, it reads like a form: "Sehr geehrte(r) Herr/Frau Müller"'
    )


@pytest.mark.parametrize(
    ("cell", "familiar"),
    [
        *((cell, True) for cell in ("du", "Du", "DU", "per Du", "duzen", "familiar", "informal", "Du-Form", "tu")),
        *((cell, False) for cell in ("", "Sie", "formal", "siezen", "vous", "Du/Sie", "nicht duzen", "kein Du", "?")),
    ],
)
def test_du_is_said_to_those_who_are_called_so(cell: str, familiar: bool) -> None:
    """The columns decide which of two texts somebody gets; where they say both, or nothing, it is Sie."""
    assert (read_form(cell) is Form.FAMILIAR) is familiar


PIECES = "Herr Frau Dr. Prof. Familie und & , / von Müller Anna GmbH Mag. Sehr geehrte geb. jun. ( ) 1 -".split()
CELLS = st.one_of(st.text(), st.lists(st.sampled_from([*PIECES, "\x00", "\u202e", "\n"]), max_size=6).map(" ".join))


@given(
    st.dictionaries(st.sampled_from([*FIELDS, "surname_first"]), CELLS),
    st.sampled_from(["de", "en", "fr"]),
    st.sampled_from(["", "DE", "AT", "CH", "US"]),
)
@example({"first_name": "Anna UND & Max"}, "de", "")
def test_no_row_is_too_odd(fields: dict[str, str], language: str, country: str) -> None:
    """Whatever stands in a row: one line, nothing invisible, the comma that its language wants, a reason if neutral."""
    said = salute({**fields, "country": country}, language)
    assert said.text == " ".join(said.text.split())
    assert not any(unicodedata.category(char) in {"Cc", "Cs"} for char in said.text)
    assert said.fell_back == bool(said.reason)
    for words in (said.reason, said.doubt):
        assert words == " ".join(words.split())
    if not (fields.get("salutation") or fields.get("prefix")):  # which may end in anything
        assert said.text.endswith(",") is not (language == "de" and country == "CH")


@given(st.text(), st.text(), st.sampled_from(["de", "en", "fr"]))
@example("Frauke", "Herrmann", "de")
@example("Mann", "Weib", "de")
@example("Mrsic", "Mr-Smith", "en")
@example("Monsieurette", "Madame-Petit", "fr")
def test_a_name_says_nothing_about_gender(first: str, last: str, language: str) -> None:
    """Nobody is called Herr or Frau without a cell that says so, whatever the first name suggests."""
    words = f" {salute({'first_name': f'Q{first}', 'last_name': f'Z{last}'}, language).text}"
    openings = (" Sehr geehrte Frau", " Sehr geehrter Herr", " Dear Mr", " Dear Ms", " Dear Mrs")
    assert not words.startswith(openings)
    assert words not in {" Madame,", " Monsieur,"}


FIRST_NAMES = "Anna Max Andrea Sascha Kim Jean Marie Hans-Peter Nikita Dominique José María Giovanni Yi Søren".split()


@pytest.mark.parametrize("first", FIRST_NAMES)
@pytest.mark.parametrize("language", ["de", "en", "fr"])
def test_a_first_name_alone_changes_nothing(first: str, language: str) -> None:
    """With every first name the greeting is the same but for the name, formal and familiar."""
    for form in ("", "du"):
        said = salute({"first_name": first, "last_name": "Zet", "form": form}, language)
        other = salute({"first_name": "Qqq", "last_name": "Zet", "form": form}, language)
        assert said.text == other.text.replace("Qqq", first)


@pytest.mark.parametrize(
    ("cell", "gender"),
    [
        *((cell, "m") for cell in ("Herr", "Hr.", "herrn", "Mr", "m", "M.", "male", "männlich", "Männlich", " Herr ")),
        *((cell, "f") for cell in ("Frau", "Fr.", "Mrs.", "Ms", "Miss", "w", "F", "female", "weiblich", "Frau Dr.")),
        *((cell, "m") for cell in ("Monsieur", "Homme", "masculin", "Señor", "Sr.", "maschio", "mężczyzna")),
        *((cell, "f") for cell in ("Mme", "Femme", "féminin", "Sra.", "Signora", "vrouw", "kobieta")),
        *((cell, "d") for cell in ("d", "divers", "x", "non-binary", "Mx", "O")),
        *(
            (cell, None)
            for cell in ("", "Firma", "Herr/Frau", "m/w/d", "Keine Angabe", "Dr.", "0", "9", "Andrea", "Herrmann")
        ),
    ],
)
def test_a_gender_is_read_from_words_that_say_it(cell: str, gender: str | None) -> None:
    """Only the words and codes for it count; both at once, or none, say nothing."""
    assert read_gender(cell) == gender
