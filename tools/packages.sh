# packages.sh - installs Debian packages that are missing; sourced by try.sh and check.sh.

say() { printf '== %s\n' "$*" >&2; }

# Installs those of the packages that are not there. Silent and quick when none is missing.
install_missing() {  # PACKAGE...
  local package present missing=() installer=()
  present=$(dpkg-query -W -f='|${Package}:${db:Status-Status}|' "$@" 2>/dev/null || true)
  for package in "$@"; do
    [[ $present == *"|$package:installed|"* ]] || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || {
      say "missing packages, and neither root nor sudo here. As root: apt-get install ${missing[*]}"
      exit 1
    }
    installer=(sudo)
  fi
  say "installing ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  "${installer[@]}" apt-get update -q >&2 &&
    "${installer[@]}" env DEBIAN_FRONTEND=noninteractive \
      apt-get install -q -y --no-install-recommends "${missing[@]}" >&2 || {
    say "could not install ${missing[*]}"
    exit 1
  }
}

# What building and using Hindsight takes.
kToolchainPackages=(clang-19 llvm-19-dev libclang-rt-19-dev libunwind-19-dev g++ libgcc-12-dev
                    libiberty-dev libcli11-dev cmake ninja-build)
# What the tests need beyond that: a second LLVM, test tools, and the real software.
kTestPackages=(lld-19 llvm-19-tools libc++-19-dev libc++abi-19-dev libomp-19-dev clang-14 llvm-14-dev
               libclang-rt-14-dev clang-format-14 libgtest-dev nlohmann-json3-dev libreaderwriterqueue-dev libboost-dev
               libboost-context-dev libboost-fiber-dev libjemalloc2 libtcmalloc-minimal4 ccache make
               autoconf automake libtool libspdlog-dev libasio-dev libtbb-dev libcds-dev liburcu-dev
               libconcurrentqueue-dev libabsl-dev libck-dev libglib2.0-dev)
# What tools/bench.sh needs for --set libraries; no test does.
kBenchPackages=(libspdlog-dev libasio-dev libtbb-dev libcds-dev liburcu-dev libconcurrentqueue-dev
                libboost-dev libabsl-dev)
# What building for AArch64 on another machine takes, and running it there (tools/cross_aarch64.sh).
kCrossPackages=(clang-19 lld-19 g++-12-aarch64-linux-gnu libc6-dev-arm64-cross libstdc++-12-dev-arm64-cross
                cmake ninja-build qemu-user)

# Configures build/; CMake's own words are shown only if it fails.
configure() {  # CMAKE-ARGUMENT...
  local log
  log=$(mktemp)
  say "configuring build/"
  cmake --preset release "$@" >"$log" 2>&1 || { cat "$log" >&2; rm -f "$log"; exit 1; }
  rm -f "$log"
}
