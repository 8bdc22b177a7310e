"""Opens the golden files of the seal crate from FORMAT.md alone: a second implementation that shares no code with the first.

    python3 tests/python_opener.py crates/chartroom-seal/golden/version-1.txt

Needs the package `cryptography`, 44 or later. One line for each case that does not pass; the last line is
`python_opener: PASSED of TOTAL`.
"""

import hashlib
import hmac
import sys
import unicodedata

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from cryptography.hazmat.primitives.keywrap import aes_key_unwrap_with_padding

PASSPHRASE = b"correct horse battery staple"
TENANT, SUBJECT, KIND, RECORD, VERSION = "north-clinic", "5f1c", "Condition", "a7", 3


def text(value):
    encoded = value.encode()
    return len(encoded).to_bytes(2) + encoded


def hkdf(key, info, length=32):
    return HKDFExpand(SHA256(), length, info).derive(key)


def header(data, *suites):
    """Format version, suite and label of the subject key."""
    assert data[0] == 1 and data[1] in suites, "an unknown version or suite"
    return data[:22]


def open_keyring(data):
    """The keys of a keyring by version; None for a destroyed one."""
    assert data[:8] == b"chartkey" and data[8:10] == b"\1\1", "not a keyring of version 1, suite 1"
    memory, passes, lanes = (int.from_bytes(data[at : at + 4]) for at in (26, 30, 34))
    assert 8_192 <= memory <= 1_048_576 and 1 <= passes <= 16 and 1 <= lanes <= 16, "parameters outside the bounds"
    count = int.from_bytes(data[102:106])
    assert len(data) == 118 + 37 * count + 16, "another length"
    derived = Argon2id(salt=data[38:70], length=64, iterations=passes, lanes=lanes, memory_cost=memory).derive(PASSPHRASE)
    assert hmac.compare_digest(derived[32:], data[70:102]), "another passphrase"
    plain = AESGCM(derived[:32]).decrypt(data[106:118], data[118:], data[:118])
    rows = [plain[at : at + 37] for at in range(0, len(plain), 37)]
    keys = {int.from_bytes(row[:4]): row[5:] if row[4] == 1 else None for row in rows}
    assert list(keys) == sorted(keys) and rows[-1][4] == 1 and all(row[4] < 2 for row in rows), "damaged"
    return data[10:26], keys


def open_wrapped_key(data, keyring):
    """The subject key and its label."""
    name, keys = keyring
    assert data[:2] == b"\1\1" and len(data) == 82, "not a key wrapped by a keyring"
    assert data[2:18] == name, "wrapped by another keyring"
    context = data[:42] + text(TENANT) + text(SUBJECT)
    wrapping = hkdf(keys[int.from_bytes(data[18:22])], b"chartroom subject key" + context)
    return aes_key_unwrap_with_padding(wrapping, data[42:]), data[22:42]


class Record:
    """The keys of one record version."""

    def __init__(self, subject_key, label, derivation):
        assert len(derivation) == 64, "another length"
        self.label = label
        place = b"\1\1" + label + b"".join(map(text, (TENANT, SUBJECT, KIND, RECORD))) + VERSION.to_bytes(8)
        context = hashlib.sha256(derivation[:32] + place).digest()
        derived = hkdf(subject_key, b"chartroom record key" + context, 96)
        self.sealing, self.commitment, self.streams = AESGCM(derived[:32]), derived[32:64], derived[64:]
        assert hmac.compare_digest(self.commitment, derivation[32:]), "not the key that was committed to"

    def open(self, data, name, value_type):
        head = header(data, 1, 2)
        assert head[2:] == self.label, "sealed with another key"
        place = head + self.commitment + text(name) + text(value_type)
        plain = self.sealing.decrypt(data[22:34], data[34:], place)
        if head[1] == 2:
            plain = plain.rstrip(b"\0")
            assert plain.endswith(b"\x80"), "no padding"
            plain = plain[:-1]
        return plain

    def verify_tag(self, parts, tag):
        assert len(tag) == 28, "another length"
        listed = b"".join(text(name) + data[22:34] + data[-16:] for name, data in sorted(parts.items()))
        return self.sealing.decrypt(tag[:12], tag[12:], b"\1\5" + self.label + self.commitment + listed) == b""

    def open_stream(self, data, name, value_type):
        assert header(data, 4)[2:] == self.label, "sealed with another key"
        length = int.from_bytes(data[22:26])
        assert 1_024 <= length <= 16_777_216, "an unknown length of chunks"
        key = hkdf(self.streams, b"chartroom stream key" + data[:58] + self.commitment + text(name) + text(value_type))
        chunks = [data[at : at + length + 16] for at in range(58, len(data), length + 16)]
        last = len(chunks) - 1
        assert last == 0 or len(chunks[last]) > 16, "an empty chunk"
        nonces = (index.to_bytes(11) + bytes([index == last]) for index in range(len(chunks)))
        return b"".join(AESGCM(key).decrypt(nonce, chunk, None) for nonce, chunk in zip(nonces, chunks, strict=True))


