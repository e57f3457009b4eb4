-- Take away the compiled answers of some property sets, of some sellers where they are named,
-- before the new ones are copied in.
DELETE FROM rights_clearance
WHERE property_set_id = ANY(%(sets)s::uuid[])
    AND (%(sellers)s::uuid[] IS NULL OR seller_id = ANY(%(sellers)s::uuid[]))
