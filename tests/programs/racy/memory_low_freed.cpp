// memory_low_freed.cpp - memory below 4 GiB that is unmapped, replaced, moved and detached, after a use in another
// thread.
// Racy: the threads are not ordered. Each use races with the end of its memory.
// EXPECT: races=5
// EXPECT: contains "0x"
// REQUIRES: arch=x86_64

#include <string.h>
#include <sys/ipc.h>
#include <sys/shm.h>

#include "low_memory.h"
#include "threads.h"

constexpr size_t kBytes = 1 << 16;

int main() {
  char* pages = static_cast<char*>(lowMemory(kBytes));
  runUnordered([=] { pages[5000] = 1; }, [=] { munmap(pages, kBytes); });
  char* const again = static_cast<char*>(lowMemory(kBytes));  // the same pages, most likely: fresh
  again[5000] = 1;
  runUnordered([=] { again[8192 + 7]++; },
      [=] {
        mmap(again + 8192, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
        again[8192 + 7] = 1;
      });
  runUnordered([=] { again[12288] = 1; }, [=] { munmap(again + 12288, 4096); });
  again[5000]++;
  // Large enough that its shadow goes back to the kernel.
  constexpr size_t kMany = 64 << 20;
  char* const many = static_cast<char*>(lowMemory(kMany));
  runUnordered([=] { many[kMany / 2] = 1; }, [=] { munmap(many, kMany); });
  const int id = shmget(IPC_PRIVATE, kBytes, IPC_CREAT | 0600);
  if (id == -1) abort();
  void* const wanted = lowMemory(kBytes);
  munmap(wanted, kBytes);
  char* const shared = static_cast<char*>(shmat(id, wanted, 0));
  shmctl(id, IPC_RMID, nullptr);
  if (shared != wanted) abort();
  runUnordered([=] { shared[77] = 1; }, [=] { shmdt(shared); });
  munmap(again, kBytes);
}
