"""Verifies a credential with openbadgeslib, offline: openbadges.py ISSUER.json STATUS.json FILE

FILE is JSON, a token, or a picture that carries one. Prints `verified`, or `refused` and why. The library believes
signatures of status lists that are tokens alone, so the proof of the list is left to the JavaScript stack.
"""

import json
import sys

from openbadgeslib.ob3.ldp import OB3LdpVerifier
from openbadgeslib.ob3.verifier import OB3Verifier, OB3VerificationError
from openbadgeslib.verify import verify_badge

issuer_file, status_file, path = sys.argv[1:4]
issuer, status, held = (open(name, "rb").read() for name in (issuer_file, status_file, path))
did = json.loads(issuer)["id"]
host, *parts = did.removeprefix("did:web:").split(":")
address = f"https://{host}/{'/'.join(parts) or '.well-known'}/did.json"
known = {address: issuer, json.loads(status)["id"]: status}


def download(url, *_, **__):
    """Only what is at hand."""
    return known[url]


asked = {"check_status": True, "verify_status_list": False, "download": download}
try:
    if path.endswith(".jwt"):
        OB3Verifier.for_issuer_did(did, download=download).verify(held.decode(), **asked)
    elif path.endswith(".json"):
        OB3LdpVerifier.for_issuer_did(did).verify(held, **asked)
    else:
        result = verify_badge(held, resolve_did=True, **asked)
        if not result.valid:
            raise OB3VerificationError(result.reason)
    print("verified")
except (OB3VerificationError, KeyError) as error:
    print("refused", error)
    sys.exit(1)
