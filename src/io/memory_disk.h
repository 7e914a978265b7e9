#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "io/disk.h"

namespace millstream::io {

// A disk in memory that fails on demand, for tests and the simulator. Thread-safe.
//
// Fault model:
//   - Power loss: of the 512-byte sectors written since a file's last sync, any subset is kept,
//     each as any of the writes since then left it; one of them may be torn: its first bytes new,
//     the rest old. A file's length is the synced one, or reaches to the last sector kept. Names
//     made, changed or removed since the directory's last sync: the first few changes are kept, the
//     rest is as if it never happened. Files open at that moment fail from then on.
//   - A failed write has written any prefix of its bytes.
//   - A failed sync forgets which sectors it owed, as Linux does: they can still be read, a later
//     sync succeeds without writing them, and a power loss takes them. Every other open File of
//     that file is told at its next sync, once; those opened later are told nothing.
//   - A full disk refuses to grow files.
// Not modelled: bytes that rot (use corrupt).
class MemoryDisk final : public Disk {
 public:
  explicit MemoryDisk(uint64_t capacity_bytes = UINT64_MAX);
  ~MemoryDisk() override;

  Result<std::unique_ptr<File>> open(const std::string& path, OpenMode mode) override;
  Result<std::vector<std::string>> list(const std::string& directory) override;
  Result<> make_directories(const std::string& path) override;
  Result<> rename(const std::string& from, const std::string& to) override;
  Result<> remove(const std::string& path) override;
  Result<> sync_directory(const std::string& path) override;
  Result<bool> exists(const std::string& path) override;

  // Loses power now: everything fails until restore_power. `seed` chooses what survives.
  void lose_power(uint64_t seed);
  // Loses power in the midst of the write or sync after `operations` more of them.
  void lose_power_after(uint64_t operations, uint64_t seed);
  void restore_power();
  // lose_power and restore_power, for when nothing uses the disk.
  void crash(uint64_t seed);

  // The write (or sync) after `count` more of them fails with `code`; later ones are well again.
  void fail_write_after(uint64_t count, ErrorCode code = ErrorCode::kIo);
  void fail_sync_after(uint64_t count);
  void set_capacity(uint64_t bytes);
  // While `refuse`, no file can be opened, as when a process has no descriptors left.
  void refuse_opens(bool refuse);
  [[nodiscard]] uint64_t used_bytes() const;

  // Reaches behind the files' backs; durable at once. The file must exist.
  void corrupt(const std::string& path, uint64_t offset, std::string_view bytes);
  std::string contents(const std::string& path);
  void set_contents(const std::string& path, std::string bytes);

  [[nodiscard]] uint64_t writes() const;
  [[nodiscard]] uint64_t syncs() const;

 private:
  friend class MemoryFile;
  struct Node;
  using Names = std::map<std::string, std::shared_ptr<Node>>;
  struct Pending {  // one change of names, in the order in which they were made
    std::string directory;
    std::string name;
    std::shared_ptr<Node> node;  // none: removed
  };

  Result<> check_power() const;
  Result<> write(Node& node, uint64_t offset, std::string_view bytes);
  Result<> sync(Node& node, uint64_t* failures_told);
  Result<> resize(Node& node, uint64_t size);
  void store(Node& node, uint64_t offset, std::string_view bytes);
  void set_name(const std::string& path, std::shared_ptr<Node> node);
  void lose_power_locked(uint64_t seed);
  bool power_fails_now();
  std::shared_ptr<Node> find(const std::string& path);

  mutable std::mutex mutex_;
  Names names_;          // as seen now
  Names durable_names_;  // as they are after a power loss that keeps nothing
  std::vector<Pending> pending_names_;
  std::set<std::string> directories_;
  uint64_t capacity_;
  uint64_t used_ = 0;
  bool refuses_opens_ = false;
  bool powered_ = true;
  uint64_t generation_ = 0;  // of power; files of an earlier one are dead
  uint64_t writes_ = 0;
  uint64_t syncs_ = 0;
  std::optional<uint64_t> fail_write_at_;
  ErrorCode write_failure_ = ErrorCode::kIo;
  std::optional<uint64_t> fail_sync_at_;
  std::optional<uint64_t> power_fails_at_;  // counted in writes + syncs
  uint64_t power_seed_ = 0;
};

}  // namespace millstream::io
