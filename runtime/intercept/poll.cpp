// poll.cpp - poll, select and epoll.
//
// A wait that reports a descriptor ready is ordered after what made it ready: it acquires the
// descriptor's input channel. epoll reports the caller's own tokens instead of descriptors, so
// there the channels release to the instance (fd_sync.h).
//
// Thread safety: any thread. Allocation: none.
#include "intercept/real_calls.h"

#include "intercept/descriptor_races.h"
#include "intercept/fd_sync.h"
#include "intercept/intercepted_call.h"
#include "intercept/poll_set.h"
#include "intercept/signal_waits.h"
#include "intercept/uniform.h"

using namespace hindsight;

namespace {

/// What else a wait reads: how long, and which signals it lets in.
struct WaitLimits {
  const timespec* timeout = nullptr;
  const sigset_t* mask = nullptr;
};

void readsLimits(InterceptedCall& call, const WaitLimits& limits) {
  readsObject(call, limits.timeout);
  if (limits.mask != nullptr) call.reads(limits.mask, sizeof(unsigned long));
}

template <class RealPoll>
int pollAll(uptr pc, pollfd* fds, nfds_t count, const WaitLimits& limits, RealPoll real_poll) {
  InterceptedCall call(pc);
  if (call.bypass()) return real_poll();
  readsLimits(call, limits);
  pollStarts(call, fds, count);
  const int ready = call.blocking(real_poll);
  if (ready >= 0) pollDone(call, fds, count);
  return ready;
}

template <class RealSelect>
int selectAll(uptr pc, int limit, fd_set* inputs, fd_set* outputs, fd_set* exceptions,
              const WaitLimits& limits, timeval* rest, RealSelect real_select) {
  InterceptedCall call(pc);
  if (call.bypass()) return real_select();
  readsLimits(call, limits);
  readsObject(call, rest);
  const int seen = selectLimit(limit);
  const fd_set* const sets[] = {inputs, outputs, exceptions};
  for (const fd_set* set : sets) readsBytes(call, set, selectSetBytes(seen));
  const int ready = call.blocking(real_select);
  writesObject(call, rest);  // Linux says how much of the time is left
  if (ready >= 0) setsSelected(call, seen, inputs, outputs, exceptions);
  return ready;
}

template <class RealOpen>
int openEpoll(uptr pc, RealOpen real_open) {
  InterceptedCall call(pc);
  if (call.bypass()) return real_open();
  const int fd = call.blocking(real_open);
  if (fd >= 0) eventFdOpened(call, fd);
  return fd;
}

template <class RealWait>
int waitForEvents(uptr pc, int epoll, epoll_event* events, const WaitLimits& limits,
                  RealWait real_wait) {
  InterceptedCall call(pc);
  if (call.bypass()) return real_wait();
  readsLimits(call, limits);
  descriptorUsed(call, epoll);
  const int ready = callOnFd(call, epoll, real_wait);
  if (ready <= 0) return ready;
  acquireEvents(call.thread(), epoll);
  call.writes(events, static_cast<size_t>(ready) * sizeof *events);
  return ready;
}

}  // namespace

// poll

HINDSIGHT_INTERCEPTOR int poll(pollfd* fds, nfds_t count, int timeout_ms) {
  return pollAll(HINDSIGHT_CALLER_PC, fds, count, {},
                 [=] { return real.poll(fds, count, timeout_ms); });
}
HINDSIGHT_ALIAS(__poll, poll);

HINDSIGHT_INTERCEPTOR int __poll_chk(pollfd* fds, nfds_t count, int timeout_ms, size_t room) {
  if (room / sizeof *fds < count) __chk_fail();
  return pollAll(HINDSIGHT_CALLER_PC, fds, count, {},
                 [=] { return real.poll(fds, count, timeout_ms); });
}

HINDSIGHT_INTERCEPTOR int ppoll(pollfd* fds, nfds_t count, const timespec* timeout,
                                const sigset_t* mask) {
  return pollAll(HINDSIGHT_CALLER_PC, fds, count, {timeout, mask}, [=] {
    return waitWithMask(mask, [=] { return real.ppoll(fds, count, timeout, mask); });
  });
}

HINDSIGHT_INTERCEPTOR int __ppoll_chk(pollfd* fds, nfds_t count, const timespec* timeout,
                                      const sigset_t* mask, size_t room) {
  if (room / sizeof *fds < count) __chk_fail();
  return pollAll(HINDSIGHT_CALLER_PC, fds, count, {timeout, mask}, [=] {
    return waitWithMask(mask, [=] { return real.ppoll(fds, count, timeout, mask); });
  });
}

// select

HINDSIGHT_INTERCEPTOR int select(int limit, fd_set* inputs, fd_set* outputs, fd_set* exceptions,
                                 timeval* timeout) {
  return selectAll(HINDSIGHT_CALLER_PC, limit, inputs, outputs, exceptions, {}, timeout,
                   [=] { return real.select(limit, inputs, outputs, exceptions, timeout); });
}
HINDSIGHT_ALIAS(__select, select);

HINDSIGHT_INTERCEPTOR int pselect(int limit, fd_set* inputs, fd_set* outputs, fd_set* exceptions,
                                  const timespec* timeout, const sigset_t* mask) {
  return selectAll(
      HINDSIGHT_CALLER_PC, limit, inputs, outputs, exceptions, {timeout, mask}, nullptr, [=] {
        return waitWithMask(
            mask, [=] { return real.pselect(limit, inputs, outputs, exceptions, timeout, mask); });
      });
}

// epoll

HINDSIGHT_INTERCEPTOR int epoll_create(int size) noexcept {
  return openEpoll(HINDSIGHT_CALLER_PC, [=] { return real.epoll_create(size); });
}

HINDSIGHT_INTERCEPTOR int epoll_create1(int flags) noexcept {
  return openEpoll(HINDSIGHT_CALLER_PC, [=] { return real.epoll_create1(flags); });
}

HINDSIGHT_INTERCEPTOR int epoll_ctl(int epoll, int operation, int fd, epoll_event* event) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.epoll_ctl(epoll, operation, fd, event);
  if (event != nullptr && operation != EPOLL_CTL_DEL) call.reads(event, sizeof *event);
  descriptorUsed(call, epoll);
  descriptorUsed(call, fd);
  if (operation != EPOLL_CTL_DEL) epollWatching(call.thread(), epoll, fd);
  return call.blocking([=] { return real.epoll_ctl(epoll, operation, fd, event); });
}

HINDSIGHT_INTERCEPTOR int epoll_wait(int epoll, epoll_event* events, int limit, int timeout_ms) {
  return waitForEvents(HINDSIGHT_CALLER_PC, epoll, events, {},
                       [=] { return real.epoll_wait(epoll, events, limit, timeout_ms); });
}

HINDSIGHT_INTERCEPTOR int epoll_pwait(int epoll, epoll_event* events, int limit, int timeout_ms,
                                      const sigset_t* mask) {
  return waitForEvents(HINDSIGHT_CALLER_PC, epoll, events, {nullptr, mask}, [=] {
    return waitWithMask(mask,
                        [=] { return real.epoll_pwait(epoll, events, limit, timeout_ms, mask); });
  });
}

HINDSIGHT_INTERCEPTOR int epoll_pwait2(int epoll, epoll_event* events, int limit,
                                       const timespec* timeout, const sigset_t* mask) {
  return waitForEvents(HINDSIGHT_CALLER_PC, epoll, events, {timeout, mask}, [=] {
    return waitWithMask(mask,
                        [=] { return real.epoll_pwait2(epoll, events, limit, timeout, mask); });
  });
}
