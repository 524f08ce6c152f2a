// map_fixed.cpp - two threads count page views in one map.
//
// The mutex orders every use of the map: what one thread did under it happens before what the next
// one does under it. Compare map_racy.cpp, where there is none.
#include <cstdio>
#include <map>
#include <mutex>
#include <string>
#include <thread>

std::map<std::string, int> views = {{"/about", 0}, {"/index", 0}, {"/news", 0}};
std::mutex views_mutex;

void countView(const std::string& page) {
  std::lock_guard<std::mutex> guard(views_mutex);
  views[page]++;
}

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
