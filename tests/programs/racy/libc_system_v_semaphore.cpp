// Raising two System V semaphores orders the raiser before each waiter, not the waiters; nor does lowering one order who
// lowers it next, where it is high enough for both.
// EXPECT: races=2
#include <sys/ipc.h>
#include <sys/sem.h>

#include "threads.h"

int message, other;
int sets[3];

void change(int set, int by) {
  sembuf operation{0, static_cast<short>(by), 0};
  semop(sets[set], &operation, 1);
}

int main() {
  for (int& set : sets) set = semget(IPC_PRIVATE, 1, 0600);
  runThreads(
      [] {
        message = 1;
        change(0, 1);
        change(1, 1);
      },
      [] {
        change(0, -1);
        message = 2;
      },
      [] {
        change(1, -1);
        message = 3;
      });
  semctl(sets[2], 0, SETVAL, 2);
  runUnordered(
      [] {
        other = 1;
        change(2, -1);
      },
      [] {
        change(2, -1);
        other = 2;
      });
  for (int set : sets) semctl(set, 0, IPC_RMID);
}
