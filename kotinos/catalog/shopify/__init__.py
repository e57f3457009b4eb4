"""The Shopify product CSV, both header generations, as values. Pure: no database here."""
