"""What protects every layer above: how often, one at a time, keyed hashes, whose address."""
