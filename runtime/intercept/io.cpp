// io.cpp - read, write and their positioned and vectored forms.
//
// A write reads the whole buffer, then releases the descriptor's channel, then really writes. A
// read really reads, then acquires the channel, then counts the bytes that arrived as written: the
// kernel stored them after the sender sent them.
//
// Thread safety: any thread. Allocation: none.
#include "intercept/real_calls.h"

#include "intercept/descriptor_races.h"
#include "intercept/fd_sync.h"
#include "intercept/intercepted_call.h"
#include "intercept/io_vector.h"
#include "intercept/move_between.h"
#include "intercept/uniform.h"
#include "platform/syscalls.h"

using namespace hindsight;

namespace {

template <class RealRead>
ssize_t readInto(uptr pc, int fd, void* buffer, RealRead real_read) {
  InterceptedCall call(pc);
  if (call.bypass()) return real_read();
  descriptorUsed(call, fd);
  const ssize_t got = callOnFd(call, fd, real_read);
  if (got >= 0) acquireFd(call.thread(), fd);
  if (got > 0) call.writes(buffer, static_cast<size_t>(got));
  return got;
}

template <class RealWrite>
ssize_t writeFrom(uptr pc, int fd, const void* data, size_t bytes, RealWrite real_write) {
  InterceptedCall call(pc);
  if (call.bypass()) return real_write();
  call.reads(data, bytes);
  releaseFd(call, fd);
  return callOnFd(call, fd, real_write);
}

template <class RealRead>
ssize_t readIntoVector(uptr pc, int fd, const iovec* parts, int count, RealRead real_read) {
  InterceptedCall call(pc);
  if (call.bypass()) return real_read();
  readsParts(call, parts, static_cast<size_t>(count));
  descriptorUsed(call, fd);
  const ssize_t got = callOnFd(call, fd, real_read);
  if (got >= 0) acquireFd(call.thread(), fd);
  if (got > 0) writesVector(call, parts, static_cast<size_t>(count), static_cast<size_t>(got));
  return got;
}

template <class RealWrite>
ssize_t writeFromVector(uptr pc, int fd, const iovec* parts, int count, RealWrite real_write) {
  InterceptedCall call(pc);
  if (call.bypass()) return real_write();
  readsVector(call, parts, static_cast<size_t>(count));
  releaseFd(call, fd);
  return callOnFd(call, fd, real_write);
}

template <class RealMove>
ssize_t moveBetween(uptr pc, const Move& move, RealMove real_move) {
  InterceptedCall call(pc);
  if (call.bypass()) return real_move();
  if (const int error = moveStarts(call, move); error != 0) {
    errno = error;
    call.keepErrno();
    return -1;
  }
  const ssize_t moved = call.blocking(real_move);
  if (moved >= 0) moveDone(call, move);
  return moved;
}

}  // namespace

// read

HINDSIGHT_INTERCEPTOR ssize_t read(int fd, void* buffer, size_t bytes) {
  return readInto(HINDSIGHT_CALLER_PC, fd, buffer, [=] { return real.read(fd, buffer, bytes); });
}
HINDSIGHT_ALIAS(__read, read);

HINDSIGHT_INTERCEPTOR ssize_t __read_chk(int fd, void* buffer, size_t bytes, size_t room) {
  if (bytes > room) __chk_fail();
  return readInto(HINDSIGHT_CALLER_PC, fd, buffer, [=] { return real.read(fd, buffer, bytes); });
}

HINDSIGHT_INTERCEPTOR ssize_t pread(int fd, void* buffer, size_t bytes, off_t offset) {
  return readInto(HINDSIGHT_CALLER_PC, fd, buffer,
                  [=] { return real.pread(fd, buffer, bytes, offset); });
}
HINDSIGHT_ALIAS(pread64, pread);
HINDSIGHT_ALIAS(__pread64, pread);

HINDSIGHT_INTERCEPTOR ssize_t __pread_chk(int fd, void* buffer, size_t bytes, off_t offset,
                                          size_t room) {
  if (bytes > room) __chk_fail();
  return readInto(HINDSIGHT_CALLER_PC, fd, buffer,
                  [=] { return real.pread(fd, buffer, bytes, offset); });
}
HINDSIGHT_ALIAS(__pread64_chk, __pread_chk);

