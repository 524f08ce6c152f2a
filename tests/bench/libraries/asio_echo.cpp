// asio_echo.cpp - an Asio echo server on several threads and its blocking clients, header-only.
//
// Every session lives on a strand; clients send requests of up to 2 KiB over the loopback device.
// Verified: every byte comes back, and the server counted what the clients sent.
#define ASIO_STANDALONE
#include <array>
#include <asio.hpp>
#include <atomic>
#include <memory>
#include <string>
#include <utility>

#include "../kernels/kernel.h"

namespace {

using asio::ip::tcp;

class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(tcp::socket socket, std::atomic<std::uint64_t>& bytes)
      : socket_(std::move(socket)), bytes_(bytes) {}

  void start() {
    asio::dispatch(socket_.get_executor(), [self = shared_from_this()] { self->read(); });
  }

 private:
  void read() {
    socket_.async_read_some(
        asio::buffer(buffer_),
        [self = shared_from_this()](const asio::error_code& error, std::size_t length) {
          if (!error) self->write(length);
        });
  }

  void write(std::size_t length) {
    bytes_.fetch_add(length, std::memory_order_relaxed);
    asio::async_write(socket_, asio::buffer(buffer_, length),
                      [self = shared_from_this()](const asio::error_code& error, std::size_t) {
                        if (!error) self->read();
                      });
  }

  tcp::socket socket_;  // its executor is a strand
  std::array<char, 2048> buffer_{};
  std::atomic<std::uint64_t>& bytes_;
};

class Server {
 public:
  explicit Server(asio::io_context& context)
      : acceptor_(context, tcp::endpoint(asio::ip::address_v4::loopback(), 0)) {
    accept();
  }

  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
  std::uint64_t bytes() const { return bytes_.load(); }
  void close() {
    asio::post(acceptor_.get_executor(), [this] { acceptor_.close(); });
  }

 private:
  void accept() {
    acceptor_.async_accept(asio::make_strand(acceptor_.get_executor()),
                           [this](const asio::error_code& error, tcp::socket socket) {
                             if (error) return;
                             socket.set_option(tcp::no_delay(true));
                             std::make_shared<Session>(std::move(socket), bytes_)->start();
                             accept();
                           });
  }

  tcp::acceptor acceptor_;
  std::atomic<std::uint64_t> bytes_{0};
};

/// Returns the bytes that came back.
std::uint64_t runClient(std::uint16_t port, int client, long requests) {
  asio::io_context context;
  tcp::socket socket(context);
  socket.connect(tcp::endpoint(asio::ip::address_v4::loopback(), port));
  socket.set_option(tcp::no_delay(true));
  kernel::Random random(static_cast<std::uint64_t>(client));
  std::uint64_t bytes = 0;
  for (long i = 0; i < requests; ++i) {
    const std::string sent(1 + random.below(2000), static_cast<char>('a' + i % 26));
    std::string received(sent.size(), '\0');
    asio::write(socket, asio::buffer(sent));
    asio::read(socket, asio::buffer(received));
    kernel::require(sent == received, "echo equals what was sent");
    bytes += sent.size();
  }
  return bytes;
}

}  // namespace

int main(int argc, char** argv) {
  const auto [threads, size] = kernel::parseArguments(argc, argv, 12'000);
  constexpr int kClients = 4;

  asio::io_context context;
  Server server(context);
  std::vector<std::thread> pool;
  for (int i = 0; i < threads; ++i) pool.emplace_back([&context] { context.run(); });
  std::atomic<std::uint64_t> echoed{0};
  kernel::runThreads(kClients, [&, size = size](int index) {
    echoed += runClient(server.port(), index, size / kClients);
  });
  server.close();
  for (std::thread& thread : pool) thread.join();

  kernel::require(server.bytes() == echoed.load(), "bytes counted");
  kernel::Checksum checksum;
  checksum.add(echoed.load());
  return kernel::finish("asio_echo", checksum);
}
