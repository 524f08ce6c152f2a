// misuse.h - what the primitives throw where Go panics or ends the program.
#ifndef HINDSIGHT_MISUSE_H
#define HINDSIGHT_MISUSE_H

#include <stdexcept>

namespace hindsight {

/// A primitive was used in a way that cannot be right: a wait group counts below zero, a lock that
/// nobody holds is unlocked, a limit is changed while it is in use. The object is left as it was.
class misuse : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

}  // namespace hindsight

#endif  // HINDSIGHT_MISUSE_H
