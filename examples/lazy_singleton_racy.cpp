// lazy_singleton_racy.cpp - settings that are made when somebody first asks for them.
//
// Two threads may both find the pointer null and make two objects; and a thread that finds it set
// is not ordered after the constructor, so that it may read members that are not there yet.
// The fix (lazy_singleton_fixed.cpp): a function's static variable, which the language guards.
#include <cstdio>
#include <string>
#include <thread>

struct Settings {
  std::string host = "localhost";
  int port = 8080;
};

Settings& settings() {
  static Settings* instance;
  if (instance == nullptr) instance = new Settings();
  return *instance;
}

void connect(const char* who) {
  std::printf("%s connects to %s:%d\n", who, settings().host.c_str(), settings().port);
}

int main() {
  std::thread first(connect, "first");
  std::thread second(connect, "second");
  first.join();
  second.join();
}
