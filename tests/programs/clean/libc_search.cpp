// Search tables: a look-up reads the table, an insertion writes it.
#include <search.h>
#include <stdlib.h>

#include "libc_cases.h"

int array[8] = {5, 3, 9}, key = 9, missing = 7;
size_t count = 3;
hsearch_data table;
ENTRY* found;
void* tree;
struct Link {
  Link *next, *previous;
  int value;
} first, second, third;

int compareInts(const void* left, const void* right) {
  return *static_cast<const int*>(left) - *static_cast<const int*>(right);
}

struct Made {
  Made() {
    hcreate_r(16, &table);
    char name[] = "a";
    ENTRY* entry;
    hsearch_r({name, nullptr}, ENTER, &entry, &table);
  }
} made;

constexpr Case kCases[] = {
    {"lfind count", [] { lfind(&key, array, &count, sizeof(int), compareInts); },
     [] { count = 3; }},
    {"lsearch", [] { lsearch(&missing, array, &count, sizeof(int), compareInts); },
     [] { array[3] = 0; }},
    {"hsearch_r enter",
     [] {
       char name[] = "b";
       hsearch_r({name, nullptr}, ENTER, &found, &table);
     },
     [] {
       ENTRY* mine;
       char name[] = "c";
       hsearch_r({name, nullptr}, FIND, &mine, &table);
     }},
    {"hsearch_r result",
     [] {
       char name[] = "c";
       hsearch_r({name, nullptr}, FIND, &found, &table);
     },
     [] { found = nullptr; }},
    {"tsearch", [] { tsearch(&key, &tree, compareInts); },
     [] { tsearch(&array[1], &tree, compareInts); }},
    {"tfind", [] { tfind(&key, &tree, compareInts); },
     [] { tdelete(&array[1], &tree, compareInts); }},
    {"insque",
     [] {
       insque(&first, nullptr);
       insque(&second, &first);
     },
     [] { first.next = &second; }},
    {"remque",
     [] {
       insque(&third, &second);
       remque(&third);
     },
     [] { second.next = nullptr; }},
};

/// Beside what the calls access: quiet without any order.
constexpr Case kNeighbours[] = {
    {"tfind", [] { tfind(&key, &tree, compareInts); },
     [] { tfind(&array[0], &tree, compareInts); }},
    {"hsearch_r find",
     [] {
       char name[] = "a";
       ENTRY* mine;
       hsearch_r({name, nullptr}, FIND, &mine, &table);
     },
     [] {
       ENTRY* mine;
       char name[] = "a";
       hsearch_r({name, nullptr}, FIND, &mine, &table);
     }},
    {"insque", [] { insque(&second, &first); }, [] { second.value = 1; }},
};

int main() {
  orderCases(kCases);
  raceCases(kNeighbours);
}
