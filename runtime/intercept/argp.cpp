// argp.cpp - command lines by argp: the parser's description and the arguments that are options.
//
// Of the arguments only what says which option they are is read: `-o`, `--name=`. The parser's
// functions are the program's. That options are moved in front of other arguments is not seen.
// argp_error and argp_failure are in messages.cpp.
//
// Thread safety: any thread. Allocation: none of ours.
#include "intercept/real_calls.h"

#include "intercept/uniform.h"

using namespace hindsight;

namespace {

bool isLast(const argp_option& option) {
  return option.key == 0 && option.name == nullptr && option.doc == nullptr && option.group == 0;
}

/// Parsers and their children: what parsing looks at, or with what help prints.
void readsParser(InterceptedCall& call, const argp* parser, bool with_texts) {
  if (!mayLook(parser)) return;
  readsObject(call, parser);
  for (const argp_option* option = parser->options; option != nullptr; ++option) {
    readsObject(call, option);
    if (isLast(*option)) break;
    readsText(call, option->name);
    if (!with_texts) continue;
    readsText(call, option->arg);
    readsText(call, option->doc);
  }
  if (with_texts) {
    readsText(call, parser->args_doc);
    readsText(call, parser->doc);
  }
  for (const argp_child* child = parser->children; child != nullptr; ++child) {
    readsObject(call, child);
    if (child->argp == nullptr) break;
    if (with_texts) readsText(call, child->header);
    readsParser(call, child->argp, with_texts);
  }
}

/// Of an argument: whether it is an option, and which.
size_t nameBytes(const char* text) {
  if (text[0] != '-') return 1;
  if (text[1] != '-') return 2;
  size_t bytes = 2;
  while (text[bytes] != '=' && text[bytes] != '\0') ++bytes;
  return bytes + 1;
}

void readsArguments(InterceptedCall& call, int count, char* const* arguments) {
  if (count <= 0 || !mayLook(arguments)) return;
  call.reads(arguments, static_cast<size_t>(count) * sizeof *arguments);
  for (int i = 1; i < count; ++i)
    if (mayLook(arguments[i])) call.reads(arguments[i], nameBytes(arguments[i]));
}

void readsState(InterceptedCall& call, const argp_state* state) {
  if (!mayLook(state)) return;
  readsObject(call, &state->flags);
  if ((state->flags & ARGP_NO_ERRS) != 0) return;
  readsObject(call, state);
  readsParser(call, state->root_argp, true);
  readsText(call, state->name);
}

}  // namespace

HINDSIGHT_INTERCEPTOR error_t argp_parse(const argp* parser, int count, char** arguments,
                                         unsigned flags, int* first_left, void* input) {
  return intercepted(
      HINDSIGHT_CALLER_PC,
      [=] { return real.argp_parse(parser, count, arguments, flags, first_left, input); },
      [=](InterceptedCall& call) {
        readsParser(call, parser, false);
        readsArguments(call, count, arguments);
      },
      [=](InterceptedCall& call, error_t) { writesObject(call, first_left); });
}

HINDSIGHT_INTERCEPTOR void argp_help(const argp* parser, FILE* stream, unsigned flags, char* name) {
  intercepted(
      HINDSIGHT_CALLER_PC, [=] { real.argp_help(parser, stream, flags, name); },
      [=](InterceptedCall& call) {
        readsParser(call, parser, true);
        readsText(call, name);
      });
}

HINDSIGHT_INTERCEPTOR void argp_state_help(const argp_state* state, FILE* stream, unsigned flags) {
  intercepted(
      HINDSIGHT_CALLER_PC, [=] { real.argp_state_help(state, stream, flags); },
      [=](InterceptedCall& call) { readsState(call, state); });
}

HINDSIGHT_INTERCEPTOR void argp_usage(const argp_state* state) {
  intercepted(
      HINDSIGHT_CALLER_PC, [=] { real.argp_usage(state); },
      [=](InterceptedCall& call) { readsState(call, state); });
}
