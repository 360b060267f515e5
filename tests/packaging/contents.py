"""Compares what cargo-auditable put into a program with the SBOM beside it.

contents.py AUDIT SBOM: AUDIT is the program's section .dep-v0, which is JSON packed with zlib
(cargo-auditable's PARSING.md). The SBOM may name more crates than the program, never fewer.
"""

import json
import sys
import zlib

audit, sbom = sys.argv[1:]
with open(audit, "rb") as file:
    # A section is filled up to a whole number of blocks in a Windows program.
    packages = json.loads(zlib.decompressobj().decompress(file.read()))["packages"]
with open(sbom, encoding="utf-8") as file:
    described = json.load(file)

in_program = {
    (package["name"], package["version"])
    for package in packages
    if package.get("kind", "runtime") == "runtime"
}
root = described["metadata"]["component"]
in_sbom = {
    (component["name"], component["version"]) for component in described["components"] + [root]
}

missing = sorted(in_program - in_sbom)
if missing:
    sys.exit(f"{sbom} lacks crates of the program: {missing}")
if len(in_program) < 100:
    sys.exit(f"{audit} names only {len(in_program)} crates")
print(f"{sbom}: {len(in_sbom)} crates, all {len(in_program)} of the program among them")
