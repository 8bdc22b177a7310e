"""Opens the golden files of the seal crate and of the vault from the FORMAT.md of each alone: a second implementation that shares no
code with the first.

    python3 tests/python_opener.py crates/chartroom-seal/golden/version-1.txt crates/chartroom-vault/golden

Needs the package `cryptography`, 44 or later. One line for each case that does not pass; the last line is
`python_opener: PASSED of TOTAL`.
"""

import sys
import unicodedata
from pathlib import Path
from uuid import UUID
from hashlib import sha256
from hmac import compare_digest, digest
from struct import iter_unpack, unpack

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from cryptography.hazmat.primitives.keywrap import aes_key_unwrap_with_padding

PASSPHRASE = b"correct horse battery staple"
TENANT, SUBJECT = "north-clinic", "5f1c"
PLACE = (SUBJECT, "Condition", "a7", 3)
# What the golden record of the vault holds, by class.
PARTS = {
    "Clinical": b'{"resourceType":"Condition","code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"E11.9"}]}}',
    "Name": b'{"resourceType":"Condition","subject":{"display":"Ada Fenwarden"}}',
    "Narrative": b'{"resourceType":"Condition","note":[{"text":"Afraid of needles."}]}',
    "Relation": b'{"resourceType":"Condition","subject":{"reference":"Patient/1"}}',
    "ServiceDate": b'{"resourceType":"Condition","onsetDateTime":"2026-03-02"}',
    "facts": b"\2" + bytes(8) + b"N" + b"\0\0\0\7dr-osei" + bytes(4),
}


def texts(*values):
    return b"".join(len(value.encode()).to_bytes(2) + value.encode() for value in values)


def hkdf(key, info, length=32):
    return HKDFExpand(SHA256(), length, info).derive(key)


def open_keyring(data):
    """The name of a keyring and its keys by version, but for those that are destroyed."""
    magic, name, memory, passes, lanes, salt, check, count, nonce = unpack(">10s16s3I32s32sI12s", data[:118])
    assert magic == b"chartkey\1\1" and len(data) == 118 + 37 * count + 16
    assert 8_192 <= memory <= 1_048_576 and 1 <= passes <= 16 and 1 <= lanes <= 16
    derived = Argon2id(salt=salt, length=64, iterations=passes, lanes=lanes, memory_cost=memory).derive(PASSPHRASE)
    assert compare_digest(derived[32:], check)
    rows = list(iter_unpack(">IB32s", AESGCM(derived[:32]).decrypt(nonce, data[118:], data[:118])))
    assert rows == sorted(rows) and rows[-1][1] == 1 and all(live < 2 for _, live, _ in rows)
    return name, {version: key for version, live, key in rows if live}


def open_wrapped_key(data, keyring, keys, subject=SUBJECT):
    """The subject key and its label."""
    version, name, wrapped_by, label, wrapped = unpack(">2s16sI20s40s", data)
    assert version == b"\1\1" and name == keyring
    wrapping = hkdf(keys[wrapped_by], b"chartroom subject key" + data[:42] + texts(TENANT, subject))
    return aes_key_unwrap_with_padding(wrapping, wrapped), label


def unpadded(plain):
    plain, mark, zeros = plain.rpartition(b"\x80")
    assert mark and not zeros.strip(b"\0")
    return plain


