// Messages in batches: each is read or written as far as it goes.
// EXPECT: races=3
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
    {"process_vm_readv", [] { copyFrom(source); }, [] { copied[8] = 1; }},
};

int main() {
  if (socketpair(AF_UNIX, SOCK_DGRAM, 0, sockets) != 0) return 1;
  raceCases(kCases);
  raceCases(kNeighbours);
}
