// abi.h - what instrumented code and the runtime agree on.
//
// Included by the pass (to emit checks) and by the runtime (to serve them). Plain C.
// Any change to a constant, a symbol or a signature bumps HINDSIGHT_ABI_VERSION: every
// instrumented object refers to the versioned symbol, so a mix fails at link time. An additional
// symbol does not: an older runtime lacks it, and the link fails by itself.
//
// Shadow: linear images of the application's address space, one 32-bit cell per aligned 4 bytes in
// each. The write cell of address `a` is at `(a & ~3) + HINDSIGHT_WRITE_OFFSET` (on AArch64 `+ TLS
// write offset`), its read cell in the image of the thread's read group at `(a & ~3) + TLS read
// offset`. One compare decides: a cell equal to the thread's current cell means "recorded in this
// epoch". A write renews the read cell, too, if that is in use, so that a read after one's own
// write passes. The current cell of a thread that is alone is 0, and empty shadow passes. Threads
// of different groups read the same word without disturbing each other.
//
//   cell:  [ stamp : 28 ][ mask : 4 ]   bit i of mask = byte i of the word was accessed
//   0 = never accessed;  mask 0 with a stamp != 0 = the word lives in its line's record
//
// The offsets carry an odd number of pages so that an address and its two cells fall into
// different cache sets (measured: 1.7x slower without).
#ifndef HINDSIGHT_ABI_H
#define HINDSIGHT_ABI_H

#define HINDSIGHT_ABI_VERSION 3
/// Referenced by every instrumented object, defined by the runtime.
#define HINDSIGHT_ABI_SYMBOL "__hindsight_abi_v3"

/// Read images; a thread reads through one of them.
#define HINDSIGHT_READ_GROUPS 4
/// Distances from an application address to its read cell in each image, in bytes (negative), on
/// x86-64. AArch64 has several address spaces, and chooses at start (base/address_layout.h of the
/// runtime).
#define HINDSIGHT_READ_OFFSETS                                                                   \
  {                                                                                              \
    -0x100000000000ll + 0x12480ll, -0x300000000000ll + 0x57a80ll, -0x400000000000ll + 0x79c80ll, \
        -0x500000000000ll + 0x9b180ll                                                            \
  }
/// Distance from an application address to its write cell, in bytes (negative), on x86-64.
#define HINDSIGHT_WRITE_OFFSET (-0x200000000000ll + 0x34d80ll)

/// Thread-local block read by instrumented code (initial-exec TLS).
#define HINDSIGHT_TLS_SYMBOL "__hindsight_tls"
/// Byte offset of the current cell, mask full, repeated twice: uint64_t.
#define HINDSIGHT_TLS_CELL 0
/// Byte offset of the shadow stack pointer (next free entry, grows up): uintptr_t*.
#define HINDSIGHT_TLS_STACK 8
/// Byte offset of the thread's read offset: int64_t.
#define HINDSIGHT_TLS_READ_OFFSET 16
/// Byte offset of the distance to write cells, the same in all threads: int64_t. On AArch64 only.
#define HINDSIGHT_TLS_WRITE_OFFSET 24

/// Accesses merged into one check (below): where their first words are named, and the most words.
#define HINDSIGHT_STARTS_SHIFT 48
#define HINDSIGHT_PARTS_WORDS 12
/// Marks in the code, for the line of each such access: no-ops with its number k in them.
/// On x86-64 `nopl magic << 16 | k (%rax)`,
#define HINDSIGHT_MARK_BYTES 7
#define HINDSIGHT_MARK_OPCODE \
  { 0x0f, 0x1f, 0x80 }
#define HINDSIGHT_MARK_MAGIC \
  { 0x48, 0x53 }
/// on AArch64 `movz xzr, #0x4850 + k`.
#define HINDSIGHT_MARK_AARCH64(k) (0xd280001fu | (0x4850u + (k)) << 5)

// Cold-path callees: `void __hindsight_{read,write}{1,2,4,8,16}(void*)`, called with the
// preserve_all convention. The access pc is the return address.
// Ranges: `void __hindsight_{read,write}_range(void*, size_t)`, and
// `void __hindsight_{read,write}_parts(void*, uint64_t shape)` for neighbours merged into one
// check, whole words: shape = bytes | starts << HINDSIGHT_STARTS_SHIFT, where bit w - 1 of `starts`
// says that word w > 0 begins the next access. The line of access k > 0 is that of the k-th mark
// behind the call. With `_leaf`, the caller's return address follows.

// Ordinary calls, in front of loops: `void __hindsight_{read,write}_span(void*, size_t)` and
// `void __hindsight_{read,write}_rows(void*, size_t bytes, ptrdiff_t stride, size_t rows)`, for
// `rows` runs of `bytes`; no bytes, no access. With `_leaf`, the caller's return address follows.
// Ordinary calls: `void __hindsight_{read,write}_masked(void* base, uint64_t lanes, uint64_t
// bytes)` for vectors of which the lanes whose bits are set are touched.

// Ordinary calls, around inline assembly with an atomic operation in it:
// `void __hindsight_assembly_begin(void*, uint64_t what)` before it, and
// `void __hindsight_assembly_end(void*, uint64_t what)` if it reads, behind it; what = bytes (0:
// unknown, not checked) and these bits.
#define HINDSIGHT_ASSEMBLY_BYTES 0xff
#define HINDSIGHT_ASSEMBLY_READS 0x100
#define HINDSIGHT_ASSEMBLY_WRITES 0x200
/// It may turn out only to have read.
#define HINDSIGHT_ASSEMBLY_FAILS 0x400
/// Acquire and release; else relaxed.
#define HINDSIGHT_ASSEMBLY_ORDERS 0x800

#endif  // HINDSIGHT_ABI_H
