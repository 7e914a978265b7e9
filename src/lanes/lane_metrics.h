#pragma once

#include "base/metrics.h"

namespace millstream::lanes {

// What the lanes of a node count.
struct LaneMetrics {
  explicit LaneMetrics(Metrics& metrics)
      : waiting(metrics.gauge("millstream_lane_transactions_waiting",
                              "Transactions that are waiting for their turn or for the disk.")),
        refused(metrics.counter("millstream_lane_transactions_overload_total",
                                "Transactions refused because too many were waiting.")),
        group_frames(metrics.histogram("millstream_journal_group_frames",
                                       "Transactions made durable by one write.", 1)) {}
  Counter& waiting;
  Counter& refused;
  Histogram& group_frames;
};

}  // namespace millstream::lanes
