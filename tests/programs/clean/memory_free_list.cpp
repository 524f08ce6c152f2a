// A class with its own free list, guarded by a lock.
#include <stdlib.h>

#include "threads.h"

struct Node {
  Node* next;
  int value;

  static inline Node* free_list = nullptr;
  static inline pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

  static void* operator new(size_t size) {
    pthread_mutex_lock(&mutex);
    Node* node = free_list;
    if (node != nullptr) free_list = node->next;
    pthread_mutex_unlock(&mutex);
    return node != nullptr ? node : malloc(size);
  }
  static void operator delete(void* memory) {
    Node* node = static_cast<Node*>(memory);
    pthread_mutex_lock(&mutex);
    node->next = free_list;
    free_list = node;
    pthread_mutex_unlock(&mutex);
  }
};

int main() {
  runThreadsIndexed(3, [](int i) {
    for (int n = 0; n < 1000; n++) {
      Node* first = new Node{nullptr, i};
      Node* second = new Node{first, n};
      delete first;
      delete second;
    }
  });
}
