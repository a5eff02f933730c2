"""Sealed packs: what is written verifies, and whatever is changed is caught."""

import json
import random
import shutil
import stat
import zipfile

import pytest
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from screener.errors import ScreenerError
from screener.evidence.chain import canonical
from screener.evidence.pack import (
    MANIFEST,
    MESSAGES,
    SEAL,
    Contents,
    chain_lines,
    load_private_key,
    secret_of,
    write_pack,
)
from screener.evidence.verify import verify_pack
from screener.records import Channel, Message, Speaker

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(32))


def public(key) -> bytes:
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def messages(count=6):
    return [
        Message(id=f"m{n}", text=f"text {n} 没问题 👍", speaker=Speaker.BUYER, channel=Channel.IN_APP, sender="Ann")
        for n in range(count)
    ]


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "export.txt"
    path.write_text("the export as it was\n" * 20, encoding="utf-8")
    return path


@pytest.fixture
def make(tmp_path, source):
    def build(name="pack.zip", *, key=None, texts=None, **options):
        target = tmp_path / name
        contents = Contents(
            tuple(chain_lines(texts or messages(), secret_of(source))),
            {"source/export.txt": source, "findings.json": b"{}"},
            {"region": "US"},
            {"rules": "x"},
        )  # fmt: skip
        write_pack(contents, target, key=key, **options)
        return target

    return build


@pytest.mark.parametrize("name", ["pack.zip", "pack"])
@pytest.mark.parametrize("key", [None, KEY])
def test_a_pack_verifies(make, name, key):
    verified = verify_pack(make(name, key=key), public_key=None if key is None else public(KEY))
    assert verified.problem == ""
    assert (verified.messages, verified.files, verified.redacted) == (6, 3, False)


def test_the_same_input_gives_the_same_bytes(make):
    assert make("a.zip", key=KEY).read_bytes() == make("b.zip", key=KEY).read_bytes()


def test_a_pack_in_the_way_is_kept(make):
    before = make().read_bytes()
    with pytest.raises(ScreenerError) as caught:
        make(texts=messages(2))
    assert caught.value.code == "E401"
    assert make(texts=messages(2), force=True).read_bytes() != before


def test_another_key_and_no_key_are_caught(make):
    signed, unsigned = make("s.zip", key=KEY), make("u.zip")
    assert "different key" in verify_pack(signed, public_key=public(OTHER)).problem
    assert "not signed" in verify_pack(unsigned, public_key=public(KEY)).problem


@pytest.mark.parametrize("key", [None, KEY])
def test_every_changed_byte_of_a_zip_is_caught(make, tmp_path, key):
    content = make(key=key).read_bytes()
    rng = random.Random(1)
    broken = tmp_path / "broken.zip"
    for _ in range(600):
        at = rng.randrange(len(content))
        changed = bytearray(content)
        changed[at] ^= rng.randrange(1, 256)
        broken.write_bytes(changed)
        assert not verify_pack(broken).ok, at


def test_every_cut_and_addition_is_caught(make, tmp_path):
    content = make(key=KEY).read_bytes()
    rng = random.Random(2)
    broken = tmp_path / "broken.zip"
    for _ in range(200):
        start = rng.randrange(len(content))
        end = min(len(content), start + rng.randrange(1, 400))
        broken.write_bytes(content[:start] + content[end:])
        assert not verify_pack(broken).ok
        broken.write_bytes(content[:start] + b"\0" + content[start:])
        assert not verify_pack(broken).ok


def test_every_changed_byte_of_a_folder_is_caught(make):
    folder = make("pack", key=KEY)
    rng = random.Random(3)
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    for _ in range(300):
        path = rng.choice(files)
        content = path.read_bytes()
        changed = bytearray(content)
        changed[rng.randrange(len(content))] ^= rng.randrange(1, 256)
        path.write_bytes(changed)
        assert not verify_pack(folder).ok, path
        path.write_bytes(content)
    assert verify_pack(folder).ok


