// lock_report.h - reports of what sync/ finds wrong with the use of locks (sync/lock_problem.h).
#pragma once

namespace hindsight {

/// From now on such problems are reported. Once, at start.
void initLockReports();

}  // namespace hindsight
