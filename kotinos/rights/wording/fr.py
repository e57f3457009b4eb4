"""French."""

from __future__ import annotations

SENTENCES = {
    "until": " jusqu’au {day}",
    "list": ", ",
    "cleared": "{seller} peut {act} cet article ({territory}){until}.",
    "no-grant": "{seller} ne détient aucune licence pour {property}.",
    "territory": "La licence de {seller} pour {property} ne couvre pas ceci : {territory}.",
    "not-yet": "{seller} pourra {act} cet article ({territory}) à partir du {day}.",
    "ended": "La licence de {seller} pour {property} ({territory}) a pris fin ({day}).",
    "act": "La licence de {seller} pour {property} ne permet pas ceci : {act}.",
    "outlet": "{seller} peut {act} cet article, mais pas par ce canal : {outlet}.",
    "held-by-other": "Seule l’organisation {holder} peut {act} cet article ({territory}){until}.",
    "no-consent": (
        "{committee} n’a pas accepté les articles portant l’emblème {property} "
        "sur son territoire ({territory})."
    ),
    "suspended": "La licence de {seller} pour {property} est suspendue{until}.",
    "quota-spent": "Les {units} unités permises par la licence pour {property} sont épuisées.",
    "delayed": "{seller} ne peut {act} cet article ({territory}) que {minutes} minutes après.",
    "prohibited": "{issuer} interdit à {seller} de {act} cet article ({territory}){until}.",
    "parent-lost": (
        "La licence de {seller} pour {property} repose sur une autre qui ne vaut plus dans ce cas."
    ),
    "nothing-named": "La question ne nomme aucun droit ; personne n’a donc rien autorisé.",
    "step-property-cleared": "{property} : autorisé.",
    "step-property-refused": "{property} : refusé.",
    "step-grant": "{grantor} autorise {grantee} à {acts} : {property}, {territories}{until}.",
    "step-delay": "Un délai de {minutes} minutes après l’événement est exigé.",
    "step-consent": "{committee} admet ces articles sur son territoire ; sa part est de {share} %.",
    "step-law": "Selon la loi, ce qui se vend dans un pays de l’EEE peut s’acheter depuis tous.",
    "step-duty": "Obligation : {duty}.",
    "step-opens": "Ouverture le {day}.",
    "step-others": "Organisations autorisées aujourd’hui ({territory}) : {sellers}.",
}

ACTS = {
    "make": "fabriquer",
    "sell": "vendre",
    "ship": "expédier",
    "advertise": "promouvoir",
    "show/live": "diffuser en direct",
    "show/delayed": "diffuser en différé",
    "show/vod": "proposer à la demande",
    "show/clip": "diffuser par extraits",
    "use-word": "désigner par ce mot",
    "sell/ticket": "vendre en billets",
    "sell/package": "vendre en forfaits",
    "resell/ticket": "revendre en billets",
}

OUTLETS = {
    "own-shop": "sa propre boutique",
    "marketplace": "une place de marché",
    "live-sale": "la vente en direct",
    "free-to-air": "la télévision gratuite",
    "pay": "la télévision payante",
    "internet": "internet",
    "mobile": "les réseaux mobiles",
    "reseller": "les revendeurs",
}
