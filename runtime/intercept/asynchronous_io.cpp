// asynchronous_io.cpp - aio_read, aio_write, lio_listio: the transfer is the caller's until it
// asks.
//
// Data that is written to a file is read when the request is made; data that was read from one is
// written when aio_return says how much there is. The C library's helper threads are not seen.
//
// Making a request happens before its end, whoever learns of that: from aio_error, aio_suspend or
// aio_return, or by a signal. The request is the sync object.
//
// Thread safety: any thread. Allocation: none of ours.
#include "intercept/real_calls.h"

#include "intercept/descriptor_races.h"
#include "intercept/fd_sync.h"
#include "intercept/uniform.h"
#include "sync/sync.h"

#include <aio.h>
#include <errno.h>

using namespace hindsight;

namespace {

/// A signal tells of the end.
void mayNotify(InterceptedCall& call, const sigevent& event) {
  if (event.sigev_notify == SIGEV_SIGNAL || event.sigev_notify == SIGEV_THREAD_ID)
    releaseSignals(call.thread());
}

void makesRequest(InterceptedCall& call, const aiocb* request, bool is_write) {
  if (!mayLook(request)) return;
  readsObject(call, request);
  if (is_write) {
    readsBytes(call, const_cast<const void*>(request->aio_buf), request->aio_nbytes);
    releaseFd(call, request->aio_fildes);
  }
  release(call.thread(), reinterpret_cast<uptr>(request));
  mayNotify(call, request->aio_sigevent);
}

/// The request has come to its end.
void knowsEnd(InterceptedCall& call, const aiocb* request) {
  acquire(call.thread(), reinterpret_cast<uptr>(request));
}

void readsList(InterceptedCall& call, const aiocb* const* list, int count) {
  readsBytes(call, list, static_cast<size_t>(max(count, 0)) * sizeof *list);
  for (int i = 0; i < count; ++i)
    if (list[i] != nullptr && list[i]->aio_lio_opcode != LIO_NOP)
      makesRequest(call, list[i], list[i]->aio_lio_opcode == LIO_WRITE);
}

bool isRead(const aiocb* request) { return (request->aio_lio_opcode & 127) == LIO_READ; }

}  // namespace

HINDSIGHT_INTERCEPTOR int aio_read(struct aiocb* aiocbp) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.aio_read(aiocbp); },
      [=](InterceptedCall& call) { makesRequest(call, aiocbp, false); });
}
HINDSIGHT_ALIAS_AS(decltype(::aio_read64) aio_read64, aio_read);

HINDSIGHT_INTERCEPTOR int aio_write(struct aiocb* aiocbp) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.aio_write(aiocbp); },
      [=](InterceptedCall& call) { makesRequest(call, aiocbp, true); });
}
HINDSIGHT_ALIAS_AS(decltype(::aio_write64) aio_write64, aio_write);

HINDSIGHT_INTERCEPTOR int aio_fsync(int operation, struct aiocb* aiocbp) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.aio_fsync(operation, aiocbp); },
      [=](InterceptedCall& call) { makesRequest(call, aiocbp, false); });
}
HINDSIGHT_ALIAS_AS(decltype(::aio_fsync64) aio_fsync64, aio_fsync);

HINDSIGHT_INTERCEPTOR int lio_listio(int mode, struct aiocb* const* list, int nent,
                                     struct sigevent* sig) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.lio_listio(mode, list, nent, sig); },
      [=](InterceptedCall& call) {
        readsList(call, list, nent);
        if (sig != nullptr) mayNotify(call, *sig);
      });
}
HINDSIGHT_ALIAS_AS(decltype(::lio_listio64) lio_listio64, lio_listio);

HINDSIGHT_INTERCEPTOR int aio_error(const aiocb* request) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.aio_error(request); }, kReadsNothing,
      [=](InterceptedCall& call, int error) {
        if (error != EINPROGRESS) knowsEnd(call, request);
      });
}
HINDSIGHT_ALIAS_AS(decltype(::aio_error64) aio_error64, aio_error);

HINDSIGHT_INTERCEPTOR ssize_t aio_return(aiocb* request) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.aio_return(request); }, kReadsNothing,
      [=](InterceptedCall& call, ssize_t bytes) {
        knowsEnd(call, request);
        if (bytes <= 0 || !isRead(request)) return;
        acquireFd(call.thread(), request->aio_fildes);
        writesBytes(call, const_cast<const void*>(request->aio_buf), static_cast<size_t>(bytes));
      });
}
HINDSIGHT_ALIAS_AS(decltype(::aio_return64) aio_return64, aio_return);

HINDSIGHT_INTERCEPTOR int aio_suspend(const struct aiocb* const* list, int nent,
                                      const struct timespec* timeout) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.aio_suspend(list, nent, timeout); },
      [=](InterceptedCall& call) {
        readsBytes(call, list, static_cast<size_t>(nent > 0 ? nent : 0) * sizeof *list);
        readsObject(call, timeout);
      },
      [=](InterceptedCall& call, int error) {
        for (int i = 0; error == 0 && i < nent; ++i)
          if (list[i] != nullptr && real.aio_error(list[i]) != EINPROGRESS) knowsEnd(call, list[i]);
      });
}
HINDSIGHT_ALIAS_AS(decltype(::aio_suspend64) aio_suspend64, aio_suspend);
