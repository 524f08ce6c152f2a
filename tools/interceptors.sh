#!/usr/bin/env bash
# interceptors.sh [--check] [LIBC] - docs/interceptors.md: which exports of the C library are intercepted,
# and why the others need not be.
#
# Made from the dynamic symbols of LIBC (default: the compiler's libc.so.6), the tables of interceptors
# (runtime/intercept/*.def) and the reasons in runtime/intercept/not_intercepted.txt.
#
# Exit status: 0 written (--check: nothing wrong), 1 some export is unaccounted for, a reason is given for
# what is intercepted or does not exist, or (--check) the page is not what would be written. With a C
# library of another version than the page's, --check looks for unaccounted exports only.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
check=0
if [ "${1:-}" = --check ]; then check=1; shift; fi
libc=${1:-$(cc -print-file-name=libc.so.6)}
[ -e "$libc" ] || { echo "no $libc" >&2; exit 1; }
page=docs/interceptors.md
reasons=runtime/intercept/not_intercepted.txt
version=$(strings -a "$libc" | sed -nE 's/^GNU C Library .* version ([0-9.]+)\.$/\1/p' | head -1)
same=1
if [ $check = 1 ] && ! grep -q "glibc $version\b" "$page" 2>/dev/null; then same=0; fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

nm -D --defined-only "$libc" | awk 'NF == 3 { print $1, $2, $3 }' | LC_ALL=C sort -k3 >"$work/exports"
[ -s "$work/exports" ] || { echo "no dynamic symbols in $libc" >&2; exit 1; }
# KIND NAME SECTION TABLE for every line of the tables; the section is the source file, or the table.
for table in runtime/intercept/*.def; do
  awk -v table="$(basename "$table")" '
    BEGIN { section = table }
    /^\/\/ [a-z0-9_]+\.cpp/ { section = $2; sub(/,$/, "", section) }
    match($0, /^LIBC(_[A-Z]+)?\(/) {
      kind = substr($0, 1, RLENGTH - 1)
      rest = substr($0, RLENGTH + 1)
      match(rest, /^[A-Za-z0-9_]+/)
      print kind, substr(rest, 1, RLENGTH), section, table, rest
    }' "$table"
done >"$work/intercepted"

awk -v version="$version" -v same="$same" -v library="$(basename "$libc")" '
  function complain(text) { print text >"/dev/stderr"; bad = 1 }
  function regex(glob) { gsub(/\*/, ".*", glob); return "^" glob "$" }
  function list(names,   line, out, i, n, part) {  # wrapped at 100 columns
    n = split(names, part, " "); line = ""; out = ""
    for (i = 1; i <= n; ++i) {
      if (length(line) + length(part[i]) + 3 > 100) { out = out line "\n"; line = "" }
      line = line (line == "" ? "" : " ") "`" part[i] "`"
    }
    return out line "\n"
  }
  function sorted(array, count,   i, j, t) {
    for (i = 2; i <= count; ++i) {
      t = array[i]
      for (j = i - 1; j >= 1 && array[j] > t; --j) array[j + 1] = array[j]
      array[j + 1] = t
    }
  }

  FILENAME ~ /exports$/ {
    name = $3; tag = name; sub(/@.*/, "", name); sub(/^[^@]*/, "", tag)
    if ($2 == "A") next                       # the names of the versions themselves
    if (!(name in known)) { known[name] = 1; names[++count] = name }
    default_version = tag ~ /^@@/; sub(/^@+/, "", tag)
    if ($2 !~ /^[TWi]$/) { data[name] = 1; next }
    functions[name] = 1
    if (tag == "GLIBC_PRIVATE") { private[name] = 1; next }
    public[name] = 1
    if (default_version) has_default[name] = 1
    versions[name] = versions[name] (versions[name] == "" ? "" : " ") tag
    if (index(addresses[name], $1 " ") == 0) { addresses[name] = addresses[name] $1 " "; ++implementations[name] }
    next
  }
  FILENAME ~ /intercepted$/ {
    intercepted[$2] = $3
    if ($4 == "libraries.def") of_library[++library_count] = $2
    if (!($3 in in_section)) { in_section[$3] = ""; sections[++section_count] = $3 }
    if ($1 == "LIBC_VERSIONED") { match($0, /"[^"]*"/); pinned[$2] = substr($0, RSTART + 1, RLENGTH - 2) }
    next
  }
  /^#/ || /^[ \t]*$/ { next }
  /^\[/ {
    class = $1; gsub(/[][]/, "", class); classes[++class_count] = class
    text = $0; sub(/^\[[^]]*\] */, "", text); reason[class] = text
    next
  }
  /^\|/ { text = $0; sub(/^\| */, "", text); reason[class] = reason[class] " " text; next }
  {
    for (i = 1; i <= NF; ++i)
      if ($i ~ /\*/) { pattern[++patterns] = regex($i); pattern_text[patterns] = $i; pattern_class[patterns] = class }
      else {
        if ($i in given) complain("two reasons for " $i)
        given[$i] = class
      }
  }

  END {
    sorted(names, count)
    sorted(sections, section_count)
    for (i = 1; i <= count; ++i) {
      name = names[i]
      if (!(name in functions)) { data_names = data_names name " "; ++data_count; continue }
      if (name in intercepted) {
        ++done; in_section[intercepted[name]] = in_section[intercepted[name]] name " "
        if (name in given) complain("has an interceptor and a reason to have none: " name)
        if (implementations[name] > 1) several[++several_count] = name
        continue
      }
      if (!(name in public)) { ++private_count; continue }
      if (name in given) { where = given[name]; used[name] = 1 }
      else {
        where = ""
        for (p = 1; p <= patterns; ++p)
          if (name ~ pattern[p]) { where = pattern_class[p]; pattern_used[p] = 1; break }
        if (where == "" && !(name in has_default)) where = "old"
      }
      if (where == "") { complain("unaccounted for: " name " (" versions[name] ")"); continue }
      members[where] = members[where] name " "; ++member_count[where]
    }
    for (name in given)
      if (same && !(name in used) && !(name in intercepted)) complain("reason for what " library " does not export: " name)
    for (p = 1; p <= patterns; ++p)
      if (same && !pattern_used[p]) complain("pattern that matches nothing: " pattern_text[p])

    print "# What of the C library is intercepted\n"
    print "Made by `tools/interceptors.sh` from the exports of glibc " version ", the tables `runtime/intercept/*.def`"
    print "and `runtime/intercept/not_intercepted.txt`. `tests/link/libc_coverage.sh` fails when it is out of date, or when"
    print "the C library exports a function that neither the tables nor the reasons know.\n"
    print "| exported functions | |\n|---|---|"
    print "| intercepted | " done " |"
    for (i = 1; i <= class_count; ++i) print "| [" classes[i] "](#" classes[i] ") | " member_count[classes[i]] + 0 " |"
    print "| internal (`GLIBC_PRIVATE`): only the C library'"'"'s own parts may call them | " private_count " |"
    print ""
    print "Besides, " data_count " exports are data, not functions. Of the other libraries of glibc: libpthread, librt, libdl,"
    print "libutil and libanl are empty since 2.34. Of libm, which computes from its arguments, those are intercepted that"
    print "access memory ([below](#other-libraries)), but for `totalorder` and its kin (which took values before 2.31), and"
    print "the `signgam` of `lgamma`; so are those of libcrypt and libresolv, but for what prints messages for debugging"
    print "(`fp_*`, `p_*`, `sym_*`) or compares queries (`res_*`). libnsl is not checked. The loader exports `__tls_get_addr` and internals.\n"
    print "## Intercepted\n"
    for (i = 1; i <= section_count; ++i) {
      section = sections[i]
      if (in_section[section] == "") continue
      print "### " section "\n"
      print list(in_section[section])
    }
    for (i = 1; i <= library_count; ++i) {
      name = of_library[i]
      if (!(name in functions)) in_library[intercepted[name]] = in_library[intercepted[name]] name " "
    }
    print "## Other libraries\n"
    print "Of libm, libcrypt and libresolv. A program that uses one of these finds it even if it was not linked with its library.\n"
    for (i = 1; i <= section_count; ++i) {
      section = sections[i]
      if (section in in_library) print "### " section "\n\n" list(in_library[section])
    }
    print "## Several versions\n"
    print "A program or library that was linked against an old version of one of these gets our function too, which goes"
    print "on to the version named here (the default one, where the tables pin no other).\n"
    print "| function | versions that differ | goes on to |\n|---|---|---|"
    for (i = 1; i <= several_count; ++i) {
      name = several[i]
      print "| `" name "` | " versions[name] " | " (name in pinned ? pinned[name] : "default") " |"
    }
    print "\n## Not intercepted\n"
    for (i = 1; i <= class_count; ++i) {
      class = classes[i]
      if (members[class] == "") continue
      print "### " class "\n\n" reason[class] "\n\n" list(members[class])
    }
    exit bad
  }
' "$work/exports" "$work/intercepted" "$reasons" >"$work/page"
status=$?
[ $status -eq 0 ] || exit 1
# One blank line at most, none at the end.
cat -s "$work/page" | sed -e '${/^$/d}' >"$work/final"
if [ $check = 0 ]; then
  cp "$work/final" "$page"
elif [ $same = 1 ] && ! cmp -s "$work/final" "$page"; then
  echo "$page is out of date: run tools/interceptors.sh"
  diff "$page" "$work/final" | head -10
  exit 1
fi
