// What is written after the store is not ordered before a load.
// EXPECT: races=1
#include <string>

#include "hindsight/sync_map.h"
#include "threads.h"

struct Session {
  int user;
};
hindsight::sync_map<std::string, Session*> sessions;

int main() {
  runUnordered(
      [] {
        auto* session = new Session();
        sessions.store("a", session);
        session->user = 5;  // should be before
      },
      [] { USE_VALUE((*sessions.load("a"))->user); });
}
