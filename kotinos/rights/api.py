"""The front door of `rights`: what may be done, by whom, where, when, and why not.

Everything is keyword-only. Outcomes are values: see `contracts` (decisions) and `results` (what
the actions answer). SQL of other packages may join `rights_work` and `rights_clearance`; see
`answers.Clearance` for what a row means.
"""

from __future__ import annotations

from kotinos.rights.actions.consents import give_consent, revoke_consent
from kotinos.rights.actions.decisions import prove, record_decision, record_decisions
from kotinos.rights.actions.frame import RIGHTS_CHANGED
from kotinos.rights.actions.grants import draft_grant, edit_grant, withdraw_draft
from kotinos.rights.actions.laws import switch_law
from kotinos.rights.actions.open_noc import OpenTerms, Reach, open_noc
from kotinos.rights.actions.prohibitions import ProhibitionTerms, prohibit, revoke_prohibition
from kotinos.rights.actions.properties import add_property
from kotinos.rights.actions.quota import quota_gap, release_quota, spend_quota
from kotinos.rights.actions.refusals import record_refusal
from kotinos.rights.actions.signing import sign
from kotinos.rights.actions.states import lift, suspend, terminate
from kotinos.rights.actions.works import Registered, WorkToRegister, register_work, register_works
from kotinos.rights.asking import (
    cleared_chains,
    cleared_mask,
    cleared_spans,
    decide,
    decide_now,
    explain,
)
from kotinos.rights.chains import counts_units, last_grants
from kotinos.rights.contracts import (
    REASON_DOCS,
    Act,
    Cleared,
    Conflict,
    Decision,
    Excess,
    Explanation,
    Outlet,
    Reason,
    Refused,
    use_bit,
)
from kotinos.rights.denied import DeniedFilters, DeniedRow, denied_demand
from kotinos.rights.importing import (
    import_consents,
    import_grants,
    import_prohibitions,
    import_properties,
)
from kotinos.rights.office.figures import denied_to, grants_waiting
from kotinos.rights.office.works import found_by
from kotinos.rights.planning import Simulation, conflicts, export_odrl, simulate, would_refuse
from kotinos.rights.queries import PropertyRow, properties, property_
from kotinos.rights.reporting import Fate, ImportReport, conflict_text, fate_of, refusal_text
from kotinos.rights.results import (
    BadTerms,
    Changed,
    Conflicting,
    Drafted,
    Exceeds,
    NotFound,
    NotGiven,
    NotYours,
    Problem,
    QuotaSpent,
    QuotaTaken,
    RecordedDecision,
    Signed,
    Unchanged,
)
from kotinos.rights.statements import ClearanceRow
from kotinos.rights.terms import GrantTerms

__all__ = [
    "REASON_DOCS",
    "RIGHTS_CHANGED",
    "Act",
    "BadTerms",
    "Changed",
    "ClearanceRow",
    "Cleared",
    "Conflict",
    "Conflicting",
    "Decision",
    "DeniedFilters",
    "DeniedRow",
    "Drafted",
    "Exceeds",
    "Excess",
    "Explanation",
    "Fate",
    "GrantTerms",
    "ImportReport",
    "NotFound",
    "NotGiven",
    "NotYours",
    "OpenTerms",
    "Outlet",
    "Problem",
    "ProhibitionTerms",
    "PropertyRow",
    "QuotaSpent",
    "QuotaTaken",
    "Reach",
    "Reason",
    "RecordedDecision",
    "Refused",
    "Registered",
    "Signed",
    "Simulation",
    "Unchanged",
    "WorkToRegister",
    "add_property",
    "cleared_chains",
    "cleared_mask",
    "cleared_spans",
    "conflict_text",
    "conflicts",
    "counts_units",
    "decide",
    "decide_now",
    "denied_demand",
    "denied_to",
    "draft_grant",
    "edit_grant",
    "explain",
    "export_odrl",
    "fate_of",
    "found_by",
    "give_consent",
    "grants_waiting",
    "import_consents",
    "import_grants",
    "import_prohibitions",
    "import_properties",
    "last_grants",
    "lift",
    "open_noc",
    "prohibit",
    "properties",
    "property_",
    "prove",
    "quota_gap",
    "record_decision",
    "record_decisions",
    "record_refusal",
    "refusal_text",
    "register_work",
    "register_works",
    "release_quota",
    "revoke_consent",
    "revoke_prohibition",
    "sign",
    "simulate",
    "spend_quota",
    "suspend",
    "switch_law",
    "terminate",
    "use_bit",
    "withdraw_draft",
    "would_refuse",
]
