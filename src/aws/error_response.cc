#include "aws/error_response.h"

#include <algorithm>
#include <array>

#include "aws/cbor/encoder.h"
#include "aws/query/xml_writer.h"
#include "base/base64.h"
#include "base/check.h"
#include "base/coding.h"
#include "base/digest.h"
#include "base/json_text.h"
#include "base/mix.h"

namespace millstream::aws {

namespace {

// Errors that aren't a service's own: made before its operation runs, the same for all services.
constexpr std::array<std::string_view, 13> kCommonErrors = {
    "AccessDeniedException",        "ExpiredTokenException",
    "IncompleteSignatureException", "InternalFailure",
    "InvalidSignatureException",    "MissingAuthenticationTokenException",
    "NotImplementedException",      "RequestEntityTooLargeException",
    "SerializationException",       "ServiceUnavailable",
    "UnknownOperationException",    "UnrecognizedClientException",
    "UnsupportedMediaTypeException"};

// The errors of authentication as Query services name them.
struct QueryName {
  std::string_view name;
  std::string_view query_name;
};
constexpr std::array<QueryName, 8> kQueryNames = {{
    {"AccessDeniedException", "AccessDenied"},
    {"ExpiredTokenException", "ExpiredToken"},
    {"IncompleteSignatureException", "IncompleteSignature"},
    {"InvalidSignatureException", "SignatureDoesNotMatch"},
    {"MissingAuthenticationTokenException", "MissingAuthenticationToken"},
    {"NotImplementedException", "NotImplemented"},
    {"UnrecognizedClientException", "InvalidClientTokenId"},
    {"UnknownOperationException", "InvalidAction"},
}};

constexpr std::array<std::string_view, 6> kAuthenticationErrors = {
    "AccessDeniedException",
    "ExpiredTokenException",
    "IncompleteSignatureException",
    "InvalidSignatureException",
    "MissingAuthenticationTokenException",
    "UnrecognizedClientException"};

template <class Names>
bool contains(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_validation(const Error& error) {
  return error.type == "ValidationException";
}

// What validation fails with, as the service names it.
std::string_view type_name(const Error& error, const ServiceModel* model) {
  return model && is_validation(error) ? model->errors.validation_code : error.type;
}

std::string json_type(const Error& error, const ServiceModel* model) {
  if (!model || error.type.find('#') != std::string::npos) return error.type;
  const ErrorStyle& style = model->errors;
  std::string_view prefix = style.type_prefix;
  if (is_validation(error)) prefix = style.validation_prefix;
  if (contains(kCommonErrors, error.type)) prefix = style.common_prefix;
  return std::string(prefix).append(type_name(error, model));
}

bool has_member(const Error& error, std::string_view name) {
  return std::any_of(error.members.begin(), error.members.end(),
                     [&](const Error::Member& member) { return member.name == name; });
}

// Appends ,"name":value for the message and the further members; `first` says that the object is
// still empty.
void append_members(const Error& error, std::string_view message_name, bool first,
                    std::string* out) {
  const auto name = [&](std::string_view text) {
    if (!first) *out += ',';
    first = false;
    append_json_string(text, out);
    *out += ':';
  };
  if (!error.message.empty() && !has_member(error, message_name)) {
    name(message_name);
    append_json_string(error.message, out);
  }
  for (const Error::Member& member : error.members) {
    name(member.name);
    *out += member.json;
  }
}

std::string_view message_name(const Error& error) {
  const bool upper = error.type == "SerializationException" ||
                     error.type == "AccessDeniedException" || has_member(error, "Message");
  return upper ? "Message" : "message";
}

http::Response json_error(const Error& error, const ServiceModel* model) {
  http::Response response;
  response.status = error.http_status;
  const std::string_view version = model ? model->json_version : "1.1";
  response.headers.add("content-type", "application/x-amz-json-" + std::string(version));
  response.body = "{\"__type\":";
  append_json_string(json_type(error, model), &response.body);
  append_members(error, message_name(error), false, &response.body);
  response.body += '}';
  return response;
}

void append_cbor_members(const Error& error, std::string* out) {
  if (!error.message.empty() && !has_member(error, message_name(error))) {
    append_cbor_text(message_name(error), out);
    append_cbor_text(error.message, out);
  }
  for (const Error::Member& member : error.members) {
    append_cbor_text(member.name, out);
    if (!member.cbor.empty()) {
      out->append(member.cbor);
    } else {
      CHECK(append_json_as_cbor(member.json, out));
    }
  }
}

http::Response cbor_error(const Error& error, const ServiceModel* model) {
  http::Response response;
  response.status = error.http_status;
  const bool with_message = !error.message.empty() && !has_member(error, message_name(error));
  append_cbor_map(1 + (with_message ? 1 : 0) + error.members.size(), &response.body);
  append_cbor_text("__type", &response.body);
  append_cbor_text(json_type(error, model), &response.body);
  append_cbor_members(error, &response.body);
  return response;
}

http::Response rest_error(const Error& error, const ServiceModel* model) {
  http::Response response;
  const bool authentication = contains(kAuthenticationErrors, error.type);
  response.status = authentication ? 403 : error.http_status;
  response.headers.add("content-type", "application/json");
  response.headers.add("x-amzn-ErrorType", type_name(error, model));
  response.body = "{";
  const bool own = !is_validation(error) && !contains(kCommonErrors, error.type);
  if (own) response.body += error.sender_fault ? "\"Type\":\"User\"" : "\"Type\":\"Service\"";
  append_members(error, own ? "Message" : "message", !own, &response.body);
  response.body += '}';
  return response;
}

std::string query_code(const Error& error, const ServiceModel* model) {
  if (is_validation(error)) return std::string(model ? type_name(error, model) : "ValidationError");
  for (const QueryName& each : kQueryNames) {
    if (each.name == error.type) return std::string(each.query_name);
  }
  return error.type;
}

http::Response query_error(const Error& error, const ServiceModel* model,
                           std::string_view request_id) {
  http::Response response;
  response.status = contains(kAuthenticationErrors, error.type) ? 403 : error.http_status;
  response.headers.add("content-type", "text/xml");
  response.body = "<ErrorResponse";
  if (model) response.body.append(" xmlns=\"").append(model->xml_namespace).append("\"");
  response.body += "><Error>";
  append_xml_element("Type", error.sender_fault ? "Sender" : "Receiver", &response.body);
  append_xml_element("Code", query_code(error, model), &response.body);
  append_xml_element("Message", error.message, &response.body);
  response.body += "</Error>";
  append_xml_element("RequestId", request_id, &response.body);
  response.body += "</ErrorResponse>\n";
  return response;
}

}  // namespace

http::Response error_response(const Error& error, Protocol protocol, const ServiceModel* model,
                              std::string_view request_id) {
  http::Response response;
  switch (protocol) {
    case Protocol::kJson:
      response = json_error(error, model);
      break;
    case Protocol::kRestJson:
      response = rest_error(error, model);
      break;
    case Protocol::kQuery:
      response = query_error(error, model, request_id);
      break;
    case Protocol::kCbor:
    case Protocol::kRpcV2Cbor:
      response = cbor_error(error, model);
      add_cbor_headers(protocol, model, &response);
      break;
  }
  add_answer_headers(model, request_id, &response);
  return response;
}

void add_cbor_headers(Protocol protocol, const ServiceModel* model, http::Response* response) {
  if (protocol == Protocol::kRpcV2Cbor) {
    response->headers.add("smithy-protocol", "rpc-v2-cbor");
    response->headers.add("content-type", "application/cbor");
    return;
  }
  const std::string_view version = model ? model->json_version : "1.1";
  response->headers.add("content-type", "application/x-amz-cbor-" + std::string(version));
}

void add_answer_headers(const ServiceModel* model, std::string_view request_id,
                        http::Response* response) {
  response->headers.add("x-amzn-RequestId", request_id);
  if (!model) return;
  if (model->extended_request_id) {
    // Opaque to clients; made of the request id, so that one tells of the other.
    std::string opaque;
    opaque.reserve(56);
    const uint64_t hash = stable_hash(request_id);
    for (uint64_t part = 0; part < 7; ++part) {
      append_little(hash + part * kMixStep, &opaque);
    }
    response->headers.add("x-amz-id-2", base64_encode(opaque));
  }
  if (model->crc32_header && !response->producer) {
    response->headers.add("x-amz-crc32", std::to_string(crc32(response->body)));
  }
}

}  // namespace millstream::aws
