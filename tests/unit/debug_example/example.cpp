// example.cpp - variables of every kind, for tests of the reader of debug information (variables_test.cpp).
// Compiled with DWARF 4 and with DWARF 5, not instrumented.
struct Entry {
  int count;
  char tag[4];
  unsigned low : 3, high : 5;
  unsigned : 0;
  unsigned alone : 9;
  union {
    int whole;
    float real;
  } value;
  union {
    long number;
    double fraction;
  };
};
struct Empty {};
struct Base {
  int base;
  static int total;
};
struct Virtual {
  virtual ~Virtual() {}
  int state;
};
struct Derived : Empty, Base {
  Entry entries[3];
};
struct Tail {
  int length;
  char text[];
};
struct Late;

extern "C" {
Derived derived[12];
Virtual virtual_object;
int grid[3][4];
const volatile int qualified[2] = {1, 2};
Entry* pointer;
Tail tail = {2, {'a', 'b', 'c'}};
thread_local Entry per_thread[5];
long plain;
}
int Base::total;
namespace space {
namespace {
short hidden[2];
}
}  // namespace space

extern "C" int* staticLocal() {
  static int calls;
  return &calls;
}
extern "C" int* totalOf() { return &Base::total; }
extern "C" short* hiddenOf() { return space::hidden; }

/// Tells `see` of two places of its own, with the canonical frame address.
extern "C" void locals(void (*see)(void* cfa, void* frame, void* first, void* second), int parameter) {
  Entry first[2] = {};
  {
    double second = parameter;
    see(__builtin_dwarf_cfa(), __builtin_frame_address(0), &first[1].tag[2], &second);
  }
}
