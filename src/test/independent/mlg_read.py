"""An MLG log read from the published layout (EFI Analytics, MLG Binary LogFormat 1.0 and 2.0), with nothing of the product.

Usage: mlg_read.py FILE; prints {"fields": [[name, unit]], "rows": [[number]], "markers": n} as JSON.
"""

import json
import struct
import sys

CODES = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "q", 7: "f", 16: "B", 17: "H", 18: "I"}


def text(raw):
    return raw.split(b"\0")[0].decode("latin-1")


def read(data):
    version = struct.unpack_from(">H", data, 6)[0]
    if version == 1:
        _, _, begin, length, count = struct.unpack_from(">IHIHH", data, 8)
        at, size = 22, 55
    else:
        _, _, begin, length, count = struct.unpack_from(">IIIHH", data, 8)
        at, size = 24, 89
    fields, scales, layout = [], [], ">"
    for _ in range(count):
        kind = data[at]
        fields.append([text(data[at + 1 : at + 35]), text(data[at + 35 : at + 45])])
        scales.append((1.0, 0.0) if kind >= 10 else struct.unpack_from(">ff", data, at + 46))
        layout += CODES[kind]
        at += size
    rows, markers, at = [], 0, begin
    while at < len(data):
        if data[at] == 1:
            markers += 1
            at += 54
            continue
        raw = struct.unpack_from(layout, data, at + 4)
        rows.append([(value + add) * scale for value, (scale, add) in zip(raw, scales)])
        at += 4 + length + 1
    return {"fields": fields, "rows": rows, "markers": markers}


with open(sys.argv[1], "rb") as file:
    print(json.dumps(read(file.read())))
