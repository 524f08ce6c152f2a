#!/usr/bin/env bash
# try.sh [FILE... [FLAG...]] [-- ARGUMENT...] - checks C and C++ programs for data races, from
# nothing: installs what is missing, builds Hindsight, compiles the files, runs them, shows reports.
#
# Without a file: an example with a race. Several files make one program if one of them has main();
# if several have, each of those makes a program, together with the files that have none. FLAGs go
# to the compiler (-O2, -lfoo), ARGUMENTs to the program.
#
# Exit status: that of the program (66 when races were reported), the first that is not 0 if there
# are several; 1 if something cannot be installed, built or compiled.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
case ${1:-} in -h | --help) sed -n '2,10s/^# \{0,1\}//p' "$0"; exit 0 ;; esac

files=() flags=() arguments=()
while [ $# -gt 0 ]; do
  case $1 in
    --) shift; arguments=("$@"); break ;;
    -*) flags+=("$1") ;;
    *) [ -f "$1" ] || { echo "try.sh: no file '$1'" >&2; exit 1; }
       files+=("$(realpath "$1")") ;;
  esac
  shift
done
[ ${#files[@]} -gt 0 ] || files=("$root/examples/counter_racy.cpp")

source "$root/tools/packages.sh"
install_missing "${kToolchainPackages[@]}"
here=$PWD
cd "$root"
[ -f build/build.ninja ] || configure
# Ninja's progress, without the three lines it prints when there is nothing to do.
ninja -C build hindsight_toolchain |
  { grep -vE --line-buffered 'Entering directory|Re-checking globbed|no work to do' >&2 || true; }
cd "$here"

work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
linker=$root/build/bin/hindsight-clang
mains=() parts=() count=0
for file in "${files[@]}"; do
  count=$((count + 1)); mkdir "$work/$count"  # a folder each: two files may have the same name
  name=$(basename "$file")
  object=$work/$count/${name%.*}.o
  case $file in
    *.c) compiler=$root/build/bin/hindsight-clang; default="" ;;
    *) compiler=$root/build/bin/hindsight-clang++; linker=$compiler; default=-std=c++20 ;;
  esac
  say "compiling $name"
  "$compiler" $default -g -O1 -Wno-unused-command-line-argument "${flags[@]}" \
    -c "$file" -o "$object" || exit 1
  # No pipe: grep ends at the first match, nm by SIGPIPE, and pipefail takes that for "no main".
  if grep -q ' T main$' <(nm "$object"); then mains+=("$object"); else parts+=("$object"); fi
done
[ ${#mains[@]} -gt 0 ] || { say "no file defines main()"; exit 1; }

result=0
for main in "${mains[@]}"; do
  program=${main%.o}
  "$linker" "$main" "${parts[@]}" -Wno-unused-command-line-argument "${flags[@]}" \
    -o "$program" || exit 1
  say "running $(basename "$program")"
  status=0
  "$program" "${arguments[@]}" || status=$?
  say "exit status $status"
  [ $result -ne 0 ] || result=$status
done
exit $result
