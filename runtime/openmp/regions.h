// regions.h - what the runtime remembers of OpenMP's teams and tasks: the sync objects that their
// regions release to and acquire from.
//
//   parallel   the encountering thread -> every implicit task                   Team::fork
//   barrier    every arrival -> every departure of that phase, n                Team::barriers[n %
//   2] task       its creation -> its start; if untied, each part -> the next      Task::body
//   taskwait   completion of each child -> the parent's wait                    Task::children
//   taskgroup  completion of each task in it, at any depth -> its end           Taskgroup::end
//   barrier    completion of each task of the team -> departure                 Team::barriers
//   depend     completion of a task -> start of siblings that depend on it      DependObject
//   ordered    a region or a post -> the next region, the waits for it          Team::ordered,
//                                                                               Team::doacross
//
// Two objects are enough for all phases of a team's barrier: nobody arrives at phase n + 2 before
// everybody has departed from phase n, whose object by then holds nothing that the late ones do not
// know.
//
// Invariants: I1 a team outlives its tasks: all complete before the barrier at its end.
//             I2 a task's record lives until it has completed and every child's record is gone,
//             since
//                children release to it.
//             I3 only the thread that runs a task changes its table of dependences.
// Thread safety: as stated at each field. Allocation: the runtime's arena.
#pragma once

#include "base/types.h"
#include "openmp/ompt.h"

namespace hindsight {

struct Thread;

/// A sync object: its address is its name.
struct SyncPoint {
  u32 unused;
};
inline uptr nameOf(const SyncPoint& point) { return reinterpret_cast<uptr>(&point); }

struct Team {
  static constexpr u32 kLoops = 8;      // of a team, that threads may be in at the same time
  static constexpr u32 kPosts = 16384;  // told apart, of the loops with ordered(n)

  SyncPoint fork;
  SyncPoint barriers[2];
  SyncPoint arrivals[2];  // at reductions that the runtime makes by a barrier
  SyncPoint combining;    // one thread after the other into the original variables
  SyncPoint cancellation;
  SyncPoint ordered[kLoops];
  SyncPoint* posts;  // kPosts, from the first use on
  uptr* caller;      // the shadow stack of the thread that encountered the region, up to there
};

struct Taskgroup {
  Taskgroup* outer;
  SyncPoint end;
};

struct DependObject;

/// A dependence of a task: how it takes part in the order at an address.
enum class DependMode : u8 {
  In,
  Out,
  Set,       // inoutset: not ordered among themselves
  MutexSet,  // mutexinoutset: one after the other, in any order
  Before,    // after all that was there when it was created, and nothing else
};
struct TaskDependence {
  DependObject* object;
  DependMode mode;
};
struct DependTable;

struct Task {
  u32 references;  // its own until it completes, and each child's; atomic
  bool is_explicit;
  bool owns_team;  // of one thread, outside of every parallel region
  bool is_untied;
  bool is_started;
  bool is_at_barrier;   // an implicit task that has arrived and not departed
  bool is_reducing;     // an implicit task inside __kmpc_reduce
  bool has_gathered;    // ... which met at a barrier
  bool ends_reduction;  // reduction(task, ...): libomp is about to combine the copies
  bool is_unchecked;    // ... and does
  u32 phase;            // barriers that an implicit task has departed from
  u32 reductions;       // likewise, inside reductions
  u32 loops;            // that an implicit task has begun
  Team* team;
  Task* parent;           // null for implicit tasks
  Task* implicit;         // of the thread that runs it (an untied one: its latest part); itself for
                          // implicit tasks
  Taskgroup* group;       // where it is a member
  Taskgroup* open_group;  // the innermost one that it is in now: its children's
  TaskDependence* dependences;
  u32 dependence_count, dependence_room;
  DependTable* table;  // of its children's dependences
  SyncPoint body;
  SyncPoint children;
};

Team* newTeam();
void deleteTeam(Team* team);

/// `team`'s threads begin with what the caller has done.
void releaseTeam(Thread& thread, Team& team);
/// After the region: everything that its threads and tasks have done is done.
void acquireTeam(Thread& thread, Team& team);

Task* newImplicitTask(Team* team);
Task* newExplicitTask(Task* parent, bool is_untied);
/// The task has completed: its record goes with the last of its children's.
void dropTask(Task* task);

void beginTaskgroup(Task& task);
void waitForTaskgroup(Thread& thread, Task& task);
void endTaskgroup(Thread& thread, Task& task);

void arriveAtBarrier(Thread& thread, Task& implicit);
void departFromBarrier(Thread& thread, Task& implicit);
/// The same for the barrier inside a reduction, which orders its copies before their combination.
void gatherAtReduction(Thread& thread, Task& implicit);
/// In the thread that combines.
void acquireCopies(Thread& thread, const Task& implicit);

/// `next` starts or goes on in the thread that ran `prior`, a task of the same team.
void resumeTask(Thread& thread, const Task& prior, Task& next);
/// An explicit task goes on later, possibly in another thread.
void suspendTask(Thread& thread, Task& task);
/// A part of an untied task has ended in the thread that runs `implicit`.
void endPart(Thread& thread, Task& task, const Task& implicit);
/// Part of what makes `task` complete has happened in the thread that runs `implicit`: the end of
/// its body, or `by_event`, which comes from any thread.
void completeTask(Thread& thread, Task& task, const Task& implicit, bool by_event = false);

/// What `task` says of itself, when it is created, in the thread that runs its parent.
void addDependences(Task& task, const ompt::Dependence* list, u32 count);
/// It starts, or a taskwait with dependences ends.
void acquireDependences(Thread& thread, const Task& task);

/// The sync object of an iteration of a loop with ordered(n); a `list` of sources or sinks says
/// which.
uptr postOf(Team& team, u32 loop, const ompt::Dependence* list, u32 count);

}  // namespace hindsight
