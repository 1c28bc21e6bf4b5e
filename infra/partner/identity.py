"""Keys and certificates of a fictional practice, by the openssl command."""

from pathlib import Path

from smime import in_files, openssl

# Without the system's configuration, which adds extensions of its own.
CONFIGURATION = b"[req]\ndistinguished_name = dn\n[dn]\n"
FICTIONAL = "Fictional - for tests and demonstrations only"


def make(folder, domain, address=None, self_signed=False, days=825):
    """Writes cert.pem, cert.der, key.pem, the authority's ca.pem, and a TLS pair for localhost under tls-ca.pem."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    san = f"email:{address}" if address else f"DNS:{domain}"
    extensions = [
        "basicConstraints=critical,CA:FALSE",
        "keyUsage=critical,digitalSignature,keyEncipherment",
        "extendedKeyUsage=emailProtection",
        f"subjectAltName={san}",
    ]
    name = address or domain
    if self_signed:
        key = folder / "key.pem"
        request(folder / "cert.pem", key, name, extensions, days)
    else:
        authority(folder, "ca", days)
        issue(folder, "ca", "cert.pem", "key.pem", name, extensions, days)
    openssl("x509", "-in", folder / "cert.pem", "-outform", "DER", "-out", folder / "cert.der")
    authority(folder, "tls-ca", days)
    server = [
        "basicConstraints=critical,CA:FALSE",
        "keyUsage=critical,digitalSignature,keyEncipherment",
        "extendedKeyUsage=serverAuth",
        "subjectAltName=DNS:localhost,IP:127.0.0.1",
    ]
    issue(folder, "tls-ca", "tls-cert.pem", "tls-key.pem", "localhost", server, days)


def authority(folder, name, days):
    extensions = ["basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign,cRLSign"]
    request(folder / f"{name}.pem", folder / f"{name}.key", f"{FICTIONAL} {name}"[:64], extensions, days)


def request(certificate, key, name, extensions, days):
    folder, (configuration,) = in_files(CONFIGURATION)
    with folder:
        openssl(
            "req", "-x509", "-newkey", "rsa:2048", "-noenc", "-sha256", "-days", days, "-keyout", key,
            "-out", certificate, "-subj", f"/O={FICTIONAL}/CN={name[:64]}", "-config", configuration,
            *(word for extension in extensions for word in ("-addext", extension)),
        )
    key.chmod(0o600)


def issue(folder, issuer, certificate, key, name, extensions, days):
    temporary, (configuration, settings) = in_files(CONFIGURATION, "\n".join(extensions).encode())
    with temporary:
        csr = openssl(
            "req", "-new", "-newkey", "rsa:2048", "-noenc", "-sha256", "-keyout", folder / key,
            "-subj", f"/O={FICTIONAL}/CN={name[:64]}", "-config", configuration,
        )
        (folder / key).chmod(0o600)
        openssl(
            "x509", "-req", "-sha256", "-days", days, "-CA", folder / f"{issuer}.pem",
            "-CAkey", folder / f"{issuer}.key", "-CAcreateserial", "-extfile", settings,
            "-out", folder / certificate, data=csr,
        )
