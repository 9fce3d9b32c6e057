"""Checks a ledger's evidence with an implementation that is not ours (the package proofbundle):
evidence.py URL LOG_KEY WITNESS_KEY RECEIPT_FILE

Fetches the checkpoint and the first tile over HTTP, recomputes the root from the tile's leaf hashes,
and verifies the log's signature, the witness's cosignature and every proof of the receipt.
"""

import base64
import hashlib
import json
import sys
import urllib.request

from proofbundle.checkpoint import verify_checkpoint, verify_cosignature
from proofbundle.tlogproof import verify_tlog_proof

TIMEOUT_S = 30
WIDTH = 256


def fetch(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=TIMEOUT_S) as response:
        return response.read()


def root(leaves: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, from leaf hashes."""
    if len(leaves) == 1:
        return leaves[0]
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + root(leaves[:half]) + root(leaves[half:])).digest()


def main(url: str, log_key: str, witness_key: str, receipt_file: str) -> None:
    note = fetch(f"{url}/evidence/checkpoint").decode()
    signed = verify_checkpoint(note, log_key)
    size = signed["tree_size"]
    assert size <= WIDTH, "the whole tree lies in one tile"
    name = "000" if size == WIDTH else f"000.p/{size}"
    tile = fetch(f"{url}/evidence/tile/0/{name}")
    leaves = [tile[at : at + 32] for at in range(0, len(tile), 32)]
    with open(receipt_file, encoding="utf-8") as file:
        receipt = json.load(file)
    proofs = []
    for event in receipt["events"]:
        if event["kind"] == "proven":
            entry = base64.b64decode(event["entry"], validate=True)
            proofs.append(
                verify_tlog_proof(
                    event["proof"],
                    entry,
                    log_key,
                    [witness_key],
                    threshold=1,
                    expected_origin=receipt["origin"],
                )["ok"]
            )
    print(
        json.dumps(
            {
                "signed": signed["ok"],
                "leaves": len(leaves) == size,
                "root": root(leaves) == signed["root"],
                "cosigned": verify_cosignature(receipt["checkpoint"], witness_key)["ok"],
                "proofs": proofs,
            }
        )
    )


main(*sys.argv[1:])
