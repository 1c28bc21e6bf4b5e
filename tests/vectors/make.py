"""Makes the test vectors of `src/crypto` with Python's `cryptography` and `argon2-cffi`, so that two implementations must agree.

Run by hand when a format is added, never when a test fails: python3 make.py
"""
import hashlib
import hmac
import json
import pathlib
import struct

from argon2.low_level import Type, hash_secret_raw
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA512
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

HERE = pathlib.Path(__file__).parent
CHUNK = 65536
TENANT = "ten_01JZZZZZZZZZZZZZZZZZZZZZZZ"
OBJECT = "obj_01JZZZZZZZZZZZZZZZZZZZZZZY"


def prefixed(*parts):
    return b"".join(struct.pack(">H", len(part)) + part for part in parts)


def pattern(length):
    return bytes(i * 7 % 251 for i in range(length))


def object_v1(key, salt, tenant, name, version, kind, plain):
    info = prefixed(b"referloop/v1", tenant.encode(), name.encode(), struct.pack(">I", version), kind.encode())
    derived = HKDF(SHA512(), 71, salt, info).derive(key)
    aes, commitment, prefix = AESGCM(derived[:32]), derived[32:64], derived[64:]
    header = b"RLV1" + b"\x01" + struct.pack(">I", CHUNK) + salt + commitment
    chunks = [plain[i:i + CHUNK] for i in range(0, len(plain), CHUNK)] or [b""]
    stored = header
    for number, chunk in enumerate(chunks):
        nonce = prefix + struct.pack(">IB", number, number == len(chunks) - 1)
        stored += aes.encrypt(nonce, chunk, hashlib.sha256(header).digest())
    return header, stored


def objects():
    for number, length in enumerate([0, 1, 1000, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 200_000]):
        key = hashlib.sha256(b"key %d" % number).digest()
        salt = hashlib.sha256(b"salt %d" % number).digest()
        kind = ["original", "page_image", "page_words"][number % 3]
        header, stored = object_v1(key, salt, TENANT, OBJECT, number + 1, kind, pattern(length))
        yield {"key": key.hex(), "salt": salt.hex(), "tenant": TENANT, "object": OBJECT, "version": number + 1,
               "kind": kind, "plain_bytes": length, "header": header.hex(),
               "stored_sha256": hashlib.sha256(stored).hexdigest()}


def fields():
    for number, plain in enumerate(["", "Avery Testperson", "ünïcode ✓"]):
        key = hashlib.sha256(b"field %d" % number).digest()
        nonce = hashlib.sha256(b"nonce %d" % number).digest()[:12]
        version = number + 1
        place = {"table": "field_value", "row": f"val_{number}", "column": "value_sealed"}
        aad = prefixed(TENANT.encode(), *(part.encode() for part in place.values()), struct.pack(">I", version))
        sealed = b"\x01" + struct.pack(">I", version) + nonce + AESGCM(key).encrypt(nonce, plain.encode(), aad)
        yield {"key": key.hex(), "key_version": version, "tenant": TENANT, **place, "plain": plain,
               "sealed": sealed.hex()}


def wraps():
    for number in range(2):
        master = hashlib.sha256(b"master %d" % number).digest()
        key = hashlib.sha256(b"data %d" % number).digest()
        nonce = hashlib.sha256(b"wrap %d" % number).digest()[:12]
        wrapped = nonce + AESGCM(master).encrypt(nonce, key, TENANT.encode() + OBJECT.encode())
        yield {"master": master.hex(), "tenant": TENANT, "object": OBJECT, "key": key.hex(), "wrapped": wrapped.hex()}


def passphrases():
    # The last costs what ours do.
    for number, (memory, passes, lanes) in enumerate([(64, 1, 1), (256, 2, 4), (65536, 3, 4)]):
        words = ["correct horse battery staple", "plover ankle rhubarb sixty", "ünïcode words, 四 of them"][number]
        plain = b"local-%d AAAA\n" % number
        salt = hashlib.sha256(b"passphrase salt %d" % number).digest()[:16]
        nonce = hashlib.sha256(b"passphrase nonce %d" % number).digest()[:12]
        made = hash_secret_raw(words.encode(), salt, passes, memory, lanes, 64, Type.ID)
        header = b"RLP1" + struct.pack(">III", memory, passes, lanes) + salt
        sealed = header + nonce + AESGCM(made[:32]).encrypt(nonce, plain, header)
        yield {"words": words, "plain": plain.decode(), "sealed": sealed.hex(),
               "mac_of_plain": hmac.new(made[32:], plain, hashlib.sha256).hexdigest()}


for name, vectors in {"object_v1": objects(), "field": fields(), "wrap": wraps(), "passphrase": passphrases()}.items():
    text = json.dumps(list(vectors), indent=1, ensure_ascii=False)
    (HERE / f"{name}.json").write_text(text + "\n")
blind = hmac.new(b"\x01" * 32, prefixed(b"npi") + b"1234567893", hashlib.sha256).hexdigest()[:32]
print("blind index of npi 1234567893 under 32 times 0x01:", blind)
