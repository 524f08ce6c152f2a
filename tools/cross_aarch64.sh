#!/usr/bin/env bash
# cross_aarch64.sh [--install-only | --build-only] - the runtime for AArch64, built on another machine.
#
# Installs Debian's cross compiler (headers and C library of AArch64, GNU binutils) and the emulator for
# tests, unpacks the libraries that the runtime contains, and those of test programs, from packages of
# that architecture into build-aarch64/root (they cannot be installed beside this machine's), and builds
# build/lib/aarch64-linux-gnu/, where hindsight-clang --target=aarch64-linux-gnu finds it.
#
#   --install-only  packages and libraries, no build
#   --build-only    nothing is installed; exit status 77 if something is missing
#
# HINDSIGHT_BUILD_DIR is the build tree that the runtime is for (default build/).
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
source tools/packages.sh
triple=aarch64-linux-gnu
build=$(realpath -m "${HINDSIGHT_BUILD_DIR:-build}")
cross=$build-aarch64
root=$cross/root
demangler=usr/lib/llvm-19/lib/libLLVMDemangle.a
sources=(libunwind-19-dev libunwind-19 libiberty-dev llvm-19-dev  # the runtime's; of the last the demangler alone
         libomp5-19 libomp-19-dev libboost-context1.74.0 libboost-context1.74-dev  # test programs'
         libc++1-19 libc++-19-dev libc++abi1-19 libc++abi-19-dev)

has_libraries() { [ "$(cat "$root/unpacked" 2>/dev/null)" = "${sources[*]}" ]; }

# Packages of another architecture, without changing what this machine installs: apt gets folders of its
# own for its lists.
unpack_libraries() {
  local work package
  work=$(mktemp -d)
  mkdir -p "$work/lists/partial" "$work/cache/archives/partial" "$root"
  local apt=(apt-get -q -o APT::Architectures::=amd64 -o APT::Architectures::=arm64
             -o Dir::State::Lists="$work/lists" -o Dir::Cache="$work/cache" -o APT::Sandbox::User=root)
  say "fetching AArch64's ${sources[*]}"
  (cd "$work" && "${apt[@]}" update && "${apt[@]}" download "${sources[@]/%/:arm64}") >&2 || {
    rm -rf "$work"
    say "could not download them"
    exit 1
  }
  for package in "${sources[@]}"; do
    if [ "$package" = llvm-19-dev ]; then
      dpkg --fsys-tarfile "$work/$package"_*.deb | tar -x -C "$root" "./$demangler"
    else
      dpkg -x "$work/$package"_*.deb "$root"
    fi
  done
  rm -rf "$work"
  echo "${sources[*]}" >"$root/unpacked"
}

if [ "${1:-}" = --build-only ]; then
  for program in "$triple-ld" "$triple-gcc-12" clang-19; do
    command -v "$program" >/dev/null || { say "no $program: run tools/cross_aarch64.sh"; exit 77; }
  done
  has_libraries || { say "no libraries in $root: run tools/cross_aarch64.sh"; exit 77; }
else
  install_missing "${kCrossPackages[@]}"
  has_libraries || unpack_libraries
  [ "${1:-}" != --install-only ] || exit 0
fi

log=$(mktemp)
cmake -G Ninja -S . -B "$cross" -DCMAKE_BUILD_TYPE=Release \
  -DCMAKE_TOOLCHAIN_FILE="$PWD/cmake/$triple.cmake" \
  -DCMAKE_C_COMPILER=clang-19 -DCMAKE_CXX_COMPILER=clang++-19 \
  -DHINDSIGHT_CROSS=$triple -DHINDSIGHT_CROSS_ROOT="$root" \
  -DHINDSIGHT_LIB_DIR="$build/lib/$triple" >"$log" 2>&1 || { cat "$log" >&2; rm -f "$log"; exit 1; }
rm -f "$log"
say "building the runtime for $triple"
ninja -C "$cross" -j 2 >&2
