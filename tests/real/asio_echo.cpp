// asio_echo.cpp - a thread-pool echo server under the load of real clients, header-only Asio.
//
// Three threads run one io_context. Every session owns a socket and an idle timer on a strand;
// statistics are kept on another strand. Clients are four blocking threads of this process and
// one forked process, all over 127.0.0.1 on a port that the kernel chose.
// Verified: every byte comes back, and the server counted what the clients sent.

#define ASIO_STANDALONE
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <asio.hpp>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "check.h"

namespace {

using asio::ip::tcp;

constexpr int kServerThreads = 3;
constexpr int kClientThreads = 4;
constexpr int kConnections = 8;  // per client
constexpr int kRounds = 60;      // per connection

struct Statistics {
  uint64_t sessions = 0;
  uint64_t bytes = 0;
};

class Server {
 public:
  explicit Server(asio::io_context& context)
      : acceptor_(context, tcp::endpoint(asio::ip::address_v4::loopback(), 0)),
        ledger_(asio::make_strand(context)) {
    accept();
  }

  uint16_t port() const { return acceptor_.local_endpoint().port(); }
  void close() {
    asio::post(acceptor_.get_executor(), [this] { acceptor_.close(); });
  }
  void count(uint64_t sessions, uint64_t bytes) {
    asio::post(ledger_, [this, sessions, bytes] {
      statistics_.sessions += sessions;
      statistics_.bytes += bytes;
    });
  }
  const Statistics& statistics() const { return statistics_; }

 private:
  void accept();

  tcp::acceptor acceptor_;
  asio::strand<asio::io_context::executor_type> ledger_;
  Statistics statistics_;  // touched on ledger_ only
};

class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(tcp::socket socket, Server& server)
      : socket_(std::move(socket)), idle_(socket_.get_executor()), server_(server) {}

  void start() {
    asio::dispatch(socket_.get_executor(), [self = shared_from_this()] {
      self->armTimer();
      self->read();
    });
  }

 private:
  void armTimer() {
    idle_.expires_after(std::chrono::seconds(60));
    idle_.async_wait([self = shared_from_this()](const asio::error_code& error) {
      if (!error) self->socket_.close();
    });
  }

  void read() {
    socket_.async_read_some(
        asio::buffer(buffer_),
        [self = shared_from_this()](const asio::error_code& error, size_t length) {
          if (error) {
            self->idle_.cancel();
            self->server_.count(1, self->total_);
            return;
          }
          self->armTimer();
          self->total_ += length;
          self->write(length);
        });
  }

  void write(size_t length) {
    asio::async_write(socket_, asio::buffer(buffer_, length),
                      [self = shared_from_this()](const asio::error_code& error, size_t) {
                        if (!error) self->read();
                      });
  }

  tcp::socket socket_;  // its executor is a strand
  asio::steady_timer idle_;
  Server& server_;
  std::array<char, 1024> buffer_{};
  uint64_t total_ = 0;
};

void Server::accept() {
  acceptor_.async_accept(asio::make_strand(acceptor_.get_executor()),
                         [this](const asio::error_code& error, tcp::socket socket) {
                           if (error) return;
                           socket.set_option(tcp::no_delay(true));
                           std::make_shared<Session>(std::move(socket), *this)->start();
                           accept();
                         });
}

/// Talks to the server over `kConnections` connections in turn; returns the bytes echoed.
uint64_t runClient(uint16_t port, int seed) {
  uint64_t bytes = 0;
  for (int connection = 0; connection < kConnections; ++connection) {
    asio::io_context context;
    tcp::socket socket(context);
    socket.connect(tcp::endpoint(asio::ip::address_v4::loopback(), port));
    socket.set_option(tcp::no_delay(true));
    for (int round = 0; round < kRounds; ++round) {
      const size_t length =
          static_cast<size_t>(1 + (seed * 131 + connection * 17 + round * 97) % 3000);
      std::string sent(length, static_cast<char>('a' + round % 26));
      sent.back() = static_cast<char>('A' + seed % 26);
      std::string received(length, '\0');
      asio::write(socket, asio::buffer(sent));
      asio::read(socket, asio::buffer(received));
      require(sent == received, "echo equals what was sent");
      bytes += length;
    }
  }
  return bytes;
}

struct ForkedClient {
  pid_t pid = -1;
  int port_pipe = -1;
  int bytes_pipe = -1;
};

/// Forks a client that waits for a port number and answers with the number of bytes echoed.
ForkedClient forkClient() {
  int port_pipe[2];
  int bytes_pipe[2];
  require(pipe(port_pipe) == 0 && pipe(bytes_pipe) == 0, "pipes");
  const pid_t pid = fork();
  require(pid >= 0, "fork");
  if (pid == 0) {
    uint16_t port = 0;
    require(read(port_pipe[0], &port, sizeof(port)) == sizeof(port), "port received");
    const uint64_t bytes = runClient(port, kClientThreads);
    require(write(bytes_pipe[1], &bytes, sizeof(bytes)) == sizeof(bytes), "result sent");
    _exit(0);
  }
  ::close(port_pipe[0]);
  ::close(bytes_pipe[1]);
  return {pid, port_pipe[1], bytes_pipe[0]};
}

}  // namespace

int main() {
  const ForkedClient child = forkClient();

  asio::io_context context;
  Server server(context);
  const uint16_t port = server.port();
  std::vector<std::thread> pool;
  for (int i = 0; i < kServerThreads; ++i) pool.emplace_back([&context] { context.run(); });

  require(write(child.port_pipe, &port, sizeof(port)) == sizeof(port), "port sent");
  std::atomic<uint64_t> sent{0};
  std::vector<std::thread> clients;
  for (int i = 0; i < kClientThreads; ++i) {
    clients.emplace_back([&sent, port, i] { sent += runClient(port, i); });
  }
  for (std::thread& client : clients) client.join();

  uint64_t child_bytes = 0;
  require(read(child.bytes_pipe, &child_bytes, sizeof(child_bytes)) == sizeof(child_bytes),
          "child result");
  int status = 0;
  require(waitpid(child.pid, &status, 0) == child.pid && status == 0, "child ended well");

  server.close();
  for (std::thread& thread : pool) thread.join();
  require(server.statistics().sessions == (kClientThreads + 1) * kConnections, "sessions counted");
  require(server.statistics().bytes == sent + child_bytes, "bytes counted");
  puts("asio: ok");
  return 0;
}
