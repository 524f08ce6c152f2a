// spawn.cpp - new programs: posix_spawn, exec, wait; their strings are read, their results written.
//
// What the child does before it runs the program is the C library's and touches nothing of the
// parent's.
//
// Thread safety: any thread. Allocation: none of ours.
#include "intercept/real_calls.h"
#include "intercept/taken_faults.h"
#include "report/report_turn.h"

#include "intercept/uniform.h"

#include <spawn.h>
#include <sys/resource.h>

using namespace hindsight;

namespace {

/// What replaces the program by another.
template <class RealCall>
auto replacingProgram(RealCall real_call) {
  waitForReports();
  return handingFaultsDown(real_call);
}

/// The strings of execl and its kin, from `first` to the null pointer; returns how many.
size_t countTexts(const char* first, va_list rest) {
  size_t count = 0;
  for (const char* text = first; text != nullptr; text = va_arg(rest, const char*)) ++count;
  return count;
}

}  // namespace

// posix_spawn

HINDSIGHT_INTERCEPTOR int posix_spawn(pid_t* pid, const char* path,
                                      const posix_spawn_file_actions_t* file_actions,
                                      const posix_spawnattr_t* attrp, char* const* argv,
                                      char* const* envp) {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] {
        return handingFaultsDown(
            [=] { return real.posix_spawn(pid, path, file_actions, attrp, argv, envp); });
      },
      [=](InterceptedCall& call) {
        readsText(call, path);
        readsObject(call, file_actions);
        readsObject(call, attrp);
        readsTexts(call, argv);
        readsTexts(call, envp);
      },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, pid);
      });
}

HINDSIGHT_INTERCEPTOR int posix_spawnp(pid_t* pid, const char* file,
                                       const posix_spawn_file_actions_t* file_actions,
                                       const posix_spawnattr_t* attrp, char* const* argv,
                                       char* const* envp) {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] {
        return handingFaultsDown(
            [=] { return real.posix_spawnp(pid, file, file_actions, attrp, argv, envp); });
      },
      [=](InterceptedCall& call) {
        readsText(call, file);
        readsObject(call, file_actions);
        readsObject(call, attrp);
        readsTexts(call, argv);
        readsTexts(call, envp);
      },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, pid);
      });
}

HINDSIGHT_INTERCEPTOR int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t* actions,
                                                               const char* path) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.posix_spawn_file_actions_addchdir_np(actions, path); },
      [=](InterceptedCall& call) { readsText(call, path); },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, actions);
      });
}

HINDSIGHT_INTERCEPTOR int posix_spawn_file_actions_addclose(
    posix_spawn_file_actions_t* file_actions, int fd) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.posix_spawn_file_actions_addclose(file_actions, fd); },
      kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, file_actions);
      });
}

HINDSIGHT_INTERCEPTOR int posix_spawn_file_actions_addclosefrom_np(
    posix_spawn_file_actions_t* argument1, int from) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] { return real.posix_spawn_file_actions_addclosefrom_np(argument1, from); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, argument1);
      });
}

HINDSIGHT_INTERCEPTOR int posix_spawn_file_actions_adddup2(posix_spawn_file_actions_t* file_actions,
                                                           int fd, int newfd) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] { return real.posix_spawn_file_actions_adddup2(file_actions, fd, newfd); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, file_actions);
      });
}

HINDSIGHT_INTERCEPTOR int posix_spawn_file_actions_addfchdir_np(
    posix_spawn_file_actions_t* argument1, int fd) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] { return real.posix_spawn_file_actions_addfchdir_np(argument1, fd); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, argument1);
      });
}

HINDSIGHT_INTERCEPTOR int posix_spawn_file_actions_addopen(posix_spawn_file_actions_t* file_actions,
                                                           int fd, const char* path, int oflag,
                                                           mode_t mode) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] { return real.posix_spawn_file_actions_addopen(file_actions, fd, path, oflag, mode); },
      [=](InterceptedCall& call) { readsText(call, path); },
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, file_actions);
      });
}

HINDSIGHT_INTERCEPTOR int posix_spawn_file_actions_addtcsetpgrp_np(
    posix_spawn_file_actions_t* argument1, int tcfd) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] { return real.posix_spawn_file_actions_addtcsetpgrp_np(argument1, tcfd); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, argument1);
      });
}

HINDSIGHT_INTERCEPTOR int posix_spawn_file_actions_destroy(
    posix_spawn_file_actions_t* file_actions) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.posix_spawn_file_actions_destroy(file_actions); },
      kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, file_actions);
      });
}

HINDSIGHT_INTERCEPTOR int posix_spawn_file_actions_init(
    posix_spawn_file_actions_t* file_actions) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.posix_spawn_file_actions_init(file_actions); },
      kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesObject(call, file_actions);
      });
}

// exec

HINDSIGHT_INTERCEPTOR int execv(const char* path, char* const* argv) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return replacingProgram([=] { return real.execv(path, argv); }); },
      [=](InterceptedCall& call) {
        readsText(call, path);
        readsTexts(call, argv);
      });
}

HINDSIGHT_INTERCEPTOR int execve(const char* path, char* const* argv, char* const* envp) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] { return replacingProgram([=] { return real.execve(path, argv, envp); }); },
      [=](InterceptedCall& call) {
        readsText(call, path);
        readsTexts(call, argv);
        readsTexts(call, envp);
      });
}

