#include "services/functions/catalogue/function.h"

#include "base/coding.h"
#include "base/digest.h"
#include "base/document.h"
#include "lanes/stored_document.h"

namespace millstream::functions {
namespace {

std::string key_of(std::string_view prefix, const FunctionAddress& address) {
  return std::string(prefix) + address.account + "/" + address.region + "/" + address.name;
}

}  // namespace

std::string FunctionAddress::arn() const {
  return "arn:aws:lambda:" + region + ":" + account + ":function:" + name;
}

std::string function_key(const FunctionAddress& address) {
  return key_of(kFunctionPrefix, address);
}

uint64_t function_hash(const FunctionAddress& address) {
  return stable_hash(function_key(address));
}

std::string manifest_key(const FunctionAddress& address, std::string_view code_id) {
  return key_of(kManifestPrefix, address) + "/" + std::string(code_id);
}

std::string chunk_key(const FunctionAddress& address, std::string_view code_id, uint32_t index) {
  std::string key = key_of(kChunkPrefix, address) + "/" + std::string(code_id) + "/";
  append_big(index, &key);
  return key;
}

std::string queue_key(const FunctionAddress& address, std::string_view request_id) {
  return key_of(kQueuePrefix, address) + "/" + std::string(request_id);
}

Result<FunctionKey> parse_key(std::string_view key) {
  const Error unreadable{ErrorCode::kCorruption, "a function's key can't be read"};
  const size_t account = key.find('/');
  const size_t region = key.find('/', account + 1);
  if (account == std::string_view::npos || region == std::string_view::npos || account < 2) {
    return unreadable;
  }
  const size_t name = key.find('/', region + 1);
  FunctionKey parsed;
  parsed.address.account = key.substr(2, account - 2);
  parsed.address.region = key.substr(account + 1, region - account - 1);
  parsed.address.name = key.substr(
      region + 1, name == std::string_view::npos ? std::string_view::npos : name - region - 1);
  if (name != std::string_view::npos) parsed.rest = key.substr(name + 1);
  return parsed;
}

// All but the address.
template <class Fields>
void each_field(Fields& fields, typename Fields::template Of<Function>& function) {
  auto& run = function.run;
  fields("role", run.role_arn);
  fields("runtime", run.runtime);
  fields("handler", run.handler);
  fields("memory_mb", run.memory_mb);
  fields("timeout_s", run.timeout_s);
  fields("tmp_mb", run.tmp_mb);
  fields("variables", run.variables);
  fields("code_id", run.code_id);
  fields("revision", run.revision);
  fields("description", function.description);
  fields("architecture", function.architecture);
  fields("tags", function.tags);
  fields("last_modified_ms", function.last_modified_ms);
  fields("code_bytes", function.code_bytes);
  fields("code_sha256", function.code_sha256);
}

std::string to_document(const Function& function) {
  return write_document(function);
}

Result<Function> parse_function(const FunctionAddress& address, std::string_view document) {
  auto function = parse_document<Function>(document, "document of function " + address.name);
  if (!function) return function.take_error();
  FunctionVersion& run = function->run;
  run.account = address.account;
  run.region = address.region;
  run.name = address.name;
  run.arn = address.arn();
  return function;
}

Result<std::optional<Function>> get_function(lanes::Transaction& transaction,
                                             const FunctionAddress& address) {
  return lanes::get_document(transaction, function_key(address), [&](std::string_view document) {
    return parse_function(address, document);
  });
}

}  // namespace millstream::functions
