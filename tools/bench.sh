#!/usr/bin/env bash
# Compares native, ThreadSanitizer (Clang 19) and Hindsight builds of the programs in tests/bench.
#
#   tools/bench.sh [--set LIST] [--size SIZE] [--json FILE] [--markdown FILE] [--filter RE]
#                  [--runs N] [--modes LIST] ...
#
# All options: tools/bench.sh --help. Without --set, what the project's measures are made of: the
# ten kernels, the empty program, scaling from 1 to 16 threads. Builds the driver (tools/bench/)
# when its sources changed. Needs a built Hindsight in build/ (HINDSIGHT_BUILD_DIR names another
# build directory) and installs what the sets chosen need.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
source "$root/tools/packages.sh"
build=${HINDSIGHT_BUILD_DIR:-$root/build}
work=$build/bench
driver=$work/bench
launcher=$work/launch

packages=(clang-19 libclang-rt-19-dev nlohmann-json3-dev libcli11-dev)
[[ " $* " =~ (libraries|all) ]] && packages+=("${kBenchPackages[@]}")
install_missing "${packages[@]}"

mkdir -p "$work"
if [[ ! -x $driver || -n $(find "$root/tools/bench" -newer "$driver" -name '*.[ch]*') ]]; then
  echo "building the bench driver" >&2
  "${CC:-clang-19}" -O1 -Wall -Wextra -static "$root/tools/bench/launch.c" -o "$launcher"
  "${CXX:-clang++-19}" -std=c++20 -O1 -Wall -Wextra "$root"/tools/bench/*.cpp -o "$driver"
fi

exec "$driver" --list "$root/tests/bench/benchmarks.json" --build "$work/programs" \
  --launcher "$launcher" --hindsight "$build/bin/hindsight-clang++" "$@"
