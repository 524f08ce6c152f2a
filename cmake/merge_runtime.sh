#!/usr/bin/env bash
# merge_runtime.sh NAME REDEFINE.txt ARCHIVE... - makes NAME.o, NAME.syms and NAME_third_party.a.
#
# The runtime's objects, listed in NAME.rsp, and what they need of the third-party archives become
# one object in which only the runtime's own default-visibility symbols stay global. So the program
# may link its own libunwind, libbacktrace or libiberty, of any version: nothing clashes, nothing is
# shared. Libc calls in the third-party code are renamed (REDEFINE.txt: `old new` lines) to functions
# of the runtime, since libc's are intercepted in the program.
#
#   archives -> renamed -> members that are needed -> NAME_third_party.a (one object; only what the
#                                                     runtime calls is global; tests link it, too)
#   objects + that -> NAME.o, and the names of its interface -> NAME.syms (a dynamic list)
#
# Environment: LD OBJCOPY READELF AR NM (GNU binutils).
set -euo pipefail
export LC_ALL=C  # one order for sort and comm

name=$1 redefine=$2; shift 2
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT

archives=()
for archive in "$@"; do
  copy=$work/$(basename "$archive")
  "$OBJCOPY" --redefine-syms="$redefine" "$archive" "$copy"
  archives+=("$copy")
done

# What the runtime refers to and an archive defines.
xargs "$NM" -u <"$name.rsp" | awk '$1 == "U" { print $2 }' | sort -u >"$work/undefined"
"$NM" --defined-only "${archives[@]}" 2>/dev/null | awk 'NF == 3 { print $3 }' |
  sort -u >"$work/available"
comm -12 "$work/undefined" "$work/available" >"$work/wanted"
"$LD" -r --force-group-allocation -o "$work/third_party.o" $(sed 's/^/-u /' "$work/wanted") \
  --start-group "${archives[@]}" --end-group
"$OBJCOPY" --keep-global-symbols="$work/wanted" "$work/third_party.o"
rm -f "${name}_third_party.a"
"$AR" rcs "${name}_third_party.a" "$work/third_party.o"

"$LD" -r --force-group-allocation -o "$work/runtime.o" @"$name.rsp" "$work/third_party.o"
# Not left for the first program's link to find out.
missing=$("$NM" -u "$work/runtime.o" | awk '$1 == "U" && $2 ~ /9hindsight|__hindsight/ { print $2 }')
[ -z "$missing" ] || { echo "declared in the runtime, defined nowhere:" $missing >&2; exit 1; }

# Default-visibility definitions of the runtime's own objects. Weak ones of std:: are inline functions
# of the standard library, visible by declaration, and not part of the interface: all but one, which
# is an interceptor.
xargs "$READELF" -sW <"$name.rsp" |
  awk '$6 == "DEFAULT" && $7 != "UND" &&
       ($5 == "GLOBAL" || $8 ~ /13exception_ptr10_M_release/ ||
        ($5 == "WEAK" && $8 !~ /^_Z[A-Z]*S/)) { print $8 }' |
  sort -u >"$work/interface"
# Names of the C library are weak: a program may have a function or variable of its own so called.
grep -v '^__hindsight' "$work/interface" >"$work/weak"
"$OBJCOPY" --keep-global-symbols="$work/interface" --weaken-symbols="$work/weak" "$work/runtime.o"
{ echo "{"; sed 's/.*/  "&";/' "$work/interface"; echo "};"; } >"$name.syms"
mv "$work/runtime.o" "$name.o"
