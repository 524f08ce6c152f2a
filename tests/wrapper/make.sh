#!/usr/bin/env bash
# A make project: CC= and CXX= on the command line, implicit rules, a static library in between.
source "$(dirname "${BASH_SOURCE[0]}")/../support/shell.sh"
command -v make >/dev/null || skip "no make"
write_programs
cat >Makefile <<'EOF'
CFLAGS = -O1 -g
all: program
program: main.o libpart.a
	$(CC) $(LDFLAGS) -o $@ main.o -L. -lpart -lpthread
libpart.a: part.o
	$(AR) rcs $@ $^
EOF
sed 's/++shared/touch()/; s/^int shared;/void touch(void);/' race.c >main.c
echo 'int shared; void touch(void) { ++shared; }' >part.c
expect_ok make CC="$CC" CXX="$CXX"
expect_race ./program
expect_stderr part.c
expect_ok env CC="$CC" make -B -e -j2
expect_race ./program
