#include "io/memory_disk.h"

#include <algorithm>
#include <random>
#include <utility>

#include "base/check.h"

namespace millstream::io {

struct MemoryDisk::Node {
  std::string bytes;    // as read now
  std::string durable;  // as of the last sync
  // Sectors that the next sync owes, with what earlier writes since the last one left in them.
  std::map<uint64_t, std::vector<std::string>> unsynced;
  uint64_t failures = 0;  // of its syncs
};

namespace {

Error not_found(const std::string& path) {
  return {ErrorCode::kNotFound, "cannot open " + path + ": No such file or directory"};
}

std::string directory_of(const std::string& path) {
  const size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, slash);
}

// What stands in one sector; shorter at the end of the file, empty behind it.
std::string_view sector_of(std::string_view bytes, uint64_t sector) {
  const size_t begin = sector * kSectorBytes;
  if (begin >= bytes.size()) return {};
  return bytes.substr(begin, kSectorBytes);
}

// Puts `bytes` at a sector's beginning into `to`, which grows if needed.
void put_sector(std::string_view bytes, uint64_t sector, std::string* to) {
  const size_t begin = sector * kSectorBytes;
  if (bytes.empty()) return;
  if (to->size() < begin + bytes.size()) to->resize(begin + bytes.size());
  to->replace(begin, bytes.size(), bytes);
}

}  // namespace

class MemoryFile final : public File {
 public:
  MemoryFile(MemoryDisk& disk, std::shared_ptr<MemoryDisk::Node> node, uint64_t generation)
      : disk_(disk),
        node_(std::move(node)),
        generation_(generation),
        failures_told_(node_->failures) {}

  Result<> write_at(uint64_t offset, std::string_view bytes) override {
    std::lock_guard lock(disk_.mutex_);
    if (Result<> alive = check(); !alive) return alive;
    CHECK(!past_cache_ || (offset % kSectorBytes == 0 && bytes.size() % kSectorBytes == 0));
    return disk_.write(*node_, offset, bytes);
  }
  Result<> write_all_at(uint64_t offset, const std::vector<std::string_view>& pieces) override {
    std::string whole;
    for (std::string_view piece : pieces) whole += piece;
    return write_at(offset, whole);
  }
  Result<std::string> read_at(uint64_t offset, size_t size) override {
    std::lock_guard lock(disk_.mutex_);
    if (Result<> alive = check(); !alive) return alive.take_error();
    CHECK(!past_cache_);
    if (offset >= node_->bytes.size()) return std::string();
    return node_->bytes.substr(offset, size);
  }
  Result<> sync() override {
    std::lock_guard lock(disk_.mutex_);
    if (Result<> alive = check(); !alive) return alive;
    return disk_.sync(*node_, &failures_told_);
  }
  Result<> allocate(uint64_t size) override {
    std::lock_guard lock(disk_.mutex_);
    if (Result<> alive = check(); !alive) return alive;
    return disk_.resize(*node_, std::max<uint64_t>(size, node_->bytes.size()));
  }
  Result<> truncate(uint64_t size) override {
    std::lock_guard lock(disk_.mutex_);
    if (Result<> alive = check(); !alive) return alive;
    return disk_.resize(*node_, size);
  }
  Result<uint64_t> size() override {
    std::lock_guard lock(disk_.mutex_);
    if (Result<> alive = check(); !alive) return alive.take_error();
    return static_cast<uint64_t>(node_->bytes.size());
  }
  void write_past_cache() override { past_cache_ = true; }

 private:
  Result<> check() const {
    if (generation_ == disk_.generation_) return disk_.check_power();
    return Error{ErrorCode::kIo, "the file was open when the power went"};
  }

  MemoryDisk& disk_;
  const std::shared_ptr<MemoryDisk::Node> node_;
  const uint64_t generation_;
  uint64_t failures_told_;  // guarded by the disk's mutex
  bool past_cache_ = false;
};

MemoryDisk::MemoryDisk(uint64_t capacity_bytes) : capacity_(capacity_bytes) {}
MemoryDisk::~MemoryDisk() = default;

Result<> MemoryDisk::check_power() const {
  if (powered_) return {};
  return Error{ErrorCode::kIo, "the power is off"};
}

bool MemoryDisk::power_fails_now() {
  return power_fails_at_ && writes_ + syncs_ > *power_fails_at_;
}

