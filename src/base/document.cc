#include "base/document.h"

#include <nlohmann/json.hpp>

namespace millstream {
namespace {

constexpr int64_t kVersion = 1;

}  // namespace

const nlohmann::json* DocumentReader::find(std::string_view name) const {
  const auto found = container_.find(name);
  return found == container_.end() ? nullptr : &*found;
}

const nlohmann::json* DocumentReader::find(size_t index) const {
  return index < container_.size() ? &container_[index] : nullptr;
}

void DocumentReader::fail(std::string_view name, std::string_view how) {
  if (!problem_.empty()) return;
  problem_.append("the field ").append(name).append(" ").append(how);
}

bool DocumentReader::read(const nlohmann::json& json, std::string& text) {
  if (!json.is_string()) return false;
  text = json.get_ref<const std::string&>();
  return true;
}

bool DocumentReader::read(const nlohmann::json& json, bool& flag) {
  if (!json.is_boolean()) return false;
  flag = json.get<bool>();
  return true;
}

bool DocumentReader::read(const nlohmann::json& json, int64_t& number) {
  if (!json.is_number_integer()) return false;
  number = json.get<int64_t>();
  return true;
}

bool DocumentReader::read(const nlohmann::json& json, uint64_t& number) {
  if (!json.is_number_integer()) return false;
  number = json.get<uint64_t>();
  return true;
}

bool DocumentReader::is_array(const nlohmann::json& json) {
  return json.is_array();
}

bool DocumentReader::is_object(const nlohmann::json& json) {
  return json.is_object();
}

bool DocumentReader::visit(const nlohmann::json& json, const Visit& each) {
  for (const auto& [name, value] : json.items()) {
    if (!each(name, value)) return false;
  }
  return true;
}

Result<> read_document(std::string_view text, std::string_view what,
                       const std::function<void(DocumentReader&)>& read) {
  const nlohmann::json json = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) {
    return Error{ErrorCode::kCorruption, "it isn't a JSON object"}.in(what);
  }
  std::string problem;
  DocumentReader fields(json, &problem);
  int64_t version = 0;
  fields("v", version);
  if (problem.empty() && version != kVersion) {
    return Error{ErrorCode::kUnsupported, "it was written by a newer version"}.in(what);
  }
  read(fields);
  if (!problem.empty()) return Error{ErrorCode::kCorruption, problem}.in(what);
  return {};
}

}  // namespace millstream
