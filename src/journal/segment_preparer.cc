#include "journal/segment_preparer.h"

#include <algorithm>
#include <utility>

#include "journal/format.h"

namespace millstream::journal {
namespace {

constexpr uint64_t kZeroChunkBytes = 1u << 20;  // a sync of the log may have to wait for as much

Result<> write_zeros(io::File& file, uint64_t from, uint64_t to) {
  const std::string zeros(static_cast<size_t>(to - from), '\0');
  if (Result<> written = file.write_at(from, zeros); !written) return written;
  return file.sync();
}

}  // namespace

SegmentPreparer::SegmentPreparer(io::Disk& disk, io::Workers& workers, std::string directory,
                                 uint64_t segment_bytes, uint64_t zero_ahead_bytes, bool past_cache,
                                 std::function<void(Error)> on_failure)
    : disk_(disk),
      directory_(std::move(directory)),
      segment_bytes_(segment_bytes),
      zero_ahead_bytes_(zero_ahead_bytes),
      past_cache_(past_cache),
      on_failure_(std::move(on_failure)),
      worker_(workers.start([this] { prepare(); })) {}

SegmentPreparer::~SegmentPreparer() {
  stop();
}

void SegmentPreparer::stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  worker_->stop();
}

Result<> SegmentPreparer::attach(const std::string& path, uint64_t written_to, uint64_t zeroed_to,
                                 uint64_t file_bytes) {
  Result<std::unique_ptr<io::File>> file = disk_.open(path, io::OpenMode::kReadWrite);
  if (!file && file.error().code != ErrorCode::kNoResources) return file.take_error();
  if (file && past_cache_) (*file)->write_past_cache();
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !zeroing_; });
  file_ = file ? file.take() : nullptr;
  attached_ = true;
  file_bytes_ = file_bytes;
  written_to_ = written_to;
  zeroed_to_ = std::max(zeroed_to, written_to);
  spare_wanted_ = true;
  zeroed_any_ = zeroed_to_ > written_to_;
  overtaken_ = false;
  wake_if_due();
  return {};
}

void SegmentPreparer::before_write(uint64_t end) {
  std::unique_lock lock(mutex_);
  overtaken_ |= zeroed_any_ && end > zeroed_to_;
  changed_.wait(lock, [&] { return !zeroing_ || end <= zeroed_to_; });
  written_to_ = end;
  zeroed_to_ = std::max(zeroed_to_, end);
  wake_if_due();
}

Result<SpareSegment> SegmentPreparer::take_spare() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !making_spare_; });
  spare_wanted_ = false;  // the name is taken until the caller has given the file its own
  if (!spare_) {
    lock.unlock();  // the worker makes none now, and has zeros to write meanwhile
    return make_spare(0);
  }
  SpareSegment spare = std::move(*spare_);
  spare_.reset();
  return spare;
}

std::string SegmentPreparer::spare_path() const {
  return directory_ + "/SPARE";
}

bool SegmentPreparer::zeroing_is_due() const {
  const uint64_t wanted = std::min(written_to_ + zero_ahead_bytes_, file_bytes_);
  const uint64_t chunk = std::min(kZeroChunkBytes, std::max<uint64_t>(zero_ahead_bytes_ / 2, 1));
  return file_ && !overtaken_ && zeroed_to_ < wanted &&
         (wanted - zeroed_to_ >= chunk || wanted == file_bytes_);
}

bool SegmentPreparer::spare_is_due() const {
  return attached_ && !spare_ && spare_wanted_ && written_to_ > file_bytes_ / 2;
}

void SegmentPreparer::wake_if_due() {
  if (zeroing_is_due() || spare_is_due()) worker_->wake();
}

void SegmentPreparer::prepare() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    if (zeroing_is_due()) {
      zero_next(lock);
    } else if (spare_is_due()) {
      make_spare_ahead(lock);
    } else {
      return;
    }
  }
}

void SegmentPreparer::zero_next(std::unique_lock<std::mutex>& lock) {
  const std::shared_ptr<io::File> file = file_;
  const uint64_t from = zeroed_to_;
  const uint64_t to = std::min(from + kZeroChunkBytes, file_bytes_);
  zeroing_ = true;
  lock.unlock();
  Result<> zeroed = write_zeros(*file, from, to);
  lock.lock();
  zeroing_ = false;
  if (zeroed) {
    zeroed_to_ = to;
    zeroed_any_ = true;
  } else {
    file_.reset();
  }
  changed_.notify_all();
  if (zeroed) return;
  lock.unlock();
  on_failure_(zeroed.take_error());
  lock.lock();
}

void SegmentPreparer::make_spare_ahead(std::unique_lock<std::mutex>& lock) {
  making_spare_ = true;
  const uint64_t zeroed_to = overtaken_ ? 0 : std::min(zero_ahead_bytes_, segment_bytes_);
  lock.unlock();
  Result<SpareSegment> spare = make_spare(zeroed_to);
  lock.lock();
  making_spare_ = false;
  spare_wanted_ = spare.ok();  // else take_spare will try again and tell
  if (spare) spare_ = spare.take();
  changed_.notify_all();
}

Result<SpareSegment> SegmentPreparer::make_spare(uint64_t zeroed_to) {
  Result<bool> left_over = disk_.exists(spare_path());
  if (!left_over) return left_over.take_error();
  if (*left_over) {
    if (Result<> removed = disk_.remove(spare_path()); !removed) return removed.take_error();
  }
  Result<std::unique_ptr<io::File>> file = disk_.open(spare_path(), io::OpenMode::kCreateNew);
  if (!file) return file.take_error();
  if (Result<> allocated = (*file)->allocate(segment_bytes_); !allocated) {
    if (Result<> removed = disk_.remove(spare_path()); !removed) return removed.take_error();
    return allocated.take_error();
  }
  if (past_cache_) (*file)->write_past_cache();
  if (zeroed_to > 0) {
    if (Result<> zeroed = write_zeros(**file, 0, zeroed_to); !zeroed) return zeroed.take_error();
  }
  return SpareSegment{file.take(), zeroed_to};
}

}  // namespace millstream::journal
