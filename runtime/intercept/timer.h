// timer.h - notices of timers and message queues, for those whose calls end them.
#pragma once

#include <mqueue.h>

namespace hindsight {

/// The process closes a descriptor of the queue, and so takes back what it asked mq_notify for.
void queueCloses(mqd_t queue);

/// In a forked child, which has inherited no timers and no notices. The world is stopped, and the
/// records of threads that were expected are about to be abandoned.
void abandonNotices();

}  // namespace hindsight
