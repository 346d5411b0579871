"""A second decoder of TunerPro XDF, for tests alone: standard library only, shares nothing with the product.

    python3 xdf_decode.py DEFINITION.xdf IMAGE.bin [SHIFT]

prints {"tables": [...], "constants": [...], "flags": [...]} with physical values; null where a value cannot be computed.
"""

import json
import math
import re
import struct
import sys
import xml.etree.ElementTree as ET


def load(path):
    raw = open(path, "rb").read()
    if raw[:2] == b"\xff\xfe":
        text = raw.decode("utf-16")
    else:
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = raw.decode("cp1252")
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    return ET.fromstring(text)


def number(text):
    if text is None:
        return None
    text = text.strip()
    try:
        return int(text, 16) if text.lower().lstrip("-").startswith("0x") else int(text)
    except ValueError:
        return None


class Parser:
    """Recursive descent over the equations: enough for what files hold."""

    def __init__(self, text):
        self.tokens = re.findall(r"0[xX][0-9a-fA-F]+|\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+|[A-Za-z_]\w*|<<|>>|==|<=|>=|<>|!=|[-+*/^();,<>=]", text)
        self.at = 0

    def peek(self):
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def take(self):
        token = self.peek()
        self.at += 1
        return token

    def parse(self):
        tree = self.compare()
        if self.peek() is not None:
            raise ValueError("left over: %r" % self.peek())
        return tree

    def level(self, operators, below):
        tree = below()
        while self.peek() in operators:
            operator = self.take()
            tree = (operator, tree, below())
        return tree

    def compare(self):
        return self.level(("==", "=", "<", ">", "<=", ">=", "<>", "!="), self.shift)

    def shift(self):
        return self.level(("<<", ">>"), self.sum)

    def sum(self):
        return self.level(("+", "-"), self.product)

    def product(self):
        return self.level(("*", "/"), self.unary)

    def unary(self):
        if self.peek() in ("-", "+"):
            sign = self.take()
            inner = self.unary()
            return ("neg", inner) if sign == "-" else inner
        return self.power()

    def power(self):
        base = self.atom()
        if self.peek() == "^":
            self.take()
            return ("^", base, self.unary())
        return base

    def atom(self):
        token = self.take()
        if token == "(":
            tree = self.compare()
            if self.take() != ")":
                raise ValueError("no )")
            return tree
        if token is None:
            raise ValueError("end")
        if re.match(r"0[xX]", token):
            return ("num", float(int(token, 16)))
        if re.match(r"[\d.]", token):
            return ("num", float(token))
        if re.match(r"[A-Za-z_]", token):
            if self.peek() == "(":
                self.take()
                arguments = []
                while self.peek() != ")":
                    if self.peek() is None:
                        raise ValueError("no )")
                    arguments.append(self.compare())
                    if self.peek() in (";", ","):
                        self.take()
                self.take()
                return ("call", token.upper(), arguments)
            return ("var", token.upper())
        raise ValueError("unexpected %r" % token)


class Unknown(Exception):
    pass


def evaluate(tree, names, place):
    kind = tree[0]
    if kind == "num":
        return tree[1]
    if kind == "var":
        if tree[1] in ("TRUE", "FALSE"):
            return 1.0 if tree[1] == "TRUE" else 0.0
        if tree[1] not in names:
            raise Unknown(tree[1])
        return names[tree[1]]
    if kind == "neg":
        return -evaluate(tree[1], names, place)
    if kind == "call":
        name, arguments = tree[1], tree[2]
        if name == "IF":
            return evaluate(arguments[1] if evaluate(arguments[0], names, place) else arguments[2], names, place)
        if name in ("ROW", "COL"):
            return float(place[name])
        values = [evaluate(a, names, place) for a in arguments]
        if name == "ADDRESS":
            return place["READ"](*(values + [8, 0, 0][len(values) - 1 :]))
        simple = {"ABS": abs, "EXP": math.exp, "SQRT": math.sqrt, "POW": lambda a, b: a**b, "MIN": min, "MAX": max}
        if name in simple:
            return float(simple[name](*values))
        if name == "MROUND":
            return math.floor(values[0] / values[1] + 0.5) * values[1]
        raise Unknown(name)
    a, b = evaluate(tree[1], names, place), evaluate(tree[2], names, place)
    if kind == "/":
        return a / b if b else math.nan
    if kind == "^":
        return a**b
    if kind == "<<":
        return a * 2.0**b
    if kind == ">>":
        return float(math.floor(a / 2.0**b))
    operations = {"+": a + b, "-": a - b, "*": a * b, "==": float(a == b), "=": float(a == b), "<": float(a < b)}
    operations.update({">": float(a > b), "<=": float(a <= b), ">=": float(a >= b), "<>": float(a != b), "!=": float(a != b)})
    return operations[kind]


