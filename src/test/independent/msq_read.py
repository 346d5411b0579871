"""A second reader of TunerStudio MSQ, for tests alone: python3 msq_read.py FILE prints {name: [numbers] or null}."""

import json
import re
import sys


def main():
    raw = open(sys.argv[1], "rb").read()
    declared = re.search(rb'encoding="([^"]+)"', raw[:200])
    text = raw.decode(declared.group(1).decode() if declared else "utf-8", errors="replace")
    out = {}
    for attributes, body in re.findall(r"<constant([^>]*[^/>])>(.*?)</constant>", text, re.S):
        name = re.search(r'name="([^"]*)"', attributes).group(1)
        rows = int((re.search(r'rows="(\d+)"', attributes) or [0, 1])[1])
        columns = int((re.search(r'cols="(\d+)"', attributes) or [0, 1])[1])
        try:
            values = [float(part) for part in body.split()]
        except ValueError:
            values = []
        out[name] = values if values and len(values) == rows * columns else None
    json.dump(out, sys.stdout)


main()
