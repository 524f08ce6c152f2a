// message_passing_fixed.cpp - a thread writes a message, then sets a flag; another waits
// for the flag, then reads the message.
//
// The release store pairs with the acquire load that sees it: all that was written before the one
// happens before all that is read after the other. Compare message_passing_racy.cpp, where the
// store is relaxed.
#include <atomic>
#include <cstdio>
#include <string>
#include <thread>

std::string message;
std::atomic<bool> ready = false;

void send() {
  message = "the answer is 42";
  ready.store(true, std::memory_order_release);
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
