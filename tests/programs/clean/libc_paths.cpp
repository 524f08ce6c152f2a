// Paths are read to their terminator, what a call fills in is written.
#include <dirent.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <fts.h>
#include <ftw.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>
#include <wordexp.h>

#include "libc_cases.h"

char path[16] = "/nowhere/x", pattern[8] = "a*c", made[32] = "/tmp/XXXXXX", name[L_tmpnam];
struct stat info;
dirent** entries;
glob_t globbed;
wordexp_t words;
timespec times[2];
char value[64];

constexpr Case kCases[] = {
    {"access", [] { keep(faccessat(AT_FDCWD, path, R_OK, 0)); }, [] { path[10] = 0; }},
    {"chmod", [] { keep(chmod(path, 0600)); }, [] { path[7] = 'e'; }},
    {"link", [] { keep(link(path, path)); }, [] { path[0] = '/'; }},
    {"symlink", [] { keep(symlink("x", path)); }, [] { path[1] = 'n'; }},
    {"truncate", [] { keep(truncate(path, 0)); }, [] { path[2] = 'o'; }},
    {"mkfifo", [] { keep(mkfifo(path, 0600)); }, [] { path[3] = 'w'; }},
    {"pathconf", [] { keep(pathconf(path, _PC_NAME_MAX)); }, [] { path[4] = 'h'; }},
    {"getxattr", [] { keep(getxattr(path, "user.none", value, 64)); }, [] { path[5] = 'e'; }},
    {"utimensat", [] { keep(utimensat(AT_FDCWD, "/nowhere/file", times, 0)); },
     [] { times[1].tv_nsec = UTIME_NOW; }},
    {"fnmatch", [] { keep(fnmatch(pattern, "abc", 0)); }, [] { pattern[2] = 'c'; }},
    {"mkdtemp",
     [] {
       strcpy(made, "/tmp/XXXXXX");
       keep(mkdtemp(made) != nullptr);
       rmdir(made);
     },
     [] { made[10] = 0; }},
    {"tmpnam", [] { keep(tmpnam_r(name) != nullptr); }, [] { name[0] = 0; }},
    {"scandir", [] { keep(scandir("/", &entries, nullptr, alphasort)); },
     [] { entries = nullptr; }},
    {"glob", [] { keep(glob("/*", 0, nullptr, &globbed)); }, [] { globbed.gl_pathc = 0; }},
    {"wordexp", [] { keep(wordexp("a b", &words, 0)); }, [] { words.we_wordc = 0; }},
};

/// Beside what the calls access: quiet without any order.
constexpr Case kNeighbours[] = {
    {"chmod", [] { keep(chmod(path, 0600)); }, [] { path[11] = 0; }},
    {"getxattr", [] { keep(getxattr("/", "user.none", value, 64)); }, [] { value[0] = 0; }},
};

int main() {
  orderCases(kCases);
  raceCases(kNeighbours);
}
