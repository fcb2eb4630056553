#!/usr/bin/env drgn
# SPDX-License-Identifier: GPL-2.0-only
"""
Writes the state of the percpu allocator of a running kernel as JSON, for `percpu-lens replay --state`.

    sudo drgn -k scripts/dump-percpu-state.py > state.json

Needs drgn (Debian: python3-drgn) and the kernel's debug information (Debian: linux-image-…-dbg, or debuginfod).
Kernels 5.14 to 6.12, 64 bit. The kernel keeps running: the state is read again until two readings are equal, so
it has to be quiet for a moment. See docs/replay.md.
"""

import json
import struct
import sys

from drgn import Object

ATTEMPTS = 50

GLOBALS = [
    "pcpu_unit_pages", "pcpu_unit_size", "pcpu_nr_units", "pcpu_atom_size", "pcpu_nr_slots", "pcpu_free_slot",
    "pcpu_sidelined_slot", "pcpu_to_depopulate_slot", "pcpu_nr_groups", "pcpu_nr_empty_pop_pages", "pcpu_nr_populated",
    "pcpu_async_enabled", "pcpu_atomic_alloc_failed",
]

HINTS = [
    "scan_hint", "scan_hint_start", "contig_hint", "contig_hint_start", "left_free", "right_free", "first_free",
    "nr_bits",
]

# Bytes of the allocator's granule, one bit of the maps.
GRANULE = 4


def list_members(head):
    """Addresses of the chunks on a list, in list order."""
    prog = head.prog_
    offset = next(m.bit_offset // 8 for m in prog.type("struct pcpu_chunk").members if m.name == "list")
    start = head.address_of_().value_()
    node = head.next.value_()
    while node != start:
        yield node - offset
        node = prog.read_word(node)


def read_hints(prog, address, count):
    """Rows of hints: eight ints each, whatever their order in the structure."""
    block = prog.type("struct pcpu_block_md")
    offsets = {m.name: m.bit_offset // 8 for m in block.members}
    data = prog.read(address, block.size * count)
    rows = range(0, block.size * count, block.size)
    return [[struct.unpack_from("=i", data, row + offsets[name])[0] for name in HINTS] for row in rows]


def read_populated(prog, chunk, pages):
    words = -(-pages // 64)
    data = prog.read(chunk.populated.address_of_().value_(), words * 8)
    bits = int.from_bytes(data, "little")
    return "".join("1" if bits >> page & 1 else "0" for page in range(pages))


def has_object_extensions(chunk):
    for name in ("obj_exts", "obj_cgroups"):
        try:
            return chunk.member_(name).value_() != 0
        except LookupError:
            continue
    return False


def read_chunk(prog, address, page_size, first, reserved):
    chunk = Object(prog, "struct pcpu_chunk", address=address)
    pages = chunk.nr_pages.value_()
    map_bytes = pages * page_size // GRANULE // 8
    own = chunk.chunk_md
    return {
        "base_addr": hex(chunk.base_addr.value_()),
        "is_first": address == first,
        "is_reserved": address == reserved,
        "free_bytes": chunk.free_bytes.value_(),
        "chunk_md": {name: own.member_(name).value_() for name in HINTS},
        "start_offset": chunk.start_offset.value_(),
        "end_offset": chunk.end_offset.value_(),
        "nr_pages": pages,
        "nr_populated": chunk.nr_populated.value_(),
        "nr_empty_pop_pages": chunk.nr_empty_pop_pages.value_(),
        "immutable": int(chunk.immutable.value_()),
        "isolated": int(chunk.isolated.value_()),
        "has_obj_exts": has_object_extensions(chunk),
        "populated": read_populated(prog, chunk, pages),
        "md_blocks": read_hints(prog, chunk.md_blocks.value_(), pages),
        "alloc_map_hex": prog.read(chunk.alloc_map.value_(), map_bytes).hex(),
        "bound_map_hex": prog.read(chunk.bound_map.value_(), map_bytes + 8).hex(),
    }


def read_state(prog):
    values = {name: int(prog[name].value_()) for name in GLOBALS}
    values["pcpu_balance_work_data"] = hex(prog["pcpu_balance_work"].data.counter.value_() & (1 << 64) - 1)
    values["pcpu_base_addr"] = hex(prog["pcpu_base_addr"].value_())
    page_size = values["pcpu_unit_size"] // values["pcpu_unit_pages"]
    first = prog["pcpu_first_chunk"].value_()
    reserved = prog["pcpu_reserved_chunk"].value_()
    lists = prog["pcpu_chunk_lists"]
    on_slots = [list(list_members(lists[slot])) for slot in range(values["pcpu_nr_slots"])]
    addresses = [address for members in on_slots for address in members] + ([reserved] if reserved else [])
    chunks = {address: read_chunk(prog, address, page_size, first, reserved) for address in addresses}
    return {
        "kernel": prog["init_uts_ns"].name.release.string_().decode(),
        "globals": values,
        "slots": [[chunks[address]["base_addr"] for address in members] for members in on_slots],
        "chunks": list(chunks.values()),
    }


def quiet_state(prog):
    """The state, once two readings in a row are equal."""
    last = read_state(prog)
    for _ in range(ATTEMPTS):
        state = read_state(prog)
        if state == last:
            return state
        last = state
    return None


def main(prog):
    state = quiet_state(prog)
    if state is None:
        sys.exit(f"the allocator changed in each of {ATTEMPTS} readings: take the state while the machine is quiet")
    json.dump(state, sys.stdout)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main(prog)  # noqa: F821 - drgn gives the script its program
