// Raising a System V semaphore happens before the operation that it lets through; so does lowering it to zero before what
// waits for that, and setting it before both.
#include <sys/ipc.h>
#include <sys/sem.h>

#include "threads.h"

int message, other, third;
int sets[4];

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
      });
  change(2, 1);
  runThreads(
      [] {
        other = 1;
        change(2, -1);
      },
      [] {
        change(2, 0);
        other = 2;
      });
  runThreads(
      [] {
        third = 1;
        semctl(sets[3], 0, SETVAL, 1);
      },
      [] {
        change(3, -1);
        third = 2;
      });
  for (int set : sets) semctl(set, 0, IPC_RMID);
}
