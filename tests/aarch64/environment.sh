# environment.sh - what the tests for AArch64 share; sourced, not run.
#
# Sets for tests/programs/run_program.sh how such programs are made and run, and $skip to why they cannot.
#
# Environment: HINDSIGHT_BUILD the build tree (default build/ of this repository).
sources=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
build=$(realpath -m "${HINDSIGHT_BUILD:-$sources/build}")
triple=aarch64-linux-gnu
root=$build-aarch64/root

export HINDSIGHT_BIN=$build/bin HINDSIGHT_CC=clang-19 HINDSIGHT_CXX=clang++-19
export HINDSIGHT_TEST_TARGET=$triple
export HINDSIGHT_TEST_EMULATOR="qemu-aarch64 -L /usr/$triple"
HINDSIGHT_TEST_FLAGS=
for folder in usr/lib/llvm-19/lib usr/lib/$triple; do
  HINDSIGHT_TEST_FLAGS+=" -Wno-unused-command-line-argument -L$root/$folder -Wl,-rpath,$root/$folder"
done
export HINDSIGHT_TEST_FLAGS

skip=
for program in qemu-aarch64 $triple-gcc-12 clang-19; do
  command -v $program >/dev/null || skip="no $program (tools/cross_aarch64.sh installs it)"
done
[ -e "$build/lib/$triple/libhindsight.a" ] || skip="no runtime for $triple (tools/cross_aarch64.sh builds it)"
