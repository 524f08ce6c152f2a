// A connection pool made of a channel: two connections, four users; a broken one is replaced; who
// finds none waits, or gives up.
#include "channels.h"

struct Connection {
  int queries = 0;
  bool query() { return ++queries % 20 != 0; }
};

int main() {
  chan<Connection*> idle(2);
  idle.send(new Connection);
  idle.send(new Connection);
  runThreadsIndexed(4, [=](int i) {
    for (int n = 0; n < 100; n++) {
      Connection* mine = nullptr;
      if (i == 0) {
        hindsight::select(on_receive(idle, [&](std::optional<Connection*> got) { mine = *got; }),
                          on_default());
      } else {
        mine = *idle.receive();
      }
      if (mine == nullptr) continue;
      if (!mine->query()) {
        delete mine;
        mine = new Connection;
      }
      idle.send(mine);
    }
  });
  delete *idle.receive();
  delete *idle.receive();
}
