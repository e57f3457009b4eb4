-- The products that have one of these handles, with the handle.
SELECT id, handle FROM catalog_product WHERE handle = ANY(%(handles)s::text[])
