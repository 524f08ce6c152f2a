// The user and group databases: names are read, records and their strings written.
#include <grp.h>
#include <mntent.h>
#include <pwd.h>
#include <unistd.h>

#include "libc_cases.h"

passwd user, *found_user;
group members, *found_group;
char buffer[4096], group_buffer[4096], name[8] = "root", login[256];
gid_t groups[64];
int count;

constexpr Case kCases[] = {
    {"getpwnam_r", [] { getpwnam_r(name, &user, buffer, sizeof buffer, &found_user); },
     [] { name[3] = 't'; }},
    {"getpwnam_r record", [] { getpwnam_r("root", &user, buffer, sizeof buffer, &found_user); },
     [] { user.pw_uid = 0; }},
    {"getpwuid_r", [] { getpwuid_r(0, &user, buffer, sizeof buffer, &found_user); },
     [] { found_user = nullptr; }},
    {"getpwuid_r strings", [] { getpwuid_r(0, &user, buffer, sizeof buffer, &found_user); },
     [] { buffer[0] = 0; }},
    {"getgrgid_r", [] { getgrgid_r(0, &members, group_buffer, sizeof group_buffer, &found_group); },
     [] { members.gr_gid = 0; }},
    {"getpwuid", [] { keep(getpwuid(0) != nullptr); }, [] { keep(getpwuid(0) != nullptr); }},
    {"getgrouplist",
     [] {
       count = 64;
       getgrouplist("root", 0, groups, &count);
     },
     [] { groups[0] = 0; }},
    {"getgrouplist, no room",
     [] {
       count = 1;
       getgrouplist("root", 5, groups, &count);
     },
     [] { groups[0] = 0; }},
};

/// Without a type and options, these are constants of the C library.
void readMounts() {
  char text[] = "device /place\n", strings[64];
  mntent record;
  FILE* file = fmemopen(text, sizeof text - 1, "r");
  keep(getmntent_r(file, &record, strings, sizeof strings));
  fclose(file);
}

/// Beside what the calls access: quiet without any order.
constexpr Case kNeighbours[] = {
    {"getpwnam_r nobody",
     [] { getpwnam_r("no such user", &user, buffer, sizeof buffer, &found_user); },
     [] { user.pw_uid = 0; }},
    {"getgrouplist",
     [] {
       count = 64;
       getgrouplist("root", 0, groups, &count);
     },
     [] { groups[63] = 0; }},
    {"getgrouplist, no room",
     [] {
       count = 1;
       getgrouplist("root", 5, groups, &count);
     },
     [] { groups[1] = 0; }},
    {"getmntent_r", [] { readMounts(); }, [] { readMounts(); }},
};

int main() {
  passwd* volatile no_user = nullptr;
  group* volatile no_group = nullptr;
  if (putpwent(no_user, stdout) != -1 || putgrent(no_group, stdout) != -1) return 1;
  orderCases(kCases);
  raceCases(kNeighbours);
}
