#include "lanes/index_file.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/check.h"
#include "base/coding.h"
#include "base/digest.h"

namespace millstream::lanes {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kMagic = "\0MLRIDX1"sv;
constexpr uint32_t kVersion = 1;
constexpr size_t kPageBytes = 4096;
constexpr size_t kPageRoom = kPageBytes - 4;  // in front of the checksum
constexpr size_t kStreamBytes = 24;
constexpr size_t kShardBytes = 40;
constexpr size_t kBlockBytes = 32;

uint32_t page_checksum(std::string_view room, uint64_t generation, uint64_t page) {
  char place[16];
  store_little(generation, place);
  store_little(page, place + 8);
  return crc32c(room, crc32c({place, sizeof place}));
}

// Entries of one size, in pages of their own.
struct Table {
  uint64_t first_page;
  uint64_t count;
  size_t entry_bytes;

  [[nodiscard]] uint64_t per_page() const { return kPageRoom / entry_bytes; }
  [[nodiscard]] uint64_t end_page() const {
    return first_page + (count + per_page() - 1) / per_page();
  }
};

struct Tables {
  Table streams;
  Table shards;
  Table blocks;
  Tables(uint64_t stream_count, uint64_t shard_count, uint64_t block_count)
      : streams{1, stream_count, kStreamBytes},
        shards{streams.end_page(), shard_count, kShardBytes},
        blocks{shards.end_page(), block_count, kBlockBytes} {}
};

// Lays pages one behind the other.
class PageWriter {
 public:
  explicit PageWriter(uint64_t generation) : generation_(generation) {}

  // Makes sure that an entry of this size finds room in the open page.
  std::string* make_room(size_t bytes) {
    if (bytes_.size() % kPageBytes + bytes > kPageRoom) end_page();
    return &bytes_;
  }
  void end_page() {
    const size_t used = bytes_.size() % kPageBytes;
    if (used == 0) return;
    bytes_.resize(bytes_.size() - used + kPageRoom);
    const std::string_view room = std::string_view(bytes_).substr(bytes_.size() - kPageRoom);
    append_little(page_checksum(room, generation_, bytes_.size() / kPageBytes), &bytes_);
  }
  std::string take() { return std::move(bytes_); }

 private:
  const uint64_t generation_;
  std::string bytes_;
};

StreamUsage decode_stream(std::string_view bytes) {
  return {load_little<uint64_t>(&bytes[0]), load_little<uint64_t>(&bytes[8]),
          load_little<int64_t>(&bytes[16])};
}

ShardKey decode_key(std::string_view bytes) {
  return {load_little<uint64_t>(&bytes[0]), load_little<uint32_t>(&bytes[8])};
}

ShardExtent decode_shard(std::string_view bytes) {
  return {decode_key(bytes), load_little<uint32_t>(&bytes[12]), load_little<uint64_t>(&bytes[16]),
          load_little<uint64_t>(&bytes[24]), load_little<int64_t>(&bytes[32])};
}

void encode_header(const SegmentContents& contents, std::string* out) {
  out->append(kMagic);
  append_little(kVersion, out);
  append_little(uint32_t{kPageBytes}, out);
  append_little(contents.segment, out);
  append_little(contents.generation, out);
  append_little(contents.payload_bytes, out);
  append_little(uint64_t{contents.streams.size()}, out);
  append_little(uint64_t{contents.shards.size()}, out);
  append_little(uint64_t{contents.blocks.size()}, out);
}

Error damaged(const std::string& what) {
  return {ErrorCode::kCorruption, "record index: " + what};
}

// Bytes that are in memory, as a file.
class BytesFile final : public io::File {
 public:
  explicit BytesFile(std::string bytes) : bytes_(std::move(bytes)) {}
  Result<std::string> read_at(uint64_t offset, size_t size) override {
    return offset < bytes_.size() ? bytes_.substr(offset, size) : std::string();
  }
  Result<uint64_t> size() override { return uint64_t{bytes_.size()}; }
  Result<> write_at(uint64_t, std::string_view) override { return refused(); }
  Result<> write_all_at(uint64_t, const std::vector<std::string_view>&) override {
    return refused();
  }
  Result<> sync() override { return refused(); }
  Result<> allocate(uint64_t) override { return refused(); }
  Result<> truncate(uint64_t) override { return refused(); }
  void write_past_cache() override {}

