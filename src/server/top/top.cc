#include "server/top/top.h"

#include <fmt/format.h>
#include <ncurses.h>
#include <poll.h>
#include <unistd.h>

#include <cstdio>

#include "base/clock.h"
#include "server/top/metrics_reading.h"
#include "server/top/screen.h"

namespace millstream::server {
namespace {

constexpr int kIntervalMs = 1000;

struct Moment {
  MetricsReading reading;
  int64_t at_us;
};

Result<Moment> look(const http::Address& address, const Clock& clock) {
  Result<std::string> text = fetch(address, "/_millstream/metrics");
  if (!text) return text.take_error();
  Result<MetricsReading> reading = MetricsReading::parse(*text);
  if (!reading) return reading.take_error();
  return Moment{reading.take(), clock.monotonic_us()};
}

std::vector<std::string> screen_of(const Moment& before, const Moment& now) {
  const double seconds = static_cast<double>(now.at_us - before.at_us) / 1e6;
  return top_screen(before.reading, now.reading, seconds);
}

Result<> print_once(const http::Address& address, const Clock& clock) {
  Result<Moment> before = look(address, clock);
  if (!before) return before.take_error();
  // Only a pause: an interruption makes it shorter.
  (void)poll(nullptr, 0, kIntervalMs);
  Result<Moment> now = look(address, clock);
  if (!now) return now.take_error();
  for (const std::string& line : screen_of(*before, *now)) fmt::print("{}\n", line);
  return {};
}

// The terminal as ncurses has it; as it was before at the end.
class Terminal {
 public:
  Terminal() {
    initscr();
    cbreak();
    noecho();
    curs_set(0);
    timeout(kIntervalMs);
  }
  ~Terminal() { endwin(); }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  void show(const std::string& title, const std::vector<std::string>& lines) {
    erase();
    attron(A_BOLD);
    mvaddnstr(0, 0, title.c_str(), COLS);
    attroff(A_BOLD);
    for (int row = 2; row < LINES && row - 2 < static_cast<int>(lines.size()); ++row) {
      mvaddnstr(row, 0, lines[static_cast<size_t>(row - 2)].c_str(), COLS);
    }
    refresh();
  }
  // Waits a second for a key; whether it was q.
  bool quit_within_a_second() { return getch() == 'q'; }
};

}  // namespace

Result<> run_top(const http::Address& address, bool once) {
  const SystemClock clock;
  if (once) return print_once(address, clock);
  if (isatty(STDOUT_FILENO) == 0) {
    return Error{ErrorCode::kInvalidArgument, "There is no terminal; use millstream top --once."};
  }
  Result<Moment> before = look(address, clock);
  if (!before) return before.take_error();
  Terminal terminal;
  const std::string title = "Millstream on " + address.text() + "   (q ends)";
  while (!terminal.quit_within_a_second()) {
    Result<Moment> now = look(address, clock);
    if (!now) return now.take_error();
    terminal.show(title, screen_of(*before, *now));
    before = std::move(now);
  }
  return {};
}

}  // namespace millstream::server
