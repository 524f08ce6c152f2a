// environment.cpp - the environment, command lines, locales and message catalogues.
//
// The environment is one object: getenv reads it, setenv and its kin write it. The global locale is
// another: setlocale writes it, localeconv and strtod do not look at more than their own.
//
// Thread safety: any thread. Allocation: none of ours.
#include "intercept/real_calls.h"

#include "intercept/uniform.h"

#include <getopt.h>
#include <langinfo.h>
#include <libintl.h>
#include <locale.h>
#include <nl_types.h>

using namespace hindsight;

namespace {

void readsOptions(InterceptedCall& call, int count, char* const* arguments, const char* letters) {
  readsBytes(call, arguments, static_cast<size_t>(max(count, 0)) * sizeof *arguments);
  readsText(call, letters);
}

/// What getopt leaves behind.
void writesOptions(InterceptedCall& call, int letter) {
  writesObject(call, &optind);
  if (letter == '?') writesObject(call, &optopt);
  writesObject(call, &optarg);
}

void readsLongOptions(InterceptedCall& call, const option* options) {
  for (; options != nullptr; ++options) {
    readsObject(call, options);
    if (options->name == nullptr) break;
    readsText(call, options->name);
  }
}

}  // namespace

// Environment

HINDSIGHT_INTERCEPTOR char* getenv(const char* name) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getenv(name); },
      [=](InterceptedCall& call) {
        readsText(call, name);
        readsObject(call, &environ);
      });
}

HINDSIGHT_INTERCEPTOR char* secure_getenv(const char* name) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.secure_getenv(name); },
      [=](InterceptedCall& call) {
        readsText(call, name);
        readsObject(call, &environ);
      });
}
HINDSIGHT_ALIAS(__secure_getenv, secure_getenv);

HINDSIGHT_INTERCEPTOR int setenv(const char* name, const char* value, int replace) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.setenv(name, value, replace); },
      [=](InterceptedCall& call) {
        readsText(call, name);
        readsText(call, value);
      },
      [=](InterceptedCall& call, auto&&) { writesObject(call, &environ); });
}

HINDSIGHT_INTERCEPTOR int putenv(char* string) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.putenv(string); },
      [=](InterceptedCall& call) { readsText(call, string); },
      [=](InterceptedCall& call, auto&&) { writesObject(call, &environ); });
}

HINDSIGHT_INTERCEPTOR int unsetenv(const char* name) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.unsetenv(name); },
      [=](InterceptedCall& call) { readsText(call, name); },
      [=](InterceptedCall& call, auto&&) { writesObject(call, &environ); });
}

HINDSIGHT_INTERCEPTOR int clearenv() noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.clearenv(); }, kReadsNothing,
      [=](InterceptedCall& call, auto&&) { writesObject(call, &environ); });
}

/// Looks for TZ. The zone's names and offset (tzname, timezone) are stored under a lock of the C
/// library's, by localtime and others, too: not checked.
HINDSIGHT_INTERCEPTOR void tzset() noexcept {
  intercepted(
      HINDSIGHT_CALLER_PC, [] { real.tzset(); },
      [](InterceptedCall& call) { readsObject(call, &environ); });
}

// Command lines

HINDSIGHT_INTERCEPTOR int getopt(int argc, char* const* argv, const char* shortopts) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.getopt(argc, argv, shortopts); },
      [=](InterceptedCall& call) { readsOptions(call, argc, argv, shortopts); },
      [=](InterceptedCall& call, const auto result) { writesOptions(call, result); });
}

HINDSIGHT_INTERCEPTOR int __posix_getopt(int count, char* const* arguments,
                                         const char* letters) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.__posix_getopt(count, arguments, letters); },
      [=](InterceptedCall& call) { readsOptions(call, count, arguments, letters); },
      [=](InterceptedCall& call, const auto result) { writesOptions(call, result); });
}

HINDSIGHT_INTERCEPTOR int getopt_long(int argc, char* const* argv, const char* shortopts,
                                      const struct option* longopts, int* longind) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] { return real.getopt_long(argc, argv, shortopts, longopts, longind); },
      [=](InterceptedCall& call) {
        readsOptions(call, argc, argv, shortopts);
        readsLongOptions(call, longopts);
      },
      [=](InterceptedCall& call, const auto result) { writesOptions(call, result); });
}

