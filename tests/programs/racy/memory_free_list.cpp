// A class with its own free list that no lock guards.
// EXPECT: races>=1
#include <stdlib.h>

#include "threads.h"

struct Node {
  Node* next;
  int value;

  static inline Node* free_list = nullptr;

  static void* operator new(size_t size) {
    if (Node* node = free_list) {
      free_list = node->next;
      return node;
    }
    return malloc(size);
  }
  static void operator delete(void* memory) {
    Node* node = static_cast<Node*>(memory);
    node->next = free_list;
    free_list = node;
  }
};

int main() {
  runUnordered([] { delete new Node{nullptr, 1}; }, [] { delete new Node{nullptr, 2}; });
}
