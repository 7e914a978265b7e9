#include "io/measured_disk.h"

#include <gtest/gtest.h>

#include "io/memory_disk.h"

namespace millstream::io {
namespace {

TEST(MeasuredDisk, CountsWhatIsWrittenAndSyncedAndPassesEverythingOn) {
  MemoryDisk memory;
  ManualClock clock;
  Metrics metrics;
  MeasuredDisk disk(memory, clock, metrics, "test");
  ASSERT_TRUE(disk.make_directories("/d").ok());
  auto file = disk.open("/d/a", OpenMode::kCreateNew);
  ASSERT_TRUE(file.ok());
  ASSERT_TRUE((*file)->write_at(0, "12345").ok());
  ASSERT_TRUE((*file)->write_all_at(5, {"67", "8"}).ok());
  ASSERT_TRUE((*file)->sync().ok());
  EXPECT_EQ(*(*file)->read_at(0, 100), "12345678");
  EXPECT_EQ(*(*file)->size(), 8u);
  EXPECT_EQ(*disk.list("/d"), std::vector<std::string>{"a"});
  EXPECT_TRUE(*disk.exists("/d/a"));
  EXPECT_EQ(metrics.counter("test_written_bytes_total", "Bytes written to its files.").value(), 8);
  EXPECT_EQ(metrics.histogram("test_sync_seconds", "How long a sync of a file took.", 1e-6)
                .snapshot()
                .count,
            1u);
}

}  // namespace
}  // namespace millstream::io
