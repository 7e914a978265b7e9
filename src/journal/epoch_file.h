#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "io/disk.h"

namespace millstream::journal {

// What the file EPOCH holds (docs/formats/journal.md): who may write the log, and what of it must
// be there.
struct EpochRecord {
  uint32_t epoch = 0;
  uint64_t durable_through = 0;  // every group up to this number is durable
  // The segment with which the log begins: it and all behind it must be there. 0: not known, in a
  // log of an earlier format from which segments were removed.
  uint64_t first_segment = 0;
};

// Nothing if there is no such file; kCorruption if it is damaged.
Result<std::optional<EpochRecord>> read_epoch_file(io::Disk& disk, const std::string& directory);

// Replaces the file; returns once that is durable. After a failure or a crash the old one or the
// new one is there, whole.
Result<> write_epoch_file(io::Disk& disk, const std::string& directory, const EpochRecord& record);

// Writes `bytes` to `name` in `directory` by way of `temporary_name`, which may be there already.
// Returns once the file and its name are durable.
Result<> replace_file(io::Disk& disk, const std::string& directory, const std::string& name,
                      const std::string& temporary_name, const std::string& bytes);

}  // namespace millstream::journal
