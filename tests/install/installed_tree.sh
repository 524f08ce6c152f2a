#!/usr/bin/env bash
# An installed tree works on its own: examples/ is built against it with find_package(), in C and C++
# and with every plugin's compiler; each racy example reports, each fixed one is silent.
source "$(dirname "${BASH_SOURCE[0]}")/../support/shell.sh"
prefix="$scratch/prefix with blank"
expect_ok cmake --install "$HINDSIGHT_BUILD" --prefix "$prefix"
for part in bin/hindsight-clang bin/hindsight-clang++ bin/hindsight lib/HindsightPass.so \
            lib/libhindsight.a lib/libhindsight.so lib/libhindsight.syms include/hindsight/abi.h \
            include/hindsight/chan.h include/hindsight/detail/unseen.h lib/cmake/Hindsight/HindsightConfig.cmake; do
  expect_file "$prefix/$part"
done
grep -rqF "$HINDSIGHT_BUILD" "$prefix/lib/cmake" && fail "the build tree is named in the package"

generator="Unix Makefiles"; command -v ninja >/dev/null && generator=Ninja
clang=$("$CC" --hindsight-dry-run -dumpversion | cut -d' ' -f1)
clangxx=$("$CXX" --hindsight-dry-run -dumpversion | cut -d' ' -f1)
build_and_run() {  # FOLDER CMAKE-ARGUMENT...
  local folder=$1 program name; shift
  expect_ok cmake -S "$HINDSIGHT_SOURCE/examples" -B "$folder" -G "$generator" \
    -DCMAKE_PREFIX_PATH="$prefix" "$@"
  expect_ok cmake --build "$folder" -j2
  for program in "$folder"/*_racy "$folder"/*_fixed; do
    name=$(basename "$program")
    [ -x "$program" ] || fail "no example $name"
    case $name in
      *_racy) expect_race "$program" ;;
      *) expect_ok "$program"; expect_no_stderr "DATA RACE" ;;
    esac
  done
}
build_and_run function -DCMAKE_C_COMPILER="$clang" -DCMAKE_CXX_COMPILER="$clangxx"
ls function | grep -q _racy || fail "no examples"

# Imported targets by hand, C only, with a shared library and the shared runtime.
write_programs
echo 'int shared; void touch(void) { ++shared; }' >part.c
sed 's/++shared/touch()/; s/^int shared;/void touch(void);/' race.c >main.c
cat >CMakeLists.txt <<'EOF'
cmake_minimum_required(VERSION 3.16)
project(Sample C)
find_package(Hindsight REQUIRED)
add_library(part SHARED part.c)
add_executable(program main.c)
target_link_libraries(program part)
hindsight_instrument(part program)
add_library(part2 SHARED part.c)
target_link_options(part2 PRIVATE -Wl,-z,defs)
add_executable(program2 main.c)
target_link_libraries(program2 part2)
hindsight_instrument(part2 program2 SHARED_RUNTIME)
add_executable(plain race.c)
add_subdirectory(elsewhere)
EOF
# The package is found in one directory, and used in another.
mkdir -p elsewhere/finds
echo 'find_package(Hindsight REQUIRED)' >elsewhere/finds/CMakeLists.txt
cat >elsewhere/CMakeLists.txt <<'EOF'
add_executable(program3 ../race.c)
hindsight_instrument(program3)
if(REFUSED)
  target_link_options(program3 PRIVATE ${REFUSED})
endif()
EOF
sed -i 's|^find_package(.*|add_subdirectory(elsewhere/finds)|' CMakeLists.txt
expect_ok cmake -S . -B by-hand -G "$generator" -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_C_COMPILER="$clang"
expect_ok cmake --build by-hand -j2
expect_race by-hand/program
expect_race by-hand/program2
expect_race by-hand/elsewhere/program3
expect_ok by-hand/plain
expect_plain by-hand/plain

# What the wrapper refuses, in the target's own options and in those of all.
for refused in -DREFUSED=-static "-DREFUSED=SHELL:-s -no-pie" -DCMAKE_EXE_LINKER_FLAGS=-static; do
  run cmake -S . -B refused -G "$generator" -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_C_COMPILER="$clang" "$refused"
  [ $status -ne 0 ] || fail "$refused was accepted"
  expect_stderr "can be checked"
  rm -r refused
done
run cmake -S . -B fine -G "$generator" -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_C_COMPILER="$clang" \
  -DCMAKE_EXE_LINKER_FLAGS="-static-libgcc -Wl,-Bdynamic"
[ $status -eq 0 ] || fail "-static-libgcc was refused"
# For AArch64 there is one flag more.
expect_ok cmake -S . -B arm -G "$generator" -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_C_COMPILER="$clang" \
  -DCMAKE_C_COMPILER_TARGET=aarch64-linux-gnu -DCMAKE_C_COMPILER_WORKS=1 -DCMAKE_SYSTEM_NAME=Linux \
  -DCMAKE_SYSTEM_PROCESSOR=aarch64 -DCMAKE_FIND_ROOT_PATH_MODE_PACKAGE=NEVER
grep -rqF -- "-mllvm -scalable-vectorization=off" arm || fail "no flag against vectors of unknown length"
grep -rqF -- "-scalable-vectorization=off" by-hand && fail "a flag for AArch64"

# The wrong compiler is named.
if command -v gcc >/dev/null; then
  run cmake -S . -B gcc -G "$generator" -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_C_COMPILER=gcc
  [ $status -ne 0 ] || fail "gcc was accepted"
  expect_stderr "hindsight_instrument"
fi
