#!/usr/bin/env python3
"""A second A2L decoder, standard library only, sharing nothing with the TypeScript one: regular expressions over whole blocks,
numbers through struct and fractions. Reads what files with DIRECT values in ROW_DIR or COLUMN_DIR and COM_AXIS, STD_AXIS or FIX_AXIS hold.

Usage: a2l_decode.py FILE.a2l IMAGE.bin [big|little] -> JSON list of {name, rows, columns, cells, x, y}
"""
import json
import math
import re
import struct
import sys

FORMATS = {"UBYTE": "B", "SBYTE": "b", "UWORD": "H", "SWORD": "h", "ULONG": "I", "SLONG": "i", "FLOAT32_IEEE": "f"}
AXES = ("X", "Y")


def words(body):
    return [m.group(1) if m.group(1) is not None else m.group(2) for m in re.finditer(r'"((?:[^"\\]|\\.)*)"|(\S+)', body)]


def blocks(text, kind):
    return re.findall(r"/begin\s+%s\b(.*?)/end\s+%s\b" % (kind, kind), text, re.S)


def num(word):
    return int(word, 16) if re.match(r"(?i)0x", word) else float(word) if re.search(r"[.eE]", word) else int(word)


def evaluate(formula, x):
    opened = formula.count("(") - formula.count(")")
    formula = "(" * max(0, -opened) + formula + ")" * max(0, opened)
    bare = formula.replace("exp(", "(")
    if not re.fullmatch(r"[xX\d.+\-*/()^ eE]+", bare):
        return x
    code = re.sub(r"(?<![a-zA-Z])[xX]1?\b", "(%r)" % float(x), formula).replace("^", "**")
    try:
        return eval(code, {"__builtins__": {}, "exp": math.exp})  # digits, x, exp, operators and parentheses are all that is left
    except (ZeroDivisionError, SyntaxError, OverflowError):
        return None


def method(text):
    found = {}
    for body in blocks(text, "COMPU_METHOD"):
        w = words(re.sub(r"/(begin|end)\s+\w+", " ", body))
        kind, rest = w[2], w[5:]
        if kind == "FORM":
            formula = w[w.index("FORMULA") + 1] if "FORMULA" in w else w[5]
            found[w[0]] = lambda x, f=formula: evaluate(f, x)
        elif kind == "LINEAR":
            a, b = map(float, rest[rest.index("COEFFS_LINEAR") + 1:][:2])
            found[w[0]] = lambda x, a=a, b=b: a * x + b
        elif kind == "RAT_FUNC":
            a, b, c, d, e, f = map(float, rest[rest.index("COEFFS") + 1:][:6])

            def turned(x, a=a, b=b, c=c, d=d, e=e, f=f):
                if a or d:
                    return x
                below = e * x - b
                return None if below == 0 else (c - f * x) / below

            found[w[0]] = turned
        elif kind == "TAB_INTP":
            name = rest[rest.index("COMPU_TAB_REF") + 1]
            table = next(words(t) for t in blocks(text, "COMPU_TAB") if words(t)[0] == name)
            n = int(table[3])
            pairs = [(float(table[4 + 2 * i]), float(table[5 + 2 * i])) for i in range(n)]

            def between(x, pairs=pairs):
                for (x0, y0), (x1, y1) in zip(pairs, pairs[1:]):
                    if x0 <= x <= x1:
                        return y0 + (x - x0) * (y1 - y0) / (x1 - x0)
                return None

            found[w[0]] = between
    return found