def _reseal(folder):
    """What a forger without the key can do: make every hash fit again."""
    import hashlib

    from screener.evidence.chain import canonical

    manifest = json.loads((folder / MANIFEST).read_bytes())
    for name in manifest["files"]:
        content = (folder / name).read_bytes()
        manifest["files"][name] = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    raw = canonical(manifest)
    (folder / MANIFEST).write_bytes(raw)
    (folder / SEAL).write_text(hashlib.sha256(raw).hexdigest() + "\n")


@pytest.mark.parametrize("forge", ["drop", "swap", "edit", "double"])
def test_a_resealed_forgery_breaks_the_chain_and_the_signature(make, forge):
    folder = make("pack")
    lines = (folder / MESSAGES).read_bytes().splitlines(keepends=True)
    if forge == "drop":
        del lines[2]
    elif forge == "swap":
        lines[1], lines[2] = lines[2], lines[1]
    elif forge == "double":
        lines.append(lines[-1])
    else:
        lines[3] = lines[3].replace(b"text 3", b"text 9")
    (folder / MESSAGES).write_bytes(b"".join(lines))
    _reseal(folder)
    assert "messages.jsonl" in verify_pack(folder).problem
    signed = make("signed", key=KEY)
    (signed / "findings.json").write_bytes(b"[]")
    _reseal(signed)
    assert "signature" in verify_pack(signed).problem


def _zip(path, members):
    with zipfile.ZipFile(path, "w") as archive:
        for name, content, *mode in members:
            info = zipfile.ZipInfo(name)
            info.external_attr = (mode[0] if mode else 0o100644) << 16
            if len(mode) > 1:
                info.compress_type = mode[1]
            archive.writestr(info, content)
    return path


@pytest.mark.parametrize(
    "members",
    [
        [("../evil", b"x"), (MANIFEST, b"{}")],
        [("/etc/evil", b"x"), (MANIFEST, b"{}")],
        [("a\\..\\b", b"x"), (MANIFEST, b"{}")],
        [("link", b"target", stat.S_IFLNK | 0o777), (MANIFEST, b"{}")],
        [("bomb", b"0" * 50_000_000, 0o100644, zipfile.ZIP_DEFLATED), (MANIFEST, b"{}")],
    ],
)
def test_archives_that_attack_are_refused(tmp_path, members):
    problem = verify_pack(_zip(tmp_path / "bad.zip", members)).problem
    assert problem
    assert "\n" not in problem


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_double_names_are_refused(tmp_path):
    path = _zip(tmp_path / "twice.zip", [(MANIFEST, b"{}"), (MANIFEST, b"[]")])
    assert "twice" in verify_pack(path).problem


def test_links_in_folders_are_refused(make, source):
    folder = make("pack")
    (folder / "findings.json").unlink()
    (folder / "findings.json").symlink_to(source)
    assert "link" in verify_pack(folder).problem


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=400))
def test_anything_else_is_no_pack(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("x") / "pack.zip"
    path.write_bytes(content)
    assert not verify_pack(path).ok


def test_a_failed_write_leaves_nothing(make, tmp_path, monkeypatch):
    def fail(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copyfileobj", fail)
    before = set(tmp_path.iterdir())
    with pytest.raises(ScreenerError) as caught:
        make("late.zip")
    assert caught.value.code == "E403"
    assert set(tmp_path.iterdir()) == before


def test_keys_are_read_or_refused(tmp_path):
    good = tmp_path / "key.pem"
    good.write_bytes(KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    assert public(load_private_key(good)) == public(KEY)
    (tmp_path / "bad.pem").write_text("nonsense")
    for name in ("bad.pem", "missing.pem"):
        with pytest.raises(ScreenerError) as caught:
            load_private_key(tmp_path / name)
        assert caught.value.code == "E203"


def test_lone_surrogates_do_not_stop_a_pack(make):
    assert verify_pack(make(texts=[Message(id="m", text="a\ud800b")])).ok


def test_a_truncated_zip_is_told_in_one_line(make, tmp_path):
    content = make().read_bytes()
    cut = tmp_path / "cut.zip"
    cut.write_bytes(content[: len(content) // 2])
    problem = verify_pack(cut).problem
    assert problem
    assert "\n" not in problem


plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


@given(plain)
def test_canonical_json_is_that_of_the_standard(value):
    try:
        wanted = rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError):
        return
    assert canonical(value) == wanted
