// posix_spawn, exec and wait: their strings are read, identifiers and statuses written.
// EXPECT: races=9
#include <spawn.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "libc_cases.h"

pid_t child;
int status;
char path[16] = "/bin/true", argument[8] = "x", command[8] = "true";
char* arguments[] = {path, argument, nullptr};
extern char** environ;
siginfo_t info;
rusage usage;

pid_t spawn() {
  pid_t mine;
  char name[] = "/bin/true";
  char* list[] = {name, nullptr};
  posix_spawn(&mine, name, nullptr, nullptr, list, environ);
  return mine;
}

constexpr Case kCases[] = {
    {"posix_spawn path",
     [] {
       pid_t mine;
       posix_spawn(&mine, path, nullptr, nullptr, arguments, environ);
       waitpid(mine, nullptr, 0);
     },
     [] { path[9] = 0; }},
    {"posix_spawn argument",
     [] {
       pid_t mine;
       posix_spawn(&mine, "/bin/true", nullptr, nullptr, arguments, environ);
       waitpid(mine, nullptr, 0);
     },
     [] { argument[0] = 'y'; }},
    {"posix_spawn child",
     [] {
       char* list[] = {nullptr};
       posix_spawn(&child, "/bin/true", nullptr, nullptr, list, environ);
       waitpid(-1, nullptr, 0);
     },
     [] { child = 0; }},
    {"waitpid", [] { waitpid(spawn(), &status, 0); }, [] { status = 0; }},
    {"waitid", [] { waitid(P_PID, spawn(), &info, WEXITED); }, [] { info.si_pid = 0; }},
    {"wait4", [] { wait4(spawn(), nullptr, 0, &usage); }, [] { usage.ru_nivcsw = 0; }},
    {"system", [] { keep(system(command)); }, [] { command[3] = 'e'; }},
    {"execv", [] { keep(execv("/nowhere", arguments)); }, [] { arguments[1] = argument; }},
    {"execl", [] { keep(execl("/nowhere", "nowhere", argument, nullptr)); },
     [] { argument[1] = 0; }},
};

int main() { raceCases(kCases); }
