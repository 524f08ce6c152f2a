// Obstacks: what their functions read and write of the stack, its chunks and what is printed.
#include <obstack.h>
#include <stdlib.h>

#include "libc_cases.h"

#define obstack_chunk_alloc malloc
#define obstack_chunk_free free

obstack begun, grown, moved, printed, formatted, freed, counted, emptied, asked;
char text[] = "text";
char* object;

struct Prepared {
  Prepared() {
    obstack_begin(&grown, 256);
    obstack_begin(&moved, 256);
    obstack_blank(&moved, 100);
    obstack_begin(&printed, 4000);
    obstack_begin(&formatted, 4000);
    obstack_begin(&freed, 256);
    object = static_cast<char*>(obstack_alloc(&freed, 10));
    keep(obstack_alloc(&freed, 1000));
    obstack_begin(&counted, 256);
    obstack_begin(&emptied, 256);
    obstack_begin(&asked, 256);
  }
} prepared;

extern "C" int _obstack_allocated_p(obstack*, void*);

constexpr Case kCases[] = {
    {"obstack_begin", [] { obstack_begin(&begun, 256); }, [] { begun.alignment_mask = 0; }},
    {"obstack_begin chunk", [] { obstack_begin(&begun, 256); },
     [] { begun.chunk->prev = nullptr; }},
    {"newchunk", [] { obstack_make_room(&grown, 1000); }, [] { grown.chunk_size = 256; }},
    {"newchunk object",
     [] {
       obstack_make_room(&moved, 1000);
       keep(moved);
     },
     [] { static_cast<char*>(moved.object_base)[99] = 1; }},
    {"printf string", [] { obstack_printf(&printed, "%s", text); }, [] { text[3] = 'x'; }},
    {"printf stack", [] { obstack_printf(&printed, "%d", 1); },
     [] { printed.next_free = nullptr; }},
    {"printf object", [] { obstack_printf(&formatted, "%d", 12345); },
     [] { static_cast<char*>(formatted.object_base)[4] = 1; }},
    {"free", [] { (obstack_free)(&freed, object); }, [] { freed.chunk = nullptr; }},
    {"free all", [] { (obstack_free)(&emptied, nullptr); }, [] { emptied.maybe_empty_object = 0; }},
    {"memory used", [] { keep(obstack_memory_used(&counted)); },
     [] { counted.chunk->limit = nullptr; }},
    {"allocated", [] { keep(_obstack_allocated_p(&asked, text)); },
     [] { asked.chunk->prev = nullptr; }},
};

int main() { orderCases(kCases); }
