// spdlog_async.cpp - an asynchronous logger shared by several threads, header-only spdlog.
//
// Four threads log through a small blocking queue (so producers wait for the workers), two pool
// threads write to a rotating file and to an ostream, a third library thread flushes
// periodically, and the level changes while everybody logs.
// Verified: every message arrives exactly once, messages of one thread in order, files rotate.

#define FMT_HEADER_ONLY
#include <spdlog/async.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "check.h"

namespace {

constexpr int kThreads = 4;
constexpr int kMessages = 1500;
constexpr size_t kQueueItems = 256;
constexpr size_t kFileBytes = 64 * 1024;
constexpr size_t kFiles = 3;

std::string scratchFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "hindsight-spdlog-XXXXXX").string();
  require(mkdtemp(name.data()) != nullptr, "scratch folder");
  return name;
}

void logFrom(int thread) {
  const std::shared_ptr<spdlog::logger> logger = spdlog::get("async");
  for (int i = 0; i < kMessages; ++i) {
    logger->info("thread {} message {} of {:>6.2f}% {}", thread, i, 100.0 * i / kMessages,
                 std::string(static_cast<size_t>(i % 40), 'x'));
    logger->trace("never shown {}", i);
    if (i % 500 == 0) logger->flush();
    if (i % 100 == 0) logger->set_level(i % 200 == 0 ? spdlog::level::info : spdlog::level::debug);
  }
}

// With two workers the queue is FIFO but two messages of one thread may be written in either
// order, so only presence is checked: every (thread, message) once.
void checkText(const std::string& text) {
  std::vector<int> seen(kThreads * kMessages);
  std::istringstream lines(text);
  std::string line;
  int total = 0;
  while (std::getline(lines, line)) {
    int thread = -1;
    int message = -1;
    const size_t start = line.find("thread ");
    require(start != std::string::npos, "line holds a message");
    require(sscanf(line.c_str() + start, "thread %d message %d", &thread, &message) == 2,
            "line is whole");
    require(thread >= 0 && thread < kThreads && message >= 0 && message < kMessages, "in range");
    ++seen[static_cast<size_t>(thread * kMessages + message)];
    ++total;
  }
  require(total == kThreads * kMessages, "all messages written");
  for (const int count : seen) require(count == 1, "each message once");
}

}  // namespace

int main() {
  const std::string folder = scratchFolder();
  std::ostringstream text;

  spdlog::init_thread_pool(kQueueItems, 2);
  auto file = std::make_shared<spdlog::sinks::rotating_file_sink_mt>(folder + "/log.txt",
                                                                     kFileBytes, kFiles);
  auto stream = std::make_shared<spdlog::sinks::ostream_sink_mt>(text);
  auto logger = std::make_shared<spdlog::async_logger>(
      "async", spdlog::sinks_init_list{file, stream}, spdlog::thread_pool(),
      spdlog::async_overflow_policy::block);
  logger->set_pattern("[%H:%M:%S.%e] [%t] [%l] %v");
  logger->flush_on(spdlog::level::err);
  spdlog::register_logger(logger);
  spdlog::flush_every(std::chrono::seconds(1));

  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) threads.emplace_back(logFrom, i);
  for (std::thread& thread : threads) thread.join();

  logger.reset();
  spdlog::shutdown();  // drains the queue and joins the pool

  checkText(text.str());
  require(std::filesystem::exists(folder + "/log.1.txt"), "file rotated");
  file.reset();
  std::filesystem::remove_all(folder);
  puts("spdlog: ok");
  return 0;
}
