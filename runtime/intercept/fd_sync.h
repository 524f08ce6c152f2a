// fd_sync.h - which file descriptors order threads, and through which sync object.
//
// A *channel* is one direction of communication; its address is the sync object. A descriptor has
// an input channel (what a read from it acquires) and an output channel (what a write to it
// releases):
//
//   pipe            write end's output = read end's input
//   socketpair      two channels, crossed
//   eventfd &c.     one channel, both ways (timerfd, epoll, inotify too)
//   signalfd        one channel for all of them, and for sigwait: what kill and its kin release
//   FIFO            one channel per inode, found when the descriptor is first used
//   other sockets   one channel for all of them: any peer may be in this process
//   files, ttys     none: their contents order nothing
//
// This is at most generous (one clock per channel, not one per byte in flight), never missing an
// edge: a release is recorded before the real write, an acquire after the real read.
//
// A descriptor of a known pipe or socketpair that came by another way (/dev/fd, a message) has the
// channels of that file. Eventfds and their kin all have one inode: those that came by messages
// share one channel, to which the ones that were sent release, too.
//
// epoll: a channel that is being watched also releases to the epoll instance, so that epoll_wait
// acquires what made the descriptor ready.
//
// A descriptor that appears without our seeing it (inherited, opened inside the C library) is
// classified by fstat at first use.
//
// Invariants: I1 an entry is cleared before the real close, so that whoever gets the number next
// finds it clear. I2 channel memory is never unmapped: a stale channel can add an edge, not crash.
//
// Thread safety: any thread, inside the runtime. Allocation: pages of tables.
#pragma once

#include "base/types.h"

namespace hindsight {

struct Thread;

/// The number stands for something new, of a kind to be found out at first use.
void fdOpened(int fd);
void pipeOpened(int read_end, int write_end);
void socketPairOpened(int left, int right);
/// eventfd, timerfd, epoll: what is written (or set) is what is read (or waited for).
void eventFdOpened(int fd);
/// A signalfd: what is read from any of them is what has been sent by releaseSignals.
void signalFdOpened(int fd);
/// Before a signal is sent, and after one was taken by sigwait and its kin.
void releaseSignals(Thread& thread);
void acquireSignals(Thread& thread);
/// `to` now means what `from` means.
void fdDuplicated(int from, int to);
/// Before the real close: orders the closer before whoever reads end of file, clears the entry.
void fdClosing(Thread& thread, int fd);
/// Before a message takes a copy of `fd` along, and after it has arrived as a new descriptor.
void fdSending(Thread& thread, int fd);
void fdReceived(int fd);
void fdRangeClosing(Thread& thread, u32 first, u32 last);

/// Before data (or an end of file, or a connection) leaves through `fd`.
void releaseFd(Thread& thread, int fd);
/// Before both directions of the socket `fd` end: that wakes the peer, and who reads from `fd`
/// itself.
void releaseShutdown(Thread& thread, int fd);
/// After data (or an end of file, or a connection) came in through `fd`.
void acquireFd(Thread& thread, int fd);
/// Whether a write to `fd` can order anything (stdio asks before it looks for a stream's data).
bool fdOrders(int fd);

/// `fd` is now watched by `epoll`; the watcher's waits are ordered after this call.
void epollWatching(Thread& thread, int epoll, int fd);
/// After epoll_wait returned events.
void acquireEvents(Thread& thread, int epoll);

/// Locks of files that descriptions own, so that they exclude threads, too. Each kind is a lock of
/// its own; all ranges of a file are one.
enum class FileLock : u8 {
  kWhole = 1,   // flock
  kRanges = 2,  // F_OFD_SETLK
};
/// Before the file's lock is given back through `fd`.
void releaseFileLock(Thread& thread, int fd, FileLock kind);
/// Before it is exchanged for another: the same, if it was taken through `fd`.
void exchangeFileLock(Thread& thread, int fd, FileLock kind);
/// After it was taken through `fd`. Closing `fd` gives it back.
void acquireFileLock(Thread& thread, int fd, FileLock kind);
/// Before dup2 or dup3 closes `fd`, to give it another meaning.
void fdReplacing(Thread& thread, int fd);

/// The channel of a message queue (or other kernel object) known by a number.
uptr namedChannel(u64 kind, u64 number);

}  // namespace hindsight