 private:
  static Error refused() { return {ErrorCode::kUnsupported, "these bytes don't change"}; }
  const std::string bytes_;
};

}  // namespace

std::string encode_index_file(const SegmentContents& contents) {
  PageWriter pages(contents.generation);
  encode_header(contents, pages.make_room(kPageRoom));
  pages.end_page();
  for (const StreamUsage& usage : contents.streams) {
    std::string* out = pages.make_room(kStreamBytes);
    append_little(usage.stream, out);
    append_little(usage.bytes, out);
    append_little(usage.last_arrival_ms, out);
  }
  pages.end_page();
  for (const ShardExtent& extent : contents.shards) {
    std::string* out = pages.make_room(kShardBytes);
    append_little(extent.shard.stream, out);
    append_little(extent.shard.shard, out);
    append_little(extent.block_count, out);
    append_little(extent.first_block, out);
    append_little(extent.next_sequence, out);
    append_little(extent.last_arrival_ms, out);
  }
  pages.end_page();
  for (const IndexedBlock& block : contents.blocks) {
    std::string* out = pages.make_room(kBlockBytes);
    append_little(block.first_sequence, out);
    append_little(block.arrival_ms, out);
    append_little(block.frame.offset, out);
    append_little(block.offset, out);
    append_little(block.count, out);
    append_little(block.bytes, out);
  }
  pages.end_page();
  return pages.take();
}

// Reads entries, keeping the page that it read last.
class IndexPages {
 public:
  explicit IndexPages(const IndexFile& file) : file_(file) {}

  // Valid until the next call. `index` is below the table's count.
  Result<std::string_view> entry(const Table& table, uint64_t index) {
    const uint64_t page = table.first_page + index / table.per_page();
    if (page != page_) {
      Result<> read = this->read(page);
      if (!read) return read.take_error();
    }
    return std::string_view(bytes_).substr(index % table.per_page() * table.entry_bytes,
                                           table.entry_bytes);
  }
  // The page of the header, before anything of it is known.
  Result<std::string_view> header_page(uint64_t generation) {
    Result<> read = this->read(0, generation);
    if (!read) return read.take_error();
    return std::string_view(bytes_);
  }
  // The first of the entries [begin, end) of which `is_before` doesn't hold.
  template <class IsBefore>
  Result<uint64_t> partition_point(const Table& table, uint64_t begin, uint64_t end,
                                   IsBefore is_before) {
    while (begin < end) {
      const uint64_t middle = begin + (end - begin) / 2;
      Result<std::string_view> bytes = entry(table, middle);
      if (!bytes) return bytes.take_error();
      if (is_before(*bytes)) {
        begin = middle + 1;
      } else {
        end = middle;
      }
    }
    return begin;
  }

 private:
  Result<> read(uint64_t page) { return read(page, file_.header_.generation); }
  Result<> read(uint64_t page, uint64_t generation) {
    page_ = UINT64_MAX;
    Result<std::string> bytes = file_.file_->read_at(page * kPageBytes, kPageBytes);
    if (!bytes) return bytes.take_error();
    if (bytes->size() != kPageBytes ||
        load_little<uint32_t>(&(*bytes)[kPageRoom]) !=
            page_checksum(std::string_view(*bytes).substr(0, kPageRoom), generation, page)) {
      return damaged("page " + std::to_string(page) + " isn't as it was written");
    }
    bytes_ = bytes.take();
    page_ = page;
    return {};
  }

  const IndexFile& file_;
  uint64_t page_ = UINT64_MAX;
  std::string bytes_;
};

Result<std::shared_ptr<const IndexFile>> IndexFile::open(io::Disk& disk, const std::string& path,
                                                         uint64_t segment, uint64_t generation) {
  Result<std::unique_ptr<io::File>> file = disk.open(path, io::OpenMode::kRead);
  if (!file) return file.take_error();
  const std::shared_ptr<IndexFile> index(new IndexFile(file.take()));
  index->header_.generation = generation;
  Result<> read = index->read_header();
  if (!read) return read.take_error().in(path);
  if (index->header_.segment != segment || index->header_.generation != generation) {
    return damaged("this is another segment's").in(path);
  }
  return std::shared_ptr<const IndexFile>(index);
}

