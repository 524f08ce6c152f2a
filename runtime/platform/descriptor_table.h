// descriptor_table.h - the kernel's table of the process's descriptors.
#pragma once

namespace hindsight {

/// Descriptors that it has room for, open or not, from /proc/thread-self/status; 0 if that cannot
/// be told.
int descriptorTableSize();

}  // namespace hindsight
