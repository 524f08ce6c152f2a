// exit.h - what happens when the program ends.
#pragma once

namespace hindsight {

void initExit();
/// In a forked child: its end is still to come.
void restartExit();

}  // namespace hindsight
