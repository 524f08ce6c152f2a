// generator.cpp - who goes next, and how a script ends.
#include "model/soak/generator.h"

#include <algorithm>
#include <utility>

namespace soak {

bool threads_may_be_detached = true;

Generator::Generator(std::uint64_t seed, bool in_child) : random_(seed) {
  script_.seed = seed;
  wanted_steps_ = in_child ? 30 + below(60) : 50 + below(600);
  thread_limit_ = in_child ? 3 : 2 + below(7);
  stray_percent_ = below(3) == 0 ? 20 : 2;
  byte_percent_ = below(3) * 50;
  long_percent_ = below(6) == 0 ? 20 : 0;
  atomic_percent_ = below(3) * 15;
  switch_percent_ = 10 + below(4) * 25;
  may_fork_ = !in_child && chance(10);
  for (int i = 0; i < kChannels; ++i) channels_[i].capacity = kCapacities[i];
  threads_.emplace_back();
  threads_[0].block_offset = next_offset_;
  threads_[0].block = newBlock(kStackBytes, 0, -1);
  start(threads_[0]);
}

Script generate(std::uint64_t seed, bool in_child) { return Generator(seed, in_child).run(); }

Script Generator::run() {
  // Several threads from the start, or one after the other.
  if (chance(70))
    while (static_cast<int>(threads_.size()) < thread_limit_) create(threads_[0]);
  while (static_cast<int>(script_.steps.size()) < wanted_steps_ &&
         next_offset_ < kFlatBytes - 1024) {
    ThreadState& thread = pickThread();
    if (thread.state == State::Created) {
      start(thread);
    } else if (thread.state == State::Departing) {
      emitComplete(thread.id);
    } else if (thread.in_handler) {
      handlerStep(thread);
    } else {
      oneStep(thread);
    }
  }
  windUp();
  return std::move(script_);
}

Step& Generator::emit(Step step) {
  script_.steps.push_back(std::move(step));
  return script_.steps.back();
}

void Generator::start(ThreadState& thread) {
  Step step{Op::Start, thread.id};
  step.place = {thread.block, thread.block_offset};
  thread.state = State::Ready;
  emit(std::move(step));
}

/// The blocked call of `thread` has returned.
void Generator::emitComplete(int id) {
  ThreadState& thread = threads_[static_cast<std::size_t>(id)];
  thread.state = State::Ready;
  thread.may_take_signals = true;
  emit(std::move(thread.complete));
}

void Generator::block(Step step, Step complete, bool may_take_signals) {
  ThreadState& thread = threads_[static_cast<std::size_t>(step.thread)];
  thread.state = State::Blocked;
  thread.may_take_signals = may_take_signals;
  complete.thread = step.thread;
  complete.object = step.object;
  thread.complete = std::move(complete);
  step.blocks = true;
  emit(std::move(step));
}

int Generator::readyCount() const {
  return static_cast<int>(std::count_if(threads_.begin(), threads_.end(), [](const ThreadState& t) {
    return t.state == State::Ready && !t.in_handler;
  }));
}

bool Generator::mayBlock(const ThreadState& thread) {
  if (thread.in_handler || readyCount() < 2) return false;
  return std::none_of(thread.held.begin(), thread.held.end(),
                      [&](int lock) { return locks_[lock].waiter >= 0; });
}

Generator::ThreadState* Generator::someReady() {
  for (ThreadState& thread : threads_)
    if (thread.state == State::Ready && !thread.in_handler) return &thread;
  return nullptr;
}

/// Somebody who can take a step; mostly the one who took the last.
Generator::ThreadState& Generator::pickThread() {
  const auto runs = [](const ThreadState& thread) {
    return thread.state == State::Created || thread.state == State::Ready ||
           thread.state == State::Departing ||
           (thread.state == State::Blocked && thread.in_handler);
  };
  ThreadState& current = threads_[static_cast<std::size_t>(current_)];
  if (runs(current) && !chance(switch_percent_)) return current;
  for (;;) {
    current_ = below(static_cast<int>(threads_.size()));
    ThreadState& thread = threads_[static_cast<std::size_t>(current_)];
    if (runs(thread)) return thread;
  }
}

void Generator::oneStep(ThreadState& thread) {
  const int kind = below(100);
  if (kind < 40) return access(thread);
  if (kind < 40 + atomic_percent_) return atomic(thread);
  if (kind < 73) return lockOrUnlock(thread);
  if (kind < 76) return condition(thread);
  if (kind < 79) return semaphore(thread);
  if (kind < 81) return barrier(thread);
  if (kind < 82) return once(thread);
  if (kind < 84) return raw(thread);
  if (kind < 89) return channel(thread);
  if (kind < 92) return threads(thread);
  if (kind < 93) return kill(thread);
  if (kind < 95) return fence(thread);
  if (kind < 98) return heap(thread);
  renew(thread);
}

/// A handler accesses memory, and it may end.
void Generator::handlerStep(ThreadState& thread) {
  if (chance(30)) {
    thread.in_handler = false;
    emit({Op::HandlerEnd, thread.id});
  } else if (chance(atomic_percent_)) {
    atomic(thread);
  } else if (chance(10)) {
    raw(thread);
  } else {
    access(thread);
  }
}

/// Everybody leaves what they are in, ends, and is joined by the first.
void Generator::windUp() {
  for (ThreadState& thread : threads_) {
    if (thread.in_handler) emit({Op::HandlerEnd, thread.id});
    thread.in_handler = false;
    if (thread.state == State::Created) start(thread);
  }
  while (releaseSomething()) {
  }
  for (std::size_t i = 1; i < threads_.size(); ++i)
    if (threads_[i].state == State::Ready) end(threads_[i]);
  for (std::size_t i = 1; i < threads_.size(); ++i) {
    if (threads_[i].state != State::Ended || !threads_[i].joinable) continue;
    Step join{Op::Join, 0};
    join.other = threads_[i].id;
    join.events = {on(What::Join, threads_[0], 0)};
    join.events[0].other_thread = join.other;
    emit(std::move(join));
  }
}

/// Takes one step towards nobody being blocked and nothing being held; false if that is so.
bool Generator::releaseSomething() {
  for (ThreadState& thread : threads_) {
    if (thread.state == State::Departing) return emitComplete(thread.id), true;
    if (thread.state == State::Ready && !thread.held.empty())
      return unlock(thread, thread.held.back()), true;
  }
  ThreadState* ready = someReady();
  for (int i = 0; i < kSemaphores; ++i)
    if (semaphores_[i].waiter >= 0) return post(*ready, i), true;
  for (int i = 0; i < kChannels; ++i) {
    if (channels_[i].receiver >= 0) return send(*ready, i), true;
    if (channels_[i].sender >= 0) return receive(*ready, i), true;
  }
  for (int i = 0; i < kConditions; ++i) {
    if (conditions_[i].waiter < 0) continue;
    const int guard = kConditionLocks[i];
    if (locks_[guard].owner >= 0) continue;
    lock(*ready, guard);
    Step signal{Op::CondSignal, ready->id};
    signal.object = i;
    conditions_[i].signalled = true;
    emit(std::move(signal));
    return true;  // the unlock comes first in the next round
  }
  for (BarrierState& barrier : barriers_)
    if (!barrier.waiting.empty()) return arrive(*ready, barrier), true;
  for (ThreadState& thread : threads_)  // someone waits for the end of another thread
    if (thread.joiner >= 0 && thread.state == State::Ready &&
        threads_[static_cast<std::size_t>(thread.joiner)].state == State::Blocked)
      return end(thread), true;
  return false;
}

}  // namespace soak
