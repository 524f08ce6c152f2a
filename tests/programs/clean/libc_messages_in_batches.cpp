// Messages in batches: each is read or written as far as it goes, and of its sender's name no more than there is room
// for.
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "libc_cases.h"

int sockets[2];
char data[2][8] = {"one", "two"}, got[2][8], copied[16], source[16];

void send(char (&texts)[2][8]) {
  mmsghdr messages[2]{};
  iovec parts[2];
  for (int i = 0; i < 2; i++) {
    parts[i] = {texts[i], 4};
    messages[i].msg_hdr.msg_iov = &parts[i];
    messages[i].msg_hdr.msg_iovlen = 1;
  }
  keep(sendmmsg(sockets[0], messages, 2, 0));
}

void receive() {
  mmsghdr messages[2]{};
  iovec parts[2];
  for (int i = 0; i < 2; i++) {
    parts[i] = {got[i], 8};
    messages[i].msg_hdr.msg_iov = &parts[i];
    messages[i].msg_hdr.msg_iovlen = 1;
  }
  keep(recvmmsg(sockets[1], messages, 2, 0, nullptr));
}

char names[16];

/// Into a part of `names`; the sender's is longer.
void receiveNamed(bool batch) {
  keep(write(sockets[0], "text", 4));
  mmsghdr message{};
  iovec part{got[0], 8};
  message.msg_hdr.msg_iov = &part;
  message.msg_hdr.msg_iovlen = 1;
  message.msg_hdr.msg_name = names;
  message.msg_hdr.msg_namelen = 4;
  if (batch)
    keep(recvmmsg(sockets[1], &message, 1, 0, nullptr));
  else
    keep(recvmsg(sockets[1], &message.msg_hdr, 0));
  if (message.msg_hdr.msg_namelen <= 4) abort();
}

void copyFrom(char* from) {
  iovec local{copied, 8}, remote{from, 8};
  keep(process_vm_readv(getpid(), &local, 1, &remote, 1, 0));
}

constexpr Case kCases[] = {
    {"sendmmsg", [] { send(data); }, [] { data[1][3] = 0; }},
    {"recvmmsg", [] { receive(); }, [] { got[1][3] = 0; }},
    {"process_vm_readv", [] { copyFrom(source); }, [] { copied[7] = 1; }},
};

constexpr Case kNeighbours[] = {
    {"recvmmsg",
     [] {
       send(data);
       receive();
     },
     [] { got[1][4] = 0; }},
    {"recvmsg, name", [] { receiveNamed(false); }, [] { names[4] = 0; }},
    {"recvmmsg, name", [] { receiveNamed(true); }, [] { names[4] = 0; }},
    {"process_vm_readv", [] { copyFrom(source); }, [] { copied[8] = 1; }},
};

int main() {
  if (socketpair(AF_UNIX, SOCK_DGRAM, 0, sockets) != 0) return 1;
  const sockaddr any{AF_UNIX, {}};
  if (bind(sockets[0], &any, sizeof any.sa_family) != 0) return 1;  // a name of the system's choice
  orderCases(kCases);
  raceCases(kNeighbours);
}
