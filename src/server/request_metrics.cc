#include "server/request_metrics.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <string>

namespace millstream::server {
namespace {

using Result = aws::AnsweredRequest::Result;

constexpr std::array<const char*, 4> kResultNames = {"ok", "refused", "throttled", "failed"};

std::string_view service_name(const aws::AnsweredRequest& request) {
  return request.service ? request.service->name : "unknown";
}

std::string_view operation_name(const aws::AnsweredRequest& request) {
  return request.operation ? request.operation->name : "unknown";
}

}  // namespace

RequestMetrics::RequestMetrics(Metrics& metrics, Refusals& refusals)
    : metrics_(metrics), refusals_(refusals), other_(make("unknown", "unknown")) {}

RequestMetrics::Figures RequestMetrics::make(std::string_view service, std::string_view operation) {
  const MetricLabels labels = {{"service", std::string(service)},
                               {"operation", std::string(operation)}};
  Figures figures = {};
  for (size_t i = 0; i < kResultNames.size(); ++i) {
    MetricLabels with_result = labels;
    with_result.emplace_back("result", kResultNames[i]);
    figures.results[i] = &metrics_.counter(
        "millstream_requests_total",
        "Requests answered: ok, refused (the client's error), throttled, failed (the server's).",
        std::move(with_result));
  }
  figures.latency_us = &metrics_.histogram(
      "millstream_request_seconds", "From the whole request to the whole answer.", 1e-6, labels);
  return figures;
}

void RequestMetrics::add(const aws::ServiceModel& model) {
  for (const aws::OperationRow& row : model.operations) {
    if (row.implemented()) by_operation_.emplace(&row, make(model.name, row.name));
  }
}

void RequestMetrics::answered(const aws::AnsweredRequest& request) {
  const auto found = by_operation_.find(request.operation);
  const Figures& figures = found == by_operation_.end() ? other_ : found->second;
  figures.results[static_cast<size_t>(request.result)]->add();
  figures.latency_us->record(request.duration_us);
  spdlog::debug("request {} {}.{} {} {} {} us{}{}", request.request_id, service_name(request),
                operation_name(request), kResultNames[static_cast<size_t>(request.result)],
                request.http_status, request.duration_us, request.error.empty() ? "" : " ",
                request.error);
  if (request.result == Result::kThrottled) {
    refusals_.tell(fmt::format("request {}: {}.{} was throttled: {}", request.request_id,
                               service_name(request), operation_name(request), request.error));
  }
}

}  // namespace millstream::server
