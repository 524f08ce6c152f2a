// untied_task.h - an untied task made by hand, as Clang makes them of `#pragma omp task untied`: a routine
// that libomp calls once for each part of the task, that enqueues the task for the next one, and returns.
// By hand, since nothing of the program comes between the last two, where the tests have to wait.
#pragma once

#include <stddef.h>

struct UntiedTask {  // libomp's kmp_task_t
  void* shareds;
  int (*routine)(int thread, struct UntiedTask* task);
  int part;
  int (*destructor)(int thread, struct UntiedTask* task);
  void* priority;
  int* value;  // private to the task
  int round;
};

struct UntiedTaskDependence {  // kmp_depend_info
  void* address;
  size_t bytes;
  unsigned char kind;  // 1: in, 3: out
};

enum { kUntiedTask = 0, kUntiedTaskWithDestructor = 8 };

int __kmpc_global_thread_num(void* place);
struct UntiedTask* __kmpc_omp_task_alloc(void* place, int thread, int flags, size_t task_bytes,
                                         size_t shareds_bytes,
                                         int (*routine)(int, struct UntiedTask*));
int __kmpc_omp_task(void* place, int thread, struct UntiedTask* task);
int __kmpc_omp_task_with_deps(void* place, int thread, struct UntiedTask* task, int count,
                              struct UntiedTaskDependence* dependences, int other_count, void* others);
