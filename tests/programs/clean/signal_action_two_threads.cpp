// Two threads change the action of one signal at the same time, one to a handler and one to nothing, as libraries do
// around a call that may raise SIGPIPE. Each is told an action that the other or itself has installed, whole.
#include <csignal>
#include <cstdlib>
#include <thread>

static volatile sig_atomic_t handled;

static void onSignal(int, siginfo_t*, void*) { handled = 1; }

static void change(const struct sigaction& wanted) {
  for (int round = 0; round < 20'000; round++) {
    struct sigaction old;
    if (sigaction(SIGUSR1, &wanted, &old) != 0) abort();
    if ((old.sa_flags & SA_SIGINFO) != 0 ? old.sa_sigaction != onSignal : old.sa_handler != SIG_IGN) abort();
  }
}

int main() {
  struct sigaction ignores {}, handles{};
  ignores.sa_handler = SIG_IGN;
  handles.sa_sigaction = onSignal;
  handles.sa_flags = SA_SIGINFO | SA_RESTART;
  sigaction(SIGUSR1, &ignores, nullptr);
  std::thread other(change, ignores);
  change(handles);
  other.join();
  sigaction(SIGUSR1, &handles, nullptr);
  raise(SIGUSR1);
  if (handled != 1) abort();
}
