// The annotations: edges, memory handed out afresh, accesses not to be looked at.
#include "hindsight/annotate.h"

#include "threads.h"

int data;
int ignored;
int recycled[4];

int main() {
  hindsight_test::Step step;
  runThreads(
      [&] {
        data = 1;
        hindsight::annotate::happens_before(&step);
        ignored = 1;
        recycled[1] = 1;
        step.advance();
      },
      [&] {
        step.wait(1);
        hindsight::annotate::happens_after(&step);
        USE_VALUE(data);
        {
          hindsight::annotate::ignore_scope scope;
          ignored = 2;
        }
        hindsight::annotate::new_memory(recycled, sizeof recycled);
        recycled[1] = 2;
      });
}
