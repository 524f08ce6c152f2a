#!/usr/bin/env bash
# A program in a place without /proc: in a container that does not mount it, or after a chroot of its own. Races are found,
# with both stacks, and stamps are used again or it is said what that takes.
source "$(dirname "${BASH_SOURCE[0]}")/../support/shell.sh"
write_programs
cat >after_chroot.c <<'EOF'
#include <pthread.h>
#include <unistd.h>
int shared;
void* run(void* unused) { shared++; return unused; }
int main(int count, char** arguments) {
  if (count != 2 || chdir(arguments[1]) != 0 || chroot(".") != 0) return 77;
  pthread_t thread;
  pthread_create(&thread, 0, run, 0);
  shared++;
  pthread_join(thread, 0);
  return 0;
}
EOF
expect_ok "$CC" -g race.c -o race
expect_ok "$CC" -g after_chroot.c -o after_chroot
mkdir empty
unshare -rm true 2>/dev/null || skip "no namespaces of one's own here"

without_proc() { unshare -rm sh -c 'mount -t tmpfs none /proc && exec "$@"' - "$@"; }
without_proc true || skip "no mounts here"
expect_race without_proc ./race
expect_stderr "race.c:"
expect_race unshare -r ./after_chroot empty
expect_stderr "Previous"
