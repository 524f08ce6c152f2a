#!/usr/bin/env bash
# An allocator that replaces malloc by LD_PRELOAD, or that the program is linked with: blocks are known, memory
# that is handed out again is fresh, and what the allocator does to its own memory is not reported.
source "$(dirname "${BASH_SOURCE[0]}")/../support/shell.sh"
programs=$HINDSIGHT_SOURCE/tests/programs

libraries=()
for name in libjemalloc.so.2 libtcmalloc_minimal.so.4; do
  path=$("$CC" -print-file-name=$name)
  [[ $path == /* ]] && libraries+=("$path")
done
[ ${#libraries[@]} -gt 0 ] || skip "neither jemalloc nor tcmalloc here"

compile() {  # GROUP/NAME FLAG... - to ./NAME.GROUP
  local source=$programs/$1 compiler=$CC standard=-std=gnu11
  [[ $source == *.cpp ]] && compiler=$CXX standard=-std=c++20
  exe=./$(basename "${1%.*}").$(dirname "$1")
  shift
  expect_ok "$compiler" -g -O1 $standard -pthread -iquote "$programs" "$source" -o "$exe" "$@"
}

# calloc of 300,000 bytes is a memset of tcmalloc's; operator new and delete are the allocators' own.
clean=(memory_reuse.c memory_aligned.cpp memory_new_array.cpp memory_realloc.c memory_large_blocks.c process_fork.c
       sync_std_shared_ptr.cpp)
racy=(named_heap_block.cpp memory_aligned.cpp memory_new_array.cpp memory_realloc.c memory_use_before_free.c)
for program in "${clean[@]}"; do
  compile "clean/$program"
  for library in "${libraries[@]}"; do
    expect_ok env LD_PRELOAD="$library" "$exe"
    expect_silent
  done
done
for program in "${racy[@]}"; do
  compile "racy/$program"
  for library in "${libraries[@]}"; do
    expect_race env LD_PRELOAD="$library" "$exe"
    expect_stderr "Heap block of"
  done
done
for library in "${libraries[@]}"; do
  compile clean/memory_reuse.c "$library"
  expect_ok "$exe"
  expect_silent
  compile racy/memory_new_array.cpp "$library"
  expect_race "$exe"
  expect_stderr "Heap block of"
done
