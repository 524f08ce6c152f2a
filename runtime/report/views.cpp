#include "report/views.h"

#include "heap/heap.h"
#include "history/stack_depot.h"
#include "report/stack_frame.h"

namespace hindsight {

constinit bool (*locate_descriptor)(uptr address, LocationView& location) = nullptr;

StackView viewOf(const uptr* frames, u32 count) { return {frames, count, false}; }

ThreadView viewOf(const Thread& thread) {
  return {thread.id,
          thread.name,
          thread.state == ThreadState::Finished || thread.state == ThreadState::Joined,
          thread.creator_id,
          viewOf(thread.creation_stack, thread.creation_frames),
          thread.os_tid};
}

StackView viewOfDepot(u32 stack) {
  u32 count = 0;
  const uptr* const frames = depotGet(stack, count);
  return viewOf(frames, count);
}

namespace {

struct StackSearch {
  uptr address;
  const Thread* found;
};

}  // namespace

LocationView locate(uptr address) {
  LocationView location{};
  if (locate_descriptor != nullptr && locate_descriptor(address, location)) return location;
  if (const uptr block = findBlock(address)) {
    const Block known = describeBlock(block);
    location.kind = LocationKind::Heap;
    location.start = block;
    location.size = known.size;
    u32 count = 0;
    const uptr* frames = depotGet(known.stack, count);
    location.allocated_at = viewOf(frames, count);
    location.owner.id = known.thread_id;
    location.owner.name = "";
    StackSearch by_id{known.thread_id, nullptr};
    forEachThread(
        [](Thread& thread, void* argument) {
          auto* search = static_cast<StackSearch*>(argument);
          if (thread.id == search->address) search->found = &thread;
        },
        &by_id);
    if (by_id.found != nullptr) location.owner = viewOf(*by_id.found);
    return location;
  }
  StackSearch by_tls{address, nullptr};
  forEachThread(
      [](Thread& thread, void* argument) {
        auto* search = static_cast<StackSearch*>(argument);
        if (search->address >= thread.tls_begin && search->address < thread.tls_end &&
            thread.state == ThreadState::Running)
          search->found = &thread;
      },
      &by_tls);
  if (by_tls.found != nullptr) {
    location.kind = LocationKind::ThreadLocal;
    location.start = by_tls.found->tls_begin;
    location.size = by_tls.found->tls_end - by_tls.found->tls_begin;
    location.owner = viewOf(*by_tls.found);
    location.thread_pointer = by_tls.found->handle;  // pthread_t is that in glibc
    return location;
  }
  StackSearch by_stack{address, nullptr};
  forEachThread(
      [](Thread& thread, void* argument) {
        auto* search = static_cast<StackSearch*>(argument);
        if (search->address >= thread.stack_begin && search->address < thread.stack_end &&
            thread.state == ThreadState::Running)
          search->found = &thread;
      },
      &by_stack);
  if (by_stack.found != nullptr) {
    location.kind = LocationKind::Stack;
    location.start = by_stack.found->stack_begin;
    location.size = by_stack.found->stack_end - by_stack.found->stack_begin;
    location.owner = viewOf(*by_stack.found);
    if (by_stack.found != currentThread()) location.frame = frameOf(*by_stack.found, address);
  }
  return location;
}

ThreadView viewOfThread(u32 id) {
  StackSearch by_id{id, nullptr};
  forEachThread(
      [](Thread& thread, void* argument) {
        auto* search = static_cast<StackSearch*>(argument);
        if (thread.id == search->address) search->found = &thread;
      },
      &by_id);
  if (by_id.found != nullptr) return viewOf(*by_id.found);
  ThreadView unknown{};
  unknown.id = id;
  unknown.name = "";
  unknown.finished = true;
  return unknown;
}

}  // namespace hindsight
