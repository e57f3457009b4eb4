-- Take away the compiled answers of some property sets, before the new ones are copied in.
DELETE FROM rights_clearance WHERE property_set_id = ANY(%(sets)s::uuid[])
