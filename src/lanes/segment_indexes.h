#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/result.h"
#include "io/disk.h"
#include "journal/journal.h"
#include "lanes/index_file.h"

namespace millstream::lanes {

// The index files of the journal's sealed segments, and a bounded number of them open.
//
// A file holds nothing that its segment doesn't tell: one that is missing, damaged or of an earlier
// generation is made again from the segment, by whoever needs it first, who waits for that. So
// there is no moment at which a look-up finds less than there is.
//
// Thread-safe; all calls block.
class SegmentIndexes {
 public:
  static constexpr size_t kOpenFilesMax = 64;

  SegmentIndexes(journal::Journal& journal, io::Disk& disk, std::string directory)
      : journal_(journal), disk_(disk), directory_(std::move(directory)) {}

  // Makes the directory, and removes what belongs to no segment. Before all else.
  Result<> open();

  // The index of a sealed segment. If it can't be written it is held in memory, for this caller
  // alone. kNotFound if the segment isn't there any more in this generation.
  Result<std::shared_ptr<const IndexFile>> get(const journal::SegmentInfo& segment);
  // As `get`, but fails if the file can't be written. It is on stable storage on return. Whoever
  // knows the segment's contents gives them in `contents`; without it the segment is read.
  using Contents = std::function<SegmentContents()>;
  Result<std::shared_ptr<const IndexFile>> keep(const journal::SegmentInfo& segment,
                                                const Contents& contents = nullptr);
  // Replaces a file that turned out to be damaged.
  Result<std::shared_ptr<const IndexFile>> make_again(const journal::SegmentInfo& segment);
  // Deletes the file of a segment that holds nothing any more.
  Result<> remove(uint64_t segment);

  // For what `ask` reads of the segment's index: made again once if that finds it damaged.
  template <class Ask>
  auto with(const journal::SegmentInfo& segment, Ask ask)
      -> decltype(ask(std::declval<const IndexFile&>())) {
    Result<std::shared_ptr<const IndexFile>> index = get(segment);
    if (!index) return index.take_error();
    auto answer = ask(**index);
    if (answer || answer.error().code != ErrorCode::kCorruption) return answer;
    index = make_again(segment);
    if (!index) return index.take_error();
    return ask(**index);
  }

 private:
  using Index = std::shared_ptr<const IndexFile>;
  struct Made {
    Index index;
    Result<> written;
  };
  struct Cached {
    Index index;
    uint64_t last_used = 0;
  };

  [[nodiscard]] std::string path(uint64_t segment) const;
  [[nodiscard]] Index find_open(const journal::SegmentInfo& segment);
  // The index if a whole file of it is there; otherwise kNotFound or kCorruption.
  Result<Index> open_file(const journal::SegmentInfo& segment);
  Result<Made> make(const journal::SegmentInfo& segment, const Contents& contents);
  Result<Made> find_or_make(const journal::SegmentInfo& segment, const Contents& contents);
  void forget(uint64_t segment);

  journal::Journal& journal_;
  io::Disk& disk_;
  const std::string directory_;

  std::mutex making_mutex_;  // held while a file is made or removed: one at a time

  std::mutex mutex_;  // guards all below; never held while the disk is asked
  std::map<uint64_t, Cached> open_;
  uint64_t uses_ = 0;
};

}  // namespace millstream::lanes
