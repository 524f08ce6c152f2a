// Callbacks of nftw and twalk are checked as what their thread does.
#include <fcntl.h>
#include <fts.h>
#include <ftw.h>
#include <search.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "threads.h"

char root[] = "/tmp/hindsight.XXXXXX";
int seen, visited;

int onFile(const char*, const struct stat*, int, FTW*) {
  seen++;
  return 0;
}

void visit(const void*, VISIT, int) { visited++; }
int compare(const void* left, const void* right) {
  return *static_cast<const int*>(left) - *static_cast<const int*>(right);
}

int main() {
  if (mkdtemp(root) == nullptr) return 1;
  static int key = 1;
  static void* tree;
  tsearch(&key, &tree, compare);
  runOrdered(
      [] {
        nftw(root, onFile, 4, FTW_PHYS);
        twalk(tree, visit);
      },
      [] {
        seen = 0;
        visited = 0;
      });
  rmdir(root);
}
