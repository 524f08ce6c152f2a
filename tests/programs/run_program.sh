#!/usr/bin/env bash
# run_program.sh FILE [-O0 -O1 ...] - compiles one test program with the wrapper at each level (all
# four by default), runs it, and checks what README.md beside this script promises about it.
#
# Environment:
#   HINDSIGHT_BIN              folder of hindsight-clang and hindsight-clang++ (default build/bin)
#   HINDSIGHT_CC, HINDSIGHT_CXX the compilers that the wrappers use (default: the wrappers' own)
#   HINDSIGHT_TEST_STDLIB=NAME the C++ library, libstdc++ (default) or libc++
#   HINDSIGHT_TEST_TARGET=TRIPLE  compile for that processor
#   HINDSIGHT_TEST_FLAGS="..." added to the compiler's
#   HINDSIGHT_TEST_EMULATOR=COMMAND  what runs such programs (tests/aarch64/run.sh)
#   HINDSIGHT_TEST_NATIVE=1    no detector: the program must exit with 0
#   HINDSIGHT_TEST_TSAN=1      ThreadSanitizer instead; prints its verdict, checks nothing
#   HINDSIGHT_TEST_KEEP=DIR    keep executables and output in DIR
#   HINDSIGHT_TEST_TIMEOUT=60  seconds per run
#
# Exit status: 0 all levels pass, 1 some level fails, 2 wrong use, 77 skipped (REQUIRES).
set -u
shopt -s extglob

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
bin=${HINDSIGHT_BIN:-$here/../../build/bin}
timeout_seconds=${HINDSIGHT_TEST_TIMEOUT:-60}

usage() { sed -n '2,18s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2; }
if [ $# -lt 1 ] || [ ! -f "$1" ]; then usage; fi
source=$1; shift
levels=("$@")

name=$(basename "$source")
group=$(basename "$(dirname "$(realpath "$source")")")  # racy or clean

# Directives: `directive KEY` prints the rest of each line `// KEY: rest`.
directives=$(sed -n 's@^ *// *\([A-Z]\{3,\}: .*\)$@\1@p' "$source")
directive() { sed -n "s/^$1: *//p" <<<"$directives" | sed 's/[ \t]*$//'; }

case $name in
  *.c) wrapper=hindsight-clang default_flags="-std=gnu11 -pthread" native=${HINDSIGHT_CC:-clang-19} ;;
  *.cpp) wrapper=hindsight-clang++ default_flags="-std=c++20 -pthread"
         native=${HINDSIGHT_CXX:-clang++-19} ;;
  *) usage ;;
esac
flags=$(directive FLAGS); flags=${flags:-$default_flags}
stdlib=${HINDSIGHT_TEST_STDLIB:-libstdc++}
flags="$flags ${HINDSIGHT_TEST_FLAGS:-}"
target=${HINDSIGHT_TEST_TARGET:-}
processor=$(uname -m)
[ -z "$target" ] || { flags="$flags --target=$target"; processor=${target%%-*}; }
[ "$processor" = x86_64 ] || flags=${flags//-mcx16/}  # others need no word for 16-byte atomics
if [[ $name == *.cpp && $stdlib != libstdc++ ]]; then flags="$flags -stdlib=$stdlib"; fi
libs=$(directive LIBS)
only=$(directive ONLY)
mapfile -t environment < <(directive ENV)
if [ ${#levels[@]} -eq 0 ]; then
  read -ra levels <<<"${only:-${HINDSIGHT_LEVELS:--O0 -O1 -O2 -O3}}"
fi

skip() { echo "SKIP $name: $1"; exit 77; }
has_openmp() {
  # shellcheck disable=SC2086  # flags are a list
  "$native" ${target:+--target=$target} ${HINDSIGHT_TEST_FLAGS:-} -fopenmp -x c -o /dev/null - \
    >/dev/null 2>&1 \
    <<<'#include <omp.h>
        int main(void) { return omp_get_max_threads() == 0; }'
}
while read -r requirement; do
  case $requirement in
    "") ;;
    clang\>=*)
      major=$("$native" -dumpversion | cut -d. -f1)
      [ "$major" -ge "${requirement#clang>=}" ] || skip "needs $requirement, has $major" ;;
    libstdc++) [ "$stdlib" = libstdc++ ] || skip "needs libstdc++" ;;
    openmp) has_openmp || skip "needs the libomp of $native" ;;
    arch=*) [ "$processor" = "${requirement#arch=}" ] || skip "needs $requirement" ;;
    *) echo "FAIL $name: unknown requirement '$requirement'"; exit 1 ;;
  esac
done < <(directive REQUIRES)

