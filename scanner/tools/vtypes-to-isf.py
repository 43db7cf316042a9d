#!/usr/bin/env python3
"""Writes a table of Volatility 2's structure types as ISF JSON, for `ramtide symbols import`.

usage: vtypes-to-isf.py TABLE MAJOR.MINOR.BUILD.REVISION [PDB_GUID AGE] > OUTPUT.json

TABLE is a file ..._vtypes.py with the structures of ntkrnlmp. It is Python, but it is read as data, never run.
It has structures only: no symbols, and no PDB GUID; where the GUID of that version is known, give it.
"""
import ast
import json
import sys


def value(node):
    """A literal of the table; a call, which a few types have, by its keywords."""
    if isinstance(node, ast.List):
        return [value(each) for each in node.elts]
    if isinstance(node, ast.Dict):
        return {value(k): value(v) for k, v in zip(node.keys, node.values)}
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Call):
        return {k.arg: value(k.value) for k in node.keywords}
    return None


def field(place):
    offset, kind = place[0], place[1]
    if kind[0] == "BitField":
        start, end = kind[1]["start_bit"], kind[1]["end_bit"]
        return {"offset": offset, "type": {"kind": "bitfield", "bit_position": start, "bit_length": end - start}}
    if kind[0].startswith("_"):
        return {"offset": offset, "type": {"kind": "struct", "name": kind[0]}}
    return {"offset": offset, "type": {"kind": "base", "name": kind[0]}}


def main(path, version, guid="", age="0"):
    with open(path) as f:
        tree = ast.parse(f.read())
    (table,) = [node.value for node in tree.body
                if isinstance(node, ast.Assign) and node.targets[0].id == "ntkrnlmp_types"]
    types = {name: {"kind": "struct", "size": size, "fields": {n: field(p) for n, p in fields.items()}}
             for name, (size, fields) in value(table).items()}
    pe = dict(zip(("major", "minor", "build", "revision"), map(int, version.split("."))))
    windows = {"pe": pe}
    if guid:
        windows["pdb"] = {"database": "ntkrnlmp.pdb", "GUID": guid, "age": int(age), "machine_type": 0x8664}
    json.dump({
        "metadata": {"format": "6.2.0", "windows": windows},
        "base_types": {"pointer": {"size": 8, "signed": False, "kind": "int", "endian": "little"}},
        "symbols": {},
        "enums": {},
        "user_types": types,
    }, sys.stdout)


if __name__ == "__main__":
    if len(sys.argv) not in (3, 5):
        sys.exit(__doc__)
    main(*sys.argv[1:])
