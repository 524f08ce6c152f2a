// Clients send requests that carry the channel for the answer.
#include "channels.h"

struct Request {
  int argument;
  int uses;
  chan<int> reply;
};

int main() {
  chan<Request*> requests(0);
  Thread server([&] {
    for (Request* request : requests) {
      request->uses++;
      request->reply.send(request->argument + 1);
    }
  });
  runThreadsIndexed(3, [&](int client) {
    Request request{client, 0, chan<int>(1)};
    for (int i = 0; i < 200; ++i) {
      requests.send(&request);
      request.argument = *request.reply.receive();
      request.uses = 0;
    }
  });
  requests.close();
  server.join();
}
