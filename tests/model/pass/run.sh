#!/usr/bin/env bash
# run.sh [--seconds N] [--seed N] [--programs N] - random programs through the pass, for N seconds (20), from a
# seed (random, printed).
#
# generator.cpp writes a program, world.h says of what. It is built by plain Clang at -O0 with an oracle that is told
# of every access (oracle.cpp), and by the wrapper at -O0 with all rules of the pass off, at -O1, -O2 and -O3 with all
# of them on, and once more with one of them off, in turn. All builds play the same rounds
# (world.cpp), and for every byte that races the detector must report its first race and no pair of threads that
# does not race. A failure prints how to repeat it.
#
# Exit status: 0 detector and oracle agree, 1 they do not, 2 wrong usage.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build=${HINDSIGHT_BUILD_DIR:-$here/../../../build}
clang=${HINDSIGHT_CLANGXX:-clang++-19}
wrapper=$build/bin/hindsight-clang++
seconds=20 seed=$(od -An -N3 -tu4 /dev/urandom | tr -d ' ') programs=1000000
usage() { sed -n '2,12s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit "$1"; }
while (($# > 0)); do
  case $1 in
    --help) usage 0 ;;
    --seconds | --seed | --programs)
      [[ $# -ge 2 && $2 =~ ^[0-9]+$ ]] || { echo "run.sh: $1 needs a number" >&2; exit 2; }
      declare "${1#--}=$2"
      shift 2 ;;
    *) echo "run.sh: unknown option $1" >&2; usage 2 >&2 ;;
  esac
done

mapfile -t switches < <("$here/switches.sh")
((${#switches[@]} > 0))
all_off=$(IFS=,; echo "${switches[*]}")
all_off=${all_off/,no-inline/}  # checks by calls are those of large functions only
rounds=24
flags=(-std=c++20 -pthread -fno-strict-aliasing -fno-builtin-cbrt -I"$here/../.." -I"$here/../../../include")
work=${HINDSIGHT_PASS_MODEL_DIR:-$build/model/pass}
mkdir -p "$work"
unset HINDSIGHT_PASS HINDSIGHT
compile() { "$clang" "${flags[@]}" -Wall -Wextra -g -O2 -fPIE "$@"; }
compile -pie "$here/generator.cpp" -o "$work/generator"
compile -c "$here/world.cpp" -o "$work/world.o"
compile -c "$here/reports.cpp" -o "$work/reports.o"
compile -DORACLE -c "$here/oracle.cpp" -o "$work/oracle.o"
vectors=(""); ! grep -qw avx2 /proc/cpuinfo || vectors+=("-mavx2")

# Builds program $1 at level $2 with rules $3 off and flags $4, and lets it play.
play() {
  local file=$work/$1$2.${3:-on}; file=${file/$all_off/off}
  # shellcheck disable=SC2086
  HINDSIGHT_PASS=$3 "$wrapper" "${flags[@]}" $2 $4 "$work/$1.cpp" "$work/world.o" "$work/reports.o" -o "$file" || return
  HINDSIGHT="exitcode=0" timeout -k 5 120 "$file" --seed "$1" --rounds $rounds >"$file.reports" 2>"$file.err" || {
    echo "$file: exit status $?"
    return 1
  }
  reports+=("$file.reports")
}

echo "seed $seed"
end=$(($(date +%s) + seconds)) played=0 bytes=0
for ((; played < programs && $(date +%s) < end; ++played)); do
  program=$((seed + played)) reports=() status=0
  off=${switches[program % ${#switches[@]}]}
  debug=(-g "" -gline-tables-only)
  more="${debug[program / 3 % 3]} ${vectors[program % ${#vectors[@]}]}"
  "$work/generator" "$program" >"$work/$program.cpp"
  compile -DORACLE -O0 -pie "$work/$program.cpp" "$work/world.o" "$work/oracle.o" -o "$work/$program.oracle"
  {
    play "$program" -O0 "$all_off" "$more" && play "$program" -O1 "" "$more" && play "$program" -O2 "" "$more" &&
      play "$program" -O3 "" "$more" && play "$program" "-O$((program / 2 % 3 + 1))" "$off" "$more" &&
      said=$(timeout -k 5 120 "$work/$program.oracle" --seed "$program" --rounds $rounds "${reports[@]}")
  } || status=$?
  if ((status != 0)); then
    echo "${said:-}"
    echo "exit status $status; repeat it by: ${BASH_SOURCE[0]} --seed $program --programs 1"
    echo "the program is $work/$program.cpp; flags: $more; rule off in the last build: $off"
    exit 1
  fi
  bytes=$((bytes + ${said%% *}))
  rm -f "$work/$program".* "$work/$program"-*
done
echo "$played programs, $bytes racing bytes: no disagreement"
