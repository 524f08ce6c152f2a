#!/usr/bin/env bash
# run.sh [--seconds N] [--seed N] - the soak test for N seconds (120), from a seed (random, printed).
#
# Builds it at -O0, -O1 and -O2 and lets processes of at most 15 seconds each play rounds, in turn with
# few stamps, so that they are used again and again, with little memory for history, and as users do; of every
# eight processes four with one rule of the pass off, in turn. Threads use primitives that others have made
# without order, which is not to be reported here. See main.cpp for what a round is. A failure prints the command
# that repeats its round. With HINDSIGHT_PASS set, its rules are off in all processes.
#
# Exit status: 0 detector and oracle agree, 1 they do not, 2 wrong usage.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
build=${HINDSIGHT_BUILD_DIR:-$here/../../../build}
seconds=120 seed=$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')
usage() { sed -n '2,12s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit "$1"; }
while (($# > 0)); do
  case $1 in
    --help) usage 0 ;;
    --seconds | --seed)
      [[ $# -ge 2 && $2 =~ ^[0-9]+$ ]] || { echo "run.sh: $1 needs a number" >&2; exit 2; }
      declare "${1#--}=$2"
      shift 2 ;;
    *) echo "run.sh: unknown option $1" >&2; usage 2 >&2 ;;
  esac
done

levels=(-O0 -O1 -O2)
ways=("" "stamp_chunks=16" "history_size=0 history_kept_mib=1" "stamp_chunks=64 history_effort=100")
work=$build/model/soak
mkdir -p "$work"
mapfile -t switches < <(HINDSIGHT_BUILD_DIR=$build "$here/../pass/switches.sh")
((${#switches[@]} > 0))
all_off=${HINDSIGHT_PASS:-}

echo "seed $seed"
end=$(($(date +%s) + seconds))
declare -A is_built
for ((process = 0; ; ++process)); do
  left=$((end - $(date +%s)))
  ((left > 0)) || break
  level=${levels[process % ${#levels[@]}]} way=${ways[process % ${#ways[@]}]}
  off=$all_off
  if [[ -z $off ]] && ((process / 4 % 2 != 0)); then off=${switches[(seed + process) % ${#switches[@]}]}; fi
  program=$work/soak$level${off:+.$off}
  if [[ -z ${is_built[$program]:-} ]]; then
    HINDSIGHT_PASS=$off HINDSIGHT_BUILD_DIR=$build "$here/build.sh" "$work" "$level"
    is_built[$program]=1
  fi
  # What detached threads leave behind takes more chunks than these.
  joined=(); [[ $way != *stamp_chunks=16* ]] || joined=(--joined)
  command=("$program" --seed $((seed + process * 1000000)) "${joined[@]}")
  status=0
  options="exitcode=0 report_primitive_races=0 $way"
  HINDSIGHT="$options" timeout -k 5 200 "${command[@]}" --seconds $((left < 15 ? left : 15)) \
    >"$work/out" 2>"$work/err" || status=$?
  printf '%s %-15s %-40s %s\n' "$level" "${off:-(all rules)}" "${way:-(defaults)}" "$(tail -n 1 "$work/out")"
  ((status != 0)) || continue
  cat "$work/out"
  grep -a '^hindsight:' "$work/err" || true
  echo "exit status $status; HINDSIGHT=\"$options\" ${command[*]}"
  exit 1
done
echo "no disagreement"
