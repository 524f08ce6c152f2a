// oracle.cpp - the rules of runtime/core/race_rule.h as plainly as they can be written, as
// observer: vector clocks as arrays, and of each byte every access there was.
//
// `finish` holds what other builds have reported against that. A byte's first race is the first
// access that races with earlier ones: it must have been reported, with one of their threads. Any
// pair that races may be.
//
// ORACLE_TRACE="ROUND OBJECT OFFSET" in the environment: says what happens to that byte, and every
// synchronisation of that round.
#include <algorithm>
#include <array>
#include <fstream>
#include <iostream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "model/pass/observer.h"

namespace pass_model {
namespace {

using Clock = std::array<long, kThreads>;
using Pair = std::pair<int, int>;  // of threads, the smaller one first

struct Access {
  int thread;
  long time;
  bool writes;
  long spans;
  bool is_weak;  // a read that the optimiser may leave out
};

/// How one byte races in one round.
struct Verdict {
  std::set<Pair> first, all;
};

/// Round, object, offset.
using Key = std::array<long, 3>;

struct ThreadClocks {
  Clock now{}, released{}, to_acquire{};  // C, Frel and Facq of SEMANTICS
  // How often the optimiser has had to forget what memory holds. A release store, which is all that
  // it may take a load over, does not count.
  long spans = 0;
};

std::map<Key, Verdict> verdicts;
std::unordered_map<const unsigned char*, std::vector<Access>> history;
ThreadClocks threads[kThreads];
Clock mutexes[kLocks], atomics[kAtomics];
int self = 0, round_now = 0;

void join(Clock& into, const Clock& other) {
  for (std::size_t i = 0; i < other.size(); ++i) into[i] = std::max(into[i], other[i]);
}

/// Whether something in this round is to be told.
bool traces(const unsigned char* at) {
  static const char* const text = getenv("ORACLE_TRACE");
  if (text == nullptr) return false;
  Key key{};
  std::istringstream(text) >> key[0] >> key[1] >> key[2];
  Name name{};
  return key[0] == round_now && (at == nullptr || (nameOf(at, name) && key[1] == name.object &&
                                                   key[2] == static_cast<long>(name.offset)));
}

void tell(const char* what, const unsigned char* at = nullptr, int number = 0, int order = 0) {
  if (!traces(at)) return;
  std::cout << "T" << self << " " << what << " " << number << " " << order << ", knows";
  for (const long time : threads[self].now) std::cout << " " << time;
  std::cout << "\n";
}

Pair pairOf(int a, int b) { return std::minmax(a, b); }

bool releases(int order) { return order == __ATOMIC_RELEASE || order >= __ATOMIC_ACQ_REL; }
bool acquires(int order) { return order != __ATOMIC_RELAXED && order != __ATOMIC_RELEASE; }

void access(const unsigned char* at, int what) {
  const bool writes = what == kWrite;
  std::vector<Access>& earlier = history[at];
  const Clock& clock = threads[self].now;
  tell(writes ? "writes" : "reads", at);
  const Access current{
      self, clock[static_cast<std::size_t>(self)], writes, threads[self].spans,
      what == kReadPerhaps ||
          (!writes && std::any_of(earlier.begin(), earlier.end(), [](const Access& own) {
            return own.thread == self && own.spans == threads[self].spans &&
                   own.time != threads[self].now[static_cast<std::size_t>(self)];
          }))};
  std::set<Pair> races, certain;
  for (const Access& access : earlier)
    if (access.thread != self && (access.writes || writes) &&
        access.time > clock[static_cast<std::size_t>(access.thread)]) {
      races.insert(pairOf(self, access.thread));
      if (!current.is_weak && !access.is_weak) certain.insert(pairOf(self, access.thread));
    }
  earlier.push_back(current);
  if (races.empty()) return;
  Name name{};
  if (!nameOf(at, name)) {
    std::cerr << "the program races on memory that nobody knows\n";
    abort();
  }
  Verdict& verdict = verdicts[{round_now, name.object, static_cast<long>(name.offset)}];
  if (verdict.first.empty()) verdict.first = certain;
  verdict.all.insert(races.begin(), races.end());
}

std::string describe(const Key& key, const std::set<Pair>& pairs) {
  std::ostringstream text;
  text << "round " << key[0] << ", object " << key[1] << ", byte " << key[2];
  for (const Pair& pair : pairs) text << ", T" << pair.first << " and T" << pair.second;
  return text.str();
}

/// Returns how many disagreements there are; says the first few.
int compare(const char* path) {
  std::ifstream file(path);
  if (!file) {
    std::cerr << "cannot read " << path << "\n";
    return 1;
  }
  constexpr int kMostSaid = 8;
  int wrong = 0;
  const auto say = [&](const char* what, const Key& key, const std::set<Pair>& pairs) {
    if (wrong++ < kMostSaid) std::cout << path << ": " << what << describe(key, pairs) << "\n";
  };
  std::map<Key, std::set<Pair>> reported;
  Key key;
  int thread = 0, previous = 0;
  while (file >> key[0] >> key[1] >> key[2] >> thread >> previous)
    reported[key].insert(pairOf(thread, previous));
  for (const auto& [where, pairs] : reported) {
    const auto found = verdicts.find(where);
    for (const Pair& pair : pairs) {
      const bool is_known =
          found != verdicts.end() && (pair.first == -1 || found->second.all.count(pair) != 0);
      if (!is_known) say("reported, but no race: ", where, {pair});
    }
  }
  for (const auto& [where, verdict] : verdicts) {
    const std::set<Pair>& named = reported[where];
    const bool is_found =
        std::any_of(named.begin(), named.end(), [&first = verdict.first](const Pair& pair) {
          return pair.first == -1 || first.count(pair) != 0;
        });
    if (!is_found && !verdict.first.empty()) say("missed: ", where, verdict.first);
  }
  return wrong;
}

}  // namespace

void roundBegins(int round) {
  round_now = round;
  history.clear();
  for (int i = 0; i < kThreads; ++i) {
    threads[i] = {};
    threads[i].now[static_cast<std::size_t>(i)] = 1;
  }
  for (Clock& clock : mutexes) clock = {};
  for (Clock& clock : atomics) clock = {};
}

void turnOf(int thread) {
  self = thread;
  ++threads[self].spans;
}

void localEnds(void* at, u64 bytes) {
  for (u64 i = 0; i < bytes; ++i) history.erase(static_cast<unsigned char*>(at) + i);
}
void blockEnds(void* at, u64 bytes) { localEnds(at, bytes); }

void roundEnds() {}

int finish(char** files, int count) {
  int wrong = 0;
  for (int i = 0; i < count; ++i) wrong += compare(files[i]);
  std::cout << verdicts.size() << " racing bytes\n";
  return wrong == 0 ? 0 : 1;
}

}  // namespace pass_model

