// generator.h - makes random scripts that a real program could play.
//
// The generator keeps the state of every primitive, so that it knows which calls succeed, which
// fail and which block. Three rules keep a script from getting stuck or from being ambiguous:
//   * a thread blocks only while another one is ready, and on a lock only if its holder is ready;
//   * whose lock another thread waits for does not block;
//   * on each object at most one thread waits (barriers aside), and it goes on at once when it can.
#pragma once

#include <deque>
#include <random>

#include "model/soak/steps.h"

namespace soak {

class Generator {
 public:
  Generator(std::uint64_t seed, bool in_child);
  Script run();

 private:
  enum class State { Created, Ready, Blocked, Departing, Ended };

  struct ThreadState {
    int id = 0;
    State state = State::Ready;
    bool in_handler = false;
    bool may_take_signals = true;  // not blocked after a release
    bool joinable = true;
    int joiner = -1;
    int block = -1;  // its stack buffer, and where that is
    int block_offset = 0;
    bool fenced = false;  // has made a release fence
    std::vector<int> held;
    Step complete{Op::Complete, 0};  // when it blocks
  };

  struct LockState {
    int owner = -1;
    int levels = 0;
    std::set<int> readers;
    int waiter = -1;
    int condition_waiter = -1;  // will want it again
    bool settled = true;        // the last wait on a condition has really begun
  };

  struct ConditionState {
    int waiter = -1;
    bool signalled = false;
  };

  struct SemaphoreState {
    int value = 0;
    int waiter = -1;
  };

  struct BarrierState {
    int count = 0;
    int phase = 0;  // its object
    std::vector<int> waiting;
  };

  struct ChannelState {
    int capacity = 0;
    std::deque<int> buffered;   // objects of sends
    std::vector<int> received;  // objects of receives, by number
    int sends = 0;
    bool closed = false;
    int sender = -1, receiver = -1;  // who waits
    int envelope = 0;                // its object
  };

  struct Block {
    int id, offset, bytes;
    int owner;
    int how;  // it was allocated: variants of Malloc; -1 for stacks
  };

  // generator.cpp
  int below(int n) { return static_cast<int>(random_() % static_cast<std::uint64_t>(n)); }
  bool chance(int percent) { return below(100) < percent; }
  template <class T, std::size_t N>
  T oneOf(const T (&choices)[N]) {
    return choices[below(N)];
  }
  Step& emit(Step step);
  void emitComplete(int thread);
  void start(ThreadState& thread);
  void block(Step step, Step complete, bool may_take_signals);
  bool mayBlock(const ThreadState& thread);
  ThreadState& pickThread();
  void oneStep(ThreadState& thread);
  void handlerStep(ThreadState& thread);
  void windUp();
  bool releaseSomething();
  int readyCount() const;
  ThreadState* someReady();
  int newObject() { return next_object_ += 16; }

  // generator_memory.cpp
  void access(ThreadState& thread);
  void accessArena(ThreadState& thread);
  bool accessBlock(ThreadState& thread);
  void mixed(ThreadState& thread);
  void atomic(ThreadState& thread);
  void fence(ThreadState& thread);
  void heap(ThreadState& thread);
  void allocate(ThreadState& thread);
  void release(ThreadState& thread, std::size_t which);
  void resize(ThreadState& thread, Block& block);
  void renew(ThreadState& thread);
  int newBlock(int bytes, int owner, int how);
  Event on(What what, const ThreadState& thread, int offset, int bytes = 0) const;

  // generator_locks.cpp
  void lockOrUnlock(ThreadState& thread);
  void lock(ThreadState& thread, int lock);
  void unlock(ThreadState& thread, int lock);
  void afterUnlock(int lock);
  void obtain(ThreadState& thread, int lock, bool shared);
  void condition(ThreadState& thread);
  void waitOn(ThreadState& thread, int condition);
  void semaphore(ThreadState& thread);
  void post(ThreadState& thread, int semaphore);
  void barrier(ThreadState& thread);
  void arrive(ThreadState& thread, BarrierState& barrier);
  void once(ThreadState& thread);
  void raw(ThreadState& thread);

  // generator_threads.cpp
  void channel(ThreadState& thread);
  void send(ThreadState& thread, int channel);
  void receive(ThreadState& thread, int channel);
  void tryChannel(ThreadState& thread, int channel);
  void closeChannel(ThreadState& thread, int channel);
  void threads(ThreadState& thread);
  void create(ThreadState& thread);
  void end(ThreadState& thread);
  void kill(ThreadState& thread);
  int closedByte(int channel) const;
  bool barrierIsPending() const;
  bool somebodyJoins() const;

  std::mt19937_64 random_;
  Script script_;
  int wanted_steps_;
  int thread_limit_;
  int stray_percent_, byte_percent_, long_percent_, atomic_percent_, switch_percent_;
  bool may_fork_;
  int current_ = 0;
  std::deque<ThreadState> threads_;
  LockState locks_[kLocks];
  ConditionState conditions_[kConditions];
  SemaphoreState semaphores_[kSemaphores];
  BarrierState barriers_[kBarriers];
  ChannelState channels_[kChannels];
  bool once_done_[kOnces] = {};
  std::vector<Block> blocks_;
  int next_block_ = 0;
  int next_offset_ = kMemoryBytes + kChannels * 64;
  int next_object_ = kObjectsBase + (1 << 16);
};

// Offsets of the objects that there are from the start.
constexpr int lockObject(int lock) { return kObjectsBase + lock * 16; }
constexpr int semaphoreObject(int semaphore) { return kObjectsBase + 0x1000 + semaphore * 16; }
constexpr int onceObject(int once) { return kObjectsBase + 0x2000 + once * 16; }
constexpr int rawObject(int raw) { return kObjectsBase + 0x3000 + raw * 16; }
constexpr int closeObject(int channel) { return kObjectsBase + 0x4000 + channel * 16; }

}  // namespace soak
