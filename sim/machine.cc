#include "sim/machine.h"

#include <algorithm>
#include <utility>

namespace millstream::sim {
namespace {

constexpr int64_t kReadUsMax = 100;
constexpr int64_t kWriteUsMax = 60;
constexpr int64_t kSyncUsMax = 800;
constexpr const char* kJournal = "/data/journal";
constexpr const char* kIndex = "/data/index";
constexpr const char* kSegmentEnding = ".segment";
constexpr const char* kIndexEnding = ".index";

}  // namespace

// A file as one process has it open.
class ProcessFile final : public io::File {
 public:
  ProcessFile(Machine& machine, std::shared_ptr<Life> life, std::unique_ptr<io::File> file)
      : machine_(machine), life_(std::move(life)), file_(std::move(file)) {}

  Result<> write_at(uint64_t offset, std::string_view bytes) override {
    Result<> begun = machine_.begin(*life_, Machine::Operation::kWrite);
    if (!begun) return begun;
    if (Machine::comes_true(&machine_.write_fails_in_)) {
      machine_.disk_has_failed_ = true;
      size_t part = machine_.dice_.below(bytes.size() + 1);
      if (past_cache_) part -= part % io::kSectorBytes;
      Result<> written = file_->write_at(offset, bytes.substr(0, part));
      if (written) written = Error{ErrorCode::kIo, "the write was told to fail"};
      return machine_.end(*life_, std::move(written));
    }
    return machine_.end(*life_, file_->write_at(offset, bytes));
  }
  Result<> write_all_at(uint64_t offset, const std::vector<std::string_view>& pieces) override {
    std::string whole;
    for (const std::string_view piece : pieces) whole += piece;
    return write_at(offset, whole);
  }
  Result<std::string> read_at(uint64_t offset, size_t size) override {
    Result<> begun = machine_.begin(*life_, Machine::Operation::kRead);
    if (!begun) return begun.take_error();
    if (Machine::comes_true(&machine_.read_fails_in_)) {
      machine_.read_has_failed_ = true;
      return Error{ErrorCode::kIo, "the read was told to fail"};
    }
    return file_->read_at(offset, size);
  }
  Result<> sync() override {
    Result<> begun = machine_.begin(*life_, Machine::Operation::kSync);
    if (!begun) return begun;
    if (Machine::comes_true(&machine_.sync_fails_in_)) {
      machine_.disk_has_failed_ = true;
      machine_.medium_.fail_sync_after(0);
    }
    return machine_.end(*life_, file_->sync());
  }
  Result<> allocate(uint64_t size) override {
    Result<> begun = machine_.begin(*life_, Machine::Operation::kWrite);
    return begun ? machine_.end(*life_, file_->allocate(size)) : std::move(begun);
  }
  Result<> truncate(uint64_t size) override {
    Result<> begun = machine_.begin(*life_, Machine::Operation::kWrite);
    return begun ? machine_.end(*life_, file_->truncate(size)) : std::move(begun);
  }
  Result<uint64_t> size() override {
    if (life_->dead) return machine_.dead().take_error();
    return file_->size();
  }
  void write_past_cache() override {
    past_cache_ = true;
    file_->write_past_cache();
  }

 private:
  Machine& machine_;
  const std::shared_ptr<Life> life_;
  const std::unique_ptr<io::File> file_;
  bool past_cache_ = false;
};

// The disk as one process sees it.
class ProcessDisk final : public io::Disk {
 public:
  ProcessDisk(Machine& machine, std::shared_ptr<Life> life)
      : machine_(machine), life_(std::move(life)) {}

  Result<std::unique_ptr<io::File>> open(const std::string& path, io::OpenMode mode) override {
    Result<> begun = machine_.begin(*life_, Machine::Operation::kNames);
    if (!begun) return begun.take_error();
    Result<std::unique_ptr<io::File>> file = machine_.medium_.open(path, mode);
    if (!file) return file;
    return std::unique_ptr<io::File>(std::make_unique<ProcessFile>(machine_, life_, file.take()));
  }
  Result<std::vector<std::string>> list(const std::string& directory) override {
    if (life_->dead) return machine_.dead().take_error();
    return machine_.medium_.list(directory);
  }
  Result<> make_directories(const std::string& path) override {
    return change_names([&] { return machine_.medium_.make_directories(path); });
  }
  Result<> rename(const std::string& from, const std::string& to) override {
    machine_.segments_made_ += to.ends_with(kSegmentEnding) ? 1 : 0;
    machine_.index_files_made_ += to.ends_with(kIndexEnding) ? 1 : 0;
    return change_names([&] { return machine_.medium_.rename(from, to); });
  }
  Result<> remove(const std::string& path) override {
    machine_.segments_removed_ += path.ends_with(kSegmentEnding) ? 1 : 0;
    return change_names([&] { return machine_.medium_.remove(path); });
  }
  Result<> sync_directory(const std::string& path) override {
    return change_names([&] { return machine_.medium_.sync_directory(path); });
  }
  Result<bool> exists(const std::string& path) override {
    if (life_->dead) return machine_.dead().take_error();
    return machine_.medium_.exists(path);
  }

