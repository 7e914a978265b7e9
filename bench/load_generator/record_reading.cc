#include <fmt/format.h>

#include <vector>

#include "aws_workloads.h"
#include "base/check.h"

namespace millstream::bench {
namespace {

constexpr int kPageRecords = 1'000;  // of 1 KB: a page of 1 MB

// The text behind "name":" up to the next quote; "" when it isn't there.
std::string_view string_field(std::string_view body, std::string_view name) {
  const std::string before = fmt::format("\"{}\":\"", name);
  const size_t begin = body.find(before);
  if (begin == std::string_view::npos) return {};
  const size_t value = begin + before.size();
  return body.substr(value, body.find('"', value) - value);
}

size_t occurrences(std::string_view body, std::string_view text) {
  size_t count = 0;
  for (size_t at = body.find(text); at != body.npos; at = body.find(text, at + text.size())) {
    ++count;
  }
  return count;
}

// Each slot follows NextShardIterator, as a consumer does, so each request is signed when it is
// sent: a few microseconds against the page's hundreds.
class RecordReading final : public Workload {
 public:
  explicit RecordReading(std::unique_ptr<AwsMaker> maker)
      : maker_(std::move(maker)), readers_(maker_->options().slots) {
    for (size_t slot = 0; slot < readers_.size(); ++slot) begin_again(slot);
  }

  const Request* next(size_t slot) override {
    Reader& reader = readers_[slot];
    if (reader.is_done) return nullptr;
    reader.request = maker_->kinesis(
        "GetRecords",
        fmt::format(R"({{"ShardIterator":"{}","Limit":{}}})", reader.iterator, kPageRecords));
    return &reader.request;
  }

  size_t check(size_t slot, const Answer& answer) override {
    if (answer.status != 200) return 0;
    Reader& reader = readers_[slot];
    const size_t records = occurrences(answer.body, "\"SequenceNumber\"");
    reader.iterator = string_field(answer.body, "NextShardIterator");
    const bool at_the_end = answer.body.find("\"MillisBehindLatest\":0") != answer.body.npos;
    if (at_the_end || reader.iterator.empty()) {
      reader.is_done = maker_->options().once;
      begin_again(slot);
    }
    return records;
  }

 private:
  struct Reader {
    std::string iterator;
    Request request;
    bool is_done = false;
  };

  void begin_again(size_t slot) {
    const auto& iterators = maker_->options().iterators;
    if (slot >= iterators.size() && maker_->options().once) readers_[slot].is_done = true;
    readers_[slot].iterator = iterators[slot % iterators.size()];
  }

  const std::unique_ptr<AwsMaker> maker_;
  std::vector<Reader> readers_;
};

}  // namespace

std::unique_ptr<Workload> get_records(std::unique_ptr<AwsMaker> maker) {
  CHECK(!maker->options().iterators.empty());
  return std::make_unique<RecordReading>(std::move(maker));
}

}  // namespace millstream::bench
