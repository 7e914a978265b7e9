// A closed-loop load generator: each of N connections sends a request, waits for the whole answer,
// checks it, and sends the next. One thread, epoll. Prints one JSON object.
//
//   load_generator --port 4566 --workload put_record --connections 64 --seconds 5
#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <cstring>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/unique_fd.h"
#include "workload.h"

namespace millstream::bench {
namespace {

struct Connection {
  UniqueFd socket;
  std::string answer;
  int64_t sent_us = 0;
};

struct Totals {
  uint64_t good = 0;
  uint64_t bad = 0;
  std::string first_bad;
  std::vector<uint32_t> latencies_us;
};

// The size of the whole answer at the front of `bytes`, or 0 while it isn't there.
size_t whole_answer(std::string_view bytes) {
  const size_t head_end = bytes.find("\r\n\r\n");
  if (head_end == std::string_view::npos) return 0;
  std::string head(bytes.substr(0, head_end));
  std::transform(head.begin(), head.end(), head.begin(), [](char c) { return std::tolower(c); });
  const size_t field = head.find("content-length:");
  if (field == std::string::npos) return 0;
  const char* at = head.c_str() + field + 15;
  while (*at == ' ') ++at;
  size_t length = 0;
  std::from_chars(at, head.c_str() + head.size(), length);
  const size_t whole = head_end + 4 + length;
  return bytes.size() >= whole ? whole : 0;
}

class Generator {
 public:
  Generator(const Workload& workload, int port, size_t connections)
      : workload_(workload), port_(port), connections_(connections) {
    read_buffer_.resize(1 << 20);
  }

  bool connect_all() {
    poll_.reset(epoll_create1(0));
    for (Connection& connection : connections_) {
      connection.socket.reset(socket(AF_INET, SOCK_STREAM, 0));
      sockaddr_in address{};
      address.sin_family = AF_INET;
      address.sin_port = htons(static_cast<uint16_t>(port_));
      address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
      if (connect(connection.socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) !=
          0) {
        return false;
      }
      const int on = 1;
      setsockopt(connection.socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      epoll_event event{.events = EPOLLIN, .data = {.ptr = &connection}};
      epoll_ctl(poll_.get(), EPOLL_CTL_ADD, connection.socket.get(), &event);
    }
    return true;
  }

  // False when a connection broke.
  bool run(int64_t duration_us, Totals* totals) {
    const int64_t end_us = clock_.monotonic_us() + duration_us;
    size_t busy = 0;
    for (Connection& connection : connections_) {
      if (!send_next(&connection)) return false;
      ++busy;
    }
    while (busy > 0) {
      epoll_event events[64];
      const int count = epoll_wait(poll_.get(), events, 64, 10'000);
      if (count <= 0) return false;
      for (int i = 0; i < count; ++i) {
        auto* connection = static_cast<Connection*>(events[i].data.ptr);
        bool answered = false;
        if (!receive(connection, totals, &answered)) return false;
        if (!answered) continue;
        if (clock_.monotonic_us() >= end_us) {
          --busy;
        } else if (!send_next(connection)) {
          return false;
        }
      }
    }
    return true;
  }

 private:
  bool send_next(Connection* connection) {
    std::string_view left = workload_.requests[next_++ % workload_.requests.size()];
    connection->answer.clear();
    connection->sent_us = clock_.monotonic_us();
    while (!left.empty()) {
      const ssize_t sent = send(connection->socket.get(), left.data(), left.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      left.remove_prefix(static_cast<size_t>(sent));
    }
    return true;
  }

  bool receive(Connection* connection, Totals* totals, bool* answered) {
    const ssize_t got = recv(connection->socket.get(), read_buffer_.data(), read_buffer_.size(), 0);
    if (got <= 0) return false;
    connection->answer.append(read_buffer_.data(), static_cast<size_t>(got));
    if (whole_answer(connection->answer) == 0) return true;
    *answered = true;
    const bool good = connection->answer.starts_with("HTTP/1.1 200") &&
                      connection->answer.find(workload_.expected) != std::string::npos;
    ++(good ? totals->good : totals->bad);
    if (!good && totals->first_bad.empty()) totals->first_bad = connection->answer.substr(0, 600);
    totals->latencies_us.push_back(
        static_cast<uint32_t>(clock_.monotonic_us() - connection->sent_us));
    return true;
  }

  const Workload& workload_;
  const int port_;
  SystemClock clock_;
  UniqueFd poll_;
  std::vector<Connection> connections_;
  std::string read_buffer_;
  size_t next_ = 0;
};

uint32_t percentile(std::vector<uint32_t>& sorted, double share) {
  if (sorted.empty()) return 0;
  return sorted[std::min(sorted.size() - 1, static_cast<size_t>(share * sorted.size()))];
}

int run(int argc, char** argv) {
  int port = 4566;
  size_t connections = 64;
  double seconds = 5;
  std::string name = "put_record";
  Credentials credentials{"AKIDBENCH", "bench-secret"};
  CLI::App app("Sends signed requests to a server on this machine and measures");
  app.add_option("--port", port, "the server's port on 127.0.0.1");
  app.add_option("--connections", connections, "how many, each with one request under way");
  app.add_option("--seconds", seconds, "how long");
  app.add_option("--workload", name, "put_record, put_records, put_item or get_item");
  app.add_option("--access-key-id", credentials.access_key_id, "to sign with");
  app.add_option("--secret-access-key", credentials.secret_access_key, "to sign with");
  CLI11_PARSE(app, argc, argv);

  const auto workload = make_workload(name, credentials, fmt::format("127.0.0.1:{}", port));
  if (!workload) {
    fmt::print(stderr, "no such workload: {}\n", name);
    return 2;
  }
  Generator generator(*workload, port, connections);
  SystemClock clock;
  Totals totals;
  if (!generator.connect_all()) {
    fmt::print(stderr, "cannot connect to 127.0.0.1:{}\n", port);
    return 1;
  }
  const int64_t start_us = clock.monotonic_us();
  if (!generator.run(static_cast<int64_t>(seconds * 1e6), &totals)) {
    fmt::print(stderr, "a connection broke\n");
    return 1;
  }
  const double elapsed = static_cast<double>(clock.monotonic_us() - start_us) / 1e6;
  std::sort(totals.latencies_us.begin(), totals.latencies_us.end());
  if (totals.bad > 0) {
    fmt::print(stderr, "{} bad answers, the first:\n{}\n", totals.bad, totals.first_bad);
  }
  fmt::print(R"({{"workload":"{}","requests_per_second":{:.0f},"records_per_second":{:.0f},)"
             R"("latency_us_p50":{},"latency_us_p99":{},"latency_us_max":{},"good":{},"bad":{}}})"
             "\n",
             workload->name, totals.good / elapsed,
             static_cast<double>(totals.good * workload->records_per_request) / elapsed,
             percentile(totals.latencies_us, 0.5), percentile(totals.latencies_us, 0.99),
             percentile(totals.latencies_us, 1.0), totals.good, totals.bad);
  return totals.bad == 0 ? 0 : 1;
}

}  // namespace
}  // namespace millstream::bench

int main(int argc, char** argv) {
  return millstream::bench::run(argc, argv);
}
