// socket.cpp - send, receive and connect on sockets.
//
// The rule of io.cpp: release before data leaves, acquire after data arrived. Connecting works the
// same way: listen and connect release, a successful connect and accept acquire.
//
// Thread safety: any thread. Allocation: none.
#include "intercept/real_calls.h"

#include "intercept/descriptor_races.h"
#include "intercept/fd_sync.h"
#include "intercept/intercepted_call.h"
#include "intercept/socket_message.h"
#include "intercept/uniform.h"

using namespace hindsight;

namespace {

ssize_t receive(uptr pc, int fd, void* buffer, size_t bytes, int flags) {
  InterceptedCall call(pc);
  if (call.bypass()) return real.recv(fd, buffer, bytes, flags);
  descriptorUsed(call, fd);
  const ssize_t got = callOnFd(call, fd, [=] { return real.recv(fd, buffer, bytes, flags); });
  if (got >= 0) acquireFd(call.thread(), fd);
  if (got > 0) call.writes(buffer, min(static_cast<size_t>(got), bytes));  // MSG_TRUNC: got > bytes
  return got;
}

ssize_t receiveFrom(uptr pc, int fd, void* buffer, size_t bytes, int flags, sockaddr* from,
                    socklen_t* from_bytes) {
  InterceptedCall call(pc);
  if (call.bypass()) return real.recvfrom(fd, buffer, bytes, flags, from, from_bytes);
  const socklen_t room = addressRoom(call, from, from_bytes);
  descriptorUsed(call, fd);
  const ssize_t got =
      callOnFd(call, fd, [=] { return real.recvfrom(fd, buffer, bytes, flags, from, from_bytes); });
  if (got < 0) return got;
  acquireFd(call.thread(), fd);
  call.writes(buffer, min(static_cast<size_t>(got), bytes));
  writesAddress(call, from, from_bytes, room);
  return got;
}

template <class RealAccept>
int acceptConnection(uptr pc, int listener, sockaddr* peer, socklen_t* peer_bytes,
                     RealAccept real_accept) {
  InterceptedCall call(pc);
  if (call.bypass()) return real_accept();
  const socklen_t room = addressRoom(call, peer, peer_bytes);
  descriptorUsed(call, listener);
  const int fd = callOnFd(call, listener, real_accept);
  if (fd < 0) {
    if (call.error() == EINVAL) acquireFd(call.thread(), listener);  // woken by shutdown
    return fd;
  }
  fdOpened(call, fd);
  acquireFd(call.thread(), listener);
  writesAddress(call, peer, peer_bytes, room);
  return fd;
}

/// getsockname and getpeername.
template <class RealCall>
int askAddress(uptr pc, sockaddr* address, socklen_t* bytes, RealCall real_call) {
  InterceptedCall call(pc);
  if (call.bypass()) return real_call();
  const socklen_t room = addressRoom(call, address, bytes);
  const int result = call.blocking(real_call);
  if (result == 0) writesAddress(call, address, bytes, room);
  return result;
}

}  // namespace

// Data

HINDSIGHT_INTERCEPTOR ssize_t recv(int fd, void* buffer, size_t bytes, int flags) {
  return receive(HINDSIGHT_CALLER_PC, fd, buffer, bytes, flags);
}

HINDSIGHT_INTERCEPTOR ssize_t __recv_chk(int fd, void* buffer, size_t bytes, size_t room,
                                         int flags) {
  if (bytes > room) __chk_fail();
  return receive(HINDSIGHT_CALLER_PC, fd, buffer, bytes, flags);
}

HINDSIGHT_INTERCEPTOR ssize_t recvfrom(int fd, void* buffer, size_t bytes, int flags,
                                       sockaddr* from, socklen_t* from_bytes) {
  return receiveFrom(HINDSIGHT_CALLER_PC, fd, buffer, bytes, flags, from, from_bytes);
}

HINDSIGHT_INTERCEPTOR ssize_t __recvfrom_chk(int fd, void* buffer, size_t bytes, size_t room,
                                             int flags, sockaddr* from, socklen_t* from_bytes) {
  if (bytes > room) __chk_fail();
  return receiveFrom(HINDSIGHT_CALLER_PC, fd, buffer, bytes, flags, from, from_bytes);
}

HINDSIGHT_INTERCEPTOR ssize_t recvmsg(int fd, msghdr* message, int flags) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.recvmsg(fd, message, flags);
  call.reads(message, sizeof *message);
  const socklen_t room = nameRoom(message);
  descriptorUsed(call, fd);
  const ssize_t got = callOnFd(call, fd, [=] { return real.recvmsg(fd, message, flags); });
  if (got < 0) return got;
  acquireFd(call.thread(), fd);
  writesMessage(call, message, static_cast<size_t>(got), room);
  return got;
}

HINDSIGHT_INTERCEPTOR int recvmmsg(int fd, mmsghdr* messages, unsigned count, int flags,
                                   timespec* timeout) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.recvmmsg(fd, messages, count, flags, timeout);
  call.reads(messages, count * sizeof *messages);
  readsObject(call, timeout);
  const socklen_t room = nameRoom(messages, count);
  descriptorUsed(call, fd);
  const int got =
      callOnFd(call, fd, [=] { return real.recvmmsg(fd, messages, count, flags, timeout); });
  if (got > 0) acquireFd(call.thread(), fd);
  for (int i = 0; i < got; ++i) {
    writesMessage(call, &messages[i].msg_hdr, messages[i].msg_len, room);
    call.writes(&messages[i].msg_len, sizeof messages[i].msg_len);
  }
  return got;
}