class Record:
    """The keys of one record version."""

    def __init__(self, subject_key, label, derivation, place=PLACE):
        salt, commitment = unpack(">32s32s", derivation)
        place = texts(TENANT, *place[:3]) + place[3].to_bytes(8)
        secret = b"\0\0\0\1" + hkdf(subject_key, b"chartroom record key" + salt + place)
        assert compare_digest(sha256(secret + b"commitment").digest(), commitment)
        self.label, self.commitment, self.sealing = label, commitment, AESGCM(sha256(secret + b"sealing key").digest())
        self.streams = sha256(secret + b"stream secret").digest()

    def open(self, data, name, value_type):
        head = data[:22]
        assert head in (b"\1\1" + self.label, b"\1\2" + self.label)
        plain = self.sealing.decrypt(data[22:34], data[34:], head + self.commitment + texts(name, value_type))
        return unpadded(plain) if head[1] == 2 else plain

    def verify_tag(self, parts, tag):
        parts = b"".join(texts(name) + data[22:34] + data[-16:] for name, data in sorted(parts.items()))
        return self.sealing.decrypt(tag[:12], tag[12:], b"\1\5" + self.label + self.commitment + parts) == b""

    def open_stream(self, data, name, value_type):
        head, length = unpack(">22sI", data[:26])
        assert head in (b"\1\4" + self.label, b"\1\6" + self.label) and 1_024 <= length <= 16_777_216
        context = data[:58] + self.commitment + texts(name, value_type)
        cipher = AESGCM(hkdf(self.streams, b"chartroom stream key" + context))
        chunks = [data[at : at + length + 16] for at in range(58, len(data), length + 16)]
        assert len(chunks) == 1 or len(chunks[-1]) > 16
        nonces = (index.to_bytes(11) + bytes([index == len(chunks) - 1]) for index in range(len(chunks)))
        plain = b"".join(cipher.decrypt(nonce, chunk, None) for nonce, chunk in zip(nonces, chunks, strict=True))
        assert head[1] == 4 or len(plain) % length == 0
        return unpadded(plain) if head[1] == 6 else plain


NAMES = ["Παπαδόπουλος", "ΠΑΠΑΔΟΠΟΥΛΟΣ", "Weiß", "WEISS", "Işık", "IŞIK", "O\u02bcHara", "O\u02bbHARA"]


def word_text(value):
    folded = unicodedata.normalize("NFKD", value).casefold().replace("\u0131", "i")
    plain = (letter for letter in unicodedata.normalize("NFKD", folded) if not unicodedata.category(letter).startswith("M"))
    letters = (letter for letter in plain if letter not in "'\u2018\u2019\u02bb\u02bc")
    return " ".join("".join(letter if letter.isalnum() else " " for letter in letters).split())


def index_token(subject_key, label, name):
    """The token of a name and a birth date, in the forms text and digits, 14 bits long."""
    context = label + texts(TENANT, "name-and-birth-date") + bytes([1, 14, 2, 0, 3, 0])
    values = texts(word_text(name), "".join(filter(str.isdigit, "1970-05-01")))
    code = digest(hkdf(subject_key, b"chartroom index key" + context), values, sha256)
    return b"\1" + label[16:] + (int.from_bytes(code[:4]) >> 18).to_bytes(4)


def open_deterministic(data, subject_key, label):
    """A record number, sealed to the same bytes each time."""
    head = data[:22]
    assert head == b"\1\3" + label
    key = hkdf(subject_key, b"chartroom deterministic key" + head + texts(TENANT, "record number"), 64)
    return AESSIV(key).decrypt(data[22:], [head, b"text"])


def open_record(data, wrapped_key, keyring):
    """The parts of a record of the vault, by their names."""
    version, name, number, patient, length = unpack(">B16sQ16sB", data[:42])
    assert version == 1
    name, patient = (str(UUID(bytes=part)) for part in (name, patient))
    kind, derivation, rest = data[42 : 42 + length].decode("ascii"), data[42 + length :][:64], data[106 + length :]
    count, rest, parts = rest[0], rest[1:], []
    for _ in range(count):
        name_end = 1 + rest[0]
        end = name_end + 4 + int.from_bytes(rest[name_end:][:4])
        parts.append((rest[1:name_end].decode("ascii"), rest[name_end + 4 : end]))
        rest = rest[end:]
    assert len(rest) == 28 and [part for part, _ in parts] == sorted({part for part, _ in parts})
    subject_key, label = open_wrapped_key(wrapped_key, *open_keyring(keyring), patient)
    record = Record(subject_key, label, derivation, (patient, kind, name, number))
    assert record.verify_tag(dict(parts), rest)
    return {part: record.open(sealed, part, "facts" if part == "facts" else "json") for part, sealed in parts}


