// Sends the requests of one workload to a server on this machine, checks every answer, and prints
// one line of JSON. Closed loop, or at a constant rate with --rate.
//
//   load_generator --port 4566 --workload put_record --connections 64 --seconds 5
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <fstream>
#include <map>
#include <string>

#include "generator.h"
#include "report.h"
#include "workload.h"

namespace millstream::bench {
namespace {

struct Settings {
  Target target;
  Load load;
  WorkloadOptions workload{.name = "put_record", .credentials = {"AKIDBENCH", "bench-secret"}};
  double seconds = 5;
  double warmup_seconds = 0;
  bool list = false;
  std::string iterators_file;
  std::string trace_file;
};

void declare_options(CLI::App& app, Settings& settings) {
  const std::map<std::string, Protocol> protocols = {
      {"http1", Protocol::kHttp1}, {"http2", Protocol::kHttp2}, {"resp", Protocol::kResp}};
  app.add_option("--port", settings.target.port, "the server's port on 127.0.0.1");
  app.add_option("--workload", settings.workload.name, "what to send; --list tells the names");
  app.add_option("--protocol", settings.target.protocol, "http1, http2 (prior knowledge) or resp")
      ->transform(CLI::CheckedTransformer(protocols));
  app.add_option("--connections", settings.target.connections, "how many")
      ->check(CLI::Range(1, 10'000));
  app.add_option("--streams", settings.target.streams, "on each connection, with http2")
      ->check(CLI::Range(1, 1'000));
  app.add_option("--seconds", settings.seconds, "how long is measured")->check(CLI::PositiveNumber);
  app.add_option("--warmup-seconds", settings.warmup_seconds, "sent before, and not measured")
      ->check(CLI::NonNegativeNumber);
  app.add_option("--rate", settings.load.plan.rate,
                 "requests a second at even intervals; 0: each when its connection is free")
      ->check(CLI::NonNegativeNumber);
  app.add_option("--requests", settings.load.plan.requests_max, "end after so many");
  app.add_option("--stream", settings.workload.stream, "the Kinesis stream");
  app.add_option("--table", settings.workload.table, "the DynamoDB table");
  app.add_option("--items", settings.workload.items, "how many keys there are")
      ->check(CLI::PositiveNumber);
  app.add_option("--iterators", settings.iterators_file, "get_records: a file, an iterator a line");
  app.add_flag("--once", settings.workload.once, "get_records: end at the newest record");
  app.add_option("--trace", settings.trace_file, "write when each request was due and answered");
  app.add_option("--access-key-id", settings.workload.credentials.access_key_id, "to sign with");
  app.add_option("--secret-access-key", settings.workload.credentials.secret_access_key,
                 "to sign with");
  app.add_flag("--list", settings.list, "tell the workloads and end");
}

Result<> complete(Settings* settings) {
  if (settings->target.port == 0) return Error{ErrorCode::kInvalidArgument, "--port is needed"};
  if (settings->target.streams > 1 && settings->target.protocol != Protocol::kHttp2) {
    return Error{ErrorCode::kInvalidArgument, "--streams needs --protocol http2"};
  }
  settings->load.warmup_us = static_cast<int64_t>(settings->warmup_seconds * 1e6);
  settings->load.plan.duration_us =
      settings->load.warmup_us + static_cast<int64_t>(settings->seconds * 1e6);
  settings->load.keep_trace = !settings->trace_file.empty();
  settings->workload.protocol = settings->target.protocol;
  settings->workload.host = fmt::format("127.0.0.1:{}", settings->target.port);
  settings->workload.slots = settings->target.connections * settings->target.streams;
  if (settings->iterators_file.empty()) return {};
  std::ifstream file(settings->iterators_file);
  for (std::string line; std::getline(file, line);) settings->workload.iterators.push_back(line);
  if (!file.eof()) {
    return Error{ErrorCode::kIo, fmt::format("cannot read {}", settings->iterators_file)};
  }
  return {};
}

Result<> measure(Settings& settings) {
  Result<> completed = complete(&settings);
  if (!completed) return completed;
  auto workload = make_workload(settings.workload);
  if (!workload) return workload.take_error();
  auto measurement = generate(settings.target, settings.load, **workload);
  if (!measurement) return measurement.take_error();
  fmt::print("{}\n", to_json(settings.workload.name, settings.target, settings.load, *measurement));
  if (!settings.trace_file.empty() && !write_trace(settings.trace_file, measurement->trace)) {
    return Error{ErrorCode::kIo, fmt::format("cannot write {}", settings.trace_file)};
  }
  return {};
}

int run(int argc, char** argv) {
  Settings settings;
  CLI::App app("Sends signed requests to a server on this machine and measures");
  declare_options(app, settings);
  CLI11_PARSE(app, argc, argv);
  if (settings.list) {
    for (const std::string& line : workload_names()) fmt::print("{}\n", line);
    return 0;
  }
  Result<> measured = measure(settings);
  if (measured) return 0;
  fmt::print(stderr, "load_generator: {}\n", measured.error().message);
  return 1;
}

}  // namespace
}  // namespace millstream::bench

int main(int argc, char** argv) {
  return millstream::bench::run(argc, argv);
}
