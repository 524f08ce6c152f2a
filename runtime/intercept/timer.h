// timer.h - notices of message queues, for those whose calls end them.
#pragma once

#include <mqueue.h>

namespace hindsight {

/// The process closes a descriptor of the queue, and so takes back what it asked mq_notify for.
void queueCloses(mqd_t queue);

}  // namespace hindsight
