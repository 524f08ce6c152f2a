// one_thread.cpp - creates one thread that does nothing and waits for it.
#include <thread>

int main() {
  std::thread([] {}).join();
  return 0;
}