work=${HINDSIGHT_TEST_KEEP:-$(mktemp -d)}
mkdir -p "$work"
[ -n "${HINDSIGHT_TEST_KEEP:-}" ] || trap 'rm -rf "$work"' EXIT

mode=hindsight
compile=("$bin/$wrapper")
read -ra launch <<<"${HINDSIGHT_TEST_EMULATOR:-}"
if [ -n "${HINDSIGHT_TEST_NATIVE:-}" ]; then mode=native; compile=("$native"); fi
if [ -n "${HINDSIGHT_TEST_TSAN:-}" ]; then
  mode=tsan
  compile=("$native" -fsanitize=thread)
  launch=(setarch -R)  # older kernels' ThreadSanitizer cannot cope with 32 bits of randomisation
fi

failed=0
fail() {  # REASON [FILE...]: says what went wrong at this level, shows the files
  echo "FAIL $name $level: $1"; shift
  local file
  for file in "$@"; do [ -s "$file" ] && sed 's/^/    | /' "$file" | head -60; done
  failed=1
}

# Checks every EXPECT against status, stderr and stdout of one run. Fails with the first difference.
check() {
  local status=$1 err=$2 out=$3 reports expected_exit=0 expected_races="=0" line
  [ "$group" = racy ] && expected_exit=66 expected_races=">=1"
  reports=$(grep -c '^WARNING: ' "$err")
  while IFS= read -r line; do
    case $line in
      "") ;;
      races@(=|'>=')* | reports@(=|'>=')*) expected_races=${line#*s} ;;
      exit=*) expected_exit=${line#exit=} ;;
      at=*) line=${line#at=}
        line=$name:$(grep -n -m1 "// at: $line\$" "$source" | cut -d: -f1)
        grep -qE -- "$line( |\$)" "$err" || { fail "no frame at $line" "$err"; return; } ;;
      contains\ \"*\") line=${line#*\"}; line=${line%\"}
        grep -qF -- "$line" "$err" || { fail "stderr lacks '$line'" "$err"; return; } ;;
      not-contains\ \"*\") line=${line#*\"}; line=${line%\"}
        grep -qF -- "$line" "$err" && { fail "stderr has '$line'" "$err"; return; } ;;
      matches\ \"*\") line=${line#*\"}; line=${line%\"}
        grep -qE -- "$line" "$err" || { fail "stderr does not match '$line'" "$err"; return; } ;;
      stdout\ \"*\") line=${line#*\"}; line=${line%\"}
        grep -qF -- "$line" "$out" || { fail "stdout lacks '$line'" "$out"; return; } ;;
      *) fail "unknown EXPECT '$line'"; return ;;
    esac
  done < <(directive EXPECT)
  case $expected_races in
    '>='*) [ "$reports" -ge "${expected_races#>=}" ] ;;
    *) [ "$reports" -eq "${expected_races#=}" ] ;;
  esac || { fail "$reports reports, expected $expected_races (exit $status)" "$err"; return; }
  [ "$status" -eq "$expected_exit" ] ||
    { fail "exit status $status, expected $expected_exit" "$err"; return; }
}

for level in "${levels[@]}"; do
  if [ -n "$only" ] && [[ " $only " != *" $level "* ]]; then continue; fi
  exe=$work/${name%.*}$level
  # shellcheck disable=SC2086  # flags and libs are lists
  if ! "${compile[@]}" $level -g $flags -iquote "$here" -I"$here/../../include" "$source" -o "$exe" \
      $libs >"$exe.log" 2>&1; then
    fail "does not compile" "$exe.log"; continue
  fi
  [ -s "$exe.log" ] && [ "$mode" = hindsight ] && sed 's/^/    | /' "$exe.log"
  env "${environment[@]}" timeout -k 5 "$timeout_seconds" "${launch[@]}" "$exe" \
    >"$exe.out" 2>"$exe.err" </dev/null
  status=$?
  if [ $status -eq 124 ] || [ $status -eq 137 ]; then
    fail "no end after $timeout_seconds seconds" "$exe.err"; continue
  fi
  case $mode in
    native) [ $status -eq 0 ] || fail "exit status $status without a detector" "$exe.err" ;;
    tsan) echo "tsan $group/$name $level: $(grep -cE '^WARNING: ThreadSanitizer: (data race|race on|heap-use-after-free)' "$exe.err")" \
        "races of $(grep -c '^WARNING: ThreadSanitizer' "$exe.err") reports, exit $status" ;;
    hindsight) check "$status" "$exe.err" "$exe.out" ;;
  esac
done
[ $failed -eq 0 ] && [ $mode != tsan ] && echo "PASS $name ${levels[*]}"
exit $failed
