#include "workload.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "aws_workloads.h"
#include "plain_workloads.h"

namespace millstream::bench {
namespace {

using Made = std::unique_ptr<Workload>;
using Make = std::function<Made(const WorkloadOptions&)>;

struct Row {
  std::string_view name;
  std::string_view what;
  bool is_resp;
  Make make;
};

Make with_maker(std::function<Made(AwsMaker&)> make) {
  return [make](const WorkloadOptions& options) {
    AwsMaker maker(options);
    return make(maker);
  };
}

const std::vector<Row>& rows() {
  static const std::vector<Row> kRows = {
      {"put_record", "PutRecord of 1 KB", false,
       with_maker([](AwsMaker& maker) { return put_record(maker, 1024); })},
      {"put_record_numbered", "PutRecord whose data is its number", false,
       with_maker(put_record_numbered)},
      {"put_records_100b", "PutRecords of 500 x 100 B", false,
       with_maker([](AwsMaker& maker) { return put_records(maker, 100); })},
      {"put_records_1kb", "PutRecords of 500 x 1 KB", false,
       with_maker([](AwsMaker& maker) { return put_records(maker, 1024); })},
      {"get_records", "GetRecords of 1,000 records, from --iterators on", false,
       [](const WorkloadOptions& options) {
         return get_records(std::make_unique<AwsMaker>(options));
       }},
      {"put_item", "PutItem of 1 KB", false, with_maker(put_item)},
      {"put_item_conditional", "PutItem of 1 KB over an item that must be there", false,
       with_maker(put_item_conditional)},
      {"get_item", "GetItem of 1 KB, strongly consistent; put_item's items are there", false,
       with_maker(get_item)},
      {"update_item_hot", "UpdateItem that adds 1 to one item", false, with_maker(update_item_hot)},
      {"fill_items", "BatchWriteItem of 25, until all --items are there", false,
       [](const WorkloadOptions& options) {
         return fill_items(std::make_unique<AwsMaker>(options));
       }},
      {"describe_endpoints", "DescribeEndpoints: a signed request, an answer of 70 bytes", false,
       with_maker(describe_endpoints)},
      {"health", "GET of the health page, unsigned", false,
       [](const WorkloadOptions& options) {
         return get_path(options, "/_millstream/health", "\"ready\":true");
       }},
      {"redis_set", "SET of 1 KB", true, redis_set},
      {"redis_get", "GET of 1 KB; redis_set's keys are there", true, redis_get},
      {"redis_incr", "INCR of one key", true, redis_incr}};
  return kRows;
}

}  // namespace

Result<std::unique_ptr<Workload>> make_workload(const WorkloadOptions& options) {
  const auto row = std::find_if(rows().begin(), rows().end(),
                                [&](const Row& each) { return each.name == options.name; });
  if (row == rows().end()) {
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("there is no workload '{}'", options.name)};
  }
  if (row->is_resp != (options.protocol == Protocol::kResp)) {
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("{} needs {}", row->name,
                             row->is_resp ? "--protocol resp" : "HTTP/1.1 or HTTP/2")};
  }
  if (row->name == "get_records" && options.iterators.empty()) {
    return Error{ErrorCode::kInvalidArgument, "get_records needs --iterators"};
  }
  return row->make(options);
}

std::vector<std::string> workload_names() {
  std::vector<std::string> lines;
  for (const Row& row : rows()) lines.push_back(fmt::format("{}: {}", row.name, row.what));
  return lines;
}

}  // namespace millstream::bench
