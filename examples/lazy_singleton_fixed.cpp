// lazy_singleton_fixed.cpp - settings that are made when somebody first asks for them.
//
// The initialiser of a function's static variable runs once, and everybody who gets the object is
// ordered after it. Compare lazy_singleton_racy.cpp, which tests a plain pointer.
#include <cstdio>
#include <string>
#include <thread>

struct Settings {
  std::string host = "localhost";
  int port = 8080;
};

Settings& settings() {
  static Settings instance;
  return instance;
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
