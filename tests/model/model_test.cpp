// model_test.cpp - the runtime against the oracle, on a million random events and more.
//
// For every access and every byte that it touches: if the oracle finds a race on the byte, which has
// not raced before, the runtime must name every thread whose access is not followed by another racing
// one that takes its place; whatever the runtime reports must be a race in the oracle's eyes, with the
// thread it names. Bytes that have raced are renewed soon, so that they can race for the first time again.
//
// HINDSIGHT_MODEL_SEED=N and HINDSIGHT_MODEL_EVENTS=N replay a run, or make it longer.
// clang-format off
#include "model/runtime_side.h"  // first, see there
// clang-format on

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <random>
#include <sstream>

#include "model/oracle.h"

namespace hindsight_model {
namespace {

// The shadow has to be there before the runtime is used; this may start the program again.
__attribute__((constructor)) void mapShadowFirst(int, char** argv, char** environment) {
  hindsight::mapShadow(argv, environment);
}

std::uint64_t fromEnvironment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text != nullptr ? std::strtoull(text, nullptr, 0) : otherwise;
}

constexpr int kLine = 64;
constexpr int kRunEvents = 3000;

class RandomRun {
 public:
  RandomRun(RuntimeSide& runtime, std::uint64_t seed)
      : runtime_(runtime), seed_(seed), generator_(seed) {}

  /// Events performed. Stops at the first disagreement, as a fatal failure.
  int perform() {
    Event event{};
    for (int i = 0; i < kRunEvents && !failed_; ++i) step(generator_.next());
    while (!failed_ && generator_.windUp(event)) step(event);
    runtime_.startOver();
    return static_cast<int>(events_.size());
  }

  bool failed() const { return failed_; }
  long racing() const { return racing_; }

 private:
  void step(const Event& event) {
    if (generator_.below(1000) == 0) runtime_.recycle(static_cast<unsigned>(generator_.below(256)));
    events_.push_back(event);
    const auto races = oracle_.perform(event);
    const std::vector<Reported> reports = runtime_.perform(event);

    std::map<int, std::set<int>> named;
    for (const Reported& report : reports) {
      for (int byte : report.bytes) named[byte].insert(report.thread);
      checkReport(event, report, races);
    }
    for (const auto& [byte, threads] : oracle_.latest())
      for (const int thread : threads)
        if (raced_.count(byte) == 0 && named[byte].count(thread) == 0)
          fail(event, "missed", byte, thread);
    for (const auto& [byte, threads] : races) raced_.insert(byte);
    racing_ += races.empty() ? 0 : 1;
    if (event.what == What::Reset || event.what == What::Free) {
      raced_.erase(raced_.lower_bound(event.offset),
                   raced_.lower_bound(event.offset + event.bytes));
    } else if (!raced_.empty() && generator_.chance(25)) {
      const int line = *raced_.begin() - *raced_.begin() % kLine;
      oracle_.reset(line, kLine);
      runtime_.reset(line, kLine);
      raced_.erase(raced_.lower_bound(line), raced_.lower_bound(line + kLine));
    }
  }

  void checkReport(const Event& event, const Reported& report,
                   const std::map<int, std::set<int>>& races) {
    if (!report.conflicts)
      fail(event, "reported without conflict", report.first_byte, report.thread);
    if (report.bytes.empty()) fail(event, "reported without bytes", report.first_byte, -1);
    for (int byte : report.bytes) {
      auto found = races.find(byte);
      if (found == races.end() || found->second.count(report.thread) == 0)
        return fail(event, "reported, but no race", byte, report.thread);
    }
  }

  /// Says what went wrong, with the past of the byte.
  void fail(const Event& event, const char* what, int byte, int with_thread) {
    if (failed_) return;
    failed_ = true;
    std::ostringstream past;
    const std::size_t keep = 400;
    for (std::size_t i = events_.size() > keep ? events_.size() - keep : 0; i < events_.size();
         ++i) {
      const Event& each = events_[i];
      const bool elsewhere = each.bytes != 0 && (byte < each.offset - each.offset % 4 ||
                                                 byte >= each.offset + each.bytes + 3);
      if (!elsewhere) past << "  " << i << ": " << each << "\n";
    }
    ADD_FAILURE() << "seed " << seed_ << ": " << event << ": " << what << " at byte " << byte
                  << " with T" << with_thread << "\n"
                  << past.str();
  }

  RuntimeSide& runtime_;
  std::uint64_t seed_;
  Generator generator_;
  Oracle oracle_;
  std::vector<Event> events_;
  std::set<int> raced_;
  long racing_ = 0;
  bool failed_ = false;
};

TEST(Model, RuntimeAgreesWithTheOracleOnRandomRuns) {
  std::uint64_t seed = fromEnvironment("HINDSIGHT_MODEL_SEED", std::random_device()());
  const auto wanted = static_cast<long>(fromEnvironment("HINDSIGHT_MODEL_EVENTS", 1'200'000));
  std::printf("first seed %llu\n", static_cast<unsigned long long>(seed));
  static RuntimeSide runtime;
  long events = 0, racing = 0;
  while (events < wanted) {
    RandomRun run(runtime, seed++);
    events += run.perform();
    racing += run.racing();
    if (run.failed()) break;
  }
  std::printf("%ld events, %ld racing accesses\n", events, racing);
}

}  // namespace
}  // namespace hindsight_model
