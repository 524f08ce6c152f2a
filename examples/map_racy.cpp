// map_racy.cpp - two threads count page views in one map.
//
// std::map allows concurrent reading, but no writing meanwhile, not even to the value of a key that
// exists already: both threads may add to the same page's count at once.
// The fix (map_fixed.cpp): a mutex around each use of the map.
#include <cstdio>
#include <map>
#include <string>
#include <thread>

std::map<std::string, int> views = {{"/about", 0}, {"/index", 0}, {"/news", 0}};

void countView(const std::string& page) { views[page]++; }

int main() {
  std::thread first([] {
    for (int i = 0; i < 100; i++) countView("/index");
  });
  std::thread second([] {
    for (int i = 0; i < 100; i++) countView(i % 2 == 0 ? "/index" : "/news");
  });
  first.join();
  second.join();
  for (const auto& [page, count] : views) std::printf("%-8s %d\n", page.c_str(), count);
}
