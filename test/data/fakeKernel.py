"""
A program for drgn that looks like a kernel with a recorded state of the percpu allocator in its memory:
`fakeKernel.py SCRIPT STATE` runs the script on it. Layouts and addresses are made up; only the names are the kernel's.
"""

import json
import runpy
import struct
import sys

from drgn import Architecture, Object, Platform, PlatformFlags, Program, TypeMember

HINTS = ["scan_hint", "scan_hint_start", "contig_hint", "contig_hint_start", "left_free", "right_free", "first_free", "nr_bits"]
CHUNK = [
    ("free_bytes", "int"), ("list", "struct list_head"), ("chunk_md", "struct pcpu_block_md"), ("bound_map", "void *"),
    ("base_addr", "void *"), ("alloc_map", "void *"), ("md_blocks", "struct pcpu_block_md *"), ("immutable", "_Bool"),
    ("isolated", "_Bool"), ("start_offset", "int"), ("end_offset", "int"), ("obj_exts", "void *"), ("nr_pages", "int"),
    ("nr_populated", "int"), ("nr_empty_pop_pages", "int"), ("populated", "unsigned long [0]"),
]


class Memory:
    def __init__(self):
        self.bytes = bytearray(16)

    def put(self, data):
        self.bytes += bytes(-len(self.bytes) % 16)
        at = len(self.bytes)
        self.bytes += data
        return BASE + at

    def set(self, address, data):
        self.bytes[address - BASE:address - BASE + len(data)] = data


BASE = 0xFFFF888000000000


def types_of(prog):
    size = {"int": 4, "_Bool": 1, "unsigned long": 8}
    integer = prog.int_type("int", 4, True)
    boolean = prog.bool_type("_Bool", 1)
    word = prog.int_type("unsigned long", 8, False)
    pointer = prog.pointer_type(prog.void_type())
    link = prog.struct_type("list_head", 16, [TypeMember(pointer, "next", 0), TypeMember(pointer, "prev", 64)])
    # Not the kernel's order, which the script must not count on.
    block = prog.struct_type("pcpu_block_md", 32, [TypeMember(integer, name, 32 * at) for at, name in enumerate(reversed(HINTS))])
    known = {
        "int": integer, "_Bool": boolean, "void *": pointer, "struct list_head": link, "struct pcpu_block_md": block,
        "struct pcpu_block_md *": prog.pointer_type(block), "unsigned long [0]": prog.array_type(word, 0),
    }
    widths = {"int": 4, "_Bool": 1, "struct list_head": 16, "struct pcpu_block_md": 32}
    members, offsets, at = [], {}, 0
    for name, kind in CHUNK:
        width = widths.get(kind, 8)
        align = min(width, 8) if kind != "struct pcpu_block_md" else 4
        at += -at % align
        members.append(TypeMember(known[kind], name, at * 8))
        offsets[name] = at
        at += width if not kind.endswith("[0]") else 0
    chunk = prog.struct_type("pcpu_chunk", at, members)
    counter = prog.struct_type(None, 8, [TypeMember(prog.int_type("long", 8, True), "counter", 0)])
    work = prog.struct_type("work_struct", 8, [TypeMember(counter, "data", 0)])
    text = prog.array_type(prog.int_type("char", 1, True), 65)
    names = prog.struct_type("new_utsname", 65, [TypeMember(text, "release", 0)])
    namespace = prog.struct_type("uts_namespace", 65, [TypeMember(names, "name", 0)])
    return known, chunk, offsets, work, namespace


def build(prog, state):
    memory = Memory()
    known, chunk_type, offsets, work, namespace = types_of(prog)
    addresses = {}
    for chunk in state["chunks"]:
        populated = int(chunk["populated"][::-1], 2).to_bytes(-(-chunk["nr_pages"] // 64) * 8, "little")
        rows = b"".join(struct.pack("<8i", *reversed(row)) for row in chunk["md_blocks"])
        address = memory.put(bytes(chunk_type.size) + populated)
        addresses[chunk["base_addr"]] = address

        def put(name, form, value):
            memory.set(address + offsets[name], struct.pack("<" + form, value))

        for name in ("free_bytes", "start_offset", "end_offset", "nr_pages", "nr_populated", "nr_empty_pop_pages"):
            put(name, "i", chunk[name])
        put("immutable", "?", bool(chunk["immutable"]))
        put("isolated", "?", bool(chunk["isolated"]))
        put("base_addr", "Q", int(chunk["base_addr"], 16))
        put("alloc_map", "Q", memory.put(bytes.fromhex(chunk["alloc_map_hex"])))
        put("bound_map", "Q", memory.put(bytes.fromhex(chunk["bound_map_hex"])))
        put("md_blocks", "Q", memory.put(rows))
        put("obj_exts", "Q", int(chunk["has_obj_exts"]))
        memory.set(address + offsets["chunk_md"], struct.pack("<8i", *(chunk["chunk_md"][name] for name in reversed(HINTS))))
    heads = memory.put(bytes(16 * len(state["slots"])))
    for slot, bases in enumerate(state["slots"]):
        nodes = [heads + 16 * slot] + [addresses[base] + offsets["list"] for base in bases]
        for at, node in enumerate(nodes):
            following, before = nodes[(at + 1) % len(nodes)], nodes[at - 1]
            memory.set(node, struct.pack("<2Q", following, before))
    prog.add_memory_segment(BASE, len(memory.bytes), lambda address, count, offset, physical: bytes(memory.bytes[offset:offset + count]))
    first = next(addresses[c["base_addr"]] for c in state["chunks"] if c["is_first"])
    reserved = next((addresses[c["base_addr"]] for c in state["chunks"] if c["is_reserved"]), 0)
    pointer = prog.pointer_type(chunk_type)
    lists = prog.pointer_type(known["struct list_head"])
    values = {name: Object(prog, known["int"], value) for name, value in state["globals"].items() if isinstance(value, int)}
    values["pcpu_first_chunk"] = Object(prog, pointer, first)
    values["pcpu_reserved_chunk"] = Object(prog, pointer, reserved)
    values["pcpu_chunk_lists"] = Object(prog, lists, heads)
    values["pcpu_base_addr"] = Object(prog, known["void *"], int(state["globals"]["pcpu_base_addr"], 16))
    values["pcpu_balance_work"] = Object(prog, work, {"data": {"counter": int(state["globals"]["pcpu_balance_work_data"], 16)}})
    values["init_uts_ns"] = Object(prog, namespace, {"name": {"release": state["kernel"].encode().ljust(65, b"\0")}})
    prog.add_object_finder(lambda program, name, flags, filename: values.get(name))
    prog.add_type_finder(lambda kind, name, filename: {"pcpu_chunk": chunk_type, "pcpu_block_md": known["struct pcpu_block_md"]}.get(name))


def main():
    script, recorded = sys.argv[1:]
    prog = Program(Platform(Architecture.X86_64, PlatformFlags.IS_64_BIT | PlatformFlags.IS_LITTLE_ENDIAN))
    with open(recorded) as file:
        build(prog, json.load(file))
    runpy.run_path(script, init_globals={"prog": prog}, run_name="__main__")


main()
