"""Aggregated records, as the Kinesis Producer Library writes them.

Four bytes of magic, a message of protocol buffers, and its MD5, which the reader checks:
https://github.com/awslabs/amazon-kinesis-producer/blob/master/aggregation-format.md
"""

import hashlib

MAGIC = b"\xf3\x89\x9a\xc2"


def _varint(number):
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def _bytes(field, value):
    return _varint(field << 3 | 2) + _varint(len(value)) + value


def _number(field, value):
    return _varint(field << 3) + _varint(value)


def aggregate(key, records):
    """Several user records of one partition key in one record of the stream."""
    message = _bytes(1, key.encode())
    for record in records:
        message += _bytes(3, _number(1, 0) + _bytes(3, record))
    return MAGIC + message + hashlib.md5(message).digest()