class Decoder:
    def __init__(self, root, image, shift):
        self.root, self.image, self.shift = root, image, shift
        header = root.find("XDFHEADER")
        self.base = 0
        if header is not None:
            node = header.find("BASEOFFSET")
            if node is not None:
                offset = number(node.get("offset")) or 0
                self.base = -offset if number(node.get("subtract")) else offset
            elif header.find("baseoffset") is not None:
                self.base = number(header.find("baseoffset").text) or 0
        self.tables, self.constants = {}, {}
        for table in root.findall("XDFTABLE"):
            self.tables.setdefault(number(table.get("uniqueid")), table)
        for constant in root.findall("XDFCONSTANT"):
            self.constants.setdefault(number(constant.get("uniqueid")), constant)

    def element(self, at, bits, flags):
        size = bits // 8
        chunk = self.image[at : at + size]
        if at < 0 or len(chunk) < size:
            return None
        order = "<" if flags & 2 else ">"
        if flags & 0x10000:
            return struct.unpack(order + "f", chunk)[0]
        code = {1: "b", 2: "h", 4: "i"}[size]
        return float(struct.unpack(order + (code if flags & 1 else code.upper()), chunk)[0])

    def raw(self, embedded, rows, columns):
        address = number(embedded.get("mmedaddress"))
        if address is None:
            return None
        at = address + self.base + self.shift
        bits = number(embedded.get("mmedelementsizebits")) or 8
        flags = number(embedded.get("mmedtypeflags")) or 0
        major = number(embedded.get("mmedmajorstridebits")) or 0
        minor = number(embedded.get("mmedminorstridebits")) or 0
        step = major // 8 if major > 0 else bits // 8
        by_column = bool(flags & 4)
        lines, length = (columns, rows) if by_column else (rows, columns)
        out = [[None] * columns for _ in range(rows)]
        start = at
        for line in range(lines):
            place = start
            for k in range(length):
                value = self.element(place, bits, flags)
                if value is None:
                    return None
                if by_column:
                    out[k][line] = value
                else:
                    out[line][k] = value
                last = place
                place += step
            start = last + minor // 8 if minor > 0 else place
        return out

    def read(self, address, bits, little, signed):
        value = self.element(int(address) + self.base + self.shift, int(bits), (1 if signed else 0) | (2 if little else 0))
        return math.nan if value is None else value

    def bound(self, rule):
        """Names that stand for another place or for the first cell of another item."""
        names = {}
        for variable in rule.findall("VAR"):
            name = (variable.get("id") or "X").upper()
            if variable.get("type") == "address":
                at = number(variable.get("address")) + self.base + self.shift
                bits = number(variable.get("sizeinbits")) or 8
                value = self.element(at, bits, number(variable.get("flags")) or 0)
                names[name] = math.nan if value is None else value
            elif variable.get("type") == "link":
                link = number(variable.get("linkid"))
                if link in self.tables:
                    other = self.table(self.tables[link])
                    names[name] = math.nan if other is None else other["cells"][0]
                elif link in self.constants:
                    other = self.scalar(self.constants[link])
                    names[name] = math.nan if other is None else other["value"]
                if names.get(name, 0) is None:
                    names[name] = math.nan
        return names

    def convert(self, node, raw):
        """Equations of a node over its raw rows; raw where one cannot be understood, null where one cannot be computed."""
        rules = {}
        for math_node in node.findall("MATH"):
            rules.setdefault((number(math_node.get("row")), number(math_node.get("col"))), math_node)
        if not rules:
            return raw
        bound = {key: self.bound(rule) for key, rule in rules.items()}
        trees = {}
        for key, math_node in rules.items():
            text = math_node.get("equation") or "X"
            try:
                trees[key] = Parser("X" if text == "(null)" else text).parse()
            except ValueError:
                return "skipped"
        out = []
        for r, row in enumerate(raw):
            line = []
            for c, value in enumerate(row):
                keys = [(r + 1, c + 1), (r + 1, None), (None, c + 1), (None, None)]
                key = next((k for k in keys if k in rules), None)
                tree = trees[key] if key in trees else ("var", "X")
                names = {"X": value}
                if key in rules:
                    # Names listed beside X are bound to nothing.
                    listed = [(v.get("id") or "X").upper() for v in rules[key].findall("VAR") if not v.get("type")]
                    if listed and "X" not in listed:
                        names[listed[0]] = value
                    names.update(bound[key])
                try:
                    result = evaluate(tree, names, {"ROW": r, "COL": c, "READ": self.read})
                    line.append(result if isinstance(result, float) and math.isfinite(result) else None)
                except Unknown:
                    return raw
                except (ArithmeticError, ValueError):
                    line.append(None)
            out.append(line)
        return out

    def table(self, table):
        axes = {a.get("id"): a for a in table.findall("XDFAXIS")}
        z = axes.get("z")
        embedded = z.find("EMBEDDEDDATA") if z is not None else None
        if embedded is None or embedded.get("mmedaddress") is None:
            return None
        rows, columns = number(embedded.get("mmedrowcount")) or 1, number(embedded.get("mmedcolcount")) or 1
        raw = self.raw(embedded, rows, columns)
        if raw is None:
            return None
        cells = self.convert(z, raw)
        return {
            "title": (table.findtext("title") or "").strip(),
            "address": number(embedded.get("mmedaddress")) + self.base + self.shift,
            "rows": rows,
            "columns": columns,
            "cells": cells if cells == "skipped" else [v for row in cells for v in row],
            "x": self.axis(axes.get("x"), columns),
            "y": self.axis(axes.get("y"), rows),
        }

    def labels(self, node, count):
        found = {}
        for i, label in enumerate(node.findall("LABEL")):
            place = number(label.get("index"))
            found[i if place is None else place] = (label.get("value") or "").strip()
        if not found:
            return "none"
        out = []
        for i in range(count):
            try:
                out.append(float(found.get(i, "").replace(",", ".")))
            except ValueError:
                out.append(None)
        return out

    def axis(self, node, count):
        """Breakpoints; "none" where the file names no source for them."""
        if node is None:
            return "none"
        info = node.find("embedinfo")
        kind = number(info.get("type") or info.get("_type")) if info is not None else None
        embedded = node.find("EMBEDDEDDATA")
        if kind == 1 and embedded is not None and embedded.get("mmedaddress") is not None:
            plain = dict(embedded.attrib)
            plain["mmedtypeflags"] = hex((number(plain.get("mmedtypeflags")) or 0) & ~4)
            plain["mmedminorstridebits"] = "0"
            raw = self.raw(plain, 1, count)
            if raw is None:
                return "none"
            values = self.convert(node, raw)
            return values if values == "skipped" else values[0]
        if kind == 3 and info.get("linkobjid") is not None:
            linked = self.tables.get(number(info.get("linkobjid")))
            other = self.table(linked) if linked is not None else None
            if other is None:
                return "none"
            return "skipped" if other["cells"] == "skipped" else (other["cells"] + [None] * count)[:count]
        return self.labels(node, count)

    def scalar(self, node):
        embedded = node.find("EMBEDDEDDATA")
        if embedded is None or embedded.get("mmedaddress") is None:
            return None
        raw = self.raw(embedded, 1, 1)
        if raw is None:
            return None
        value = self.convert(node, raw)
        return {
            "title": (node.findtext("title") or "").strip(),
            "address": number(embedded.get("mmedaddress")) + self.base + self.shift,
            "value": value if value == "skipped" else value[0][0],
        }

    def flag(self, node):
        embedded = node.find("EMBEDDEDDATA")
        if embedded is None or embedded.get("mmedaddress") is None:
            return None
        raw = self.raw(embedded, 1, 1)
        if raw is None:
            return None
        mask = number(node.findtext("mask")) or 0xFF
        return {
            "title": (node.findtext("title") or "").strip(),
            "address": number(embedded.get("mmedaddress")) + self.base + self.shift,
            "mask": mask,
            "on": bool(int(raw[0][0]) & mask),
        }


def main():
    root = load(sys.argv[1])
    image = open(sys.argv[2], "rb").read()
    decoder = Decoder(root, image, int(sys.argv[3]) if len(sys.argv) > 3 else 0)
    keep = lambda items: [i for i in items if i is not None]
    json.dump(
        {
            "tables": keep(decoder.table(t) for t in root.findall("XDFTABLE")),
            "constants": keep(decoder.scalar(c) for c in root.findall("XDFCONSTANT")),
            "flags": keep(decoder.flag(f) for f in root.findall("XDFFLAG")),
        },
        sys.stdout,
    )


main()
