// A write -> the reads that observe it, of every kind.
#include <memory>
#include <string>

#include "hindsight/sync_map.h"
#include "threads.h"

struct Session {
  int user;
};
hindsight::sync_map<std::string, Session*> sessions;
hindsight::sync_map<int, std::shared_ptr<std::string>> texts;

int main() {
  runThreadsIndexed(4, [](int i) {
    for (int n = 0; n < 300; n++) {
      const std::string key = "session " + std::to_string(n % 10);
      if (std::optional<Session*> there = sessions.load(key)) USE_VALUE((*there)->user);
      auto* mine = new Session{n};
      switch ((n + i) % 5) {
        case 0:
          sessions.store(key, mine);
          break;
        case 1:
          USE_VALUE(sessions.load_or_store(key, mine).first->user);
          break;
        case 2:
          if (auto old = sessions.swap(key, mine)) USE_VALUE((*old)->user);
          break;
        case 3:
          if (auto old = sessions.load_and_delete(key)) USE_VALUE((*old)->user);
          break;
        default:
          sessions.range([](const std::string& name, Session* session) {
            USE_VALUE(name.size());
            USE_VALUE(session->user);
            return true;
          });
      }
      texts.store(n % 7, std::make_shared<std::string>(key));
      if (auto text = texts.load((n + 1) % 7)) USE_VALUE((*text)->size());
      if (n % 100 == 99) texts.clear();
    }
  });
}
