#pragma once

// Fault model. What the simulator does to the server:
//
//   Crashes      Between any two pieces of work, and in the midst of any disk operation.
//                Power loss: what io/memory_disk.h says (unsynced sectors are kept or lost one by
//                one, in any of their versions, one may be torn; directory changes are kept up to
//                some point). Process death: what was written stays readable, synced or not, and
//                a later power loss still takes what wasn't synced.
//   Disk         A write fails with a part of it written; a sync fails once and lies from then on;
//                a read fails; the disk is full for a while; it is slow for a while; bytes rot in
//                a segment that isn't the newest (what rots in the newest groups can't be told
//                from a torn write), or in an index file (which must not matter).
//   State store  What RocksDB without its log promises: a crash loses what was applied since the
//                last flush, up to any point, each batch whole. A flush or a write fails. A read
//                finds nothing in memory and must go to the disk.
//   Time         The wall clock is set forward and back, by hours; any thread may be held up for
//                any time.
//   Functions    Answer late, fail before or after their work, hang until their timeout, find no
//                environment or no memory, do their work twice.
//
// Not modelled: two nodes, networks, memory that fails, disks that lose what they synced.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "io/disk.h"
#include "io/memory_disk.h"
#include "sim/dice.h"
#include "sim/scheduler.h"
#include "sim/state_store.h"

namespace millstream::sim {

// A process on the machine. Once it is dead, nothing that it does has an effect any more; what is
// left of it in this process only has to come to its end.
struct Life {
  bool dead = false;
};

enum class Death { kPowerLoss, kProcessDeath };

// Disk and state of the simulated computer, which outlive its processes.
class Machine {
 public:
  Machine(uint64_t seed, Scheduler& scheduler, Trace& trace)
      : dice_(seed), scheduler_(scheduler), trace_(trace) {}
  Machine(const Machine&) = delete;

  // ---- For a process. A new one starts with faults that haven't come true taken back.
  std::shared_ptr<Life> start_process();
  std::unique_ptr<io::Disk> disk_of(std::shared_ptr<Life> life);
  [[nodiscard]] io::MemoryDisk& medium() { return medium_; }
  [[nodiscard]] StateMedium& state() { return state_; }

  // ---- Faults.
  void kill(Death death);
  void kill_at_operation(Death death, uint64_t operations);  // after so many more of the disk's
  void fail_write_after(uint64_t count) { write_fails_in_ = count; }
  void fail_sync_after(uint64_t count) { sync_fails_in_ = count; }
  void fail_read_after(uint64_t count) { read_fails_in_ = count; }
  // Changes a byte of a segment that isn't the newest, or of an index file, and gives where;
  // nothing if there is none.
  std::optional<std::string> rot();
  void undo_rot();
  // Whether a disk fault of the living process came true: it may refuse everything from then on.
  [[nodiscard]] bool disk_has_failed() const { return disk_has_failed_; }
  [[nodiscard]] bool read_has_failed() const { return read_has_failed_; }
  [[nodiscard]] bool may_fail_reads() const { return rotten_.has_value(); }
  [[nodiscard]] uint64_t index_files_made() const { return index_files_made_; }
  // What the log has gone through, for the summary.
  [[nodiscard]] uint64_t segments_made() const { return segments_made_; }
  [[nodiscard]] uint64_t segments_removed() const { return segments_removed_; }

 private:
  friend class ProcessDisk;
  friend class ProcessFile;
  enum class Operation { kRead, kWrite, kSync, kNames };
  struct Rotten {
    std::string path;
    std::string was;  // the whole file
    std::string is;
  };

  [[nodiscard]] std::vector<std::string> files_that_may_rot();

  // Before an operation: lets time pass, and fails it if the process is dead.
  Result<> begin(const Life& life, Operation operation);
  // After it: the process may die of it. Gives `outcome`, or that it is dead.
  Result<> end(const Life& life, Result<> outcome);
  Result<> dead() const { return Error{ErrorCode::kIo, "the process is dead"}; }
  // Whether a fault that was set to come true after some operations comes now.
  static bool comes_true(std::optional<uint64_t>* countdown);

  Dice dice_;
  Scheduler& scheduler_;
  Trace& trace_;
  io::MemoryDisk medium_;
  StateMedium state_;
  std::shared_ptr<Life> life_;
  std::optional<uint64_t> dies_in_;
  Death death_ = Death::kPowerLoss;
  std::optional<uint64_t> write_fails_in_;
  std::optional<uint64_t> sync_fails_in_;
  std::optional<uint64_t> read_fails_in_;
  std::optional<Rotten> rotten_;
  bool disk_has_failed_ = false;
  bool read_has_failed_ = false;
  uint64_t segments_made_ = 0;
  uint64_t segments_removed_ = 0;
  uint64_t index_files_made_ = 0;
};

}  // namespace millstream::sim
