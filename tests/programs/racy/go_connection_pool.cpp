// A connection pool made of a channel: a connection is used once more after it was handed back.
// EXPECT: races>=1
// EXPECT: contains "Connection::query"
#include "channels.h"

struct Connection {
  int queries = 0;
  __attribute__((noinline)) void query() { queries++; }
};

int main() {
  Connection connection;
  chan<Connection*> idle(1);
  idle.send(&connection);
  runUnordered(
      [=] {
        Connection* mine = *idle.receive();
        mine->query();
        idle.send(mine);
        mine->query();  // should be before
      },
      [=] {
        Connection* mine = *idle.receive();
        mine->query();
        idle.send(mine);
      });
}
