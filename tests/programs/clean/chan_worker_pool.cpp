// Three workers, a channel of jobs and a channel of results.
#include "channels.h"

struct Job {
  int input;
  int output;
};

Job jobs_to_do[300];

int main() {
  chan<Job*> jobs(4);
  chan<Job*> results(4);
  Thread workers([&] {
    runThreadsIndexed(3, [&](int) {
      for (Job* job : jobs) {
        job->output = job->input * 2;
        results.send(job);
      }
    });
    results.close();
  });
  Thread feeder([&] {
    for (Job& job : jobs_to_do) {
      job.input = 1;
      jobs.send(&job);
    }
    jobs.close();
  });
  int sum = 0;
  for (Job* job : results) sum += job->output;
  workers.join();
  feeder.join();
  return sum == 600 ? 0 : 1;
}
