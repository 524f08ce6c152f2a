// empty_cpp.cpp - a C++ program that does nothing, with the stream library linked in.
#include <iostream>

int main() {
  std::cout << "nothing\n";
  return 0;
}