def open_attachment(data, wrapped_key, keyring):
    """The bytes of an attachment of the vault."""
    version, name, record, number, patient, length = unpack(">B16s16sQ16sB", data[:58])
    assert version == 1
    name, record, patient = (str(UUID(bytes=part)) for part in (name, record, patient))
    kind, derivation, stream = data[58 : 58 + length].decode("ascii"), data[58 + length :][:64], data[122 + length :]
    subject_key, label = open_wrapped_key(wrapped_key, *open_keyring(keyring), patient)
    opened = Record(subject_key, label, derivation, (patient, kind, f"{record}/{name}", number))
    return opened.open_stream(stream, "attachment", "bytes")


def refused(opening, *arguments):
    try:
        opening(*arguments)
    except (AssertionError, InvalidTag):
        return True
    return False


def cases(golden):
    subject_key, label = open_wrapped_key(golden["wrapped-key"], *open_keyring(golden["keyring"]))
    record = Record(subject_key, label, golden["derivation"])
    clinical, narrative, tag, stream = (golden[name] for name in ("clinical", "narrative", "record-tag", "stream"))
    number = golden["deterministic"]
    yield "tombstone", golden["tombstone"] == b"\1\0" + golden["wrapped-key"][2:42]
    yield "clinical", record.open(clinical, "Clinical", "json") == b'{"code":"J45.909"}'
    yield "narrative", record.open(narrative, "Narrative", "text") == b""
    yield "record-tag", record.verify_tag({"Clinical": clinical, "Narrative": narrative}, tag)
    yield "record-tag, one part less", refused(record.verify_tag, {"Clinical": clinical}, tag)
    yield "padded", record.open(golden["padded"], "Result", "text") == b"negative"
    yield "stream", record.open_stream(stream, "Attachment", "text/plain") == b"wheezing " * 120
    yield "padded-stream", record.open_stream(golden["padded-stream"], "Attachment", "text/plain") == b"wheezing " * 120
    yield "index-token", index_token(subject_key, label, "Núñez") == golden["index-token"]
    yield "name-tokens", b"".join(index_token(subject_key, label, name) for name in NAMES) == golden["name-tokens"]
    yield "deterministic", open_deterministic(number, subject_key, label) == b"77120943"
    yield "deterministic, one bit changed", refused(open_deterministic, flipped(number), subject_key, label)
    yield "clinical elsewhere", refused(record.open, clinical, "Narrative", "json")
    yield "clinical, one bit changed", refused(record.open, flipped(clinical), "Clinical", "json")
    yield "stream, cut off", refused(record.open_stream, stream[: 58 + 1040], "Attachment", "text/plain")


def vault_cases(folder):
    attachment, record, wrapped_key, keyring = (
        (folder / f"attachment-1{name}.bin").read_bytes() for name in ("", "-record", "-wrapped-key", "-keyring")
    )
    yield "record", open_record(record, wrapped_key, keyring) == PARTS
    yield "record, of another id", refused(open_record, b"\1" + flipped(record[1:17]) + record[17:], wrapped_key, keyring)
    yield "record, one part less", refused(open_record, without_last_part(record), wrapped_key, keyring)
    yield "record, cut off", refused(open_record, record[:-1], wrapped_key, keyring)
    yield "attachment", open_attachment(attachment, wrapped_key, keyring) == bytes(n % 251 for n in range(2500))
    renamed = b"\1" + flipped(attachment[1:17]) + attachment[17:]
    yield "attachment, of another id", refused(open_attachment, renamed, wrapped_key, keyring)
    yield "attachment, cut off", refused(open_attachment, attachment[:-1], wrapped_key, keyring)


def without_last_part(record):
    """The record without its facts, whose part is the last."""
    at = record.index(b"\5facts")
    count = 106 + record[41]
    return record[:count] + bytes([record[count] - 1]) + record[count + 1 : at] + record[-28:]


def flipped(data):
    return data[:-1] + bytes([data[-1] ^ 1])


if __name__ == "__main__":
    with open(sys.argv[1], encoding="ascii") as lines:
        outcomes = list(cases({name: bytes.fromhex(digits) for name, digits in map(str.split, lines)}))
    outcomes.extend(vault_cases(Path(sys.argv[2])))
    failed = [name for name, passed in outcomes if not passed]
    print(*(f"{name}: is not what the format says\n" for name in failed), sep="", end="")
    print(f"python_opener: {len(outcomes) - len(failed)} of {len(outcomes)}")
    sys.exit(bool(failed))
