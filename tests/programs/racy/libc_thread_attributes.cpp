// Attribute objects belong to the program: setting writes them, asking reads them.
// EXPECT: races=15
#include <pthread.h>
#include <sched.h>
#include <spawn.h>

#include "libc_cases.h"

pthread_attr_t attributes;
pthread_mutexattr_t mutex_attributes;
pthread_condattr_t condition_attributes;
pthread_rwlockattr_t rwlock_attributes;
pthread_barrierattr_t barrier_attributes;
posix_spawnattr_t spawn_attributes;
posix_spawn_file_actions_t actions;
size_t bytes;
int kind, state;
clockid_t clock_id;
pthread_key_t key;
char name[16];
sched_param parameters;
cpu_set_t processors;
pthread_t self = pthread_self();

struct Initialised {
  Initialised() {
    pthread_attr_init(&attributes);
    pthread_mutexattr_init(&mutex_attributes);
    pthread_condattr_init(&condition_attributes);
    pthread_rwlockattr_init(&rwlock_attributes);
    pthread_barrierattr_init(&barrier_attributes);
    posix_spawnattr_init(&spawn_attributes);
    posix_spawn_file_actions_init(&actions);
  }
} initialised;

constexpr Case kCases[] = {
    {"pthread_attr_setstacksize", [] { pthread_attr_setstacksize(&attributes, 1 << 20); },
     [] { pthread_attr_getstacksize(&attributes, &bytes); }},
    {"pthread_attr_getstacksize", [] { pthread_attr_getstacksize(&attributes, &bytes); },
     [] { bytes = 0; }},
    {"pthread_attr_getdetachstate", [] { pthread_attr_getdetachstate(&attributes, &kind); },
     [] { kind = 0; }},
    {"pthread_mutexattr_settype",
     [] { pthread_mutexattr_settype(&mutex_attributes, PTHREAD_MUTEX_RECURSIVE); },
     [] { pthread_mutexattr_gettype(&mutex_attributes, &state); }},
    {"pthread_mutexattr_gettype", [] { pthread_mutexattr_gettype(&mutex_attributes, &kind); },
     [] { kind = 0; }},
    {"pthread_condattr_setclock",
     [] { pthread_condattr_setclock(&condition_attributes, CLOCK_MONOTONIC); },
     [] { pthread_condattr_getclock(&condition_attributes, &clock_id); }},
    {"pthread_rwlockattr_setpshared", [] { pthread_rwlockattr_setpshared(&rwlock_attributes, 0); },
     [] { pthread_rwlockattr_getpshared(&rwlock_attributes, &state); }},
    {"pthread_barrierattr_setpshared",
     [] { pthread_barrierattr_setpshared(&barrier_attributes, 0); },
     [] { pthread_barrierattr_getpshared(&barrier_attributes, &state); }},
    {"posix_spawnattr_setflags", [] { posix_spawnattr_setflags(&spawn_attributes, 0); },
     [] {
       short flags;
       posix_spawnattr_getflags(&spawn_attributes, &flags);
     }},
    {"posix_spawn_file_actions_addclose", [] { posix_spawn_file_actions_addclose(&actions, 7); },
     [] { posix_spawn_file_actions_addclose(&actions, 8); }},
    {"pthread_key_create", [] { pthread_key_create(&key, nullptr); }, [] { key = 0; }},
    {"pthread_getname_np", [] { pthread_getname_np(pthread_self(), name, sizeof name); },
     [] { name[0] = 0; }},
    {"pthread_getschedparam", [] { pthread_getschedparam(pthread_self(), &kind, &parameters); },
     [] { parameters.sched_priority = 0; }},
    {"pthread_getaffinity_np",
     [] { pthread_getaffinity_np(pthread_self(), sizeof processors, &processors); },
     [] { CPU_ZERO(&processors); }},
    {"pthread_setcancelstate", [] { pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &state); },
     [] { state = 0; }},
};

int main() { raceCases(kCases); }
