// The user and group databases: names are read, records and their strings written.
// EXPECT: races>=8
#include <grp.h>
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

int main() { raceCases(kCases); }
