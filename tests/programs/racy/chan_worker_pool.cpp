// Workers take jobs from a channel; the result of a job is read once it is *taken*, not done.
// EXPECT: races=1
#include "channels.h"

struct Job {
  int input;
  int output;
};

int main() {
  Step step;
  Job job{3, 0};
  chan<Job*> jobs(0);
  Thread worker([&] {
    for (Job* each : jobs) {
      each->output = each->input * 2;
      step.advance();
    }
  });
  jobs.send(&job);
  step.wait(1);
  USE_VALUE(job.output);
  jobs.close();
  worker.join();
}
