"""The demo edition: small tables, words, and the generator of the files a user would bring."""
