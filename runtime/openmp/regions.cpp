#include "openmp/regions.h"

#include "base/arena.h"
#include "sync/sync.h"

namespace hindsight {
namespace {

void forget(const SyncPoint& point) { forgetSyncObject(nameOf(point)); }

template <u32 kCount>
void forgetAll(const SyncPoint (&points)[kCount]) {
  for (const SyncPoint& point : points) forget(point);
}

}  // namespace

// --- Teams ---------------------------------------------------------------------------------------

Team* newTeam() { return arenaNew<Team>(); }

void deleteTeam(Team* team) {
  forget(team->fork);
  forgetAll(team->barriers);
  forgetAll(team->arrivals);
  forget(team->combining);
  forget(team->cancellation);
  forgetAll(team->ordered);
  if (team->posts != nullptr) {
    for (u32 i = 0; i < Team::kPosts; ++i) forget(team->posts[i]);
    arenaFree(team->posts, Team::kPosts * sizeof(SyncPoint));
  }
  arenaFree(team, sizeof(Team));
}

void releaseTeam(Thread& thread, Team& team) { release(thread, nameOf(team.fork)); }

void acquireTeam(Thread& thread, Team& team) {
  for (const SyncPoint& barrier : team.barriers) acquire(thread, nameOf(barrier));
}

uptr postOf(Team& team, u32 loop, const ompt::Dependence* list, u32 count) {
  u64 iteration = 0;
  for (u32 i = 0; i < count; ++i)
    iteration = iteration * 0x9e3779b97f4a7c15ull + list[i].variable.value;
  iteration += loop * 0x9e3779b1ull;
  SyncPoint* posts = __atomic_load_n(&team.posts, __ATOMIC_ACQUIRE);  // pairs with: below
  if (posts == nullptr) {
    constexpr size_t kBytes = Team::kPosts * sizeof(SyncPoint);
    auto* mine = static_cast<SyncPoint*>(arenaAllocate(kBytes));
    if (__atomic_compare_exchange_n(&team.posts, &posts, mine, false, __ATOMIC_ACQ_REL,
                                    __ATOMIC_ACQUIRE))
      posts = mine;
    else
      arenaFree(mine, kBytes);
  }
  return nameOf(posts[iteration % Team::kPosts]);
}

// --- Tasks ---------------------------------------------------------------------------------------

Task* newImplicitTask(Team* team) {
  Task* task = arenaNew<Task>();
  task->references = 1;
  task->team = team;
  task->implicit = task;
  task->is_started = true;
  return task;
}

Task* newExplicitTask(Task* parent, bool is_untied) {
  Task* task = arenaNew<Task>();
  __atomic_fetch_add(&parent->references, 1, __ATOMIC_RELAXED);
  task->references = 1;
  task->is_explicit = true;
  task->is_untied = is_untied;
  task->team = parent->team;
  task->parent = parent;
  task->implicit = parent->implicit;
  task->group = task->open_group = parent->open_group;
  return task;
}

void resumeTask(Thread& thread, const Task& prior, Task& next) {
  if (!next.is_explicit) return;
  next.implicit = prior.implicit;
  if (!next.is_started) {
    next.is_started = true;
    acquire(thread, nameOf(next.body));
    acquireDependences(thread, next);
  } else if (next.is_untied) {
    acquire(thread, nameOf(next.body));
  }
}

void suspendTask(Thread& thread, Task& task) {
  if (task.is_untied) release(thread, nameOf(task.body));
}

// --- Regions that wait ---------------------------------------------------------------------------

void beginTaskgroup(Task& task) {
  Taskgroup* group = arenaNew<Taskgroup>();
  group->outer = task.open_group;
  task.open_group = group;
}

void waitForTaskgroup(Thread& thread, Task& task) {
  if (task.open_group != task.group) acquire(thread, nameOf(task.open_group->end));
}

void endTaskgroup(Thread& thread, Task& task) {
  Taskgroup* const group = task.open_group;
  if (group == task.group) return;
  acquire(thread, nameOf(group->end));
  task.open_group = group->outer;
  forget(group->end);
  arenaFree(group, sizeof(Taskgroup));
}

void arriveAtBarrier(Thread& thread, Task& implicit) {
  release(thread, nameOf(implicit.team->barriers[implicit.phase % 2]));
  implicit.is_at_barrier = true;
}

void departFromBarrier(Thread& thread, Task& implicit) {
  acquire(thread, nameOf(implicit.team->barriers[implicit.phase % 2]));
  implicit.is_at_barrier = false;
  ++implicit.phase;
}

void gatherAtReduction(Thread& thread, Task& implicit) {
  release(thread, nameOf(implicit.team->arrivals[implicit.reductions % 2]));
  implicit.has_gathered = true;
}

void acquireCopies(Thread& thread, const Task& implicit) {
  if (implicit.has_gathered)
    acquire(thread, nameOf(implicit.team->arrivals[implicit.reductions % 2]));
}

// --- Dependences ---------------------------------------------------------------------------------

/// The order at one address, or at all of them, among the children of one task: the completed ones.
struct DependObject {
  uptr address;
  DependObject* next;  // in its bucket
  SyncPoint in, out, set, mutex_set;
};

struct DependTable {
  DependObject** buckets;
  u32 bucket_count;
  u32 object_count;
  bool has_all;
  DependObject all;  // those that depend on all memory, and what comes after them
};

namespace {

void forgetObject(const DependObject& object) {
  forget(object.in);
  forget(object.out);
  forget(object.set);
  forget(object.mutex_set);
}

template <class Visit>
void forEachObject(const DependTable& table, Visit visit) {
  for (u32 i = 0; i < table.bucket_count; ++i)
    for (DependObject* object = table.buckets[i]; object != nullptr;) {
      DependObject* const next = object->next;
      visit(object);
      object = next;
    }
}

void deleteTable(DependTable* table) {
  forEachObject(*table, [](DependObject* object) {
    forgetObject(*object);
    arenaFree(object, sizeof(DependObject));
  });
  if (table->buckets != nullptr)
    arenaFree(table->buckets, table->bucket_count * sizeof(DependObject*));
  forgetObject(table->all);
  arenaFree(table, sizeof(DependTable));
}

DependObject*& bucketOf(const DependTable& table, uptr address) {
  return table.buckets[(address * 0x9e3779b97f4a7c15ull >> 32) % table.bucket_count];
}

void growTable(DependTable& table) {
  DependTable larger = table;
  larger.bucket_count = table.bucket_count == 0 ? 16 : table.bucket_count * 4;
  const size_t bytes = larger.bucket_count * sizeof(DependObject*);
  larger.buckets = static_cast<DependObject**>(arenaAllocate(bytes));
  __builtin_memset(larger.buckets, 0, bytes);
  forEachObject(table, [&](DependObject* object) {
    DependObject*& bucket = bucketOf(larger, object->address);
    object->next = bucket;
    bucket = object;
  });
  if (table.buckets != nullptr)
    arenaFree(table.buckets, table.bucket_count * sizeof(DependObject*));
  table.buckets = larger.buckets;
  table.bucket_count = larger.bucket_count;
}

DependTable& tableOf(Task& task) {
  if (task.table == nullptr) task.table = arenaNew<DependTable>();
  return *task.table;
}

DependObject* needObject(DependTable& table, uptr address) {
  if (table.object_count >= table.bucket_count * 2) growTable(table);
  DependObject*& bucket = bucketOf(table, address);
  for (DependObject* object = bucket; object != nullptr; object = object->next)
    if (object->address == address) return object;
  DependObject* object = arenaNew<DependObject>();
  object->address = address;
  object->next = bucket;
  bucket = object;
  ++table.object_count;
  return object;
}

/// How many dependences a task gets that declares `list`; `for_all` if it depends on all memory.
u32 roomFor(const DependTable& table, u32 count, bool for_all) {
  return for_all ? table.object_count + 1 : count + 1;
}

bool isOnAllMemory(const ompt::Dependence& dependence) {
  return dependence.type == ompt::DependenceType::OutAllMemory ||
         dependence.type == ompt::DependenceType::InOutAllMemory;
}

DependMode modeOf(ompt::DependenceType type) {
  switch (type) {
    case ompt::DependenceType::In: return DependMode::In;
    case ompt::DependenceType::InOutSet: return DependMode::Set;
    case ompt::DependenceType::MutexInOutSet: return DependMode::MutexSet;
    default: return DependMode::Out;
  }
}

void acquireAt(Thread& thread, const TaskDependence& dependence) {
  const DependObject& object = *dependence.object;
  acquire(thread, nameOf(object.out));
  acquire(thread, nameOf(object.mutex_set));
  if (dependence.mode != DependMode::In) acquire(thread, nameOf(object.in));
  if (dependence.mode != DependMode::Set) acquire(thread, nameOf(object.set));
}

void releaseAt(Thread& thread, const TaskDependence& dependence) {
  const DependObject& object = *dependence.object;
  switch (dependence.mode) {
    case DependMode::In: return release(thread, nameOf(object.in));
    case DependMode::Out: return release(thread, nameOf(object.out));
    case DependMode::Set: return release(thread, nameOf(object.set));
    case DependMode::MutexSet: return release(thread, nameOf(object.mutex_set));
    case DependMode::Before: return;
  }
}

void freeDependences(Task& task) {
  if (task.dependences != nullptr)
    arenaFree(task.dependences, task.dependence_room * sizeof(TaskDependence));
}

}  // namespace

void addDependences(Task& task, const ompt::Dependence* list, u32 count) {
  if (task.parent == nullptr || task.dependences != nullptr) return;
  bool for_all = false;
  for (u32 i = 0; i < count; ++i) for_all |= isOnAllMemory(list[i]);
  DependTable& table = tableOf(*task.parent);
  task.dependence_room = roomFor(table, count, for_all);
  task.dependences =
      static_cast<TaskDependence*>(arenaAllocate(task.dependence_room * sizeof(TaskDependence)));
  const auto add = [&](DependObject* object, DependMode mode) {
    task.dependences[task.dependence_count++] = {object, mode};
  };
  if (for_all) {
    forEachObject(table, [&](DependObject* object) { add(object, DependMode::Before); });
    table.has_all = true;
    return add(&table.all, DependMode::Out);
  }
  for (u32 i = 0; i < count; ++i)
    add(needObject(table, list[i].variable.value), modeOf(list[i].type));
  if (table.has_all) add(&table.all, DependMode::In);
}

void acquireDependences(Thread& thread, const Task& task) {
  for (u32 i = 0; i < task.dependence_count; ++i) acquireAt(thread, task.dependences[i]);
}

// --- The end of a task ---------------------------------------------------------------------------

void completeTask(Thread& thread, Task& task, const Task& implicit, bool by_event) {
  if (task.parent != nullptr) release(thread, nameOf(task.parent->children));
  if (task.group != nullptr) release(thread, nameOf(task.group->end));
  // A thread that has not arrived yet will. The one that ran the task cannot have departed before
  // this.
  if (by_event || implicit.is_at_barrier)
    release(thread, nameOf(implicit.team->barriers[implicit.phase % 2]));
  for (u32 i = 0; i < task.dependence_count; ++i) releaseAt(thread, task.dependences[i]);
}

void endPart(Thread& thread, Task& task, const Task& implicit) {
  release(thread, nameOf(task.body));
  completeTask(thread, task, implicit);
}

namespace {

void closeTaskgroups(Task& task) {  // left open by a cancellation
  while (task.open_group != task.group) {
    Taskgroup* const group = task.open_group;
    task.open_group = group->outer;
    forget(group->end);
    arenaFree(group, sizeof(Taskgroup));
  }
}

}  // namespace

void dropTask(Task* task) {
  while (task != nullptr && __atomic_sub_fetch(&task->references, 1, __ATOMIC_ACQ_REL) == 0) {
    Task* const parent = task->parent;
    closeTaskgroups(*task);
    freeDependences(*task);
    if (task->table != nullptr) deleteTable(task->table);
    forget(task->body);
    forget(task->children);
    arenaFree(task, sizeof(Task));
    task = parent;
  }
}

}  // namespace hindsight