def word_text(value):
    small = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", value).lower())
    plain = (letter for letter in small if not unicodedata.category(letter).startswith("M") and letter not in "'\u2019")
    return " ".join("".join(letter if letter.isalnum() else " " for letter in plain).split())


def index_token(subject_key, label):
    """The token of a name and a birth date, in the forms text and digits, 14 bits long."""
    context = label + text(TENANT) + text("name-and-birth-date") + bytes([1, 14, 2, 0, 3, 0])
    key = hkdf(subject_key, b"chartroom index key" + context)
    values = text(word_text("Núñez")) + text("".join(filter(str.isdigit, "1970-05-01")))
    value = int.from_bytes(hmac.digest(key, values, hashlib.sha256)[:4]) >> 18
    return b"\1" + label[16:] + value.to_bytes(4)


def open_deterministic(data, subject_key, label):
    """A record number, sealed to the same bytes each time."""
    head = header(data, 3)
    assert head[2:] == label and len(data) >= 38, "sealed with another key, or cut off"
    key = hkdf(subject_key, b"chartroom deterministic key" + head + text(TENANT) + text("record number"), 64)
    return AESSIV(key).decrypt(data[22:], [head, b"text"])


def refused(opening, *arguments):
    try:
        opening(*arguments)
    except (AssertionError, InvalidTag):
        return True
    return False


def cases(golden):
    subject_key, label = open_wrapped_key(golden["wrapped-key"], open_keyring(golden["keyring"]))
    record = Record(subject_key, label, golden["derivation"])
    clinical, narrative = golden["clinical"], golden["narrative"]
    yield "tombstone", golden["tombstone"] == b"\1\0" + golden["wrapped-key"][2:42]
    yield "clinical", record.open(clinical, "Clinical", "json") == b'{"code":"J45.909"}'
    yield "narrative", record.open(narrative, "Narrative", "text") == b""
    yield "record-tag", record.verify_tag({"Clinical": clinical, "Narrative": narrative}, golden["record-tag"])
    yield "record-tag, one part less", refused(record.verify_tag, {"Clinical": clinical}, golden["record-tag"])
    yield "padded", record.open(golden["padded"], "Result", "text") == b"negative"
    yield "stream", record.open_stream(golden["stream"], "Attachment", "text/plain") == b"wheezing " * 120
    yield "index-token", index_token(subject_key, label) == golden["index-token"]
    number = golden["deterministic"]
    yield "deterministic", open_deterministic(number, subject_key, label) == b"77120943"
    edited = number[:-1] + bytes([number[-1] ^ 1])
    yield "deterministic, one bit changed", refused(open_deterministic, edited, subject_key, label)
    yield "clinical elsewhere", refused(record.open, clinical, "Narrative", "json")
    yield "clinical, one bit changed", refused(record.open, clinical[:-1] + bytes([clinical[-1] ^ 1]), "Clinical", "json")
    yield "stream, cut off", refused(record.open_stream, golden["stream"][: 58 + 1040], "Attachment", "text/plain")


def main(path):
    with open(path, encoding="ascii") as lines:
        golden = {name: bytes.fromhex(digits) for name, digits in map(str.split, lines)}
    outcomes = list(cases(golden))
    for name, passed in outcomes:
        if not passed:
            print(f"{name}: is not what the format says")
    passed = sum(passed for _, passed in outcomes)
    print(f"python_opener: {passed} of {len(outcomes)}")
    return passed != len(outcomes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
