#include "io/disk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "io/memory_disk.h"
#include "io/real_disk.h"

namespace millstream::io {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// What every disk owes its callers, asked of the real one and of the fake.
template <class AnyDisk>
class DiskTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = ::testing::TempDir() + "disk_test_XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    directory = pattern + "/a/b";
    ASSERT_TRUE(disk.make_directories(directory).ok());
    root = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(root); }

  std::unique_ptr<File> create(const std::string& name) {
    Result<std::unique_ptr<File>> file = disk.open(directory + "/" + name, OpenMode::kCreateNew);
    EXPECT_TRUE(file.ok());
    return file.take();
  }

  AnyDisk disk;
  std::string root;
  std::string directory;
};

using RealDiskTest = DiskTest<RealDisk>;
using Disks = ::testing::Types<RealDisk, MemoryDisk>;
TYPED_TEST_SUITE(DiskTest, Disks);

TYPED_TEST(DiskTest, ReadsWhatWasWritten) {
  const std::unique_ptr<File> file = this->create("x");
  ASSERT_TRUE(file->write_all_at(3, {"abc", "", "de"}).ok());
  ASSERT_TRUE(file->write_at(4, "B").ok());
  ASSERT_TRUE(file->sync().ok());
  EXPECT_EQ(*file->read_at(0, 100), std::string("\0\0\0aBcde", 8));
  EXPECT_EQ(*file->read_at(4, 2), "Bc");
  EXPECT_EQ(*file->read_at(9, 2), "");
}

