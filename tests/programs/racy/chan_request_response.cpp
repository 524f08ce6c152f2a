// A server that goes on using the request after it has answered.
// EXPECT: races=1
#include "channels.h"

struct Request {
  int argument;
  int uses;
  chan<int> reply;
};

int main() {
  Step step;
  chan<Request*> requests(0);
  Thread server([&] {
    for (Request* request : requests) {
      request->reply.send(request->argument + 1);
      request->uses++;
      step.advance();
    }
  });
  Request request{1, 0, chan<int>(1)};
  requests.send(&request);
  request.reply.receive();
  step.wait(1);
  request.uses = 0;
  requests.close();
  server.join();
}
