#!/usr/bin/env bash
# check.sh [CTEST-ARGUMENT...] - installs what is missing, builds everything, runs all tests.
#
# Extra arguments go to ctest (-R NAME, -L programs). The output ends with ctest's summary; the
# exit status is ctest's.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
source tools/packages.sh
install_missing "${kToolchainPackages[@]}" "${kTestPackages[@]}"
tools/cross_aarch64.sh --install-only || say "the tests for AArch64 will be skipped"
configure -DHINDSIGHT_TESTS=ON
say "building"
ninja -C build -j 2 >&2
say "testing"
exec ctest --test-dir build --output-on-failure -j 2 "$@"