TYPED_TEST(DiskTest, WritesManyPiecesInOrder) {
  const std::unique_ptr<File> file = this->create("x");
  const std::vector<std::string_view> pieces(5000, "0123456789");
  ASSERT_TRUE(file->write_all_at(0, pieces).ok());
  EXPECT_EQ(*file->size(), 50'000u);
  EXPECT_EQ(*file->read_at(49'990, 10), "0123456789");
}

TYPED_TEST(DiskTest, AllocatesZerosAndNeverShrinksByIt) {
  const std::unique_ptr<File> file = this->create("x");
  ASSERT_TRUE(file->write_at(0, "abc").ok());
  ASSERT_TRUE(file->allocate(4096).ok());
  EXPECT_EQ(*file->size(), 4096u);
  ASSERT_TRUE(file->allocate(10).ok());
  EXPECT_EQ(*file->size(), 4096u);
  EXPECT_EQ(*file->read_at(0, 4), std::string("abc\0", 4));
  ASSERT_TRUE(file->truncate(2).ok());
  EXPECT_EQ(*file->read_at(0, 10), "ab");
}

TYPED_TEST(DiskTest, KeepsNamesApart) {
  this->create("one");
  this->create("two");
  EXPECT_THAT(*this->disk.list(this->directory), ElementsAre("one", "two"));
  ASSERT_TRUE(this->disk.rename(this->directory + "/one", this->directory + "/two").ok());
  ASSERT_TRUE(this->disk.sync_directory(this->directory).ok());
  EXPECT_THAT(*this->disk.list(this->directory), ElementsAre("two"));
  EXPECT_TRUE(*this->disk.exists(this->directory + "/two"));
  ASSERT_TRUE(this->disk.remove(this->directory + "/two").ok());
  EXPECT_FALSE(*this->disk.exists(this->directory + "/two"));
}

TYPED_TEST(DiskTest, SaysWhatIsMissingOrThereAlready) {
  const std::string path = this->directory + "/x";
  const Error missing = this->disk.open(path, OpenMode::kReadWrite).error();
  EXPECT_EQ(missing.code, ErrorCode::kNotFound);
  EXPECT_THAT(missing.message, HasSubstr(path));
  EXPECT_EQ(this->disk.remove(path).error().code, ErrorCode::kNotFound);
  this->create("x");
  EXPECT_EQ(this->disk.open(path, OpenMode::kCreateNew).error().code, ErrorCode::kAlreadyExists);
}

// Sectors of differing letters, so that a piece in the wrong place shows.
std::string sectors(size_t count) {
  std::string bytes;
  for (size_t i = 0; i < count; ++i) bytes.append(kSectorBytes, static_cast<char>('a' + i % 23));
  return bytes;
}

TYPED_TEST(DiskTest, WhatIsWrittenPastTheCacheIsReadThroughAnotherFile) {
  const std::unique_ptr<File> file = this->create("x");
  ASSERT_TRUE(file->allocate(8u << 20).ok());
  file->write_past_cache();
  const std::unique_ptr<File> reader =
      this->disk.open(this->directory + "/x", OpenMode::kRead).take();
  EXPECT_EQ(*reader->read_at(0, 4096), std::string(4096, '\0'));
  const std::string bytes = sectors(5000);
  const std::string_view view = bytes;
  ASSERT_TRUE(
      file->write_all_at(512, {view.substr(0, 1), view.substr(1, 4095), "", view.substr(4096)})
          .ok());
  ASSERT_TRUE(file->sync().ok());
  EXPECT_EQ(*reader->read_at(0, 512), std::string(512, '\0'));
  EXPECT_EQ(*reader->read_at(512, bytes.size() + 512), bytes + std::string(512, '\0'));
  ASSERT_TRUE(file->write_at(1024, sectors(1)).ok());
  EXPECT_EQ(*reader->read_at(512, 1536),
            bytes.substr(0, 512) + sectors(1) + bytes.substr(1024, 512));
}

TYPED_TEST(DiskTest, AnOpenFileOutlivesItsName) {
  const std::unique_ptr<File> file = this->create("x");
  ASSERT_TRUE(file->write_at(0, "abc").ok());
  ASSERT_TRUE(this->disk.remove(this->directory + "/x").ok());
  EXPECT_EQ(*file->read_at(0, 3), "abc");
}

TEST(MemoryDiskTest, APowerLossKeepsTheSyncedAndAnySubsetOfTheRest) {
  bool kept = false, lost = false, mixed = false;
  for (uint64_t seed = 0; seed < 50; ++seed) {
    MemoryDisk disk;
    ASSERT_TRUE(disk.make_directories("/d").ok());
    std::unique_ptr<File> file = disk.open("/d/x", OpenMode::kCreateNew).take();
    ASSERT_TRUE(file->write_at(0, std::string(2048, 's')).ok());
    ASSERT_TRUE(file->sync().ok());
    ASSERT_TRUE(disk.sync_directory("/d").ok());
    ASSERT_TRUE(file->write_at(512, std::string(1024, 'u')).ok());
    disk.crash(seed);
    EXPECT_EQ(file->read_at(0, 1).error().code, ErrorCode::kIo);
    const std::string bytes = disk.contents("/d/x");
    EXPECT_EQ(bytes.substr(0, 512), std::string(512, 's'));
    const bool first = bytes[512] == 'u', second = bytes[1024] == 'u';
    EXPECT_EQ(bytes.substr(1536), std::string(512, 's'));
    kept |= first && second;
    lost |= !first && !second;
    mixed |= first != second;
  }
  EXPECT_TRUE(kept && lost && mixed);
}

// What the sector of a file holds, as runs of equal letters: "usu", for example.
std::string runs_after_power_loss(uint64_t seed) {
  MemoryDisk disk;
  EXPECT_TRUE(disk.make_directories("/d").ok());
  std::unique_ptr<File> file = disk.open("/d/x", OpenMode::kCreateNew).take();
  EXPECT_TRUE(file->write_at(0, std::string(512, 'a')).ok());
  EXPECT_TRUE(file->sync().ok());
  EXPECT_TRUE(disk.sync_directory("/d").ok());
  for (const char letter : {'b', 'c', 'd'}) {
    EXPECT_TRUE(file->write_at(0, std::string(512, letter)).ok());
  }
  disk.crash(seed);
  std::string bytes = disk.contents("/d/x");
  bytes.erase(std::unique(bytes.begin(), bytes.end()), bytes.end());
  return bytes;
}

// No file can be opened as long as this lives.
class NoDescriptors {
 public:
  NoDescriptors() {
    EXPECT_EQ(getrlimit(RLIMIT_NOFILE, &before_), 0);
    rlimit none = before_;
    none.rlim_cur = 0;
    EXPECT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
  }
  ~NoDescriptors() { EXPECT_EQ(setrlimit(RLIMIT_NOFILE, &before_), 0); }

 private:
  rlimit before_ = {};
};

TEST_F(RealDiskTest, ADirectoryThatWasSyncedNeedsNoDescriptorForTheNextSync) {
  ASSERT_TRUE(disk.sync_directory(directory).ok());
  ASSERT_TRUE(disk.make_directories(directory + "/other").ok());
  const NoDescriptors none;
  EXPECT_TRUE(disk.sync_directory(directory).ok());
  EXPECT_EQ(disk.sync_directory(directory + "/other").error().code, ErrorCode::kNoResources);
}

TEST_F(RealDiskTest, ADirectoryThatWasMadeAnewIsOpenedAnew) {
  ASSERT_TRUE(disk.sync_directory(directory).ok());
  std::filesystem::remove_all(directory);
  EXPECT_EQ(disk.sync_directory(directory).error().code, ErrorCode::kNotFound);
  ASSERT_TRUE(disk.make_directories(directory).ok());
  EXPECT_TRUE(disk.sync_directory(directory).ok());
}

// What only the kernel can refuse: without an error the calls wouldn't have got there.
TEST_F(RealDiskTest, ASyncReachesTheKernel) {
  Result<std::unique_ptr<File>> no_storage = disk.open("/dev/null", OpenMode::kReadWrite);
  ASSERT_TRUE(no_storage.ok());
  const Result<> file = (*no_storage)->sync();
  ASSERT_FALSE(file.ok());
  EXPECT_THAT(file.error().message, HasSubstr("cannot sync /dev/null"));
  const Result<> directory_of_none = disk.sync_directory("/proc");
  ASSERT_FALSE(directory_of_none.ok());
  EXPECT_THAT(directory_of_none.error().message, HasSubstr("cannot sync /proc"));
}

TEST(MemoryDiskTest, APowerLossLeavesAnyOfTheUnsyncedWritesOfASectorOrTearsOne) {
  std::set<std::string> found;
  for (uint64_t seed = 0; seed < 300; ++seed) found.insert(runs_after_power_loss(seed));
  EXPECT_THAT(found, ::testing::UnorderedElementsAre("a", "b", "c", "d", "ba", "ca", "da"));
}

TEST(MemoryDiskTest, ANameIsDurableOnlyAfterTheDirectorysSync) {
  bool lost = false;
  for (uint64_t seed = 0; seed < 20; ++seed) {
    MemoryDisk disk;
    ASSERT_TRUE(disk.make_directories("/d").ok());
    std::unique_ptr<File> file = disk.open("/d/x", OpenMode::kCreateNew).take();
    ASSERT_TRUE(disk.sync_directory("/d").ok());
    ASSERT_TRUE(disk.rename("/d/x", "/d/y").ok());
    disk.crash(seed);
    const std::vector<std::string> names = disk.list("/d").take();
    EXPECT_THAT(names, ::testing::AnyOf(ElementsAre("x"), ElementsAre("y")));
    lost |= names[0] == "x";
  }
  EXPECT_TRUE(lost);
}

TEST(MemoryDiskTest, EveryOpenFileIsToldOnceOfAFailedSync) {
  MemoryDisk disk;
  ASSERT_TRUE(disk.make_directories("/d").ok());
  const std::unique_ptr<File> one = disk.open("/d/x", OpenMode::kCreateNew).take();
  const std::unique_ptr<File> other = disk.open("/d/x", OpenMode::kReadWrite).take();
  disk.fail_sync_after(0);
  EXPECT_FALSE(one->sync().ok());
  EXPECT_TRUE(one->sync().ok());
  EXPECT_FALSE(other->sync().ok());
  EXPECT_TRUE(other->sync().ok());
  EXPECT_TRUE(disk.open("/d/x", OpenMode::kReadWrite).take()->sync().ok());
}

TEST(MemoryDiskTest, WhatAFailedSyncOwedIsNeverWritten) {
  MemoryDisk disk;
  ASSERT_TRUE(disk.make_directories("/d").ok());
  std::unique_ptr<File> file = disk.open("/d/x", OpenMode::kCreateNew).take();
  ASSERT_TRUE(disk.sync_directory("/d").ok());
  ASSERT_TRUE(file->write_at(0, "abc").ok());
  disk.fail_sync_after(0);
  EXPECT_FALSE(file->sync().ok());
  EXPECT_TRUE(file->sync().ok());
  EXPECT_EQ(*file->read_at(0, 3), "abc");
  disk.crash(1);
  EXPECT_NE(disk.contents("/d/x"), "abc");
}

}  // namespace
}  // namespace millstream::io
