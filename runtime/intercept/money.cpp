// money.cpp - strfmon: amounts as text.
//
// It takes doubles and long doubles, in an order that only the format knows, and there is no form
// of it that takes a list. So a format with several amounts is written in pieces of one amount
// each, which is how the C library goes through it.
//
// Thread safety: any thread. Allocation: a format with a piece of more than 255 characters.
#include "intercept/real_calls.h"

#include "intercept/uniform.h"

using namespace hindsight;

namespace {

enum class Amount : u8 { None, Double, LongDouble };

bool isDigit(char c) { return c >= '0' && c <= '9'; }

/// Behind the conversion that begins at the percent sign `at`; `amount`: what it takes. At the end,
/// or where the C library will find the format wrong, before it has taken anything: None.
const char* skipConversion(const char* at, Amount& amount) {
  amount = Amount::None;
  for (++at; *at == '=' || *at == '^' || *at == '+' || *at == '(' || *at == '!' || *at == '-';
       ++at) {
    if (*at != '=') continue;
    ++at;  // what fills
    if (*at == '\0') return at;
  }
  while (isDigit(*at)) ++at;
  if (*at == '#')
    for (++at; isDigit(*at);) ++at;
  if (*at == '.')
    for (++at; isDigit(*at);) ++at;
  const bool is_long = *at == 'L';
  if (is_long) ++at;
  if (*at == 'i' || *at == 'n') amount = is_long ? Amount::LongDouble : Amount::Double;
  return *at == '\0' ? at : at + 1;
}

/// Behind the next conversion that takes an amount, or at the end.
const char* endOfPiece(const char* format, Amount& amount) {
  amount = Amount::None;
  while (*format != '\0' && amount == Amount::None)
    if (*format == '%')
      format = skipConversion(format, amount);
    else
      ++format;
  return format;
}

/// The characters of a format up to `end` as a string: the format itself, if that is its end. Null
/// if there is no memory for it.
struct Piece {
  Piece(const char* from, const char* end) : text(from) {
    if (*end == '\0') return;
    const auto bytes = static_cast<size_t>(end - from);
    char* const to =
        bytes < sizeof on_stack ? on_stack : block = static_cast<char*>(real.malloc(bytes + 1));
    text = to;
    if (to == nullptr) return;
    __builtin_memcpy(to, from, bytes);
    to[bytes] = '\0';
  }
  ~Piece() { real.free(block); }
  Piece(const Piece&) = delete;
  Piece& operator=(const Piece&) = delete;
  const char* text;
  char* block = nullptr;
  char on_stack[256];
};

/// `print(to, room, format, amount)` is the real function.
template <class Print>
ssize_t printPieces(char* to, size_t room, const char* format, va_list& amounts, Print print) {
  size_t done = 0;
  for (;;) {
    Amount amount;
    const char* const end = endOfPiece(format, amount);
    const Piece piece(format, end);
    if (piece.text == nullptr) return -1;
    ssize_t length;
    if (amount == Amount::LongDouble)
      length = print(to + done, room - done, piece.text, va_arg(amounts, long double));
    else
      length = print(to + done, room - done, piece.text,
                     amount == Amount::Double ? va_arg(amounts, double) : 0.0);
    if (length < 0) return length;
    done += static_cast<size_t>(length);
    format = end;
    if (*format == '\0') return static_cast<ssize_t>(done);
  }
}

template <class Print>
ssize_t printAmounts(uptr pc, char* to, size_t room, const char* format, va_list& amounts,
                     Print print) {
  return intercepted(
      pc, [&] { return printPieces(to, room, format, amounts, print); },
      [&](InterceptedCall& call) { readsText(call, format); },
      [&](InterceptedCall& call, ssize_t length) {
        if (length >= 0) writesBytes(call, to, static_cast<size_t>(length) + 1);
      });
}

}  // namespace

HINDSIGHT_INTERCEPTOR ssize_t strfmon(char* to, size_t room, const char* format, ...) noexcept {
  va_list amounts;
  va_start(amounts, format);
  const ssize_t length = printAmounts(HINDSIGHT_CALLER_PC, to, room, format, amounts,
                                      [](char* out, size_t left, const char* piece, auto amount) {
                                        return real.strfmon(out, left, piece, amount);
                                      });
  va_end(amounts);
  return length;
}

HINDSIGHT_INTERCEPTOR ssize_t strfmon_l(char* to, size_t room, locale_t locale, const char* format,
                                        ...) noexcept {
  va_list amounts;
  va_start(amounts, format);
  const ssize_t length = printAmounts(HINDSIGHT_CALLER_PC, to, room, format, amounts,
                                      [=](char* out, size_t left, const char* piece, auto amount) {
                                        return real.strfmon_l(out, left, locale, piece, amount);
                                      });
  va_end(amounts);
  return length;
}
HINDSIGHT_ALIAS(__strfmon_l, strfmon_l);
