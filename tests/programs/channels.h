// channels.h - what the channel programs share: threads, steps, and waiting for a waiter.
#pragma once

#include "hindsight/chan.h"
#include "threads.h"

using hindsight::chan;
using hindsight::closed_channel;
using hindsight::on_default;
using hindsight::on_receive;
using hindsight::on_send;
using hindsight::on_timeout;
using hindsight_test::Step;
using std::chrono::hours;
using std::chrono::milliseconds;

HINDSIGHT_TEST_UNINSTRUMENTED inline bool isAwaited(hindsight::detail::ChannelCore* core, int sends,
                                                    int receives) {
  hindsight::detail::lock(*core);
  for (auto* op = core->senders.first; op != nullptr; op = op->next) --sends;
  for (auto* op = core->receivers.first; op != nullptr; op = op->next) --receives;
  hindsight::detail::unlock(*core);
  return sends <= 0 && receives <= 0;
}

/// Returns once `count` receives are blocked on the channel. Orders nothing.
template <class T>
void awaitReceivers(const chan<T>& channel, int count = 1) {
  while (!isAwaited(channel.core(), 0, count)) sched_yield();
}
/// Returns once `count` sends are blocked on the channel. Orders nothing.
template <class T>
void awaitSenders(const chan<T>& channel, int count = 1) {
  while (!isAwaited(channel.core(), count, 0)) sched_yield();
}
