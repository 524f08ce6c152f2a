#!/usr/bin/env bash
# A CMake project with the wrappers as its compilers: detection, C and C++ and a shared library.
source "$(dirname "${BASH_SOURCE[0]}")/../support/shell.sh"
command -v cmake >/dev/null || skip "no cmake"
write_programs
cat >CMakeLists.txt <<'EOF'
cmake_minimum_required(VERSION 3.16)
project(Sample C CXX)
include(CheckCXXSourceCompiles)
include(CheckCSourceRuns)
include(CheckIncludeFile)
check_cxx_source_compiles("int main() { return 0; }" CAN_COMPILE)
check_c_source_runs("int main(void) { return 0; }" CAN_RUN)
check_include_file(pthread.h HAS_PTHREAD)
if(NOT CAN_COMPILE OR NOT CAN_RUN OR NOT HAS_PTHREAD)
  message(FATAL_ERROR "configure checks fail")
endif()
find_package(Threads REQUIRED)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
add_library(part SHARED part.c)
target_link_options(part PRIVATE -Wl,-z,defs)
add_library(inner STATIC inner.cpp)
add_executable(program main.cpp extra.c)
target_link_libraries(program part inner Threads::Threads)
add_executable(fixed fixed.cpp)
target_link_libraries(fixed Threads::Threads)
EOF
echo 'int shared; void touch(void) { ++shared; }' >part.c
echo 'int extra(void) { return 0; }' >extra.c
echo 'extern "C" void touch(void); void inner() { touch(); }' >inner.cpp
sed 's/++shared/inner()/; s/^int shared;/void inner();/' race.c >main.cpp
generator="Unix Makefiles"; command -v ninja >/dev/null && generator=Ninja
for type in Debug Release; do
  expect_ok cmake -S . -B build-$type -G "$generator" -DCMAKE_BUILD_TYPE=$type \
    -DCMAKE_C_COMPILER="$CC" -DCMAKE_CXX_COMPILER="$CXX"
  expect_ok cmake --build build-$type -j2
  expect_race build-$type/program
  expect_ok build-$type/fixed
  expect_silent
done
expect_ok env CC="$CC" CXX="$CXX" cmake -S . -B build-environment -G "$generator"
expect_ok cmake --build build-environment --target program
expect_race build-environment/program
