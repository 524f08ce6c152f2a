// published_map_racy.cpp - routes are published through an atomic pointer; readers take no lock.
//
// The pointer is published with the right orders, and the first version of the map with it. Then an
// update changes the published map in place, while readers are looking at it.
// The fix (published_map_fixed.cpp): change a copy, publish the copy.
#include <atomic>
#include <cstdio>
#include <string>
#include <thread>
#include <unordered_map>

using Routes = std::unordered_map<std::string, int>;

// Old versions live until the program ends: readers may still use them.
std::atomic<Routes*> published = new Routes{{"/index", 80}, {"/login", 443}};

void moveRoute(const std::string& path, int port) {
  Routes* routes = published.load(std::memory_order_acquire);
  routes->at(path) = port;
}

int lookUp(const std::string& path) {
  const Routes* routes = published.load(std::memory_order_acquire);
  return routes->at(path);
}

int main() {
  std::thread reader([] { std::printf("/login is at port %d\n", lookUp("/login")); });
  std::thread writer([] { moveRoute("/login", 8443); });
  reader.join();
  writer.join();
}