HINDSIGHT_INTERCEPTOR int execvp(const char* file, char* const* argv) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] { return replacingProgram([=] { return real.execvp(file, argv); }); },
      [=](InterceptedCall& call) {
        readsText(call, file);
        readsTexts(call, argv);
      });
}

HINDSIGHT_INTERCEPTOR int execvpe(const char* file, char* const* argv, char* const* envp) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] { return replacingProgram([=] { return real.execvpe(file, argv, envp); }); },
      [=](InterceptedCall& call) {
        readsText(call, file);
        readsTexts(call, argv);
        readsTexts(call, envp);
      });
}

HINDSIGHT_INTERCEPTOR int fexecve(int fd, char* const* argv, char* const* envp) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] { return replacingProgram([=] { return real.fexecve(fd, argv, envp); }); },
      [=](InterceptedCall& call) {
        readsTexts(call, argv);
        readsTexts(call, envp);
      });
}

HINDSIGHT_INTERCEPTOR int execveat(int fd, const char* path, char* const* argv, char* const* envp,
                                   int flags) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] { return replacingProgram([=] { return real.execveat(fd, path, argv, envp, flags); }); },
      [=](InterceptedCall& call) {
        readsText(call, path);
        readsTexts(call, argv);
        readsTexts(call, envp);
      });
}

/// The argument list of execl, execlp and execle as the vector of execv, on the caller's stack.
#define HINDSIGHT_ARGUMENT_VECTOR(vector, first)                                   \
  va_list vector##_list;                                                           \
  va_start(vector##_list, first);                                                  \
  const size_t vector##_count = countTexts(first, vector##_list);                  \
  va_end(vector##_list);                                                           \
  auto** const vector =                                                            \
      static_cast<char**>(__builtin_alloca((vector##_count + 1) * sizeof(char*))); \
  va_start(vector##_list, first);                                                  \
  vector[0] = const_cast<char*>(first);                                            \
  for (size_t i = 1; i <= vector##_count; ++i) vector[i] = va_arg(vector##_list, char*)

namespace {

/// The strings; the list of them is ours.
void readsArguments(InterceptedCall& call, char* const* arguments) {
  // NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult): it ends with a null pointer
  for (; *arguments != nullptr; ++arguments) readsText(call, *arguments);
}

}  // namespace

HINDSIGHT_INTERCEPTOR int execl(const char* path, const char* first, ...) noexcept {
  HINDSIGHT_ARGUMENT_VECTOR(arguments, first);
  va_end(arguments_list);
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] { return replacingProgram([=] { return real.execv(path, arguments); }); },
      [=](InterceptedCall& call) {
        readsText(call, path);
        readsArguments(call, arguments);
      });
}

HINDSIGHT_INTERCEPTOR int execlp(const char* file, const char* first, ...) noexcept {
  HINDSIGHT_ARGUMENT_VECTOR(arguments, first);
  va_end(arguments_list);
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] { return replacingProgram([=] { return real.execvp(file, arguments); }); },
      [=](InterceptedCall& call) {
        readsText(call, file);
        readsArguments(call, arguments);
      });
}

HINDSIGHT_INTERCEPTOR int execle(const char* path, const char* first, ...) noexcept {
  HINDSIGHT_ARGUMENT_VECTOR(arguments, first);
  char* const* const environment = va_arg(arguments_list, char* const*);
  va_end(arguments_list);
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] { return replacingProgram([=] { return real.execve(path, arguments, environment); }); },
      [=](InterceptedCall& call) {
        readsText(call, path);
        readsArguments(call, arguments);
        readsTexts(call, environment);
      });
}

HINDSIGHT_INTERCEPTOR int system(const char* command) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.system(command); },
      [=](InterceptedCall& call) { readsText(call, command); });
}

// wait

HINDSIGHT_INTERCEPTOR __pid_t wait(int* stat_loc) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.wait(stat_loc); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result > 0) writesObject(call, stat_loc);
      });
}
HINDSIGHT_ALIAS(__wait, wait);

HINDSIGHT_INTERCEPTOR __pid_t waitpid(__pid_t pid, int* stat_loc, int options) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.waitpid(pid, stat_loc, options); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result > 0) writesObject(call, stat_loc);
      });
}
HINDSIGHT_ALIAS(__waitpid, waitpid);

HINDSIGHT_INTERCEPTOR __pid_t wait3(int* stat_loc, int options, struct rusage* usage) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.wait3(stat_loc, options, usage); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result > 0) {
          writesObject(call, stat_loc);
          writesObject(call, usage);
        }
      });
}

HINDSIGHT_INTERCEPTOR __pid_t wait4(__pid_t pid, int* stat_loc, int options,
                                    struct rusage* usage) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.wait4(pid, stat_loc, options, usage); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result > 0) {
          writesObject(call, stat_loc);
          writesObject(call, usage);
        }
      });
}

HINDSIGHT_INTERCEPTOR int waitid(idtype_t idtype, __id_t id, siginfo_t* infop, int options) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.waitid(idtype, id, infop, options); }, kReadsNothing,
      [=](InterceptedCall& call, const auto result) {
        if (result == 0) writesBytes(call, infop, offsetof(siginfo_t, si_status) + sizeof(int));
      });
}
