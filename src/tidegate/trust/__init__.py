"""Bytes in, bytes out: canonical form, keys, envelopes, logs. Knows no consignment."""
