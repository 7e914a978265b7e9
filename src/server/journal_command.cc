#include "server/journal_command.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <cerrno>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "base/unique_fd.h"
#include "io/real_disk.h"
#include "journal/inspection.h"

namespace millstream::server {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

constexpr int kDamagedStatus = 1;
constexpr int kUnusableStatus = 2;

// The journal's directory, and the lock of the data directory that it is in. A copy of a journal
// alone has no lock.
struct Place {
  std::string journal;
  std::string lock;
};
Place place_of(const std::string& directory) {
  const fs::path given = fs::path(directory).lexically_normal();
  const fs::path path = given.has_filename() ? given : given.parent_path();
  std::error_code problem;
  if (fs::is_directory(path / "journal", problem)) {
    return {(path / "journal").string(), (path / "LOCK").string()};
  }
  return {path.string(), (path.parent_path() / "LOCK").string()};
}

// Keeps servers away as long as it is held; an invalid descriptor where there is no lock.
Result<UniqueFd> hold(const Place& place) {
  UniqueFd lock(::open(place.lock.c_str(), O_RDONLY | O_CLOEXEC));
  if (!lock.valid() && errno == ENOENT) return lock;
  if (!lock.valid()) return errno_error(errno, "cannot open " + place.lock);
  struct flock whole = {};
  whole.l_type = F_RDLCK;
  whole.l_whence = SEEK_SET;
  if (fcntl(lock.get(), F_SETLK, &whole) == 0) return lock;
  if (errno != EAGAIN && errno != EACCES) return errno_error(errno, "cannot lock " + place.lock);
  return Error{ErrorCode::kUnavailable,
               "A Millstream server uses " + place.journal + ": stop it, or look at a copy."};
}

struct Totals {
  uint64_t groups = 0;
  uint64_t frames = 0;
  std::map<journal::LaneId, journal::LaneFrames> lanes;
};
Totals totals_of(const journal::LogReport& report) {
  Totals totals;
  for (const journal::SegmentReport& segment : report.segments) {
    totals.groups += segment.groups;
    for (const auto& [id, in_segment] : segment.lanes) {
      const auto [found, is_new] = totals.lanes.try_emplace(id, in_segment);
      totals.frames += in_segment.frames;
      if (is_new) continue;
      journal::LaneFrames& lane = found->second;
      lane.frames += in_segment.frames;
      lane.last_number = in_segment.last_number;
      lane.payload_bytes += in_segment.payload_bytes;
    }
  }
  return totals;
}

uint64_t frames_of(const journal::SegmentReport& segment) {
  uint64_t frames = 0;
  for (const auto& [id, lane] : segment.lanes) frames += lane.frames;
  return frames;
}

ordered_json lanes_json(const std::map<journal::LaneId, journal::LaneFrames>& lanes) {
  ordered_json array = ordered_json::array();
  for (const auto& [id, lane] : lanes) {
    array.push_back({{"lane", id},
                     {"frames", lane.frames},
                     {"first_number", lane.first_number},
                     {"last_number", lane.last_number},
                     {"payload_bytes", lane.payload_bytes}});
  }
  return array;
}

ordered_json segment_json(const journal::SegmentReport& segment) {
  ordered_json json = {{"id", segment.header.id},
                       {"epoch", segment.header.epoch},
                       {"file_bytes", segment.file_bytes},
                       {"used_bytes", segment.used_bytes},
                       {"rewritten", segment.header.rewritten_bytes != 0},
                       {"groups", segment.groups},
                       {"first_group", nullptr},
                       {"last_group", nullptr},
                       {"torn_tail", segment.torn_tail},
                       {"whole", segment.whole},
                       {"lanes", lanes_json(segment.lanes)}};
  if (segment.groups > 0) {
    json["first_group"] = segment.header.first_group;
    json["last_group"] = segment.last_group;
  }
  return json;
}

void print_json(const std::string& directory, const journal::LogReport& report) {
  ordered_json json = {{"journal", directory}, {"whole", report.damages.empty()}};
  if (report.epoch) {
    json["epoch"] = {{"epoch", report.epoch->epoch},
                     {"durable_through", report.epoch->durable_through},
                     {"first_segment", report.epoch->first_segment}};
  } else {
    json["epoch"] = nullptr;
  }
  json["segments"] = ordered_json::array();
  for (const journal::SegmentReport& segment : report.segments) {
    json["segments"].push_back(segment_json(segment));
  }
  json["lanes"] = lanes_json(totals_of(report).lanes);
  json["left_over"] = report.left_over;
  json["damages"] = ordered_json::array();
  for (const journal::Damage& damage : report.damages) {
    json["damages"].push_back(
        {{"file", damage.file}, {"offset", damage.offset}, {"what", damage.what}});
  }
  fmt::print("{}\n", json.dump(2));
}

std::string state_of(const journal::SegmentReport& segment) {
  std::string text = segment.whole ? "whole" : "DAMAGED";
  if (segment.header.rewritten_bytes != 0) text += ", rewritten";
  if (segment.torn_tail) text += ", then a tail that was never acknowledged";
  return text;
}

void print_contents(const std::string& directory, const journal::LogReport& report) {
  fmt::print("{}\n", directory);
  if (report.epoch) {
    fmt::print("opened {} times; durable at least through group {}\n", report.epoch->epoch,
               report.epoch->durable_through);
  }
  fmt::print("\n{:>8} {:>12} {:>24} {:>10} {:>6}  {}\n", "segment", "bytes used", "groups",
             "frames", "lanes", "checksums");
  for (const journal::SegmentReport& segment : report.segments) {
    const std::string groups =
        segment.groups > 0 ? fmt::format("{}-{}", segment.header.first_group, segment.last_group)
                           : "none";
    fmt::print("{:>8} {:>12} {:>24} {:>10} {:>6}  {}\n", segment.header.id, segment.used_bytes,
               groups, frames_of(segment), segment.lanes.size(), state_of(segment));
  }
  fmt::print("\n{:>8} {:>12} {:>24} {:>10}\n", "lane", "bytes", "numbers", "frames");
  for (const auto& [id, lane] : totals_of(report).lanes) {
    fmt::print("{:>8} {:>12} {:>24} {:>10}\n", id, lane.payload_bytes,
               fmt::format("{}-{}", lane.first_number, lane.last_number), lane.frames);
  }
  fmt::print("\n");
}

void print_verdict(const journal::LogReport& report) {
  for (const std::string& file : report.left_over) {
    fmt::print("{} was removed from the log and goes at the next start\n", file);
  }
  if (report.damages.empty()) {
    const Totals totals = totals_of(report);
    fmt::print("whole: {} frames in {} groups in {} segments\n", totals.frames, totals.groups,
               report.segments.size());
    return;
  }
  for (const journal::Damage& damage : report.damages) {
    fmt::print("damaged: {} at byte {}: {}\n", damage.file, damage.offset, damage.what);
  }
}

}  // namespace

int run_journal_command(const JournalCommand& command) {
  const Place place = place_of(command.directory);
  Result<UniqueFd> lock = hold(place);
  io::RealDisk disk;
  auto report = lock ? journal::inspect_log(disk, place.journal)
                     : Result<journal::LogReport>(lock.take_error());
  if (!report) {
    const std::string& why = report.error().message;
    fmt::print(stderr, "millstream: {}{}\n", why, why.ends_with('.') ? "" : ".");
    return kUnusableStatus;
  }
  if (command.json) {
    print_json(place.journal, *report);
  } else {
    if (!command.verify) print_contents(place.journal, *report);
    print_verdict(*report);
  }
  return command.verify && !report->damages.empty() ? kDamagedStatus : 0;
}

}  // namespace millstream::server
