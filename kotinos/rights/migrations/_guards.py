"""What only the database can promise: exclusives never overlap, records are only added to."""

from __future__ import annotations

LOCK_TIMEOUT = "SET LOCAL lock_timeout = '5s'"

EXTENSION = """
DO $$
BEGIN
    CREATE EXTENSION IF NOT EXISTS btree_gist;
EXCEPTION WHEN insufficient_privilege OR undefined_file OR feature_not_supported THEN
    RAISE EXCEPTION 'Kotinos needs the extension btree_gist, which keeps two exclusive grants from '
        'overlapping, and could not create it: %', SQLERRM
        USING HINT = 'Install PostgreSQL''s contrib package and let an administrator run '
            'CREATE EXTENSION btree_gist in this database, then migrate again.';
END
$$
"""

EXCLUSIVES = """
ALTER TABLE rights_exclusive_span ADD CONSTRAINT rights_exclusives_never_overlap
EXCLUDE USING gist (
    scope WITH =, property_id WITH =, acts WITH &&, outlets WITH &&, territories WITH &&,
    during WITH &&, grantee_id WITH <>
)
"""

CLEARANCE_INDEX = """
CREATE INDEX rights_clearance_valid ON rights_clearance
USING gist (property_set_id, seller_id, valid)
"""

NUMBERS = """
CREATE SEQUENCE rights_grant_number;
CREATE SEQUENCE rights_prohibition_number;
"""

APPEND_ONLY = """
CREATE FUNCTION rights_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is only ever added to', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;
CREATE FUNCTION rights_signed_grant_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM rights_signature WHERE grant_id = OLD.id) THEN
        RAISE EXCEPTION 'grant % is signed and stands as it is', OLD.number
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END
$$;
CREATE FUNCTION rights_only_retract() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.retracted_at IS NOT NULL OR NEW.retracted_at IS NULL
        OR to_jsonb(NEW) - 'retracted_at' <> to_jsonb(OLD) - 'retracted_at' THEN
        RAISE EXCEPTION '% may be retracted once and not changed', TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER rights_grant_stands BEFORE UPDATE OR DELETE ON rights_grant
    FOR EACH ROW EXECUTE FUNCTION rights_signed_grant_stands();
CREATE TRIGGER rights_work_use_retract BEFORE UPDATE ON rights_work_use
    FOR EACH ROW EXECUTE FUNCTION rights_only_retract();
CREATE TRIGGER rights_work_use_kept BEFORE DELETE ON rights_work_use
    FOR EACH ROW EXECUTE FUNCTION rights_append_only();
"""

APPEND_ONLY_TABLES = (
    "rights_signature",
    "rights_suspension",
    "rights_lift",
    "rights_termination",
    "rights_quota_use",
    "rights_consent",
    "rights_consent_revocation",
    "rights_prohibition",
    "rights_prohibition_revocation",
    "rights_decision",
    "rights_law_switch",
)

GUARDS = [
    EXCLUSIVES,
    CLEARANCE_INDEX,
    NUMBERS,
    APPEND_ONLY,
    *(
        f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION rights_append_only()"
        for table in APPEND_ONLY_TABLES
    ),
]
