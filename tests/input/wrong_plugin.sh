#!/usr/bin/env bash
# The plugin of another LLVM version, loaded by hand: a message that says which one it needs.
source "$(dirname "${BASH_SOURCE[0]}")/../support/shell.sh"
write_programs
lib=$HINDSIGHT_BUILD/lib
for loaded in 14 19; do
  for clang in 14 19; do
    [ $loaded != $clang ] && [ -e "$lib/HindsightPass-$loaded.so" ] &&
      command -v clang-$clang >/dev/null || continue
    run clang-$clang -fsanitize=thread -fpass-plugin="$lib/HindsightPass-$loaded.so" -c race.c
    [ $status -ne 0 ] || fail "Clang $clang accepts the plugin of $loaded"
    grep -q "$loaded" .err || fail "the message does not name version $loaded"
  done
done

# A damaged plugin, and objects made for another ABI.
cp -r "$HINDSIGHT_BUILD/bin" "$HINDSIGHT_BUILD/lib" .
ln -s "$HINDSIGHT_SOURCE/include" include
for plugin in lib/HindsightPass-*.so; do echo "not a plugin" >"$plugin"; done
run bin/hindsight-clang -c race.c
[ $status -ne 0 ] || fail "a damaged plugin was accepted"
expect_stderr "HindsightPass"
echo 'extern char __hindsight_abi_v0; char *needs = &__hindsight_abi_v0; int main(void) { return 0; }' >abi.c
expect_exit 1 "$CC" abi.c -o abi
expect_stderr "__hindsight_abi_v0"
rm -f lib/HindsightPass-*.so
expect_exit 2 bin/hindsight-clang -c race.c
expect_stderr "HindsightPass"
