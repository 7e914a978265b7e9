#include "services/iam/names.h"

#include <algorithm>

namespace millstream::iam {
namespace {

constexpr char kIdLetters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr size_t kIdDrawn = 17;

}  // namespace

std::string fold_case(std::string_view text) {
  std::string folded(text);
  std::transform(folded.begin(), folded.end(), folded.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return folded;
}

std::string draw_id(std::string_view kind, Random& random) {
  return std::string(kind) + random.text(kIdDrawn, kIdLetters);
}

std::optional<EntityArn> parse_arn(std::string_view arn) {
  constexpr std::string_view kPrefix = "arn:aws:iam::";
  if (!arn.starts_with(kPrefix)) return std::nullopt;
  arn.remove_prefix(kPrefix.size());
  const size_t colon = arn.find(':');
  if (colon == 0 || colon == arn.npos) return std::nullopt;
  EntityArn parts;
  parts.account = arn.substr(0, colon);
  arn.remove_prefix(colon + 1);
  const size_t first = arn.find('/');
  if (first == 0 || first == arn.npos) return std::nullopt;
  const size_t last = arn.rfind('/');
  parts.kind = arn.substr(0, first);
  parts.path = arn.substr(first, last - first + 1);
  parts.name = arn.substr(last + 1);
  if (parts.name.empty() || parts.name.find(':') != parts.name.npos) return std::nullopt;
  return parts;
}

}  // namespace millstream::iam
