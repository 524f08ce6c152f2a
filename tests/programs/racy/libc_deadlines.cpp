// What else waits, locks and threads read and write: deadlines, masks, attributes, handles.
// EXPECT: races>=15
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/select.h>
#include <sys/signalfd.h>
#include <threads.h>
#include <unistd.h>

#include "libc_cases.h"

timespec deadline;
timeval rest;
sigset_t mask, other_mask;
pthread_t handle;
void* result;
addrinfo* addresses;
struct flock lock;
pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
pthread_mutexattr_t attributes;
pthread_attr_t thread_attributes;
sem_t semaphore;
int file;

struct Prepared {
  Prepared() {
    sem_init(&semaphore, 0, 9);
    pthread_mutexattr_init(&attributes);
    pthread_attr_init(&thread_attributes);
    file = open("/proc/self/exe", O_RDONLY);
  }
} prepared;

void* nothing(void* argument) { return argument; }

void waitOnCondition() {
  pthread_mutex_lock(&mutex);
  pthread_cond_timedwait(&condition, &mutex, &deadline);
  pthread_mutex_unlock(&mutex);
}

constexpr Case kCases[] = {
    {"pthread_mutex_timedlock",
     [] {
       if (pthread_mutex_timedlock(&mutex, &deadline) == 0) pthread_mutex_unlock(&mutex);
     },
     [] { deadline.tv_nsec = 0; }},
    {"pthread_cond_timedwait", [] { waitOnCondition(); }, [] { deadline.tv_sec = 0; }},
    {"pthread_rwlock_timedrdlock",
     [] {
       if (pthread_rwlock_timedrdlock(&rwlock, &deadline) == 0) pthread_rwlock_unlock(&rwlock);
     },
     [] { deadline.tv_nsec = 1; }},
    {"sem_timedwait", [] { keep(sem_timedwait(&semaphore, &deadline)); },
     [] { deadline.tv_sec = 1; }},
    {"select",
     [] {
       rest = {0, 1};
       keep(select(0, nullptr, nullptr, nullptr, &rest));
     },
     [] { rest.tv_usec = 0; }},
    {"ppoll", [] { keep(ppoll(nullptr, 0, &deadline, nullptr)); }, [] { deadline.tv_nsec = 2; }},
    {"ppoll mask",
     [] {
       timespec none{0, 0};
       keep(ppoll(nullptr, 0, &none, &mask));
     },
     [] { sigemptyset(&mask); }},
    {"signalfd", [] { close(signalfd(-1, &other_mask, 0)); }, [] { sigemptyset(&other_mask); }},
    {"pthread_create",
     [] {
       pthread_create(&handle, nullptr, nothing, nullptr);
       pthread_join(handle, nullptr);
     },
     [] { handle = 0; }},
    {"pthread_create attributes",
     [] {
       pthread_t mine;
       pthread_create(&mine, &thread_attributes, nothing, nullptr);
       pthread_join(mine, nullptr);
     },
     [] { pthread_attr_setstacksize(&thread_attributes, 1 << 20); }},
    {"pthread_join",
     [] {
       pthread_t mine;
       pthread_create(&mine, nullptr, nothing, nullptr);
       pthread_join(mine, &result);
     },
     [] { result = nullptr; }},
    {"pthread_mutex_init",
     [] {
       pthread_mutex_t mine;
       pthread_mutex_init(&mine, &attributes);
     },
     [] { pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE); }},
    {"getaddrinfo", [] { keep(getaddrinfo("127.0.0.1", nullptr, nullptr, &addresses)); },
     [] { addresses = nullptr; }},
    {"getaddrinfo list",
     [] {
       keep(getaddrinfo("127.0.0.1", "80", nullptr, &addresses));
       stepAdvance();
     },
     [] {
       if (step_counter.value != 0) addresses->ai_addr->sa_family = 0;
     }},
    {"F_GETLK",
     [] {
       lock = {F_RDLCK, SEEK_SET, 0, 0, 0};
       keep(fcntl(file, F_GETLK, &lock));
     },
     [] { lock.l_type = F_RDLCK; }},
};

int main() { raceCases(kCases); }
