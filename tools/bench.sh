#!/usr/bin/env bash
# Compares native, ThreadSanitizer (Clang 19) and Hindsight builds of the kernels in tests/bench.
#
#   tools/bench.sh [--json FILE] [--markdown FILE] [--filter RE] [--runs N] [--modes LIST] ...
#
# All options: tools/bench.sh --help. Builds the driver (tools/bench/) when its sources changed.
# Needs: clang-19, nlohmann-json3-dev, libcli11-dev, and a built Hindsight in build/
# (HINDSIGHT_BUILD_DIR names another build directory).
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=${HINDSIGHT_BUILD_DIR:-$root/build}
work=$build/bench
driver=$work/bench

for header in nlohmann/json.hpp CLI/CLI.hpp; do
  if ! echo "#include <$header>" | "${CXX:-clang++-19}" -std=c++20 -E -x c++ - >/dev/null 2>&1; then
    echo "bench.sh: <$header> is missing: apt-get install nlohmann-json3-dev libcli11-dev" >&2
    exit 1
  fi
done

mkdir -p "$work"
if [[ ! -x $driver || -n $(find "$root/tools/bench" -newer "$driver" -name '*.[ch]*') ]]; then
  echo "building the bench driver" >&2
  "${CXX:-clang++-19}" -std=c++20 -O1 -Wall -Wextra "$root"/tools/bench/*.cpp -o "$driver"
fi

exec "$driver" --kernels "$root/tests/bench/kernels" --build "$work/kernels" \
  --hindsight "$build/bin/hindsight-clang++" "$@"
