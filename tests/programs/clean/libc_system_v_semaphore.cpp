// Raising a System V semaphore happens before the operation that it lets through.
#include <sys/ipc.h>
#include <sys/sem.h>

#include "threads.h"

int message;
int sets[2];

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
  for (int set : sets) semctl(set, 0, IPC_RMID);
}
