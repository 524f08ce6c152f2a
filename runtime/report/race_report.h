// race_report.h - one race as a plain record: what every spelling (text, JSON) is written from.
//
// Thread safety: a record is built and printed by one thread. Allocation: none inside; arrays
// point into the runtime's arena or static buffers and live until the record is printed.
#pragma once

#include "base/types.h"

namespace hindsight {

class TextWriter;

enum class AccessKind : u8 { Read, Write, AtomicRead, AtomicWrite, Free };

/// Return addresses or access pcs, innermost first. Every pc is the address *after* the call (or
/// a plain access pc for entry 0, where the same convention holds): look up pc - 1.
struct StackView {
  const uptr* pcs;
  u32 count;
  /// True when history no longer holds the event: the report then names the `history_kept_mib`
  /// flag.
  bool lost;
};

/// Id of a thread of which nothing is known any more.
inline constexpr u32 kUnknownThread = 0xffffffff;

struct ThreadView {
  u32 id;            // 0 = main thread, then 1, 2, ... in order of creation
  const char* name;  // "" or null when unnamed
  bool finished;
  u32 creator_id;
  StackView created_at;
  int os_tid = 0;  // of the operating system; 0 if unknown
};

struct HeldLockView {
  uptr address;
  bool shared;  // read side of a read-write lock
  StackView taken_at;
  StackView created_at = {nullptr, 0, false};  // by a call (pthread_mutex_init); empty if by none
};

struct AccessView {
  AccessKind kind;
  bool is_volatile;
  uptr address;
  u32 size;  // bytes
  ThreadView thread;
  StackView stack;
  const HeldLockView* locks;
  u32 lock_count;
};

/// A frame on a stack, as far as debug information counts from it. Registers are 0 if unknown.
struct FrameView {
  uptr pc;        // a return address, or behind an access; 0: no frame is known
  bool is_exact;  // else `pc` says no more than which function it is
  uptr bottom;    // the stack pointer at that place
  uptr cfa;       // the stack pointer in the caller: where the frame ends
  uptr sp;        // the stack pointer that the function's body keeps
  uptr bp;
};

enum class LocationKind : u8 { Unknown, Heap, Global, Stack, ThreadLocal, Mapping, Descriptor };

struct LocationView {
  LocationKind kind;
  uptr start;  // of the block, the stack or the mapping; the number of a file descriptor
  uptr size;
  ThreadView owner;        // allocating or opening thread, or whose stack / TLS
  StackView allocated_at;  // or opened
  bool freed;
  FrameView frame = {};     // that holds an address on a stack
  uptr thread_pointer = 0;  // of the thread whose thread-local storage it is
};

struct RaceReport {
  AccessView current;
  AccessView previous;
  LocationView location;
};

/// Folds duplicates; else counts `race` and adds what there is to say of it to `out`.
/// Runs with program signals deferred; may be called from any thread, one at a time.
/// Returns whether it is to be written: it is no duplicate and not suppressed.
bool describeRace(const RaceReport& race, TextWriter& out);
/// The same, and writes it with one write() per destination. That may take long: the caller holds
/// nothing that other threads need.
bool printRace(const RaceReport& race);
/// After a report that was written: ends the program if it is to end at the first one. No lock is
/// held.
void haltIfAsked();
/// Called by haltIfAsked before it ends the program; null for none.
extern void (*death_callback)();
/// The report that the program's __tsan_on_report is told of just now; null at other times.
extern const RaceReport* told_report;
/// Races printed so far in this process.
u64 raceCount();
/// Reports of every kind (finding.h) printed so far in this process.
u64 reportCount();
/// In the child of a fork: its exit status, its summary and its log file tell of its own races.
void forgetRacesOfParent();
/// Writes "Found N data race(s)" if N > 0, and the same for other problems. Called once, at exit.
void printSummary();

}  // namespace hindsight
