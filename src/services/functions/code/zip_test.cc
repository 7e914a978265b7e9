#include "services/functions/code/zip.h"

#include <archive.h>
#include <archive_entry.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

namespace millstream::functions {
namespace {

namespace fs = std::filesystem;

struct Item {
  std::string path;
  std::string content;
  int mode = 0644;
  std::string link;  // not empty: a symbolic link
};

std::string make_zip(const std::vector<Item>& items) {
  std::string bytes(1 << 20, '\0');
  size_t used = 0;
  archive* writer = archive_write_new();
  archive_write_set_format_zip(writer);
  archive_write_open_memory(writer, bytes.data(), bytes.size(), &used);
  for (const auto& item : items) {
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, item.path.c_str());
    archive_entry_set_filetype(entry, item.link.empty() ? AE_IFREG : AE_IFLNK);
    archive_entry_set_perm(entry, static_cast<unsigned>(item.mode));
    if (item.link.empty()) {
      archive_entry_set_size(entry, static_cast<int64_t>(item.content.size()));
    } else {
      archive_entry_set_symlink(entry, item.link.c_str());
    }
    archive_write_header(writer, entry);
    if (archive_write_data(writer, item.content.data(), item.content.size()) < 0) return "";
    archive_entry_free(entry);
  }
  archive_write_close(writer);
  archive_write_free(writer);
  bytes.resize(used);
  return bytes;
}

class ZipTest : public testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/millstream_zip_XXXXXX";
    ASSERT_NE(mkdtemp(name), nullptr);
    root_ = fs::path(name) / "root";
    fs::create_directory(root_);
  }
  void TearDown() override { fs::remove_all(root_.parent_path()); }

  Result<> unpack(const std::vector<Item>& items) { return unzip(make_zip(items), root_); }
  std::string read(const std::string& path) {
    std::stringstream text;
    text << std::ifstream(root_ / path).rdbuf();
    return text.str();
  }
  int mode(const std::string& path) {
    struct stat status {};
    stat((root_ / path).c_str(), &status);
    return static_cast<int>(status.st_mode & 07777);
  }

  fs::path root_;
};

TEST_F(ZipTest, UnpacksFilesAndTheirFolders) {
  ASSERT_TRUE(unpack({{"app.py", "one"}, {"a/b/c.txt", "two"}}).ok());
  EXPECT_EQ(read("app.py"), "one");
  EXPECT_EQ(read("a/b/c.txt"), "two");
}

TEST_F(ZipTest, MakesEverythingReadableAndKeepsTheRightToExecute) {
  ASSERT_TRUE(unpack({{"secret", "x", 0600}, {"run", "x", 0700}}).ok());
  EXPECT_EQ(mode("secret"), 0644);
  EXPECT_EQ(mode("run"), 0755);
}

TEST_F(ZipTest, RefusesPathsThatLeadOut) {
  for (const std::string path : {"../x", "a/../../x", "/x", "a\\..\\x"}) {
    EXPECT_EQ(unpack({{path, "x"}}).error().code, ErrorCode::kInvalidArgument) << path;
  }
  EXPECT_FALSE(fs::exists(root_.parent_path() / "x"));
}

TEST_F(ZipTest, NeverWritesThroughALink) {
  const std::string outside = (root_.parent_path() / "outside").string();
  fs::create_directory(outside);
  const auto unpacked = unpack({{"dir", "", 0777, outside}, {"dir/x", "x"}});
  EXPECT_FALSE(fs::exists(outside + "/x"));
  EXPECT_TRUE(unpacked.ok());
  EXPECT_EQ(read("dir/x"), "x");
}

TEST_F(ZipTest, MakesLinks) {
  ASSERT_TRUE(unpack({{"link", "", 0777, "app.py"}, {"app.py", "one"}}).ok());
  EXPECT_EQ(fs::read_symlink(root_ / "link"), "app.py");
}

TEST_F(ZipTest, RefusesWhatIsNotAWholeZip) {
  EXPECT_EQ(unzip("", root_).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(unzip("PK but not a zip", root_).error().code, ErrorCode::kInvalidArgument);
  const std::string zip = make_zip({{"app.py", std::string(1000, 'x')}});
  EXPECT_FALSE(unzip(zip.substr(0, zip.size() / 2), root_).ok());
  EXPECT_EQ(unpack({}).error().code, ErrorCode::kInvalidArgument);
}

TEST_F(ZipTest, RefusesMoreThanTheLimitWhenUnpacked) {
  const std::string zip = make_zip({{"a", std::string(600, 'a')}, {"b", std::string(600, 'b')}});
  EXPECT_EQ(unzip(zip, root_, 1199).error().code, ErrorCode::kNoSpace);
  EXPECT_TRUE(unzip(zip, root_, 1200).ok());
}

}  // namespace
}  // namespace millstream::functions
