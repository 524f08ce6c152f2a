// Lines, blocks and words are written up to what was read, and no further.
// EXPECT: races>=9
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "libc_cases.h"

char* line;
size_t room;
char buffer[64], small[8];
wchar_t wide[64];
fpos_t position;

FILE* file(const char* text) {
  FILE* stream = tmpfile();
  fputs(text, stream);
  rewind(stream);
  return stream;
}

constexpr Case kCases[] = {
    {"getline", [] { keep(getline(&line, &room, file("text\n"))); }, [] { room = 0; }},
    {"getline text",
     [] {
       line = nullptr, room = 0;
       keep(getline(&line, &room, file("text\n")));
     },
     [] { line[5] = 1; }},
    {"fgets_unlocked", [] { keep(fgets_unlocked(buffer, 64, file("ab"))); }, [] { buffer[2] = 1; }},
    {"fread", [] { keep(fread(small, 2, 4, file("abcd"))); }, [] { small[3] = 1; }},
    {"fgetws", [] { keep(fgetws(wide, 64, file("ab"))); }, [] { wide[2] = 1; }},
    {"fgetpos", [] { keep(fgetpos(file("ab"), &position)); },
     [] { memset(&position, 0, sizeof position); }},
    {"fputws", [] { keep(fputws(wide + 8, tmpfile())); }, [] { wide[8] = 0; }},
    {"fscanf", [] { keep(fscanf(file("word"), "%7s", small)); }, [] { small[4] = 1; }},
    {"scanf set", [] { keep(sscanf("abc1", "%7[a-z]", small)); }, [] { small[3] = 1; }},
};

constexpr Case kNeighbours[] = {
    {"fgets_unlocked", [] { keep(fgets_unlocked(buffer, 64, file("ab"))); }, [] { buffer[3] = 1; }},
    {"fread", [] { keep(fread(small, 2, 4, file("abcd"))); }, [] { small[4] = 1; }},
    {"scanf set", [] { keep(sscanf("abc1", "%7[a-z]", small)); }, [] { small[4] = 1; }},
};

int main() {
  raceCases(kCases);
  raceCases(kNeighbours);
}
