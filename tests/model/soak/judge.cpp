// judge.cpp - what the oracle says of a script.
#include "model/oracle.h"
#include "model/soak/steps.h"

namespace soak {
namespace {

void add(Races& into, const Races& more) {
  for (const auto& [byte, threads] : more) into[byte].insert(threads.begin(), threads.end());
}

}  // namespace

std::vector<Verdict> judge(const Script& script) {
  hindsight_model::Oracle oracle(kFlatBytes);
  std::set<int> raced;  // a byte must be reported when it races for the first time
  std::vector<Verdict> verdicts(script.steps.size());
  for (std::size_t i = 0; i < script.steps.size(); ++i) {
    Verdict& verdict = verdicts[i];
    for (const Event& event : script.steps[i].events) {
      add(verdict.may, oracle.perform(event));
      Races latest = oracle.latest();
      for (const int byte : raced) latest.erase(byte);
      add(verdict.must, latest);
      if (event.what == What::Reset)
        raced.erase(raced.lower_bound(event.offset), raced.lower_bound(event.offset + event.bytes));
    }
    for (const auto& [byte, threads] : verdict.may) raced.insert(byte);
  }
  return verdicts;
}

}  // namespace soak