using namespace pass_model;  // NOLINT

void oracle_access(const void* at, u64 bytes, int what) {
  for (u64 i = 0; i < bytes; ++i) access(static_cast<const unsigned char*>(at) + i, what);
}

namespace {

/// After what others may see of the calling thread's past.
void tick() { ++threads[self].now[static_cast<std::size_t>(self)]; }

}  // namespace

void oracle_locked(int index) {
  ++threads[self].spans;
  tell("locked", nullptr, index);
  join(threads[self].now, mutexes[index]);
}

void oracle_unlocks(int index) {
  ++threads[self].spans;
  tell("unlocks", nullptr, index);

  mutexes[index] = threads[self].now;
  tick();
}

void oracle_load(int index, int order) {
  ++threads[self].spans;
  tell("load", nullptr, index, order);
  ThreadClocks& thread = threads[self];
  join(acquires(order) ? thread.now : thread.to_acquire, atomics[index]);
}

void oracle_store(int index, int order) {
  tell("store", nullptr, index, order);
  atomics[index] = releases(order) ? threads[self].now : threads[self].released;
  tick();
}

void oracle_update(int index, int order) {
  ++threads[self].spans;
  tell("update", nullptr, index, order);
  const Clock before = atomics[index];
  join(atomics[index], releases(order) ? threads[self].now : threads[self].released);
  join(acquires(order) ? threads[self].now : threads[self].to_acquire, before);
  tick();
}

void oracle_fence(int order) {
  ++threads[self].spans;
  tell("fence", nullptr, 0, order);
  if (acquires(order)) join(threads[self].now, threads[self].to_acquire);
  if (releases(order)) threads[self].released = threads[self].now;
  tick();
}