std::shared_ptr<const IndexFile> IndexFile::of_bytes(std::string bytes) {
  CHECK(bytes.size() >= kPageBytes);
  const auto generation = load_little<uint64_t>(&bytes[24]);
  const std::shared_ptr<IndexFile> index(
      new IndexFile(std::make_unique<BytesFile>(std::move(bytes))));
  index->header_.generation = generation;
  CHECK(index->read_header().ok());
  return index;
}

// header_.generation is what the header must tell.
Result<> IndexFile::read_header() {
  IndexPages pages(*this);
  Result<std::string_view> page = pages.header_page(header_.generation);
  if (!page) return page.take_error();
  ByteReader reader(*page);
  const bool known = reader.take(kMagic.size()) == kMagic && reader.little<uint32_t>() == kVersion;
  if (!known || reader.little<uint32_t>() != kPageBytes) return damaged("another format");
  // The page is whole, so the fields are there.
  header_.segment = *reader.little<uint64_t>();
  header_.generation = *reader.little<uint64_t>();
  header_.payload_bytes = *reader.little<uint64_t>();
  header_.stream_count = *reader.little<uint64_t>();
  header_.shard_count = *reader.little<uint64_t>();
  header_.block_count = *reader.little<uint64_t>();
  return {};
}

Result<std::vector<StreamUsage>> IndexFile::streams() const {
  const Table table = Tables(header_.stream_count, 0, 0).streams;
  IndexPages pages(*this);
  std::vector<StreamUsage> streams;
  for (uint64_t i = 0; i < table.count; ++i) {
    Result<std::string_view> bytes = pages.entry(table, i);
    if (!bytes) return bytes.take_error();
    streams.push_back(decode_stream(*bytes));
  }
  return streams;
}

Result<std::optional<ShardExtent>> IndexFile::find(ShardKey shard) const {
  const Table table = Tables(header_.stream_count, header_.shard_count, 0).shards;
  IndexPages pages(*this);
  Result<uint64_t> at = pages.partition_point(
      table, 0, table.count, [&](std::string_view bytes) { return decode_key(bytes) < shard; });
  if (!at) return at.take_error();
  if (*at == table.count) return std::optional<ShardExtent>();
  Result<std::string_view> bytes = pages.entry(table, *at);
  if (!bytes) return bytes.take_error();
  const ShardExtent extent = decode_shard(*bytes);
  if (extent.shard != shard) return std::optional<ShardExtent>();
  return std::optional(extent);
}

Result<> IndexFile::visit_shards(const std::function<void(const ShardExtent&)>& visit) const {
  const Table table = Tables(header_.stream_count, header_.shard_count, 0).shards;
  IndexPages pages(*this);
  for (uint64_t i = 0; i < table.count; ++i) {
    Result<std::string_view> bytes = pages.entry(table, i);
    if (!bytes) return bytes.take_error();
    visit(decode_shard(*bytes));
  }
  return {};
}

IndexedBlock IndexFile::decode_block(std::string_view bytes) const {
  return {load_little<uint64_t>(&bytes[0]),
          load_little<int64_t>(&bytes[8]),
          {header_.segment, load_little<uint32_t>(&bytes[16]),
           static_cast<uint32_t>(header_.generation)},
          load_little<uint32_t>(&bytes[20]),
          load_little<uint32_t>(&bytes[24]),
          load_little<uint32_t>(&bytes[28])};
}

Result<> IndexFile::visit_blocks(const ShardExtent& extent, const Wanted& wanted,
                                 const std::function<bool(const IndexedBlock&)>& visit) const {
  const Table table = Tables(header_.stream_count, header_.shard_count, header_.block_count).blocks;
  const uint64_t end = extent.first_block + extent.block_count;
  if (end > table.count) return damaged("an extent goes beyond the last block");
  IndexPages pages(*this);
  Result<uint64_t> first = pages.partition_point(
      table, extent.first_block, end,
      [&](std::string_view bytes) { return wanted.begins_behind(decode_block(bytes)); });
  if (!first) return first.take_error();
  for (uint64_t i = *first; i < end; ++i) {
    Result<std::string_view> bytes = pages.entry(table, i);
    if (!bytes) return bytes.take_error();
    if (!visit(decode_block(*bytes))) break;
  }
  return {};
}

}  // namespace millstream::lanes