 private:
  template <class Change>
  Result<> change_names(Change change) {
    Result<> begun = machine_.begin(*life_, Machine::Operation::kNames);
    return begun ? machine_.end(*life_, change()) : std::move(begun);
  }

  Machine& machine_;
  const std::shared_ptr<Life> life_;
};

std::shared_ptr<Life> Machine::start_process() {
  medium_.restore_power();
  dies_in_.reset();
  write_fails_in_.reset();
  sync_fails_in_.reset();
  read_fails_in_.reset();
  disk_has_failed_ = false;
  read_has_failed_ = false;
  life_ = std::make_shared<Life>();
  return life_;
}

std::unique_ptr<io::Disk> Machine::disk_of(std::shared_ptr<Life> life) {
  return std::make_unique<ProcessDisk>(*this, std::move(life));
}

bool Machine::comes_true(std::optional<uint64_t>* countdown) {
  if (!*countdown || (**countdown)-- > 0) return false;
  countdown->reset();
  return true;
}

Result<> Machine::begin(const Life& life, Operation operation) {
  if (life.dead) return dead();
  trace_.note(static_cast<uint64_t>(operation));
  switch (operation) {
    case Operation::kRead:
      scheduler_.wait_for_disk(dice_.between(1, kReadUsMax));
      break;
    case Operation::kWrite:
    case Operation::kNames:
      scheduler_.wait_for_disk(dice_.between(1, kWriteUsMax));
      break;
    case Operation::kSync:
      scheduler_.wait_for_disk(dice_.between(1, kSyncUsMax));
      break;
  }
  // The system may have switched to what killed it.
  return life.dead ? dead() : Result<>();
}

Result<> Machine::end(const Life& life, Result<> outcome) {
  if (!outcome && outcome.error().code == ErrorCode::kNoSpace) disk_has_failed_ = true;
  if (comes_true(&dies_in_)) kill(death_);
  return life.dead ? dead() : std::move(outcome);
}

void Machine::kill(Death death) {
  if (!life_ || life_->dead) return;
  life_->dead = true;
  trace_.note(death == Death::kPowerLoss ? "power loss" : "process death");
  // Drawn in both cases, so that cutting a fault out of a history changes little else.
  const uint64_t disk_seed = dice_.draw();
  if (death == Death::kPowerLoss) medium_.lose_power(disk_seed);
  state_.crash(dice_);
}

void Machine::kill_at_operation(Death death, uint64_t operations) {
  death_ = death;
  dies_in_ = operations;
}

std::vector<std::string> Machine::files_that_may_rot() {
  std::vector<std::string> paths;
  const auto add = [&](const std::string& directory, const char* ending) {
    Result<std::vector<std::string>> names = medium_.list(directory);
    if (!names) return;
    for (const std::string& name : *names) {
      if (name.ends_with(ending)) paths.push_back(directory + "/" + name);
    }
  };
  add(kJournal, kSegmentEnding);
  if (!paths.empty()) paths.pop_back();  // the newest
  add(kIndex, kIndexEnding);
  return paths;
}

std::optional<std::string> Machine::rot() {
  const std::vector<std::string> paths = files_that_may_rot();
  if (paths.empty()) return std::nullopt;
  const std::string& path = paths[dice_.below(paths.size())];
  const std::string bytes = medium_.contents(path);
  if (bytes.empty()) return std::nullopt;
  const uint64_t offset = dice_.below(bytes.size());
  const char rotten = static_cast<char>(bytes[offset] ^ static_cast<char>(1 << dice_.below(8)));
  medium_.corrupt(path, offset, std::string_view(&rotten, 1));
  // An index file is made again from its segment: there is nothing to undo, and no excuse.
  if (path.ends_with(kSegmentEnding)) rotten_ = Rotten{path, bytes, medium_.contents(path)};
  return path + " at byte " + std::to_string(offset);
}

void Machine::undo_rot() {
  if (!rotten_) return;
  medium_.restore_power();
  Result<bool> there = medium_.exists(rotten_->path);
  // It may have been replaced or removed since.
  if (there && *there && medium_.contents(rotten_->path) == rotten_->is) {
    medium_.set_contents(rotten_->path, rotten_->was);
  }
  rotten_.reset();
}

}  // namespace millstream::sim
