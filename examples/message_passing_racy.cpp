// message_passing_racy.cpp - a thread writes a message, then sets a flag; another waits
// for the flag, then reads the message.
//
// The flag is atomic, but its store is relaxed: it promises nothing about what was written before.
// The reader can see the flag and an empty message. On x86 the processor would forgive that, the
// compiler need not.
// The fix (message_passing_fixed.cpp): a release store, which pairs with the acquire load.
#include <atomic>
#include <cstdio>
#include <string>
#include <thread>

std::string message;
std::atomic<bool> ready = false;

void send() {
  message = "the answer is 42";
  ready.store(true, std::memory_order_relaxed);
}

void receive() {
  while (!ready.load(std::memory_order_acquire)) std::this_thread::yield();
  std::printf("%s\n", message.c_str());
}

int main() {
  std::thread receiver(receive);
  std::thread sender(send);
  sender.join();
  receiver.join();
}
