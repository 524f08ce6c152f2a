// Copies of a std::shared_ptr in several threads; the last one deletes. And atomic<shared_ptr>.
// libc++ 19 has no std::atomic<std::shared_ptr>:
// REQUIRES: libstdc++
#include <atomic>
#include <memory>

#include "threads.h"

struct Document {
  explicit Document(int pages) : pages(pages) {}
  ~Document() { pages = -1; }
  int pages;
};
std::atomic<std::shared_ptr<Document>> latest;

int main() {
  for (int round = 0; round < 30; round++) {
    auto document = std::make_shared<Document>(round);
    std::weak_ptr<Document> weak = document;
    runThreads([document] { USE_VALUE(document->pages); },
               [weak] {
                 if (auto locked = weak.lock()) USE_VALUE(locked->pages);
               },
               [copy = document]() mutable {
                 USE_VALUE(copy->pages);
                 copy.reset();
               });
  }
  latest.store(std::make_shared<Document>(0));
  runThreadsIndexed(3, [](int i) {
    for (int n = 0; n < 150; n++) {
      if (i == 0) {
        latest.store(std::make_shared<Document>(n));
      } else {
        std::shared_ptr<Document> document = latest.load();
        USE_VALUE(document->pages);
      }
    }
  });
}