HINDSIGHT_INTERCEPTOR ssize_t readv(int fd, const iovec* parts, int count) {
  return readIntoVector(HINDSIGHT_CALLER_PC, fd, parts, count,
                        [=] { return real.readv(fd, parts, count); });
}

HINDSIGHT_INTERCEPTOR ssize_t preadv(int fd, const iovec* parts, int count, off_t offset) {
  return readIntoVector(HINDSIGHT_CALLER_PC, fd, parts, count,
                        [=] { return real.preadv(fd, parts, count, offset); });
}
HINDSIGHT_ALIAS(preadv64, preadv);

HINDSIGHT_INTERCEPTOR ssize_t preadv2(int fd, const iovec* parts, int count, off_t offset,
                                      int flags) {
  return readIntoVector(HINDSIGHT_CALLER_PC, fd, parts, count,
                        [=] { return real.preadv2(fd, parts, count, offset, flags); });
}
HINDSIGHT_ALIAS(preadv64v2, preadv2);

// write

HINDSIGHT_INTERCEPTOR ssize_t write(int fd, const void* data, size_t bytes) {
  return writeFrom(HINDSIGHT_CALLER_PC, fd, data, bytes,
                   [=] { return real.write(fd, data, bytes); });
}
HINDSIGHT_ALIAS(__write, write);

HINDSIGHT_INTERCEPTOR ssize_t pwrite(int fd, const void* data, size_t bytes, off_t offset) {
  return writeFrom(HINDSIGHT_CALLER_PC, fd, data, bytes,
                   [=] { return real.pwrite(fd, data, bytes, offset); });
}
HINDSIGHT_ALIAS(pwrite64, pwrite);
HINDSIGHT_ALIAS(__pwrite64, pwrite);

HINDSIGHT_INTERCEPTOR ssize_t writev(int fd, const iovec* parts, int count) {
  return writeFromVector(HINDSIGHT_CALLER_PC, fd, parts, count,
                         [=] { return real.writev(fd, parts, count); });
}

HINDSIGHT_INTERCEPTOR ssize_t pwritev(int fd, const iovec* parts, int count, off_t offset) {
  return writeFromVector(HINDSIGHT_CALLER_PC, fd, parts, count,
                         [=] { return real.pwritev(fd, parts, count, offset); });
}
HINDSIGHT_ALIAS(pwritev64, pwritev);

HINDSIGHT_INTERCEPTOR ssize_t pwritev2(int fd, const iovec* parts, int count, off_t offset,
                                       int flags) {
  return writeFromVector(HINDSIGHT_CALLER_PC, fd, parts, count,
                         [=] { return real.pwritev2(fd, parts, count, offset, flags); });
}
HINDSIGHT_ALIAS(pwritev64v2, pwritev2);

// Inside the kernel

HINDSIGHT_INTERCEPTOR ssize_t sendfile(int out, int in, off_t* offset, size_t bytes) noexcept {
  return moveBetween(HINDSIGHT_CALLER_PC, {in, offset, out, nullptr, bytes, 0, false},
                     [=] { return real.sendfile(out, in, offset, bytes); });
}
HINDSIGHT_ALIAS(sendfile64, sendfile);

HINDSIGHT_INTERCEPTOR ssize_t splice(int in, off64_t* in_offset, int out, off64_t* out_offset,
                                     size_t bytes, unsigned flags) {
  return moveBetween(HINDSIGHT_CALLER_PC, {in, in_offset, out, out_offset, bytes, flags, true},
                     [=] { return real.splice(in, in_offset, out, out_offset, bytes, flags); });
}

HINDSIGHT_INTERCEPTOR ssize_t tee(int in, int out, size_t bytes, unsigned flags) {
  return moveBetween(HINDSIGHT_CALLER_PC, {in, nullptr, out, nullptr, bytes, flags, true},
                     [=] { return real.tee(in, out, bytes, flags); });
}

HINDSIGHT_INTERCEPTOR ssize_t vmsplice(int fd, const iovec* parts, size_t count, unsigned flags) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.vmsplice(fd, parts, count, flags);
  readsVector(call, parts, count);
  releaseFd(call, fd);
  const ssize_t moved = call.blocking([=] { return real.vmsplice(fd, parts, count, flags); });
  if (moved >= 0) acquireFd(call.thread(), fd);
  return moved;
}
