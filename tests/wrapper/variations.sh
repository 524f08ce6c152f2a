#!/usr/bin/env bash
# Other linkers, standard libraries, link-time optimisation, and odd places to live in.
source "$(dirname "${BASH_SOURCE[0]}")/../support/shell.sh"
write_programs
cat >strings.cpp <<'EOF'
#include <iostream>
#include <string>
#include <thread>
std::string text;
int main() {
  std::thread thread([] { text += "a longer text that does not fit inside the object"; });
#ifdef FIXED
  thread.join();
#endif
  text += "another text that does not fit inside the object either";
#ifndef FIXED
  thread.join();
#endif
  std::cout << text.size() << std::endl;
}
EOF
compiler=$("$CXX" --hindsight-dry-run -dumpversion | cut -d' ' -f1)
for variation in "" -fuse-ld=lld -flto -flto=thin -stdlib=libc++ -gdwarf-4 -Wl,--gc-sections \
                 -Wl,--as-needed -static-libstdc++ -rdynamic; do
  echo 'int main() {}' >probe.cpp
  "$compiler" $variation probe.cpp -o probe 2>/dev/null || { echo "(no $variation here)"; continue; }
  for level in -O0 -O2; do
    expect_ok "$CXX" -std=c++20 -g $level $variation -DFIXED strings.cpp -o strings
    expect_ok ./strings
    expect_silent
    expect_ok "$CXX" -std=c++20 -g $level $variation race.cpp -o race
    expect_race ./race
  done
done

# The whole installation in a path with blanks and a comma.
mkdir "a b, c"
cp -a "$HINDSIGHT_BUILD/bin" "$HINDSIGHT_BUILD/lib" "a b, c/"
mkdir -p "a b, c/include"; cp -rL "$HINDSIGHT_BUILD/include/hindsight" "a b, c/include/"
expect_ok "a b, c/bin/hindsight-clang" -g race.c -o race
expect_race ./race
expect_ok "a b, c/bin/hindsight-clang" --hindsight-shared-runtime race.c -o race
expect_race ./race
expect_ok "a b, c/bin/hindsight-clang" -E -x c - 
# Through a link from elsewhere, as a package manager would make it.
ln -s "$scratch/a b, c/bin/hindsight-clang++" c++
expect_ok ./c++ -g race.cpp -o race
expect_race ./race
# The public headers are found.
echo '#include <hindsight/abi.h>
int main() { return HINDSIGHT_ABI_VERSION == 0; }' >header.cpp
expect_ok "$CXX" header.cpp -o header
expect_ok ./header
