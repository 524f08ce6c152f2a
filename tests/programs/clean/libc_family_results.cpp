// Results and errno of functions from every family are what they are without a detector.
// LIBS: -lrt
#include <aio.h>
#include <argz.h>
#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <fts.h>
#include <ftw.h>
#include <getopt.h>
#include <glob.h>
#include <grp.h>
#include <iconv.h>
#include <libgen.h>
#include <limits.h>
#include <locale.h>
#include <math.h>
#include <netdb.h>
#include <pthread.h>
#include <pwd.h>
#include <regex.h>
#include <search.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>
#include <wctype.h>
#include <wordexp.h>

extern char** environ;

static int failures;

#define EXPECT(condition)                                              \
  do {                                                                 \
    if (!(condition)) {                                                \
      printf("line %d: %s (errno %d)\n", __LINE__, #condition, errno); \
      failures++;                                                      \
    }                                                                  \
  } while (0)
/// The call fails with this errno.
#define EXPECT_ERROR(failed, number) \
  do {                               \
    errno = 0;                       \
    EXPECT(failed);                  \
    EXPECT(errno == (number));       \
  } while (0)
/// The call leaves errno alone.
#define EXPECT_KEPT(condition) \
  do {                         \
    errno = 77;                \
    EXPECT(condition);         \
    EXPECT(errno == 77);       \
  } while (0)

static void text() {
  locale_t c = newlocale(LC_ALL_MASK, "C", nullptr);
  char* end;
  wchar_t* wide_end;
  EXPECT_ERROR(strtol_l("99999999999999999999", &end, 10, c) == LONG_MAX, ERANGE);
  EXPECT(*end == 0);
  EXPECT_ERROR(wcstol(L"99999999999999999999x", &wide_end, 10) == LONG_MAX, ERANGE);
  EXPECT(*wide_end == L'x');
  EXPECT_KEPT(wcstod(L"1.5z", &wide_end) == 1.5 && *wide_end == L'z');
  EXPECT_KEPT(strtof32("2.5", nullptr) == 2.5f);
  EXPECT(strcasecmp_l("AbC", "aBd", c) < 0 && strncasecmp_l("AbC", "aBd", 2, c) == 0);
  EXPECT(strverscmp("a9", "a10") < 0 && strverscmp("a", "a") == 0);
  EXPECT(wcscasecmp(L"Ab", L"aB") == 0 && wcsncasecmp(L"Abx", L"aBy", 2) == 0);
  EXPECT(wcsspn(L"aab", L"a") == 2 && wcscspn(L"aab", L"b") == 2);
  EXPECT(wcsstr(L"haystack", L"st") != nullptr && wcsstr(L"hay", L"st") == nullptr);
  EXPECT(*wcschrnul(L"abc", L'z') == 0 && wcspbrk(L"abc", L"xc")[0] == L'c');
  wchar_t copy[8], *at;
  EXPECT(wcpcpy(copy, L"abc") == copy + 3 && wcpncpy(copy, L"ab", 8) == copy + 2);
  wchar_t tokens[] = L"a,b";
  EXPECT(wcscmp(wcstok(tokens, L",", &at), L"a") == 0 && wcscmp(at, L"b") == 0);
  mbstate_t state{};
  wchar_t character;
  EXPECT(mbrtowc(&character, "x", 1, &state) == 1 && character == L'x');
  EXPECT(mbrtowc(&character, "", 0, &state) == static_cast<size_t>(-2));
  wchar_t wide[8];
  char narrow[8];
  const char* from = "abc";
  EXPECT(mbstowcs(wide, "abc", 2) == 2 && mbstowcs(nullptr, "abc", 0) == 3);
  EXPECT(mbsrtowcs(wide, &from, 8, &state) == 3 && from == nullptr);
  EXPECT(wcstombs(narrow, L"xyz", 8) == 3 && strcmp(narrow, "xyz") == 0);
  EXPECT_ERROR(wcrtomb(narrow, 0x20ac, &state) == static_cast<size_t>(-1), EILSEQ);
  char path[] = "/usr/lib/", other[] = "a/b/";
  EXPECT(strcmp(dirname(path), "/usr") == 0 && strcmp(__xpg_basename(other), "b") == 0);
  char* argz;
  size_t bytes;
  EXPECT(argz_create_sep("a:b:c", ':', &argz, &bytes) == 0 && argz_count(argz, bytes) == 3);
  EXPECT(argz_add(&argz, &bytes, "dd") == 0 && strcmp(argz_next(argz, bytes, argz + 4), "dd") == 0);
  char buffer[16];
  EXPECT(strfromd(buffer, 4, "%.3f", 1.5) == 5 && strcmp(buffer, "1.5") == 0);
  EXPECT_KEPT(strcmp(strerror_r(ENOENT, buffer, 16), "No such file or directory") == 0);
  char in[] = "a\xff", *in_at = in, *out_at = buffer;
  size_t in_left = 2, out_left = sizeof buffer;
  iconv_t ascii = iconv_open("ASCII", "UTF-8");
  EXPECT_ERROR(iconv(ascii, &in_at, &in_left, &out_at, &out_left) == static_cast<size_t>(-1),
               EILSEQ);
  EXPECT(in_left == 1 && out_left == 15 && buffer[0] == 'a');
}

static int viaList(wchar_t* out, size_t room, const wchar_t* format, ...) {
  va_list list;
  va_start(list, format);
  const int result = vswprintf(out, room, format, list);
  va_end(list);
  return result;
}

static void streams() {
  wchar_t out[16], word[8];
  EXPECT(viaList(out, 16, L"%d-%ls-%s", 5, L"x", "y") == 5 && wcscmp(out, L"5-x-y") == 0);
  EXPECT(swprintf(out, 3, L"%d", 123456) < 0);
  int number = 0;
  EXPECT(swscanf(L"12 ab", L"%d %7ls", &number, word) == 2 && number == 12 && word[1] == L'b');
  char numbered[32];
  EXPECT(snprintf(numbered, 32, "%2$s-%1$d", 4, "z") == 3 && strcmp(numbered, "z-4") == 0);
  char* text;
  size_t size;
  FILE* memory = open_memstream(&text, &size);
  EXPECT(putc('a', memory) == 'a' && fputs_unlocked("bc", memory) >= 0 && fclose(memory) == 0);
  EXPECT(size == 3 && strcmp(text, "abc") == 0);
  FILE* file = tmpfile();
  EXPECT(fputc('x', file) == 'x' && putw(7, file) == 0 && fputc_unlocked('y', file) == 'y');
  fpos_t start;
  rewind(file);
  EXPECT(fgetpos(file, &start) == 0 && getc_unlocked(file) == 'x' && getw(file) == 7);
  EXPECT(fgetc_unlocked(file) == 'y' && fgetc_unlocked(file) == EOF && feof(file));
  EXPECT(fsetpos(file, &start) == 0 && getc(file) == 'x');
  FILE* fixed = fmemopen(numbered, 3, "r");
  EXPECT(fgetc(fixed) == 'z' && ungetc('q', fixed) == 'q' && fgetc(fixed) == 'q');
  EXPECT_ERROR(fdopen(-1, "r") == nullptr, EBADF);
  struct Source {
    int left = 3;
  } source;
  FILE* cookie = fopencookie(&source, "r",
                             {[](void* opaque, char* to, size_t) -> ssize_t {
                                auto* from = static_cast<Source*>(opaque);
                                if (from->left-- == 0) return 0;
                                *to = 'c';
                                return 1;
                              },
                              nullptr, nullptr, nullptr});
  EXPECT(fread(numbered, 1, 8, cookie) == 3 && fclose(cookie) == 0);
}

static int countEntry(const char*, const struct stat*, int) { return 3; }

static void files() {
  struct stat info;
  EXPECT_ERROR(chmod("/nowhere", 0600) == -1, ENOENT);
  EXPECT_ERROR(mkfifo("/nowhere/x", 0600) == -1, ENOENT);
  EXPECT_ERROR(truncate("/", 0) == -1, EISDIR);
  char made[] = "/tmp/hindsight.XXXXXX", suffixed[] = "/tmp/hindsight.XXXXXX.c";
  EXPECT(mkdtemp(made) == made && rmdir(made) == 0);
  const int fd = mkstemps(suffixed, 2);
  EXPECT(fd >= 0 && stat(suffixed, &info) == 0 && strcmp(strrchr(suffixed, '.'), ".c") == 0);
  EXPECT(unlinkat(AT_FDCWD, suffixed, 0) == 0 && close(fd) == 0);
  dirent** entries;
  EXPECT(scandir("/dev/fd", &entries, nullptr, alphasort) > 2 &&
         strcmp(entries[0]->d_name, ".") == 0);
  glob_t found{};
  EXPECT(glob("/et[c]", 0, nullptr, &found) == 0 && strcmp(found.gl_pathv[0], "/etc") == 0);
  EXPECT(glob("/nowhere*", 0, nullptr, &found) == GLOB_NOMATCH);
  wordexp_t words;
  EXPECT(wordexp("a 'b c'", &words, 0) == 0 && words.we_wordc == 2);
  EXPECT(fnmatch("*.c", "x.c", 0) == 0 && fnmatch("*.c", "x.h", 0) == FNM_NOMATCH);
  EXPECT(ftw("/etc/passwd", countEntry, 4) == 3);
  char root[] = "/etc/passwd", *roots[] = {root, nullptr};
  FTS* tree = fts_open(roots, FTS_PHYSICAL, nullptr);
  EXPECT(strcmp(fts_read(tree)->fts_path, "/etc/passwd") == 0 && fts_close(tree) == 0);
  passwd user, *found_user;
  char buffer[2048], tiny[1];
  EXPECT(getpwnam_r("root", &user, buffer, sizeof buffer, &found_user) == 0 && found_user == &user);
  EXPECT(getpwnam_r("nobody such", &user, buffer, sizeof buffer, &found_user) == 0 && !found_user);
  EXPECT(getpwuid_r(0, &user, tiny, 1, &found_user) == ERANGE);
  EXPECT(getgrgid(0) != nullptr && strcmp(getgrgid(0)->gr_name, "root") == 0);
}

static void processes() {
  pid_t child;
  char* none[] = {nullptr};
  EXPECT(posix_spawn(&child, "/nowhere", nullptr, nullptr, none, environ) == ENOENT);
  EXPECT_ERROR(execl("/nowhere", "nowhere", "x", nullptr) == -1, ENOENT);
  EXPECT_ERROR(execle("/nowhere", "nowhere", nullptr, environ) == -1, ENOENT);
  EXPECT_ERROR(execlp("no such program", "x", nullptr) == -1, ENOENT);
  EXPECT_ERROR(waitpid(-1, nullptr, 0) == -1, ECHILD);
  EXPECT(WEXITSTATUS(system("exit 5")) == 5);
  if ((child = fork()) == 0) execl("/bin/sh", "sh", "-c", "exit $#", "sh", "a", "b", nullptr);
  int status;
  EXPECT(waitpid(child, &status, 0) == child && WEXITSTATUS(status) == 2);
  sembuf down{0, -1, IPC_NOWAIT};
  const int set = semget(IPC_PRIVATE, 1, 0600);
  EXPECT_ERROR(semop(set, &down, 1) == -1, EAGAIN);
  EXPECT(semctl(set, 0, SETVAL, 3) == 0 && semctl(set, 0, GETVAL) == 3);
  EXPECT(semctl(set, 0, IPC_RMID) == 0);
  rlimit limit;
  EXPECT(getrlimit64(RLIMIT_NOFILE, reinterpret_cast<rlimit64*>(&limit)) == 0 &&
         limit.rlim_cur > 0);
  EXPECT_ERROR(getrlimit(static_cast<__rlimit_resource>(99), &limit) == -1, EINVAL);
}

static int compare(const void* left, const void* right) {
  return *static_cast<const int*>(left) - *static_cast<const int*>(right);
}

static void rest() {
  regex_t expression;
  regmatch_t match[2];
  EXPECT(regcomp(&expression, "(", REG_EXTENDED) == REG_EPAREN);
  EXPECT(regcomp(&expression, "b(c)", REG_EXTENDED) == 0);
  EXPECT(regexec(&expression, "abc", 2, match, 0) == 0 && match[1].rm_so == 2);
  EXPECT(regexec(&expression, "x", 2, match, 0) == REG_NOMATCH);
  int array[4] = {3, 1}, key = 7;
  size_t count = 2;
  EXPECT(lfind(&key, array, &count, sizeof(int), compare) == nullptr);
  EXPECT(lsearch(&key, array, &count, sizeof(int), compare) == &array[2] && count == 3);
  void* tree = nullptr;
  EXPECT(**static_cast<int**>(tsearch(&key, &tree, compare)) == 7);
  EXPECT(tfind(&key, &tree, compare) != nullptr && tfind(&array[1], &tree, compare) == nullptr);
  EXPECT(setenv("HINDSIGHT_TEST_NAME", "1", 1) == 0 &&
         strcmp(getenv("HINDSIGHT_TEST_NAME"), "1") == 0);
  EXPECT_ERROR(setenv("a=b", "1", 1) == -1, EINVAL);
  EXPECT(unsetenv("HINDSIGHT_TEST_NAME") == 0 && getenv("HINDSIGHT_TEST_NAME") == nullptr);
  char program[] = "p", flag[] = "-x", value[] = "v",
       *arguments[] = {program, flag, value, nullptr};
  EXPECT(getopt(3, arguments, "x:") == 'x' && strcmp(optarg, "v") == 0 &&
         getopt(3, arguments, "x:") == -1);
  pthread_attr_t attributes;
  size_t bytes;
  EXPECT(pthread_attr_init(&attributes) == 0 &&
         pthread_attr_setstacksize(&attributes, 1) == EINVAL);
  EXPECT(pthread_attr_setstacksize(&attributes, 1 << 20) == 0);
  EXPECT(pthread_attr_getstacksize(&attributes, &bytes) == 0 && bytes == 1 << 20);
  sigset_t set;
  EXPECT(sigemptyset(&set) == 0 && sigaddset(&set, SIGUSR1) == 0 &&
         sigismember(&set, SIGUSR1) == 1);
  EXPECT_ERROR(sigaddset(&set, 999) == -1, EINVAL);
  EXPECT(signal(SIGUSR2, SIG_IGN) == SIG_DFL && sysv_signal(SIGUSR2, SIG_DFL) == SIG_IGN);
  const timespec bad{0, -1}, short_time{0, 1};
  EXPECT_ERROR(nanosleep(&bad, nullptr) == -1, EINVAL);
  EXPECT(clock_nanosleep(CLOCK_MONOTONIC, 0, &bad, nullptr) == EINVAL);
  EXPECT_KEPT(nanosleep(&short_time, nullptr) == 0);
  timer_t timer;
  sigevent event{};
  event.sigev_notify = 99;
  EXPECT_ERROR(timer_create(CLOCK_MONOTONIC, &event, &timer) == -1, EINVAL);
  servent* service = getservbyname("no such service", "tcp");
  EXPECT(service == nullptr);
  EXPECT_ERROR(madvise(reinterpret_cast<void*>(1), 4096, MADV_DONTNEED) == -1, EINVAL);
  EXPECT_KEPT(sbrk(0) != reinterpret_cast<void*>(-1));
  EXPECT_ERROR(clone(nullptr, nullptr, 0, nullptr) == -1, EINVAL);
}

int main() {
  text();
  streams();
  files();
  processes();
  rest();
  return failures == 0 ? 0 : 1;
}