HINDSIGHT_INTERCEPTOR int getopt_long_only(int argc, char* const* argv, const char* shortopts,
                                           const struct option* longopts, int* longind) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] { return real.getopt_long_only(argc, argv, shortopts, longopts, longind); },
      [=](InterceptedCall& call) {
        readsOptions(call, argc, argv, shortopts);
        readsLongOptions(call, longopts);
      },
      [=](InterceptedCall& call, const auto result) { writesOptions(call, result); });
}

// Locales

HINDSIGHT_INTERCEPTOR locale_t newlocale(int category_mask, const char* locale,
                                         locale_t base) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.newlocale(category_mask, locale, base); },
      [=](InterceptedCall& call) { readsText(call, locale); });
}
HINDSIGHT_ALIAS(__newlocale, newlocale);

HINDSIGHT_INTERCEPTOR struct lconv* localeconv() noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.localeconv(); }, kReadsNothing,
      [=](InterceptedCall& call, auto result) { writesObject(call, result); });
}

// Messages

HINDSIGHT_INTERCEPTOR char* gettext(const char* msgid) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.gettext(msgid); },
      [=](InterceptedCall& call) { readsText(call, msgid); });
}

HINDSIGHT_INTERCEPTOR char* dgettext(const char* domainname, const char* msgid) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.dgettext(domainname, msgid); },
      [=](InterceptedCall& call) {
        readsText(call, domainname);
        readsText(call, msgid);
      });
}

HINDSIGHT_INTERCEPTOR char* dcgettext(const char* domainname, const char* msgid,
                                      int category) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.dcgettext(domainname, msgid, category); },
      [=](InterceptedCall& call) {
        readsText(call, domainname);
        readsText(call, msgid);
      });
}

HINDSIGHT_INTERCEPTOR char* ngettext(const char* msgid1, const char* msgid2,
                                     unsigned long n) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.ngettext(msgid1, msgid2, n); },
      [=](InterceptedCall& call) {
        readsText(call, msgid1);
        readsText(call, msgid2);
      });
}

HINDSIGHT_INTERCEPTOR char* dngettext(const char* domainname, const char* msgid1,
                                      const char* msgid2, unsigned long n) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.dngettext(domainname, msgid1, msgid2, n); },
      [=](InterceptedCall& call) {
        readsText(call, domainname);
        readsText(call, msgid1);
        readsText(call, msgid2);
      });
}

HINDSIGHT_INTERCEPTOR char* dcngettext(const char* domainname, const char* msgid1,
                                       const char* msgid2, unsigned long n, int category) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.dcngettext(domainname, msgid1, msgid2, n, category); },
      [=](InterceptedCall& call) {
        readsText(call, domainname);
        readsText(call, msgid1);
        readsText(call, msgid2);
      });
}
HINDSIGHT_ALIAS(__dgettext, dgettext);
HINDSIGHT_ALIAS(__dcgettext, dcgettext);

HINDSIGHT_INTERCEPTOR char* textdomain(const char* domainname) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.textdomain(domainname); },
      [=](InterceptedCall& call) { readsText(call, domainname); });
}

HINDSIGHT_INTERCEPTOR char* bindtextdomain(const char* domainname, const char* dirname) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.bindtextdomain(domainname, dirname); },
      [=](InterceptedCall& call) {
        readsText(call, domainname);
        readsText(call, dirname);
      });
}

HINDSIGHT_INTERCEPTOR char* bind_textdomain_codeset(const char* domainname,
                                                    const char* codeset) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.bind_textdomain_codeset(domainname, codeset); },
      [=](InterceptedCall& call) {
        readsText(call, domainname);
        readsText(call, codeset);
      });
}

HINDSIGHT_INTERCEPTOR nl_catd catopen(const char* cat_name, int flag) {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.catopen(cat_name, flag); },
      [=](InterceptedCall& call) { readsText(call, cat_name); });
}

HINDSIGHT_INTERCEPTOR char* catgets(nl_catd catalog, int set, int number,
                                    const char* string) noexcept {
  return intercepted(
      HINDSIGHT_CALLER_PC, [=] { return real.catgets(catalog, set, number, string); },
      [=](InterceptedCall& call) { readsText(call, string); });
}
