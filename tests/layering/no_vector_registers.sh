#!/usr/bin/env bash
# An access check changes no vector, mask or x87 register: its callers keep values there and rely on
# the preserve_all convention. Walks the machine code from every cold-path entry through direct calls
# and jumps, and stops where all registers are saved (the report stack) or the process ends.
#
# Calls through pointers and into other libraries cannot be followed; those that exist are listed
# here with where they lead, any other is a failure.
# Own test: the same walk must find vector registers from an entry that is known to use them.
#
# no_vector_registers.sh [aarch64-linux-gnu] - of this machine's runtime, or of that processor's.
source "$(dirname "${BASH_SOURCE[0]}")/../support/shell.sh"

target=${1:-}
library=$HINDSIGHT_BUILD/lib/$target/libhindsight.so
[ -n "$target" ] || [ "$(uname -m)" = x86_64 ] || skip "x86-64 only"
[ -e "$library" ] || skip "no $library"
objdump=${target:+$target-}objdump
command -v "$objdump" >/dev/null || skip "no $objdump"
"$objdump" -d --no-show-raw-insn "$library" | c++filt >listing
if [ -n "$target" ]; then  # AArch64
  vector='[ ,{[][vqdsbhz][0-9]+(\\.[0-9]*[bhsdq])?([],} ]|$)'
  call='^(bl?|blr|br|cbn?z|tbn?z|b\\.[a-z]+)[ \t]'
  indirect='^bl?r[ \t]' jump='^br[ \t]' store='^st'  # a copy of the registers changes none
else
  vector='%[xyz]mm[0-9]|%k[0-7]|%st|%mm[0-7]|^f(ld|st|in|wait|x)|^emms|^vzero|xsave|xrstor'
  call='^(bnd |notrack )?(call|j)'
  indirect='^[^<]*\\*' jump='^(notrack )?jmp' store='^$'
fi

# walk ROOT_REGEX - prints one line for each instruction that a check must not execute.
walk() {
  awk -v roots="$1" -v vector="$vector" -v call="$call" -v indirect="$indirect" -v jump="$jump" -v store="$store" '
    # Saves every register itself; and what does not come back.
    function ends(name) {
      return name ~ /^__hindsight_on_report_stack$/ || name ~ /checkFailed|hindsight::giveUp|outOfMemory/
    }
    # Calls through pointers: only tests set the hook; signals are delivered by deliver(), a root.
    function pointer_is_known(name) { return name ~ /raceFound|deliverPendingSignals/ }
    /^[0-9a-f]+ <.*>:$/ {
      name = $0; sub(/^[0-9a-f]+ </, "", name); sub(/>:$/, "", name)
      if (name ~ roots && !(name in seen)) { seen[name] = 1; queue[++last] = name }
      next
    }
    name != "" && /^ *[0-9a-f]+:/ { code[name] = code[name] $0 "\n" }
    END {
      if (last == 0) { print "no entry matches " roots; exit }
      for (first = 1; first <= last; first++) {
        at = queue[first]
        count = split(code[at], lines, "\n")
        for (i = 1; i < count; i++) {
          line = lines[i]
          sub(/^ *[0-9a-f]+:[ \t]*/, "", line)
          sub(/[ \t]*(\/\/|#).*$/, "", line)  # what objdump remarks
          if (line ~ vector && line !~ store) print at ": " line
          if (line !~ call) continue
          if (line ~ indirect) {
            if (line ~ jump && line !~ /rip/) continue   # a switch table
            if (!pointer_is_known(at)) print at ": leads to nobody knows where: " line
            continue
          }
          target = line; sub(/^[^<]*</, "", target); sub(/(\+0x[0-9a-f]+)?>.*$/, "", target)
          if (target ~ /@plt$/) { print at ": calls another library: " line; continue }
          if (target == at || target in seen || ends(target)) continue
          seen[target] = 1; queue[++last] = target
        }
      }
      for (i = 1; i <= last; i++) print queue[i] >"walked"
    }' listing
}

bad=$(walk '^__hindsight_(read|write)[0-9]*(_range|_group)?(_leaf)?$|::deliver\(')
[ -z "$bad" ] || fail "an access check may execute:
$bad"
echo "$(wc -l <walked) functions walked"
[ "$(wc -l <walked)" -gt 20 ] || fail "the walk ends too early"

[ -n "$(walk '^__hindsight_memcpy$')" ] || fail "the walk finds no vector register in any function"
