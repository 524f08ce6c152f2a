// spdlog_async.cpp - threads log through spdlog's asynchronous logger, header-only.
//
// Messages are formatted in the threads, handed over by a blocking queue and written to a stream by
// one pool thread. Verified: every message arrives once, those of a thread in order.
#define FMT_HEADER_ONLY
#include <spdlog/async.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <sstream>
#include <string>

#include "../kernels/kernel.h"

int main(int argc, char** argv) {
  const auto [threads, size] = kernel::parseArguments(argc, argv, 150'000);
  std::ostringstream text;
  spdlog::init_thread_pool(8192, 1);
  auto sink = std::make_shared<spdlog::sinks::ostream_sink_mt>(text);
  auto logger = std::make_shared<spdlog::async_logger>("bench", sink, spdlog::thread_pool(),
                                                       spdlog::async_overflow_policy::block);
  logger->set_pattern("[%l] %v");
  kernel::runThreads(threads, [&, threads = threads, size = size](int index) {
    const kernel::Slice messages = kernel::sliceOf(size, index, threads);
    for (long i = messages.begin; i < messages.end; ++i) {
      logger->info("request {} of user {} took {:.3f} ms, status {}", i, i * 7919 % 1000,
                   static_cast<double>(i % 977) / 13, i % 10 == 0 ? "retry" : "done");
    }
  });
  logger.reset();
  spdlog::shutdown();  // drains the queue and joins the pool

  std::istringstream lines(text.str());
  std::vector<long> last(static_cast<std::size_t>(threads), -1);
  long count = 0;
  std::uint64_t sum = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    long number = -1;
    kernel::require(std::sscanf(line.c_str(), "[info] request %ld", &number) == 1, "whole line");
    int owner = 0;
    while (number >= kernel::sliceOf(size, owner, threads).end) ++owner;
    kernel::require(number > last[static_cast<std::size_t>(owner)], "order within a thread");
    last[static_cast<std::size_t>(owner)] = number;
    sum += static_cast<std::uint64_t>(number);
  }
  kernel::require(count == size, "every message once");
  kernel::Checksum checksum;
  checksum.add(sum);
  return kernel::finish("spdlog_async", checksum);
}
