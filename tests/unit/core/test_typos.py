"""What is probably a slip of the hand is told; what may be somebody's own domain is not."""

from __future__ import annotations

import pytest

from notify.core.typos import suggestion

MISTYPED = """
gmial.com gmail.com | gamil.com gmail.com | gmal.com gmail.com | gmil.com gmail.com | gmaill.com gmail.com
gnail.com gmail.com | gmsil.com gmail.com | gmail.con gmail.com | gmail.cmo gmail.com | gmail.co gmail.com
gmail.cm gmail.com | gmai.com gmail.com | googlemail.con googlemail.com | googelmail.com googlemail.com
googlmail.com googlemail.com | hotmial.com hotmail.com | hotmai.com hotmail.com | homail.com hotmail.com
hotmil.de hotmail.de | hotmail.d hotmail.de | hotmail.om hotmail.com | outlok.de outlook.de | outloook.com outlook.com
oulook.com outlook.com | outlook.con outlook.com | outlook.dee outlook.de | yaho.de yahoo.de | yahooo.com yahoo.com
yhaoo.com yahoo.com | yahoo.con yahoo.com | yaho.co.uk yahoo.co.uk | icloud.con icloud.com | iclud.com icloud.com
icluod.com icloud.com | icloud.co icloud.com | t-onlin.de t-online.de | t-onlien.de t-online.de
tonline.de t-online.de | t-online.d t-online.de | t-online.ed t-online.de | t.online.de t-online.de
t-onlne.de t-online.de | gmx.dee gmx.de | gmx.d gmx.de | gmx.nett gmx.net | gmx.con gmx.com | gmx.att gmx.at
web.d web.de | web.dee web.de | web.ed web.de | freenet.d freenet.de | freent.de freenet.de | freeent.de freenet.de
aol.con aol.com | live.con live.com | me.con me.com | mail.dee mail.de | bluewin.c bluewin.ch | bluwin.ch bluewin.ch
arcor.d arcor.de | posteo.dee posteo.de | mailbox.ogr mailbox.org | chello.att chello.at | protonmial.com protonmail.com
"""

PROVIDERS = """
gmx.de gmx.net gmx.at gmx.ch gmx.com mail.de gmail.com gmail.de email.de email.com mail.com web.de me.com live.de
live.com ymail.com rocketmail.com aol.com aol.de t-online.de online.de o2online.de o2mail.de arcor.de posteo.de
mailbox.org bluewin.ch a1.net aon.at chello.at hotmail.com hotmail.de outlook.com outlook.de yahoo.com yahoo.de
yahoo.co.uk icloud.com mac.com freenet.de googlemail.com protonmail.com proton.me msn.com vodafone.de laposte.net
"""

# near to a provider, and somebody's own
FIRMS = """
accor.de arbor.de arco.de ardor.de acor.de marcor.de arcor.com arcor.net posten.de poste.de postel.de posto.de poster.de
cello.at hello.at chelo.at challo.at bluewind.ch bluewine.ch bluefin.ch blueskin.ch blue-win.ch bluewin.de
freenest.de freenets.de freinet.de freenet-ag.de frenet.de treenet.de freenet.com freewet.de
cloud.com incloud.com mycloud.com icloudy.com i-cloud.com cloud.de icloud.de hicloud.com
mail.biz mails.de maile.de xmail.com qmail.com gomail.com gemail.com gmails.com gmailing.de gmall.com g-mail.de
gail.com tmail.com smail.com gmail.org snail.com hitmail.com hitmail.es ourlook.ch hotmall.com hotpail.com
hotelmail.com hotemail.com
hot-mail.com hotmail-service.de outlooks.de outloop.de outbook.com outlock.com outlook.org output.com lookout.com
yoohoo.com yahuu.de yaboo.com yakoo.com yahoon.com yahoo.org wahoo.com kahoo.de
n-online.de h-online.de e-online.de tv-online.de it-online.de tt-online.de to-online.de t-offline.de t-inline.de
t-on-line.de nonline.de online.com t-online-shop.de
webb.de wep.de weg.de wed.de wb.de eb.de web.com web.net web.at web.co we.de gmc.de gmp.de gx.de gm.de gmxx.de gmy.de
gmx.biz gmx.ag gmbx.de gms.net aol.org aool.com aul.de al.com ao.com aon.de eon.de a2.net a1.at an.at
me.de ms.com mae.com mac.de live.org love.de life.de line.de liwe.de lve.com olive.com msm.com
mailbox.de mainbox.org malbox.org mailboxes.org proton.de protons.com photonmail.com proton.com fre.fr freed.fr
orang.fr oranges.fr muster.de muster.con firma.dee beispiel.example
"""


@pytest.mark.parametrize("slip", [line.strip() for line in MISTYPED.replace("\n", "|").split("|") if line.strip()])
def test_a_slip_of_the_hand_is_seen(slip: str) -> None:
    """Letters in the wrong order, left out, doubled, from the next key; and endings that do not exist."""
    written, meant = slip.split()
    assert suggestion(f"Anna.Meier@{written}") == f"Anna.Meier@{meant}"


@pytest.mark.parametrize("domain", PROVIDERS.split())
def test_a_provider_is_no_slip_of_another(domain: str) -> None:
    """mail.de is near to email.de and gmail.de; all three exist."""
    assert not suggestion(f"anna@{domain}")


@pytest.mark.parametrize("domain", FIRMS.split())
def test_the_domain_of_a_firm_is_no_slip(domain: str) -> None:
    """A false alarm is worse than a slip that is not seen."""
    assert not suggestion(f"anna@{domain}")


def test_what_is_meant_is_no_slip_itself() -> None:
    """Nobody who follows a suggestion gets another."""
    slips = [line.split() for line in MISTYPED.replace("\n", "|").split("|") if line.strip()]
    assert not any(suggestion(f"anna@{meant}") for _, meant in slips)


def test_what_is_no_address_has_no_suggestion() -> None:
    """The question is only asked of addresses; others are none of its business."""
    assert not suggestion("")
    assert not suggestion("gmial")
