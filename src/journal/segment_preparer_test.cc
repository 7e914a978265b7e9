#include "journal/segment_preparer.h"

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <future>
#include <thread>

#include "io/forwarding_disk.h"
#include "io/memory_disk.h"

namespace millstream::journal {
namespace {

constexpr uint64_t kBytes = 64u << 10;

// Runs something else in front of each write.
class InterruptedFile final : public io::ForwardingFile {
 public:
  InterruptedFile(std::unique_ptr<io::File> file, std::function<void()> interruption)
      : ForwardingFile(std::move(file)), interruption_(std::move(interruption)) {}

  Result<> write_at(uint64_t offset, std::string_view bytes) override {
    interruption_();
    return ForwardingFile::write_at(offset, bytes);
  }
  Result<> write_all_at(uint64_t offset, const std::vector<std::string_view>& pieces) override {
    interruption_();
    return ForwardingFile::write_all_at(offset, pieces);
  }

 private:
  const std::function<void()> interruption_;
};

// Its files are interrupted.
class InterruptedDisk final : public io::ForwardingDisk {
 public:
  InterruptedDisk(io::Disk& disk, std::function<void()> interruption)
      : ForwardingDisk(disk), interruption_(std::move(interruption)) {}

  Result<std::unique_ptr<io::File>> open(const std::string& path, io::OpenMode mode) override {
    Result<std::unique_ptr<io::File>> file = ForwardingDisk::open(path, mode);
    if (!file) return file;
    return std::unique_ptr<io::File>(std::make_unique<InterruptedFile>(file.take(), interruption_));
  }

 private:
  const std::function<void()> interruption_;
};

TEST(SegmentPreparerTest, AFailedSyncOfZerosIsToldToTheLogsOwnSyncToo) {
  io::MemoryDisk disk;
  io::ThreadWorkers workers;
  ASSERT_TRUE(disk.make_directories("/log").ok());
  const std::unique_ptr<io::File> log = disk.open("/log/x", io::OpenMode::kCreateNew).take();
  ASSERT_TRUE(log->allocate(kBytes).ok());
  std::promise<void> failed;
  SegmentPreparer preparer(disk, workers, "/log", kBytes, kBytes, true,
                           [&failed](const Error&) { failed.set_value(); });
  ASSERT_TRUE(log->write_at(0, "a group that isn't synced yet").ok());
  disk.fail_sync_after(0);
  ASSERT_TRUE(preparer.attach("/log/x", 512, 512, kBytes).ok());
  failed.get_future().wait();
  EXPECT_FALSE(log->sync().ok());
}

TEST(SegmentPreparerTest, ZerosUnderWayNeverOverwriteAGroup) {
  constexpr int kTurns = 10'000;  // ample for the log's thread, if it doesn't wait as it should
  io::MemoryDisk memory;
  io::ThreadWorkers workers;
  ASSERT_TRUE(memory.make_directories("/log").ok());
  const std::unique_ptr<io::File> log = memory.open("/log/x", io::OpenMode::kCreateNew).take();
  ASSERT_TRUE(log->allocate(kBytes).ok());
  std::promise<void> zeros_are_due;
  std::atomic<bool> interrupted = false, written = false;
  InterruptedDisk disk(memory, [&] {
    if (interrupted.exchange(true)) return;
    zeros_are_due.set_value();
    for (int i = 0; i < kTurns && !written; ++i) std::this_thread::yield();
  });
  SegmentPreparer preparer(disk, workers, "/log", kBytes, kBytes, true,
                           [](const Error& error) { FAIL() << error.message; });
  ASSERT_TRUE(preparer.attach("/log/x", 512, 512, kBytes).ok());
  zeros_are_due.get_future().wait();
  preparer.before_write(1024);
  ASSERT_TRUE(log->write_at(512, "a group").ok());
  written = true;
  preparer.stop();
  EXPECT_EQ(*log->read_at(512, 7), "a group");
}

TEST(SegmentPreparerTest, WithoutADescriptorThereAreNoZerosAndNoFailure) {
  io::MemoryDisk disk;
  io::ThreadWorkers workers;
  ASSERT_TRUE(disk.make_directories("/log").ok());
  const std::unique_ptr<io::File> log = disk.open("/log/x", io::OpenMode::kCreateNew).take();
  SegmentPreparer preparer(disk, workers, "/log", kBytes, kBytes, true,
                           [](const Error& error) { FAIL() << error.message; });
  disk.refuse_opens(true);
  EXPECT_TRUE(preparer.attach("/log/x", 512, 512, kBytes).ok());
  preparer.before_write(1024);
  EXPECT_EQ(disk.writes(), 0u);
}

}  // namespace
}  // namespace millstream::journal
