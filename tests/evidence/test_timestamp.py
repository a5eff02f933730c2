"""RFC 3161 with OpenSSL at the other end: it reads our request, answers as an authority, and we read the answer."""

import shutil
import subprocess

import pytest
from click.testing import CliRunner

from screener.cli.evidence import command, verify
from screener.errors import ScreenerError
from screener.evidence.timestamp import read_answer, request_for

OPENSSL = shutil.which("openssl")
CONFIG = """
[req]
distinguished_name = dn
x509_extensions = tsa_ext
prompt = no
[dn]
CN = Test authority
[tsa_ext]
extendedKeyUsage = critical,timeStamping
keyUsage = critical,digitalSignature
[tsa]
default_tsa = tsa1
[tsa1]
serial = serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
"""


def openssl(folder, *args):
    return subprocess.run([OPENSSL, *args], cwd=folder, capture_output=True, text=True, check=True).stdout


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    if OPENSSL is None:
        pytest.skip("openssl is not installed")
    folder = tmp_path_factory.mktemp("tsa")
    (folder / "ca.cnf").write_text(CONFIG)
    (folder / "serial").write_text("01\n")
    openssl(folder, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem", "-out", "cert.pem",
            "-days", "3", "-config", "ca.cnf")  # fmt: skip
    return folder


def test_a_pack_is_stamped_and_the_stamp_is_checked(authority, tmp_path):
    pack = tmp_path / "case.zip"
    options = ["samples/tiktok-us.json", "--region", "US", "--no-classifier", "-o", str(pack), "--timestamp-request"]
    done = CliRunner().invoke(command, options)
    assert done.exit_code == 0, done.output
    request = tmp_path / "case.zip.tsq"
    shown = openssl(tmp_path, "ts", "-query", "-in", str(request), "-text")
    assert "sha256" in shown
    openssl(authority, "ts", "-reply", "-queryfile", str(request), "-inkey", "key.pem", "-signer", "cert.pem",
            "-config", "ca.cnf", "-out", str(tmp_path / "case.tsr"))  # fmt: skip
    verified = CliRunner().invoke(verify, [str(pack), "--timestamp", str(tmp_path / "case.tsr")])
    assert verified.exit_code == 0, verified.output
    assert "time stamp of 20" in verified.output
    other = tmp_path / "other.zip"
    CliRunner().invoke(command, [*options[:-3], "-o", str(other), "--order", "576461413038785752"])
    changed = CliRunner().invoke(verify, [str(other), "--timestamp", str(tmp_path / "case.tsr")])
    assert changed.exit_code == 1
    assert "something else" in changed.output


def test_requests_have_no_chance_in_them():
    assert request_for(b"manifest") == request_for(b"manifest") != request_for(b"other")


@pytest.mark.parametrize("bad", [b"", b"\x30\x03\x02\x01\x00", b"not der", b"\x30" * 500])
def test_what_is_no_answer_is_told(bad):
    with pytest.raises(ScreenerError, match="E210"):
        read_answer(bad)
