// Memory that another thread has written is detached without order.
// EXPECT: races=1
#include <sys/ipc.h>
#include <sys/shm.h>

#include "threads.h"

int id;
char* first;

void* wanted;

int main() {
  id = shmget(IPC_PRIVATE, 4096, 0600);
  first = static_cast<char*>(shmat(id, nullptr, 0));
  wanted = first;
  runThreads([] {});
  runUnordered([] { first[8] = 1; }, [] { shmdt(first); });
  shmctl(id, IPC_RMID, nullptr);
}
