#include "services/kinesis/tags.h"

#include <fmt/format.h>

#include <algorithm>

namespace millstream::kinesis {
namespace {

// Beyond ASCII every character is taken for a letter, as the model's patterns are read here.
bool is_tag_character(char c) {
  const auto byte = static_cast<unsigned char>(c);
  if (byte >= 0x80) return true;
  const bool letter_or_digit =
      (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  return letter_or_digit || std::string_view("_ \t./=+-%@:").find(c) != std::string_view::npos;
}

aws::Result<> check_text(std::string_view text) {
  if (std::all_of(text.begin(), text.end(), is_tag_character)) return {};
  return errors::invalid_argument_exception(
      "Some tags contain invalid characters. Valid characters: Unicode letters, digits, white "
      "space, _ . / = + - % @ :.");
}

aws::Result<> check_key(std::string_view resource, std::string_view what, std::string_view key) {
  aws::Result<> checked = check_text(key);
  if (!checked) return checked;
  if (!key.starts_with("aws:")) return {};
  return errors::invalid_argument_exception(fmt::format(
      "Failed to {} {} because some tag keys begin with aws:, which is reserved.", what, resource));
}

}  // namespace

aws::Result<> add_tags(const Quotas& quotas, std::string_view resource, const Tags& added,
                       Tags* tags) {
  for (const auto& [key, value] : added) {
    aws::Result<> checked = check_key(resource, "add tags to", key);
    if (checked) checked = check_text(value);
    if (!checked) return checked;
  }
  Tags all = added;
  all.insert(tags->begin(), tags->end());
  const int64_t tags_max = quotas[Quota::kTags];
  if (static_cast<int64_t>(all.size()) > tags_max) {
    return errors::invalid_argument_exception(fmt::format(
        "Failed to add tags to {} because a given {} cannot have more than {} tags associated with "
        "it.",
        resource, resource.substr(0, resource.find(' ')), tags_max));
  }
  *tags = std::move(all);
  return {};
}

aws::Result<> remove_tags(std::string_view resource, const std::vector<std::string>& keys,
                          Tags* tags) {
  for (const std::string& key : keys) {
    aws::Result<> checked = check_key(resource, "remove tags from", key);
    if (!checked) return checked;
  }
  for (const std::string& key : keys) tags->erase(key);
  return {};
}

std::vector<api::Tag> tag_list(const Tags& tags) {
  std::vector<api::Tag> list;
  for (const auto& [key, value] : tags) {
    api::Tag& tag = list.emplace_back();
    tag.key = key;
    tag.value = value;
  }
  return list;
}

std::string in_words(const Stream& stream) {
  return fmt::format("stream {} under account {}", stream.name, stream.account);
}

std::string in_words(const Consumer& consumer) {
  return fmt::format("consumer {} under stream {} and account {}", consumer.name, consumer.stream,
                     consumer.account);
}

}  // namespace millstream::kinesis
