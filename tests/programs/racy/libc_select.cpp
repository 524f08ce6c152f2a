// select and poll read what to wait for and write what is ready.
// EXPECT: races>=4
#include <poll.h>
#include <sys/select.h>
#include <unistd.h>

#include "libc_cases.h"

int fds[2];
fd_set inputs;
pollfd polled[2];
timespec now;
sigset_t mask;

constexpr Case kCases[] = {
    {"select",
     [] {
       FD_ZERO(&inputs);
       FD_SET(fds[0], &inputs);
       keep(select(fds[0] + 1, &inputs, nullptr, nullptr, nullptr));
     },
     [] { FD_ZERO(&inputs); }},
    {"pselect",
     [] {
       FD_ZERO(&inputs);
       FD_SET(fds[0], &inputs);
       keep(pselect(fds[0] + 1, &inputs, nullptr, nullptr, nullptr, nullptr));
     },
     [] { FD_SET(1, &inputs); }},
    {"poll",
     [] {
       polled[0] = {fds[0], POLLIN, 0};
       keep(poll(polled, 1, -1));
     },
     [] { polled[0].revents = 0; }},
    {"ppoll",
     [] {
       polled[0] = {fds[0], POLLIN, 0};
       keep(ppoll(polled, 1, nullptr, nullptr));
     },
     [] { polled[0].revents = 0; }},
};

constexpr Case kNeighbours[] = {
    {"poll",
     [] {
       polled[0] = {fds[0], POLLIN, 0};
       keep(poll(polled, 1, -1));
     },
     [] { polled[1].revents = 0; }},
};

int main() {
  if (pipe(fds) != 0 || write(fds[1], "x", 1) != 1) return 1;
  raceCases(kCases);
  raceCases(kNeighbours);
}
