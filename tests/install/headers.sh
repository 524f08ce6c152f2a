#!/usr/bin/env bash
# Every header for programs compiles alone and without warnings in C++17, with Clang and GCC; all of
# them together with each compiler that is there, in C++20, also as instrumented code. Each is installed.
source "$(dirname "${BASH_SOURCE[0]}")/../support/shell.sh"
include=$HINDSIGHT_SOURCE/include
warnings=(-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror -fsyntax-only -I"$include")
prefix=$scratch/prefix
expect_ok cmake --install "$HINDSIGHT_BUILD" --prefix "$prefix"

headers=()
for header in "$include"/hindsight/*.h; do
  name=${header##*/}
  expect_file "$prefix/include/hindsight/$name"
  [ "$name" = abi.h ] || headers+=("$name")  # abi.h is the compiler plugin's and the runtime's
done
for header in "$include"/hindsight/detail/*.h; do
  expect_file "$prefix/include/hindsight/detail/${header##*/}"
done

compilers=()
for compiler in clang++-19 clang++-14 g++; do
  command -v $compiler >/dev/null && compilers+=("$compiler")
done
[ ${#compilers[@]} -gt 0 ] || fail "no compiler"
for header in "${headers[@]}"; do echo "#include \"hindsight/$header\""; done >all.cpp
for compiler in "${compilers[@]}"; do
  [ $compiler = clang++-14 ] || for header in "${headers[@]}"; do
    echo "#include \"hindsight/$header\"" >alone.cpp
    expect_ok "$compiler" -std=c++17 "${warnings[@]}" alone.cpp
  done
  expect_ok "$compiler" -std=c++20 "${warnings[@]}" all.cpp
  expect_ok "$compiler" -std=c++20 -fsanitize=thread "${warnings[@]}" all.cpp
done
