#include "services/iam/documents.h"

namespace millstream::iam {

nlohmann::json tags_to_json(const std::vector<Tag>& tags) {
  nlohmann::json json = nlohmann::json::array();
  for (const Tag& tag : tags) json.push_back({tag.key, tag.value});
  return json;
}

std::vector<Tag> tags_from_json(const nlohmann::json& json) {
  std::vector<Tag> tags;
  for (const nlohmann::json& tag : json) {
    tags.push_back({tag.at(0).get<std::string>(), tag.at(1).get<std::string>()});
  }
  return tags;
}

std::string dump(const nlohmann::json& document) {
  return document.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace millstream::iam
