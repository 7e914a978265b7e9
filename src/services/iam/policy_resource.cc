#include "services/iam/policy_resource.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "aws/policy/syntax.h"

namespace millstream::iam {
namespace {

constexpr size_t kArnFields = 6;  // arn:partition:service:region:account:resource
constexpr std::string_view kIamPaths[] = {"user/",
                                          "federated-user/",
                                          "role/",
                                          "group/",
                                          "instance-profile/",
                                          "mfa/",
                                          "server-certificate/",
                                          "policy/",
                                          "sms-mfa/",
                                          "saml-provider/",
                                          "oidc-provider/",
                                          "report/",
                                          "access-report/"};

struct Arn {
  std::array<std::string_view, kArnFields> fields;
  size_t count = 0;  // how many there are; the last holds the rest
};

Arn split(std::string_view text) {
  Arn arn;
  while (arn.count < kArnFields) {
    const size_t colon = arn.count + 1 == kArnFields ? text.npos : text.find(':');
    arn.fields[arn.count++] = text.substr(0, colon);
    if (colon == text.npos) break;
    text.remove_prefix(colon + 1);
  }
  return arn;
}

bool is_partition(std::string_view text) {
  return text == "aws" || text == "*" || text.starts_with("aws-");
}

std::string partition_complaint(const Arn& arn) {
  std::array<std::string_view, kArnFields> fields;
  fields.fill("*");
  std::copy_n(arn.fields.begin(), arn.count, fields.begin());
  return fmt::format("Partition \"{}\" is not valid for resource \"arn:{}:{}:{}:{}:{}\".",
                     fields[1], fields[1], fields[2], fields[3], fields[4], fields[5]);
}

std::optional<std::string> iam_complaint(const Arn& arn, std::string_view resource) {
  if (!arn.fields[3].empty() && arn.fields[3] != "*") {
    return fmt::format("IAM resource {} cannot contain region information.", resource);
  }
  const std::string_view path = arn.fields[5];
  const bool known =
      path.starts_with("*") || path == "root" ||
      std::any_of(std::begin(kIamPaths), std::end(kIamPaths),
                  [path](std::string_view start) { return path.starts_with(start); });
  if (known) return std::nullopt;
  return fmt::format("IAM resource path must either be \"*\" or start with {}.",
                     fmt::join(kIamPaths, ", "));
}

}  // namespace

std::optional<std::string> complaint_about_resource(std::string_view resource) {
  if (resource == "*") return std::nullopt;
  const Arn arn = split(resource);
  if (arn.count == 1) return fmt::format("Resource {} must be in ARN format or \"*\".", resource);
  if (!is_partition(arn.fields[1])) return partition_complaint(arn);
  if (arn.count == 2) return "Resource vendor must be fully qualified and cannot contain regexes.";
  if (arn.count < kArnFields) return std::nullopt;
  if (arn.fields[2] == "iam") return iam_complaint(arn, resource);
  if (arn.fields[2] == "s3" && !arn.fields[3].empty() && arn.fields[3] != "*") {
    return fmt::format("Resource {} can not contain region information.", resource);
  }
  return std::nullopt;
}

bool fails_legacy_parsing(const nlohmann::json& statement) {
  for (const char* element : {"Resource", "NotResource"}) {
    for (const std::string_view resource : aws::policy::strings_of(statement, element)) {
      const Arn arn = split(resource);
      if (arn.count < 3 || complaint_about_resource(resource)) continue;
      const bool cut_short = arn.count < kArnFields && resource.find("::") != resource.npos;
      if (cut_short || arn.fields[2].empty()) return true;
    }
  }
  return false;
}

}  // namespace millstream::iam
