// thread_leak.h - threads that ended and that nobody has joined or detached: their stacks and
// records stay for as long as the process lives.
#pragma once

namespace hindsight {

/// Reports each place where such threads were created. At the end of the process, inside the
/// runtime.
void reportThreadLeaks();

}  // namespace hindsight
