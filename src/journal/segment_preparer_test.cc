#include "journal/segment_preparer.h"

#include <gtest/gtest.h>

#include <future>

#include "io/memory_disk.h"

namespace millstream::journal {
namespace {

constexpr uint64_t kBytes = 64u << 10;

TEST(SegmentPreparerTest, AFailedSyncOfZerosIsToldToTheLogsOwnSyncToo) {
  io::MemoryDisk disk;
  io::ThreadWorkers workers;
  ASSERT_TRUE(disk.make_directories("/log").ok());
  const std::unique_ptr<io::File> log = disk.open("/log/x", io::OpenMode::kCreateNew).take();
  ASSERT_TRUE(log->allocate(kBytes).ok());
  std::promise<void> failed;
  SegmentPreparer preparer(disk, workers, "/log", kBytes, kBytes,
                           [&failed](const Error&) { failed.set_value(); });
  ASSERT_TRUE(log->write_at(0, "a group that isn't synced yet").ok());
  disk.fail_sync_after(0);
  ASSERT_TRUE(preparer.attach("/log/x", 512, 512, kBytes).ok());
  failed.get_future().wait();
  EXPECT_FALSE(log->sync().ok());
}

TEST(SegmentPreparerTest, WithoutADescriptorThereAreNoZerosAndNoFailure) {
  io::MemoryDisk disk;
  io::ThreadWorkers workers;
  ASSERT_TRUE(disk.make_directories("/log").ok());
  const std::unique_ptr<io::File> log = disk.open("/log/x", io::OpenMode::kCreateNew).take();
  SegmentPreparer preparer(disk, workers, "/log", kBytes, kBytes,
                           [](const Error& error) { FAIL() << error.message; });
  disk.refuse_opens(true);
  EXPECT_TRUE(preparer.attach("/log/x", 512, 512, kBytes).ok());
  preparer.before_write(1024);
  EXPECT_EQ(disk.writes(), 0u);
}

}  // namespace
}  // namespace millstream::journal
