// main.cpp - plays random scripts for a while and compares what was reported with the oracle.
//
//   soak [--seed N] [--seconds N] [--rounds N] [--joined] [--verbose]
//
// Each round plays one script (player.h), or, if its seed is odd, lets threads run freely
// (free_run.h). Its seed is one more than that of the round before; `--rounds 1 --seed N` repeats
// the one that failed. For every byte that races for the first time the detector must name every
// thread that the oracle names, and it may name none that the oracle does not. A script that fails
// is made shorter by leaving out what may be left out while it still fails, and printed.
//
// Exit status: 0 everything agrees, 1 it does not, 2 wrong use.
#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <iostream>
#include <random>
#include <sstream>

#include "model/soak/free_run.h"
#include "model/soak/player.h"
#include "model/soak/steps.h"

namespace soak {
namespace {

constexpr unsigned kHangSeconds = 60;

/// What is wrong with `reports`, or nothing.
std::string disagreement(const Script& script, const std::vector<Verdict>& verdicts,
                         const std::vector<Reported>& reports) {
  std::ostringstream text;
  std::vector<Races> named(script.steps.size());
  for (const Reported& report : reports) {
    if (report.step >= script.steps.size()) {
      text << "reported outside of the script, line " << static_cast<const void*>(report.line);
      return text.str();
    }
    const Races& may = verdicts[report.step].may;
    for (const int offset : report.offsets) {
      named[report.step][offset].insert(report.with_thread);
      const auto found = may.find(offset);
      const bool known = report.with_thread != -1;
      if (found == may.end() || (known && found->second.count(report.with_thread) == 0)) {
        text << "step " << report.step << " (" << script.steps[report.step]
             << "): reported, but no race: "
             << "byte " << offset << " with T" << report.with_thread;
        return text.str();
      }
    }
  }
  for (std::size_t i = 0; i < script.steps.size(); ++i)
    for (const auto& [byte, threads] : verdicts[i].must)
      for (const int thread : threads)
        if (named[i][byte].count(thread) == 0 && named[i][byte].count(-1) == 0) {
          text << "step " << i << " (" << script.steps[i] << "): missed: byte " << byte << " with T"
               << thread;
          return text.str();
        }
  return "";
}

std::string playAndCompare(const Script& script, int bank) {
  return disagreement(script, judge(script), play(script, bank));
}

/// Leaves out steps while the script still fails [delta debugging, Zeller 1999], for a while.
Script shorten(Script script, std::string& problem) {
  const std::time_t end = std::time(nullptr) + 20;
  for (std::size_t chunk = script.steps.size() / 2; chunk > 0; chunk /= 2) {
    for (std::size_t from = script.steps.size(); from > 0 && std::time(nullptr) < end;) {
      from -= std::min(from, chunk);
      Script shorter{script.seed, {}};
      for (std::size_t i = 0; i < script.steps.size(); ++i)
        if (i < from || i >= from + chunk || !script.steps[i].isPure())
          shorter.steps.push_back(script.steps[i]);
      if (shorter.steps.size() == script.steps.size()) continue;
      alarm(kHangSeconds);
      const std::string still = playAndCompare(shorter, 0);
      if (still.empty()) continue;
      script = std::move(shorter);
      problem = still;
    }
  }
  return script;
}

void explain(const Script& script, const std::string& problem) {
  std::cout << "soak: seed " << script.seed << ": " << problem << "\n";
  std::string shorter_problem = problem;
  const Script shorter = shorten(script, shorter_problem);
  std::cout << "shortened to " << shorter.steps.size() << " steps: " << shorter_problem << "\n";
  for (std::size_t i = 0; i < shorter.steps.size(); ++i)
    std::cout << "  " << i << ": " << shorter.steps[i] << "\n";
  std::cout << std::flush;
}

void onHang(int) {
  constexpr char kMessage[] = "soak: no end\n";
  const ssize_t ignored = write(1, kMessage, sizeof kMessage - 1);
  (void)ignored;
  describeSeats(1);
  _exit(1);
}

long racingSteps(const std::vector<Verdict>& verdicts) {
  long count = 0;
  for (const Verdict& verdict : verdicts) count += verdict.may.empty() ? 0 : 1;
  return count;
}

int run(std::uint64_t seed, long seconds, long rounds, bool verbose) {
  signal(SIGALRM, onHang);
  const std::time_t end = std::time(nullptr) + seconds;
  long steps = 0, racing = 0, played = 0, racing_bytes = 0;
  for (; played < rounds && std::time(nullptr) < end; ++played) {
    const std::uint64_t round_seed = seed + static_cast<std::uint64_t>(played);
    if (verbose) std::cout << "seed " << round_seed << std::endl;
    if (round_seed % 2 != 0) {
      alarm(kHangSeconds);
      const std::string problem = runFreely(round_seed, racing_bytes);
      if (problem.empty()) continue;
      std::cout << "soak: seed " << round_seed << ": free run: " << problem << std::endl;
      return 1;
    }
    const Script script = generate(round_seed);
    const std::vector<Verdict> verdicts = judge(script);
    alarm(kHangSeconds);
    const std::vector<Reported> reports = play(script, 0);
    const std::string problem = disagreement(script, verdicts, reports);
    steps += static_cast<long>(script.steps.size());
    racing += racingSteps(verdicts);
    if (problem.empty()) continue;
    explain(script, problem);
    return 1;
  }
  std::printf(
      "%ld rounds; scripts of %ld steps, of which %ld race; free runs with %ld racing bytes\n",
      played, steps, racing, racing_bytes);
  return 0;
}

}  // namespace

bool childAgrees(std::uint64_t seed) {
  alarm(kHangSeconds);
  const Script script = generate(seed, true);
  const std::string problem = playAndCompare(script, 1);
  if (problem.empty()) return true;
  std::ostringstream text;
  text << "forked child: " << problem << "\n";
  for (std::size_t i = 0; i < script.steps.size(); ++i)
    text << "  " << i << ": " << script.steps[i] << "\n";
  const std::string all = text.str();
  const ssize_t ignored = write(1, all.data(), all.size());
  (void)ignored;
  return false;
}

}  // namespace soak

int main(int argc, char** argv) {
  std::uint64_t seed = std::random_device()();
  long seconds = 1'000'000'000, rounds = 1'000'000'000;
  bool verbose = false;
  for (int i = 1; i < argc; ++i) {
    const std::string option = argv[i];
    const char* value = i + 1 < argc ? argv[i + 1] : nullptr;
    if (option == "--verbose") {
      verbose = true;
    } else if (option == "--joined") {
      soak::threads_may_be_detached = false;
    } else if (value != nullptr &&
               (option == "--seed" || option == "--seconds" || option == "--rounds")) {
      const unsigned long long number = std::strtoull(value, nullptr, 10);
      if (option == "--seed") seed = number;
      if (option == "--seconds") seconds = static_cast<long>(number);
      if (option == "--rounds") rounds = static_cast<long>(number);
      ++i;
    } else {
      std::cerr << "soak: unknown option " << option << "\n";
      return 2;
    }
  }
  std::printf("first seed %llu\n", static_cast<unsigned long long>(seed));
  std::fflush(stdout);
  return soak::run(seed, seconds, rounds, verbose);
}