HINDSIGHT_INTERCEPTOR ssize_t send(int fd, const void* data, size_t bytes, int flags) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.send(fd, data, bytes, flags);
  call.reads(data, bytes);
  releaseFd(call, fd);
  return callOnFd(call, fd, [=] { return real.send(fd, data, bytes, flags); });
}
HINDSIGHT_ALIAS(__send, send);

HINDSIGHT_INTERCEPTOR ssize_t sendto(int fd, const void* data, size_t bytes, int flags,
                                     const sockaddr* to, socklen_t to_bytes) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.sendto(fd, data, bytes, flags, to, to_bytes);
  call.reads(data, bytes);
  if (to != nullptr) call.reads(to, to_bytes);
  releaseFd(call, fd);
  return callOnFd(call, fd, [=] { return real.sendto(fd, data, bytes, flags, to, to_bytes); });
}

HINDSIGHT_INTERCEPTOR ssize_t sendmsg(int fd, const msghdr* message, int flags) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.sendmsg(fd, message, flags);
  readsMessage(call, message);
  releaseFd(call, fd);
  return callOnFd(call, fd, [=] { return real.sendmsg(fd, message, flags); });
}

HINDSIGHT_INTERCEPTOR int sendmmsg(int fd, mmsghdr* messages, unsigned count, int flags) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.sendmmsg(fd, messages, count, flags);
  readsMessages(call, messages, count);
  releaseFd(call, fd);
  const int sent = callOnFd(call, fd, [=] { return real.sendmmsg(fd, messages, count, flags); });
  for (int i = 0; i < sent; ++i) call.writes(&messages[i].msg_len, sizeof messages[i].msg_len);
  return sent;
}

// Connections

HINDSIGHT_INTERCEPTOR int socket(int domain, int type, int protocol) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.socket(domain, type, protocol);
  const int fd = call.blocking([=] { return real.socket(domain, type, protocol); });
  if (fd >= 0) fdOpened(call, fd);
  return fd;
}

HINDSIGHT_INTERCEPTOR int socketpair(int domain, int type, int protocol, int fds[2]) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.socketpair(domain, type, protocol, fds);
  const int result = call.blocking([=] { return real.socketpair(domain, type, protocol, fds); });
  if (result != 0) return result;
  socketPairOpened(fds[0], fds[1]);
  descriptorOpened(call, fds[0]);
  descriptorOpened(call, fds[1]);
  call.writes(fds, 2 * sizeof(int));
  return result;
}

HINDSIGHT_INTERCEPTOR int bind(int fd, const sockaddr* address, socklen_t bytes) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.bind(fd, address, bytes);
  call.reads(address, bytes);
  releaseFd(call, fd);
  return callOnFd(call, fd, [=] { return real.bind(fd, address, bytes); });
}

HINDSIGHT_INTERCEPTOR int listen(int fd, int backlog) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.listen(fd, backlog);
  releaseFd(call, fd);
  return callOnFd(call, fd, [=] { return real.listen(fd, backlog); });
}

HINDSIGHT_INTERCEPTOR int connect(int fd, const sockaddr* address, socklen_t bytes) {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.connect(fd, address, bytes);
  call.reads(address, bytes);
  releaseFd(call, fd);
  const int result = callOnFd(call, fd, [=] { return real.connect(fd, address, bytes); });
  if (result == 0) acquireFd(call.thread(), fd);
  return result;
}
HINDSIGHT_ALIAS(__connect, connect);

HINDSIGHT_INTERCEPTOR int accept(int fd, sockaddr* peer, socklen_t* peer_bytes) {
  return acceptConnection(HINDSIGHT_CALLER_PC, fd, peer, peer_bytes,
                          [=] { return real.accept(fd, peer, peer_bytes); });
}

HINDSIGHT_INTERCEPTOR int accept4(int fd, sockaddr* peer, socklen_t* peer_bytes, int flags) {
  return acceptConnection(HINDSIGHT_CALLER_PC, fd, peer, peer_bytes,
                          [=] { return real.accept4(fd, peer, peer_bytes, flags); });
}

HINDSIGHT_INTERCEPTOR int shutdown(int fd, int how) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.shutdown(fd, how);
  descriptorUsed(call, fd);
  releaseShutdown(call.thread(), fd);
  return callOnFd(call, fd, [=] { return real.shutdown(fd, how); });
}

// Questions

HINDSIGHT_INTERCEPTOR int getsockname(int fd, sockaddr* address, socklen_t* bytes) noexcept {
  return askAddress(HINDSIGHT_CALLER_PC, address, bytes,
                    [=] { return real.getsockname(fd, address, bytes); });
}

HINDSIGHT_INTERCEPTOR int getpeername(int fd, sockaddr* address, socklen_t* bytes) noexcept {
  return askAddress(HINDSIGHT_CALLER_PC, address, bytes,
                    [=] { return real.getpeername(fd, address, bytes); });
}

HINDSIGHT_INTERCEPTOR int getsockopt(int fd, int level, int option, void* value,
                                     socklen_t* bytes) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.getsockopt(fd, level, option, value, bytes);
  call.reads(bytes, sizeof *bytes);
  const int result =
      call.blocking([=] { return real.getsockopt(fd, level, option, value, bytes); });
  if (result != 0) return result;
  if (value != nullptr) call.writes(value, *bytes);
  call.writes(bytes, sizeof *bytes);
  return result;
}

HINDSIGHT_INTERCEPTOR int setsockopt(int fd, int level, int option, const void* value,
                                     socklen_t bytes) noexcept {
  InterceptedCall call(HINDSIGHT_CALLER_PC);
  if (call.bypass()) return real.setsockopt(fd, level, option, value, bytes);
  if (value != nullptr) call.reads(value, bytes);
  return call.blocking([=] { return real.setsockopt(fd, level, option, value, bytes); });
}