Result<> MemoryDisk::write(Node& node, uint64_t offset, std::string_view bytes) {
  ++writes_;
  if (fail_write_at_ && writes_ > *fail_write_at_) {
    fail_write_at_.reset();
    store(node, offset, bytes.substr(0, bytes.size() / 2));
    return Error{write_failure_, "the write was told to fail"};
  }
  const uint64_t end = offset + bytes.size();
  if (end > node.bytes.size()) {
    if (Result<> grown = resize(node, end); !grown) return grown;
  }
  store(node, offset, bytes);
  if (!power_fails_now()) return {};
  lose_power_locked(power_seed_);
  return check_power();
}

void MemoryDisk::store(Node& node, uint64_t offset, std::string_view bytes) {
  if (bytes.empty()) return;
  const uint64_t end = offset + bytes.size();
  for (uint64_t sector = offset / kSectorBytes; sector <= (end - 1) / kSectorBytes; ++sector) {
    const auto [owed, is_new] = node.unsynced.try_emplace(sector);
    if (!is_new) owed->second.emplace_back(sector_of(node.bytes, sector));
  }
  if (end > node.bytes.size()) node.bytes.resize(end);
  node.bytes.replace(offset, bytes.size(), bytes);
}

Result<> MemoryDisk::sync(Node& node, uint64_t* failures_told) {
  ++syncs_;
  if (power_fails_now()) {
    lose_power_locked(power_seed_);
    return check_power();
  }
  if (fail_sync_at_ && syncs_ > *fail_sync_at_) {
    fail_sync_at_.reset();
    node.unsynced.clear();
    *failures_told = ++node.failures;
    return Error{ErrorCode::kIo, "the sync was told to fail"};
  }
  node.durable.resize(node.bytes.size());
  for (const auto& [sector, earlier] : node.unsynced) {
    put_sector(sector_of(node.bytes, sector), sector, &node.durable);
  }
  node.unsynced.clear();
  if (std::exchange(*failures_told, node.failures) == node.failures) return {};
  return Error{ErrorCode::kIo, "another sync of the file failed"};
}

Result<> MemoryDisk::resize(Node& node, uint64_t size) {
  const uint64_t others = used_ - node.bytes.size();
  if (size > node.bytes.size() && others + size > capacity_) {
    return Error{ErrorCode::kNoSpace, "the disk is full"};
  }
  used_ = others + size;
  node.bytes.resize(size);
  if (node.durable.size() > size) node.durable.resize(size);
  const uint64_t sectors = (size + kSectorBytes - 1) / kSectorBytes;
  node.unsynced.erase(node.unsynced.lower_bound(sectors), node.unsynced.end());
  return {};
}

Result<std::unique_ptr<File>> MemoryDisk::open(const std::string& path, OpenMode mode) {
  std::lock_guard lock(mutex_);
  if (Result<> powered = check_power(); !powered) return powered.take_error();
  if (refuses_opens_) return Error{ErrorCode::kNoResources, "cannot open " + path + ": refused"};
  std::shared_ptr<Node> node = find(path);
  if (mode == OpenMode::kCreateNew) {
    if (node) return Error{ErrorCode::kAlreadyExists, "cannot open " + path + ": File exists"};
    if (!directories_.contains(directory_of(path))) return not_found(path);
    node = std::make_shared<Node>();
    set_name(path, node);
  }
  if (!node) return not_found(path);
  return std::unique_ptr<File>(std::make_unique<MemoryFile>(*this, node, generation_));
}

std::shared_ptr<MemoryDisk::Node> MemoryDisk::find(const std::string& path) {
  const auto found = names_.find(path);
  return found == names_.end() ? nullptr : found->second;
}

void MemoryDisk::set_name(const std::string& path, std::shared_ptr<Node> node) {
  if (const std::shared_ptr<Node> old = find(path)) used_ -= old->bytes.size();
  pending_names_.push_back({directory_of(path), path, node});
  if (node) {
    names_[path] = std::move(node);
  } else {
    names_.erase(path);
  }
}

Result<std::vector<std::string>> MemoryDisk::list(const std::string& directory) {
  std::lock_guard lock(mutex_);
  if (Result<> powered = check_power(); !powered) return powered.take_error();
  std::vector<std::string> found;
  for (const auto& [path, node] : names_) {
    if (directory_of(path) == directory) found.push_back(path.substr(directory.size() + 1));
  }
  return found;
}

Result<> MemoryDisk::make_directories(const std::string& path) {
  std::lock_guard lock(mutex_);
  if (Result<> powered = check_power(); !powered) return powered;
  directories_.insert(path);
  return {};
}

