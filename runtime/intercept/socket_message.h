// socket_message.h - what sendmsg, recvmsg and their kin do with the caller's memory.
//
// Thread safety: any thread, inside the runtime. Allocation: none.
#pragma once

#include "intercept/libc_headers.h"

#include "intercept/descriptor_races.h"
#include "intercept/io_vector.h"

namespace hindsight {

/// Calls `use(fd)` for the descriptors in the control messages, up to one that is malformed.
template <class Use>
void forEachDescriptor(const msghdr* message, Use use) {
  for (cmsghdr* part = CMSG_FIRSTHDR(message); part != nullptr;
       part = CMSG_NXTHDR(const_cast<msghdr*>(message), part)) {
    const auto at = reinterpret_cast<uptr>(part);
    const auto end = reinterpret_cast<uptr>(message->msg_control) + message->msg_controllen;
    if (part->cmsg_len < CMSG_LEN(0) || part->cmsg_len > end - at) return;
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) continue;
    const size_t count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (size_t i = 0; i < count; ++i) {
      int fd;
      __builtin_memcpy(&fd, CMSG_DATA(part) + i * sizeof(int), sizeof fd);
      use(fd);
    }
  }
}

inline void sendDescriptors(InterceptedCall& call, const msghdr* message) {
  forEachDescriptor(message, [&](int fd) { fdSending(call.thread(), fd); });
}

/// Descriptors that arrived in a control message are new in this process.
inline void openReceived(InterceptedCall& call, const msghdr* message) {
  forEachDescriptor(message, [&](int fd) {
    fdOpened(call, fd);
    fdReceived(fd);
  });
}

inline void readsMessage(InterceptedCall& call, const msghdr* message) {
  if (!mayLook(message)) return;
  call.reads(message, sizeof *message);
  if (message->msg_name != nullptr) call.reads(message->msg_name, message->msg_namelen);
  if (mayLook(message->msg_control)) {
    call.reads(message->msg_control, message->msg_controllen);
    sendDescriptors(call, message);
  }
  readsVector(call, message->msg_iov, message->msg_iovlen);
}

/// The kernel takes IOV_MAX messages at a time, sendmmsg(2).
inline void readsMessages(InterceptedCall& call, const mmsghdr* messages, size_t count) {
  for (size_t i = 0; i < min<size_t>(count, IOV_MAX); ++i) readsMessage(call, &messages[i].msg_hdr);
}

/// The room for the sender's name, which is asked before the call: behind it the kernel has put the
/// length of the whole name in its place, even if it had to cut it.
inline socklen_t nameRoom(const msghdr* message) {
  return mayLook(message) ? message->msg_namelen : 0;
}

/// The room that each of the messages has.
inline socklen_t nameRoom(const mmsghdr* messages, size_t count) {
  socklen_t room = ~socklen_t{0};
  if (!mayLook(messages)) return room;
  for (size_t i = 0; i < min<size_t>(count, IOV_MAX); ++i)
    if (messages[i].msg_hdr.msg_name != nullptr) room = min(room, messages[i].msg_hdr.msg_namelen);
  return room;
}

/// A message of `bytes` bytes has been stored where `message` says, and at most `room` of its
/// sender's name.
inline void writesMessage(InterceptedCall& call, const msghdr* message, size_t bytes,
                          socklen_t room) {
  writesVector(call, message->msg_iov, message->msg_iovlen, bytes);
  call.writes(&message->msg_flags, sizeof message->msg_flags);
  if (message->msg_name != nullptr) {
    call.writes(message->msg_name, min(message->msg_namelen, room));
    call.writes(&message->msg_namelen, sizeof message->msg_namelen);
  }
  if (message->msg_control != nullptr) {
    call.writes(message->msg_control, message->msg_controllen);
    call.writes(&message->msg_controllen, sizeof message->msg_controllen);
    openReceived(call, message);
  }
}

/// The kernel stored an address and its length, cut to the room there was.
inline void writesAddress(InterceptedCall& call, const sockaddr* address, const socklen_t* bytes,
                          socklen_t room) {
  if (address == nullptr || bytes == nullptr) return;
  call.writes(address, min(*bytes, room));
  call.writes(bytes, sizeof *bytes);
}

inline socklen_t addressRoom(InterceptedCall& call, const sockaddr* address,
                             const socklen_t* bytes) {
  if (address == nullptr || !mayLook(bytes)) return 0;
  call.reads(bytes, sizeof *bytes);
  return *bytes;
}

}  // namespace hindsight
