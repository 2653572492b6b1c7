"""Parses Swift by a real grammar: says each place that it does not understand, and ends with 1 if there is one.

A file that parses may still not compile; types are Xcode's to judge (docs/devices.md).
"""

import pathlib
import re
import sys

import tree_sitter_swift
from tree_sitter import Language, Parser

# What another language defines has no body in Swift. The grammar knows no such function, so that it is given one.
FOREIGN = re.compile(rb'^(@_silgen_name\("\w+"\)\nfunc [^\n{]+)$', re.MULTILINE)

parser = Parser(Language(tree_sitter_swift.language()))
wrong = 0
files = sorted(pathlib.Path(sys.argv[1]).rglob("*.swift"))
for file in files:
    nodes = [parser.parse(FOREIGN.sub(rb"\1 {}", file.read_bytes())).root_node]
    while nodes:
        node = nodes.pop()
        if node.is_error or node.is_missing:
            wrong += 1
            print(f"{file}:{node.start_point[0] + 1}: not Swift")
        nodes.extend(node.children)
print(f"{len(files)} files of Swift, {wrong} places that do not parse")
sys.exit(1 if wrong or not files else 0)