def main():
    source, image = sys.argv[1], open(sys.argv[2], "rb").read()
    text = re.sub(r"/\*.*?\*/", " ", open(source, encoding="latin-1", newline="").read(), flags=re.S)
    order = ">" if (sys.argv[3:4] or ["big"])[0] == "big" else "<"
    methods = method(text)
    layouts = {}
    for body in blocks(text, "RECORD_LAYOUT"):
        w = words(body)
        parts, fixed = [], {}
        for i, word in enumerate(w):
            m = re.fullmatch(r"FIX_NO_AXIS_PTS_([XY])", word)
            if m:
                fixed[m.group(1)] = int(w[i + 1])
            elif re.fullmatch(r"(NO_)?AXIS_PTS_[XY]|FNC_VALUES|RESERVED|IDENTIFICATION", word):
                parts.append((int(w[i + 1]), word, w[i + 2], w[i + 3] if i + 3 < len(w) else ""))
        layouts[w[0]] = (sorted(parts), fixed)

    def read(at, kind, n, step=0):
        f = FORMATS[kind]
        size = struct.calcsize(order + f)
        return [struct.unpack_from(order + f, image, at + i * (step or size))[0] for i in range(n)], size

    def record(name, at, most):
        parts, counts = layouts[name][0], dict(layouts[name][1])
        got = {}
        for _, part, kind, mode in parts:
            if part.startswith("NO_AXIS_PTS"):
                (n,), size = read(at, kind, 1)
                counts[part[-1]] = n
                at += size
            elif part.startswith("AXIS_PTS"):
                n = counts.get(part[-1], most.get(part[-1], 1))
                values, size = read(at, kind, n)
                got[part[-1]] = values[::-1] if mode == "INDEX_DECR" else values
                at += n * size
            elif part == "FNC_VALUES":
                nx, ny = (counts.get(a, most.get(a, 1)) for a in AXES)
                values, size = read(at, kind, nx * ny)
                if mode == "COLUMN_DIR":
                    values = [values[x * ny + y] for y in range(ny) for x in range(nx)]
                got["values"], got["size"] = values, (nx, ny)
                at += nx * ny * size
            else:
                at += {"BYTE": 1, "WORD": 2, "LONG": 4}.get(kind, struct.calcsize(FORMATS.get(kind, "B")))
        return got

    points = {words(b)[0]: words(b) for b in blocks(text, "AXIS_PTS")}
    same = lambda x: x
    out = []
    for body in blocks(text, "CHARACTERISTIC"):
        described = [words(re.sub(r"/(begin|end)\s+FIX_AXIS_PAR_LIST", " FIX_AXIS_PAR_LIST ", a)) for a in blocks(body, "AXIS_DESCR")]
        w = words(body)
        name, kind, at, layout, how = w[0], w[2], num(w[3]), w[4], methods.get(w[6], same)
        if kind not in ("VALUE", "CURVE", "MAP"):
            continue
        most = {a: int(num(d[3])) for a, d in zip(AXES, described)}
        got = record(layout, at, most)
        nx, ny = got["size"]
        entry = {"name": name, "rows": ny, "columns": nx, "cells": [how(v) for v in got["values"]]}
        for a, d in zip(AXES, described):
            convert = methods.get(d[2], same)
            if d[0] == "COM_AXIS":
                p = points[d[d.index("AXIS_PTS_REF") + 1]]
                n = int(num(p[7]))
                own = record(p[4], num(p[2]), {"X": n, "Y": n})
                values = own.get("X", own.get("Y"))[: most[a]]
                convert = methods.get(p[6], same)
            elif d[0] == "STD_AXIS":
                values = got[a]
            elif "FIX_AXIS_PAR" in d:
                o, s, n = (num(v) for v in d[d.index("FIX_AXIS_PAR") + 1:][:3])
                values = [o + i * 2**s for i in range(n)]
            elif "FIX_AXIS_PAR_DIST" in d:
                o, s, n = (num(v) for v in d[d.index("FIX_AXIS_PAR_DIST") + 1:][:3])
                values = [o + i * s for i in range(n)]
            elif "FIX_AXIS_PAR_LIST" in d:
                values = [num(v) for v in d[d.index("FIX_AXIS_PAR_LIST") + 1: len(d) - 1 - d[::-1].index("FIX_AXIS_PAR_LIST")]]
            else:
                values = []
            entry[a.lower()] = [convert(v) for v in values]
        out.append(entry)
    json.dump(out, sys.stdout)


main()
