// shadow_map.h - takes the address space that the runtime needs, before anything else runs.
#pragma once

#include "base/types.h"

namespace hindsight {

/// Reserves every shadow image. Wrong address layouts (no room, a program that is not
/// position-independent, too much randomisation) end the program with a message that names the
/// cure; where switching randomisation off is enough, the program is started again without it.
void mapShadow(char** argv, char** environment);

}  // namespace hindsight
