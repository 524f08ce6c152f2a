// Attached memory starts afresh: what was recorded in an earlier segment at that address is not
// there.
#include <sys/ipc.h>
#include <sys/shm.h>

#include "threads.h"

int id;
char* segment;

int main() {
  id = shmget(IPC_PRIVATE, 4096, 0600);
  segment = static_cast<char*>(shmat(id, nullptr, 0));
  Thread writer([] {
    segment[8] = 1;
    shmdt(segment);
    stepAdvance();
    stepWait(2);
  });
  Thread reader([] {
    stepWait(1);
    char* again = static_cast<char*>(shmat(id, segment, 0));
    if (again == segment) again[8] = 2;
    stepAdvance();
  });
  writer.join();
  reader.join();
  shmctl(id, IPC_RMID, nullptr);
}
