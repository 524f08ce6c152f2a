// flags.h - the options of the environment variable HINDSIGHT, as values.
//
// Options are `name=value`, separated by white space; a value with white space in it is put
// between ' or ". Later options win. The table is flags.def.
//
// Thread safety: flags() is written before main by one thread, read by all afterwards.
// Allocation: text values are copied to the arena and never freed.
#pragma once

#include "base/text_writer.h"
#include "base/types.h"

namespace hindsight {

enum class LogFormat : u8 { Text, Json };
enum class Color : u8 { Auto, Always, Never };
enum class Help : u8 { No, Plain, Markdown };

struct Flags {
#define BOOL(name, initial, text) bool name = initial;
#define INT(name, initial, lowest, highest, text) int name = initial;
#define TEXT(name, initial, text) const char* name = initial;
#define CHOICE(name, type, initial, spellings, text) type name = type::initial;
#include "base/flags.def"
#undef BOOL
#undef INT
#undef TEXT
#undef CHOICE
};

const Flags& flags();
/// For the start of the program and for tests.
Flags& mutableFlags();

/// Applies the options in `text` to `flags`. False if one is unknown, malformed or out of range:
/// `error` then names it (no line break at the end); options before it have been applied.
bool parseFlagText(const char* text, Flags& flags, TextWriter& error);

/// The table for people (`help=1`), with current values, and for docs/options.md.
void writeFlagHelp(const Flags& flags, TextWriter& out);
void writeFlagMarkdown(TextWriter& out);

}  // namespace hindsight
