#include "aws/rest/exchange.h"

#include "aws/json/reader.h"
#include "aws/json/writer.h"
#include "aws/model/validate.h"

namespace millstream::aws {

namespace {

using model::Kind;

// An absent body is read as an empty object, so that its required members are reported. The padding
// is what simdjson may look at.
constexpr char kEmptyObject[2 + kJsonPadding] = "{}";

std::string_view body_or_empty_object(std::string_view body) {
  return body.empty() ? std::string_view(kEmptyObject, 2) : body;
}

}  // namespace

Result<> RestExchange::read(void* input) {
  if (!row_.input) return {};
  model::MissingMembers missing;
  Result<> members = read_rest_members(request_, *row_.input, input, &missing);
  if (!members) return members;
  Result<> body = read_body(input, &missing);
  if (!body) return body;
  return model::validate(*row_.input, input, missing, model_.validation);
}

Result<> RestExchange::read_body(void* input, model::MissingMembers* missing) {
  const model::Type& type = *row_.input;
  if (type.payload) return read_payload(input, missing);
  if (!has_body_members(type)) return {};
  return read_json_object(body_or_empty_object(body_), type, {model_.errors.java_type_names}, input,
                          missing);
}

Result<> RestExchange::read_payload(void* input, model::MissingMembers* missing) {
  const model::Member& member = *row_.input->payload;
  if (body_.empty()) {
    const model::Path path{nullptr, model::Path::Step::kMember, member.name};
    if (member.required) missing->add(path);
    return {};
  }
  void* value = member.make(input);
  if (member.type->kind == Kind::kStructure) {
    return read_json_object(body_, *member.type, {model_.errors.java_type_names}, value, missing);
  }
  static_cast<std::string*>(value)->assign(body_);
  return {};
}

void RestExchange::write(const void* output) {
  if (!row_.output) return;
  const model::Type& type = *row_.output;
  write_rest_members(type, output, &response_);
  if (type.payload) {
    write_payload(output);
  } else if (response_.status != 204) {
    response_.headers.add("content-type", "application/json");
    append_json_object(type, output, {}, &response_.body);
  }
}

void RestExchange::write_payload(const void* output) {
  const model::Member& member = *row_.output->payload;
  const void* value = member.get(output);
  const bool json = member.type->kind == Kind::kStructure;
  if (!response_.headers.find("content-type")) {
    response_.headers.add("content-type", json ? "application/json" : "application/octet-stream");
  }
  if (!value) return;
  if (json) {
    append_json_object(*member.type, value, {}, &response_.body);
  } else {
    response_.body = *static_cast<const std::string*>(value);
  }
}

}  // namespace millstream::aws