Result<> MemoryDisk::rename(const std::string& from, const std::string& to) {
  std::lock_guard lock(mutex_);
  if (Result<> powered = check_power(); !powered) return powered;
  const std::shared_ptr<Node> node = find(from);
  if (!node) return not_found(from);
  // The pair is one change: a rename is atomic.
  set_name(to, node);
  names_.erase(from);
  pending_names_.back().name = from + '\n' + to;
  return {};
}

Result<> MemoryDisk::remove(const std::string& path) {
  std::lock_guard lock(mutex_);
  if (Result<> powered = check_power(); !powered) return powered;
  if (!find(path)) return not_found(path);
  set_name(path, nullptr);
  return {};
}

namespace {

template <class Names, class Change>
void apply_change(const Change& change, Names* names) {
  const size_t both = change.name.find('\n');
  if (both != std::string::npos) names->erase(change.name.substr(0, both));
  const std::string name = both == std::string::npos ? change.name : change.name.substr(both + 1);
  if (change.node) {
    (*names)[name] = change.node;
  } else {
    names->erase(name);
  }
}

}  // namespace

Result<> MemoryDisk::sync_directory(const std::string& path) {
  std::lock_guard lock(mutex_);
  if (Result<> powered = check_power(); !powered) return powered;
  ++syncs_;
  if (power_fails_now()) {
    lose_power_locked(power_seed_);
    return check_power();
  }
  if (fail_sync_at_ && syncs_ > *fail_sync_at_) {
    fail_sync_at_.reset();
    return Error{ErrorCode::kIo, "the sync was told to fail"};
  }
  std::vector<Pending> others;
  for (Pending& change : pending_names_) {
    if (change.directory == path) {
      apply_change(change, &durable_names_);
    } else {
      others.push_back(std::move(change));
    }
  }
  pending_names_ = std::move(others);
  return {};
}

Result<bool> MemoryDisk::exists(const std::string& path) {
  std::lock_guard lock(mutex_);
  if (Result<> powered = check_power(); !powered) return powered.take_error();
  return find(path) != nullptr || directories_.contains(path);
}

void MemoryDisk::lose_power_locked(uint64_t seed) {
  std::mt19937_64 random(seed);
  powered_ = false;
  ++generation_;
  power_fails_at_.reset();
  const size_t names_kept = random() % (pending_names_.size() + 1);
  for (size_t i = 0; i < names_kept; ++i) apply_change(pending_names_[i], &durable_names_);
  pending_names_.clear();
  names_ = durable_names_;
  used_ = 0;
  for (auto& [path, node] : names_) {
    const uint64_t kept_of_four = random() % 5;
    uint64_t torn = node->unsynced.empty() ? 0 : random() % (4 * node->unsynced.size());
    for (const auto& [sector, earlier] : node->unsynced) {
      const bool is_torn = torn-- == 0;
      if (random() % 4 >= kept_of_four) continue;
      const uint64_t version = random() % (2 * earlier.size() + 1);  // the newest most often
      std::string_view kept =
          version < earlier.size() ? earlier[version] : sector_of(node->bytes, sector);
      if (is_torn) kept = kept.substr(0, random() % kSectorBytes);
      put_sector(kept, sector, &node->durable);
    }
    node->unsynced.clear();
    node->bytes = node->durable;
    used_ += node->bytes.size();
  }
}

void MemoryDisk::corrupt(const std::string& path, uint64_t offset, std::string_view bytes) {
  std::lock_guard lock(mutex_);
  const std::shared_ptr<Node> node = find(path);
  CHECK(node && offset + bytes.size() <= node->bytes.size());
  node->bytes.replace(offset, bytes.size(), bytes);
  if (node->durable.size() < offset + bytes.size()) node->durable.resize(offset + bytes.size());
  node->durable.replace(offset, bytes.size(), bytes);
}

std::string MemoryDisk::contents(const std::string& path) {
  std::lock_guard lock(mutex_);
  const std::shared_ptr<Node> node = find(path);
  CHECK(node);
  return node->bytes;
}

void MemoryDisk::set_contents(const std::string& path, std::string bytes) {
  std::lock_guard lock(mutex_);
  directories_.insert(directory_of(path));
  std::shared_ptr<Node> node = find(path);
  if (!node) node = std::make_shared<Node>();
  used_ += bytes.size() - node->bytes.size();
  node->bytes = bytes;
  node->durable = std::move(bytes);
  node->unsynced.clear();
  names_[path] = node;
  durable_names_[path] = node;
}

}  // namespace millstream::io
