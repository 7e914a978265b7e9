// Runs seeded simulations of the server (docs/reliability.md).
//
//   simulator [--first-seed N] [--seeds N] [--hours N]   many seeds, until one fails
//   simulator --seed N [--keep STEPS]                    one, telling what happens

#include <fmt/core.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <charconv>
#include <csignal>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "sim/shrink.h"

namespace millstream::sim {
namespace {

constexpr size_t kShrinkRunsMax = 400;

struct Options {
  uint64_t first_seed = 1;
  uint64_t seeds = 2'000;
  int64_t hours = 0;
  std::optional<uint64_t> seed;
  std::string keep;
};

// A broken invariant stops the process; its seed shall be known then too.
char seed_line[64];
size_t seed_line_size = 0;

// A simulation takes some hundredths of a second: this one turns in a circle.
constexpr unsigned kSimulationSecondsMax = 120;

void on_abort(int /*signal*/) {
  // There is nobody left to tell if it fails.
  (void)!::write(STDERR_FILENO, seed_line, seed_line_size);
  std::signal(SIGABRT, SIG_DFL);
  std::abort();
}

void set_seed_line(uint64_t seed) {
  const auto end =
      fmt::format_to_n(seed_line, sizeof seed_line, "in the simulation of seed {}\n", seed);
  seed_line_size = std::min(end.size, sizeof seed_line);
  // Only a watchdog: nothing follows from when it was set before.
  (void)::alarm(kSimulationSecondsMax);
}

int fail(const History& history, const Finding& finding) {
  fmt::print("\nseed {} fails: {}: {}\n", history.seed, finding.check, finding.detail);
  fmt::print("looking for a shorter history...\n");
  std::fflush(stdout);
  const History shortest = shrink(history, finding, kShrinkRunsMax);
  const SimulationOutcome outcome =
      simulate(shortest, [](const std::string& line) { fmt::print("  {}\n", line); });
  if (outcome.finding) {
    fmt::print("{}: {}\n", outcome.finding->check, outcome.finding->detail);
  }
  fmt::print("{} of {} steps are left. To replay:\n", shortest.kept.size(), history.kept.size());
  fmt::print("  build/release/sim/simulator --seed {} --keep {}\n", history.seed,
             kept_text(shortest.kept));
  fmt::print("and the whole of it:\n  build/release/sim/simulator --seed {}\n", history.seed);
  return 1;
}

int run_one(const Options& options) {
  History history = make_history(*options.seed);
  if (!options.keep.empty()) history.kept = parse_kept(options.keep);
  set_seed_line(history.seed);
  const SimulationOutcome outcome =
      simulate(history, [](const std::string& line) { fmt::print("  {}\n", line); });
  fmt::print("digest {:016x}\n", outcome.digest);
  if (!outcome.finding) return 0;
  fmt::print("{}: {}\n", outcome.finding->check, outcome.finding->detail);
  return 1;
}

int run_many(const Options& options) {
  const SystemClock clock;
  const int64_t begun_us = clock.monotonic_us();
  const int64_t until_us = begun_us + options.hours * 3'600'000'000;
  std::map<std::string, uint64_t> counts;
  uint64_t done = 0;
  for (uint64_t seed = options.first_seed;
       options.hours > 0 ? clock.monotonic_us() < until_us : done < options.seeds; ++seed) {
    set_seed_line(seed);
    const History history = make_history(seed);
    const SimulationOutcome outcome = simulate(history);
    if (outcome.finding) return fail(history, *outcome.finding);
    for (const auto& [what, count] : outcome.counts) counts[what] += count;
    ++done;
  }
  const double seconds = static_cast<double>(clock.monotonic_us() - begun_us) / 1e6;
  for (const auto& [what, count] : counts) fmt::print("  {:>9} {}\n", count, what);
  fmt::print("{} simulations from seed {} passed in {:.1f} s\n", done, options.first_seed, seconds);
  return 0;
}

bool read_number(const char* text, uint64_t* value) {
  const std::string_view digits(text);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), *value);
  return error == std::errc() && end == digits.data() + digits.size();
}

std::optional<Options> read_options(int count, char** arguments) {
  Options options;
  for (int i = 1; i < count; i += 2) {
    const std::string_view name = arguments[i];
    if (i + 1 >= count) return std::nullopt;
    if (name == "--keep") {
      options.keep = arguments[i + 1];
      continue;
    }
    uint64_t value = 0;
    if (!read_number(arguments[i + 1], &value)) return std::nullopt;
    if (name == "--seed") {
      options.seed = value;
    } else if (name == "--first-seed") {
      options.first_seed = value;
    } else if (name == "--seeds") {
      options.seeds = value;
    } else if (name == "--hours") {
      options.hours = static_cast<int64_t>(value);
    } else {
      return std::nullopt;
    }
  }
  return options;
}

int run(int count, char** arguments) {
  const std::optional<Options> options = read_options(count, arguments);
  if (!options) {
    fmt::print(stderr,
               "simulator [--first-seed N] [--seeds N] [--hours N]\n"
               "simulator --seed N [--keep STEPS]\n");
    return 2;
  }
  // The server's warnings are what it says to faults.
  spdlog::set_level(spdlog::level::off);
  std::signal(SIGABRT, on_abort);
  std::signal(SIGALRM, on_abort);
  return options->seed ? run_one(*options) : run_many(*options);
}

}  // namespace
}  // namespace millstream::sim

int main(int count, char** arguments) {
  return millstream::sim::run(count, arguments);
}
