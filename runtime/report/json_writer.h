// json_writer.h - writes one JSON value, with commas where they belong.
//
// Text that is not UTF-8 (file names may be anything) gets U+FFFD for every byte that is wrong, so
// the line is valid JSON whatever the program is called.
//
// Thread safety: none. Allocation: the writer's.
#pragma once

#include "base/text_writer.h"
#include "base/types.h"

namespace hindsight {

class JsonWriter {
 public:
  explicit JsonWriter(TextWriter& out) : out_(out) {}

  JsonWriter& beginObject() { return open('{'); }
  JsonWriter& endObject() { return close('}'); }
  JsonWriter& beginArray() { return open('['); }
  JsonWriter& endArray() { return close(']'); }

  /// The name of the next value.
  JsonWriter& key(const char* name) {
    comma();
    quoted(name);
    out_.character(':');
    needs_comma_ = false;
    return *this;
  }
  JsonWriter& string(const char* text) {
    comma();
    quoted(text);
    return *this;
  }
  JsonWriter& number(u64 value) {
    comma();
    out_.decimal(value);
    return *this;
  }
  JsonWriter& boolean(bool value) {
    comma();
    out_.text(value ? "true" : "false");
    return *this;
  }
  JsonWriter& null() {
    comma();
    out_.text("null");
    return *this;
  }
  /// "0x1f"
  JsonWriter& hexString(u64 value) {
    comma();
    out_.character('"').hex(value).character('"');
    return *this;
  }

 private:
  JsonWriter& open(char bracket) {
    comma();
    out_.character(bracket);
    needs_comma_ = false;
    return *this;
  }
  JsonWriter& close(char bracket) {
    out_.character(bracket);
    needs_comma_ = true;
    return *this;
  }
  void comma() {
    if (needs_comma_) out_.character(',');
    needs_comma_ = true;
  }

  void quoted(const char* text) {
    out_.character('"');
    while (*text != 0) {
      const u8 c = static_cast<u8>(*text);
      if (c == '"' || c == '\\') {
        out_.character('\\').character(*text++);
      } else if (c < ' ' || c == 0x7f) {
        out_.text("\\u").hexDigits(c, 4);
        ++text;
      } else if (const u32 length = utf8Length(reinterpret_cast<const u8*>(text))) {
        out_.text(text, length);
        text += length;
      } else {
        out_.text("\\ufffd");
        ++text;
      }
    }
    out_.character('"');
  }

  /// Bytes of the well-formed character at `text`, 0 if there is none [Unicode, table 3-7].
  static u32 utf8Length(const u8* text) {
    const u8 first = text[0];
    if (first < 0x80) return 1;
    const u32 length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4) return 0;
    for (u32 i = 1; i < length; ++i)
      if ((text[i] & 0xc0) != 0x80) return 0;
    const bool is_overlong = (first == 0xe0 && text[1] < 0xa0) || (first == 0xf0 && text[1] < 0x90);
    const bool is_surrogate = first == 0xed && text[1] > 0x9f;
    const bool is_too_large = first == 0xf4 && text[1] > 0x8f;
    return is_overlong || is_surrogate || is_too_large ? 0 : length;
  }

  TextWriter& out_;
  bool needs_comma_ = false;
};

}  // namespace hindsight
