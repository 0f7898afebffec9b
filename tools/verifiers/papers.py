"""PDFs as archives and assistive technology want them: papers.py FOLDER.

Every PDF below the folder is judged by `page`, which passes the corpus of veraPDF, as PDF/A-3a and as PDF/UA-1; by
`qpdf`, whether it is damaged; by `pdffonts`, whether it carries its fonts. Two that were made worse on purpose must fail."""

import pathlib
import re
import subprocess
import sys

from page import ValidationProfile, validate_pdf_bytes

PROFILES = (ValidationProfile.PDF_A_3A, ValidationProfile.PDF_UA_1)


def lengths_hold(data, number):
    """Whether a stream is as long as it says. One whose last byte is a carriage return is misread as one byte longer."""
    start = data.index(b"\n%d 0 obj" % number)
    body = data.index(b"stream\n", start) + len(b"stream\n")
    length = int(re.search(rb"/Length (\d+)", data[start:body]).group(1))
    return data[body + length : body + length + 10] == b"\nendstream"


def failures(data, profile):
    for failure in validate_pdf_bytes(data, profile=profile).failures:
        stream = failure.rule_id.endswith("-STREAM-LENGTH-001") and failure.object_id
        if not (stream and lengths_hold(data, failure.object_id.object_number)):
            yield f"{failure.rule_id}: {failure.message}"


def wrong(path):
    data = path.read_bytes()
    for profile in PROFILES:
        yield from failures(data, profile)
    checked = subprocess.run(["qpdf", "--check", path], capture_output=True, text=True)
    if checked.returncode:
        yield f"qpdf: {checked.stdout}{checked.stderr}"
    fonts = subprocess.run(["pdffonts", path], capture_output=True, text=True, check=True).stdout.splitlines()[2:]
    if not fonts:
        yield "no font"
    for font in fonts:
        # name, type, encoding, then embedded, subset, has a map to Unicode
        if not re.search(r" yes (yes|no )\s*yes ", font):
            yield f"font: {font}"


papers = sorted(pathlib.Path(sys.argv[1]).rglob("*.pdf"))
found = [f"{path}: {what}" for path in papers for what in wrong(path)]
assert len(papers) > 20, papers

# What is judged can be seen to judge.
whole = papers[0].read_bytes()
for before, after, profile in ((b"/Marked true", b"/Marked fals", PROFILES[1]), (b"pdfaid:part>3", b"pdfaid:part>9", PROFILES[0])):
    assert before in whole, before
    worse = whole.replace(before, after)
    if not list(failures(worse, profile)):
        found.append(f"{after} is not noticed")

print("\n".join(found) or f"{len(papers)} papers: PDF/A-3a, PDF/UA-1, whole, with their fonts")
sys.exit(bool(found))
