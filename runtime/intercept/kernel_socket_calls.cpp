// Rules of sockets, and of waiting for descriptors.
#include "intercept/libc_headers.h"

#include <sys/syscall.h>

#include "intercept/io_vector.h"
#include "intercept/kernel_rules.h"
#include "intercept/poll_set.h"
#include "intercept/socket_message.h"

namespace hindsight {
namespace {

constexpr KernelRule kSocket{nothing, opened};

void socketPairDone(InterceptedCall& call, const KernelCall& made, long result) {
  if (result != 0) return;
  const int* const ends = pointer<int>(made.at[3]);
  socketPairOpened(ends[0], ends[1]);
  descriptorOpened(call, ends[0]);
  descriptorOpened(call, ends[1]);
  call.writes(ends, 2 * sizeof(int));
}

constexpr KernelRule kSocketPair{nothing, socketPairDone};

// Sockets

constexpr KernelRule kListen{releasesFirst, usedFirst};

void readsAddress(InterceptedCall& call, KernelCall& made) {
  call.reads(pointer<void>(made.at[1]), size(made.at[2]));
  releaseFd(call, firstFd(made));
}

constexpr KernelRule kBind{readsAddress, usedFirst};

void connectDone(InterceptedCall& call, const KernelCall& made, long result) {
  usedFirst(call, made, result);
  if (result == 0) acquireFd(call.thread(), firstFd(made));
}

constexpr KernelRule kConnect{readsAddress, connectDone};

void acceptStarts(InterceptedCall& call, KernelCall& made) {
  made.room = addressRoom(call, pointer<sockaddr>(made.at[1]), pointer<socklen_t>(made.at[2]));
  descriptorUsed(call, firstFd(made));
}

void acceptDone(InterceptedCall& call, const KernelCall& made, long result) {
  usedFirst(call, made, result);
  if (result >= 0) fdOpened(call, number(result));
  if (result >= 0 || result == -EINVAL)  // woken by shutdown
    acquireFd(call.thread(), firstFd(made));
  if (result >= 0)
    writesAddress(call, pointer<sockaddr>(made.at[1]), pointer<socklen_t>(made.at[2]), made.room);
}

constexpr KernelRule kAccept{acceptStarts, acceptDone};

void shutdownStarts(InterceptedCall& call, KernelCall& made) {
  descriptorUsed(call, firstFd(made));
  releaseShutdown(call.thread(), firstFd(made));
}

constexpr KernelRule kShutdown{shutdownStarts, usedFirst};

void sendToStarts(InterceptedCall& call, KernelCall& made) {
  readsBytes(call, pointer<void>(made.at[4]), size(made.at[5]));
  writeStarts(call, made);
}

constexpr KernelRule kSendTo{sendToStarts, usedFirst};

void receiveFromStarts(InterceptedCall& call, KernelCall& made) {
  made.room = addressRoom(call, pointer<sockaddr>(made.at[4]), pointer<socklen_t>(made.at[5]));
  descriptorUsed(call, firstFd(made));
}

void receiveFromDone(InterceptedCall& call, const KernelCall& made, long result) {
  readDone(call, made, result);
  if (result >= 0)
    writesAddress(call, pointer<sockaddr>(made.at[4]), pointer<socklen_t>(made.at[5]), made.room);
}

constexpr KernelRule kReceiveFrom{receiveFromStarts, receiveFromDone};

void sendMessageStarts(InterceptedCall& call, KernelCall& made) {
  readsMessage(call, pointer<msghdr>(made.at[1]));
  releaseFd(call, firstFd(made));
}

constexpr KernelRule kSendMessage{sendMessageStarts, usedFirst};

void receiveMessageStarts(InterceptedCall& call, KernelCall& made) {
  readsObject(call, pointer<msghdr>(made.at[1]));
  made.room = nameRoom(pointer<msghdr>(made.at[1]));
  descriptorUsed(call, firstFd(made));
}

void receiveMessageDone(InterceptedCall& call, const KernelCall& made, long result) {
  usedFirst(call, made, result);
  if (result < 0) return;
  acquireFd(call.thread(), firstFd(made));
  writesMessage(call, pointer<msghdr>(made.at[1]), size(result), made.room);
}

constexpr KernelRule kReceiveMessage{receiveMessageStarts, receiveMessageDone};

void sendMessagesStarts(InterceptedCall& call, KernelCall& made) {
  readsMessages(call, pointer<mmsghdr>(made.at[1]), size(made.at[2]));
  releaseFd(call, firstFd(made));
}

void sendMessagesDone(InterceptedCall& call, const KernelCall& made, long result) {
  usedFirst(call, made, result);
  for (long i = 0; i < result; ++i) writesObject(call, &pointer<mmsghdr>(made.at[1])[i].msg_len);
}

constexpr KernelRule kSendMessages{sendMessagesStarts, sendMessagesDone};

void receiveMessagesStarts(InterceptedCall& call, KernelCall& made) {
  call.reads(pointer<void>(made.at[1]), size(made.at[2]) * sizeof(mmsghdr));
  readsObject(call, pointer<timespec>(made.at[4]));
  made.room = nameRoom(pointer<mmsghdr>(made.at[1]), size(made.at[2]));
  descriptorUsed(call, firstFd(made));
}

void receiveMessagesDone(InterceptedCall& call, const KernelCall& made, long result) {
  usedFirst(call, made, result);
  if (result > 0) acquireFd(call.thread(), firstFd(made));
  for (long i = 0; i < result; ++i) {
    const mmsghdr& message = pointer<mmsghdr>(made.at[1])[i];
    writesMessage(call, &message.msg_hdr, message.msg_len, made.room);
    writesObject(call, &message.msg_len);
  }
}

constexpr KernelRule kReceiveMessages{receiveMessagesStarts, receiveMessagesDone};

void nameStarts(InterceptedCall& call, KernelCall& made) {
  made.room = addressRoom(call, pointer<sockaddr>(made.at[1]), pointer<socklen_t>(made.at[2]));
  descriptorUsed(call, firstFd(made));
}

void nameDone(InterceptedCall& call, const KernelCall& made, long result) {
  usedFirst(call, made, result);
  if (result == 0)
    writesAddress(call, pointer<sockaddr>(made.at[1]), pointer<socklen_t>(made.at[2]), made.room);
}

constexpr KernelRule kName{nameStarts, nameDone};

void setOptionStarts(InterceptedCall& call, KernelCall& made) {
  descriptorUsed(call, firstFd(made));
}

void setOptionDone(InterceptedCall& call, const KernelCall& made, long result) {
  usedFirst(call, made, result);
  if (result == 0) readsBytes(call, pointer<void>(made.at[3]), static_cast<u32>(made.at[4]));
}

constexpr KernelRule kSetOption{setOptionStarts, setOptionDone};

void getOptionStarts(InterceptedCall& call, KernelCall& made) {
  readsObject(call, pointer<socklen_t>(made.at[4]));
  descriptorUsed(call, firstFd(made));
}

void getOptionDone(InterceptedCall& call, const KernelCall& made, long result) {
  usedFirst(call, made, result);
  const socklen_t* const bytes = pointer<socklen_t>(made.at[4]);
  if (result != 0) return;
  writesBytes(call, pointer<void>(made.at[3]), *bytes);
  writesObject(call, bytes);
}

constexpr KernelRule kGetOption{getOptionStarts, getOptionDone};

// Waiting for descriptors

void pollSetStarts(InterceptedCall& call, KernelCall& made) {
  pollStarts(call, pointer<pollfd>(made.at[0]), static_cast<nfds_t>(made.at[1]));
}

void pollSetDone(InterceptedCall& call, const KernelCall& made, long result) {
  if (result >= 0) pollDone(call, pointer<pollfd>(made.at[0]), static_cast<nfds_t>(made.at[1]));
}

[[maybe_unused]] constexpr KernelRule kPoll{pollSetStarts, pollSetDone};

void pollUntilStarts(InterceptedCall& call, KernelCall& made) {
  readsObject(call, pointer<timespec>(made.at[2]));
  readsBytes(call, pointer<void>(made.at[3]), size(made.at[4]));
  pollSetStarts(call, made);
}

void pollUntilDone(InterceptedCall& call, const KernelCall& made, long result) {
  writesObject(call, pointer<timespec>(made.at[2]));  // what is left of the time
  pollSetDone(call, made, result);
}

constexpr KernelRule kPollUntil{pollUntilStarts, pollUntilDone};

void selectStarts(InterceptedCall& call, KernelCall& made) {
  const int limit = selectLimit(number(made.at[0]));
  made.room = static_cast<unsigned>(max(limit, 0));
  for (int i = 1; i < 4; ++i) readsBytes(call, pointer<void>(made.at[i]), selectSetBytes(limit));
  readsBytes(call, pointer<void>(made.at[4]), sizeof(timespec));  // or a timeval
}

void selectDone(InterceptedCall& call, const KernelCall& made, long result) {
  writesBytes(call, pointer<void>(made.at[4]), sizeof(timespec));  // what is left of the time
  if (result >= 0)
    setsSelected(call, static_cast<int>(made.room), pointer<fd_set>(made.at[1]),
                 pointer<fd_set>(made.at[2]), pointer<fd_set>(made.at[3]));
}

[[maybe_unused]] constexpr KernelRule kSelect{selectStarts, selectDone};

struct MaskArgument {
  const void* mask;
  size_t bytes;
};

void selectUntilStarts(InterceptedCall& call, KernelCall& made) {
  const MaskArgument* const argument = pointer<MaskArgument>(made.at[5]);
  if (mayLook(argument)) {
    call.reads(argument, sizeof *argument);
    readsBytes(call, argument->mask, argument->bytes);
  }
  selectStarts(call, made);
}

constexpr KernelRule kSelectUntil{selectUntilStarts, selectDone};

void epollControlStarts(InterceptedCall& call, KernelCall& made) {
  const bool adds = made.at[1] != EPOLL_CTL_DEL;
  if (adds) readsObject(call, pointer<epoll_event>(made.at[3]));
  descriptorUsed(call, firstFd(made));
  descriptorUsed(call, number(made.at[2]));
  if (adds) epollWatching(call.thread(), firstFd(made), number(made.at[2]));
}

constexpr KernelRule kEpollControl{epollControlStarts, nothingAfter};

void epollWaitDone(InterceptedCall& call, const KernelCall& made, long result) {
  usedFirst(call, made, result);
  if (result <= 0) return;
  acquireEvents(call.thread(), firstFd(made));
  call.writes(pointer<void>(made.at[1]), size(result) * sizeof(epoll_event));
}

constexpr KernelRule kEpollWait{usesFirst, epollWaitDone};

}  // namespace

const KernelRule* kernelSocketRule(long number) {
  switch (number) {
    case SYS_socket: return &kSocket;
    case SYS_socketpair: return &kSocketPair;
    case SYS_bind: return &kBind;
    case SYS_listen: return &kListen;
    case SYS_connect: return &kConnect;
    case SYS_accept:
    case SYS_accept4: return &kAccept;
    case SYS_shutdown: return &kShutdown;
    case SYS_sendto: return &kSendTo;
    case SYS_recvfrom: return &kReceiveFrom;
    case SYS_sendmsg: return &kSendMessage;
    case SYS_recvmsg: return &kReceiveMessage;
    case SYS_sendmmsg: return &kSendMessages;
    case SYS_recvmmsg: return &kReceiveMessages;
    case SYS_getsockname:
    case SYS_getpeername: return &kName;
    case SYS_setsockopt: return &kSetOption;
    case SYS_getsockopt: return &kGetOption;
    case SYS_ppoll: return &kPollUntil;
    case SYS_pselect6: return &kSelectUntil;
    case SYS_epoll_ctl: return &kEpollControl;
    case SYS_epoll_pwait:
    case SYS_epoll_pwait2: return &kEpollWait;
#ifdef SYS_poll  // not on AArch64
    case SYS_poll: return &kPoll;
    case SYS_select: return &kSelect;
    case SYS_epoll_wait: return &kEpollWait;
#endif
    default: return nullptr;
  }
}

}  // namespace hindsight
