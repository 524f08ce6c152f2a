// generator_threads.cpp - channels, the life of threads, signals, fork.
#include <algorithm>
#include <utility>

#include "model/soak/generator.h"

namespace soak {

int Generator::closedByte(int channel) const { return kMemoryBytes + channel * 64; }

void Generator::channel(ThreadState& thread) {
  const int which = below(kChannels);
  const ChannelState& channel = channels_[which];
  if (chance(25)) return tryChannel(thread, which);
  if (chance(3)) return closeChannel(thread, which);
  if (chance(50) && !channel.closed) return send(thread, which);
  receive(thread, which);
}

// The k-th send leaves its clock for the k-th receive, and takes that of receive k - capacity.
void Generator::send(ThreadState& thread, int which) {
  ChannelState& channel = channels_[which];
  if (channel.closed || channel.sender >= 0) return access(thread);
  const int envelope = newObject();
  Step step{Op::Send, thread.id};
  step.object = which;
  step.events = {on(What::Read, thread, closedByte(which), 1),
                 on(What::ReleaseStore, thread, envelope)};
  const int number = channel.sends;
  if (channel.receiver >= 0) {
    const int receiver = channel.receiver;
    if (threads_[static_cast<std::size_t>(receiver)].in_handler) return access(thread);
    const int theirs = channel.capacity == 0 ? channel.envelope : -1;
    if (theirs >= 0) {
      step.events.push_back(on(What::Acquire, thread, theirs));
    } else if (number >= channel.capacity) {
      step.events.push_back(
          on(What::Acquire, thread,
             channel.received[static_cast<std::size_t>(number - channel.capacity)]));
    }
    channel.received.push_back(channel.envelope);
    channel.receiver = -1;
    ++channel.sends;
    emit(std::move(step));
    ThreadState& other = threads_[static_cast<std::size_t>(receiver)];
    other.complete.events = {on(What::Acquire, other, envelope)};
    emitComplete(receiver);
    return;
  }
  if (static_cast<int>(channel.buffered.size()) < channel.capacity) {
    if (number >= channel.capacity)
      step.events.push_back(
          on(What::Acquire, thread,
             channel.received[static_cast<std::size_t>(number - channel.capacity)]));
    channel.buffered.push_back(envelope);
    ++channel.sends;
    if (chance(30)) step.op = Op::TrySend;
    emit(std::move(step));
    return;
  }
  if (!mayBlock(thread)) return access(thread);
  channel.sender = thread.id;
  channel.envelope = envelope;
  block(std::move(step), {Op::Complete, thread.id}, false);
}

void Generator::receive(ThreadState& thread, int which) {
  ChannelState& channel = channels_[which];
  if (channel.receiver >= 0) return access(thread);
  const int envelope = newObject();
  Step step{chance(30) ? Op::SelectReceive : Op::Receive, thread.id};
  step.object = which;
  step.events = {on(What::ReleaseStore, thread, envelope)};
  const int sender = channel.sender;
  if (sender >= 0 && threads_[static_cast<std::size_t>(sender)].in_handler) return access(thread);
  if (!channel.buffered.empty() || sender >= 0) {
    int theirs = channel.envelope;
    if (!channel.buffered.empty()) {
      theirs = channel.buffered.front();
      channel.buffered.pop_front();
    }
    step.events.push_back(on(What::Acquire, thread, theirs));
    channel.received.push_back(envelope);
    // Nobody is at the channel: what is ready is so for sure.
    if (sender < 0 && chance(30)) step.op = Op::TryReceive;
    emit(std::move(step));
    if (sender < 0) return;
    if (channel.capacity > 0) channel.buffered.push_back(channel.envelope);
    ++channel.sends;
    channel.sender = -1;
    ThreadState& other = threads_[static_cast<std::size_t>(sender)];
    other.complete.events = {on(What::Acquire, other, envelope)};
    emitComplete(sender);
    return;
  }
  if (channel.closed) {
    step.events = {on(What::Acquire, thread, closeObject(which))};
    emit(std::move(step));
    return;
  }
  if (!mayBlock(thread)) return access(thread);
  channel.receiver = thread.id;
  channel.envelope = envelope;
  block(std::move(step), {Op::Complete, thread.id}, false);
}

/// A try that fails.
void Generator::tryChannel(ThreadState& thread, int which) {
  const ChannelState& channel = channels_[which];
  if (channel.closed || channel.sender >= 0 || channel.receiver >= 0) return access(thread);
  const int room = channel.capacity - static_cast<int>(channel.buffered.size());
  Step step{Op::TrySendFails, thread.id};
  step.object = which;
  if (room == 0 && (channel.capacity > 0 || chance(50))) {
    step.events = {on(What::Read, thread, closedByte(which), 1)};
  } else if (channel.buffered.empty()) {
    step.op = Op::TryReceiveFails;
  } else {
    return access(thread);
  }
  emit(std::move(step));
}

void Generator::closeChannel(ThreadState& thread, int which) {
  ChannelState& channel = channels_[which];
  const int receiver = channel.receiver;
  if (channel.closed || channel.sender >= 0) return access(thread);
  if (receiver >= 0 && threads_[static_cast<std::size_t>(receiver)].in_handler)
    return access(thread);
  channel.closed = true;
  Step step{Op::Close, thread.id};
  step.object = which;
  step.events = {on(What::Write, thread, closedByte(which), 1),
                 on(What::Release, thread, closeObject(which))};
  emit(std::move(step));
  if (receiver < 0) return;
  channel.receiver = -1;
  ThreadState& other = threads_[static_cast<std::size_t>(receiver)];
  other.complete.events = {on(What::Acquire, other, closeObject(which))};
  emitComplete(receiver);
}

void Generator::threads(ThreadState& thread) {
  const auto alive = std::count_if(threads_.begin(), threads_.end(), [](const ThreadState& each) {
    return each.state != State::Ended;
  });
  if (alive < thread_limit_ && static_cast<int>(threads_.size()) < kMaxThreads && chance(50))
    return create(thread);
  if (may_fork_ && chance(10)) {
    may_fork_ = false;
    emit({Op::Fork, thread.id});
    return;
  }
  ThreadState& other = threads_[static_cast<std::size_t>(below(static_cast<int>(threads_.size())))];
  if (other.id == 0 || other.id == thread.id || !other.joinable || other.joiner >= 0)
    return access(thread);
  Step join{Op::Join, thread.id};
  join.other = other.id;
  Event joined = on(What::Join, thread, 0);
  joined.other_thread = other.id;
  if (other.state == State::Ended) {
    other.joinable = false;
    join.events = {joined};
    emit(std::move(join));
  } else if (threads_may_be_detached && chance(10)) {
    other.joinable = false;
    join.op = Op::Detach;
    emit(std::move(join));
  } else if (other.state == State::Ready && other.held.empty() && chance(60)) {
    if (chance(50) && mayBlock(thread) && thread.joiner < 0 && !barrierIsPending()) {
      other.joiner = thread.id;
      other.joinable = false;
      Step complete{Op::Complete, thread.id};
      complete.events = {joined};
      block(std::move(join), std::move(complete), true);
    } else {
      end(other);
    }
  }
}

bool Generator::somebodyJoins() const {
  return std::any_of(threads_.begin(), threads_.end(), [](const ThreadState& each) {
    return each.joiner >= 0 && each.state != State::Ended;
  });
}

void Generator::create(ThreadState& thread) {
  Step step{threads_may_be_detached && chance(8) ? Op::CreateDetached : Op::Create, thread.id};
  ThreadState created;
  created.id = step.other = static_cast<int>(threads_.size());
  created.state = State::Created;
  created.joinable = step.op == Op::Create;
  created.block_offset = next_offset_;
  created.block = newBlock(kStackBytes, created.id, -1);
  step.events = {on(What::Create, thread, 0)};
  step.events[0].other_thread = created.id;
  emit(std::move(step));
  threads_.push_back(std::move(created));
}

/// `thread` does nothing more. Its stack is nobody's business from now on.
void Generator::end(ThreadState& thread) {
  const int joiner = thread.joiner;
  const bool joiner_busy = joiner >= 0 && threads_[static_cast<std::size_t>(joiner)].in_handler;
  if (thread.state != State::Ready || thread.in_handler || !thread.held.empty() ||
      barrierIsPending() || joiner_busy || (readyCount() < 2 && joiner < 0))
    return;
  thread.state = State::Ended;
  blocks_.erase(std::find_if(blocks_.begin(), blocks_.end(),
                             [&](const Block& block) { return block.id == thread.block; }));
  emit({Op::End, thread.id});
  if (joiner >= 0) emitComplete(joiner);
}

void Generator::kill(ThreadState& thread) {
  ThreadState& other = threads_[static_cast<std::size_t>(below(static_cast<int>(threads_.size())))];
  const bool can_take = other.state == State::Ready || other.state == State::Blocked;
  if (other.id == thread.id || !can_take || !other.may_take_signals || other.in_handler)
    return access(thread);
  Step step{Op::Kill, thread.id};
  step.other = other.id;
  emit(std::move(step));
  other.in_handler = true;
  emit({Op::HandlerBegin, other.id});
}

}  // namespace soak
