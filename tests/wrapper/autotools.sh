#!/usr/bin/env bash
# An autotools project with libtool: configure's checks, a convenience and a shared library.
source "$(dirname "${BASH_SOURCE[0]}")/../support/shell.sh"
for tool in autoreconf libtoolize make; do command -v $tool >/dev/null || skip "no $tool"; done
write_programs
cat >configure.ac <<'EOF'
AC_INIT([sample], [1.0])
AM_INIT_AUTOMAKE([foreign subdir-objects])
AC_PROG_CC
AC_PROG_CXX
AM_PROG_AR
LT_INIT
AC_CHECK_HEADERS([pthread.h])
AC_CHECK_FUNCS([memcpy strlen malloc no_such_function])
AC_FUNC_MALLOC
AC_SEARCH_LIBS([pthread_create], [pthread])
AC_C_BIGENDIAN
AC_CHECK_SIZEOF([long])
AC_RUN_IFELSE([AC_LANG_PROGRAM([], [return 0;])], [], [AC_MSG_ERROR([programs do not run])])
AC_CONFIG_HEADERS([config.h])
AC_CONFIG_FILES([Makefile])
AC_OUTPUT
EOF
cat >Makefile.am <<'EOF'
lib_LTLIBRARIES = libpart.la
libpart_la_SOURCES = part.c
libpart_la_LDFLAGS = -no-undefined
bin_PROGRAMS = program
program_SOURCES = main.c helper.cpp
program_LDADD = libpart.la
EOF
echo 'int shared; void touch(void) { ++shared; }' >part.c
echo 'extern "C" int helper() { return 0; }' >helper.cpp
sed 's/++shared/touch()/; s/^int shared;/void touch(void);/' race.c >main.c
expect_ok autoreconf -fi
mkdir tree && cd tree
expect_ok ../configure CC="$CC" CXX="$CXX"
grep -q 'HAVE_STRLEN 1' config.h || fail "configure did not find strlen"
grep -q 'HAVE_NO_SUCH_FUNCTION 1' config.h && fail "configure found a function that is not there"
grep -q 'SIZEOF_LONG 8' config.h || fail "configure has the size of long wrong"
expect_ok make -j2
expect_race ./program
