#!/usr/bin/env bash
# libhindsight.so instead of the static runtime: option, environment variable, with -z defs kept.
source "$(dirname "${BASH_SOURCE[0]}")/../support/shell.sh"
write_programs
expect_ok "$CC" --hindsight-shared-runtime -g race.c -o race
grep -q libhindsight.so <(ldd race) || fail "not linked with libhindsight.so"
expect_race ./race
expect_ok env HINDSIGHT_SHARED_RUNTIME=1 "$CC" -g fixed.c -o fixed
grep -q libhindsight.so <(ldd fixed) || fail "not linked with libhindsight.so"
expect_ok ./fixed
expect_silent
echo 'int shared; void touch(void) { ++shared; }' >library.c
expect_ok "$CC" --hindsight-shared-runtime -fPIC -shared -Wl,-z,defs library.c -o libtouch.so
echo 'void nobody(void); void touch(void) { nobody(); }' >undefined.c
expect_exit 1 "$CC" --hindsight-shared-runtime -fPIC -shared -Wl,-z,defs undefined.c -o x.so
expect_stderr nobody
