#include "services/functions/catalogue/function.h"

#include <nlohmann/json.hpp>

#include "base/coding.h"
#include "base/digest.h"

namespace millstream::functions {
namespace {

using nlohmann::json;

std::string key_of(std::string_view prefix, const FunctionAddress& address) {
  return std::string(prefix) + address.account + "/" + address.region + "/" + address.name;
}

Function from_json(const FunctionAddress& address, const json& in) {
  Function function;
  FunctionVersion& run = function.run;
  run.account = address.account;
  run.region = address.region;
  run.name = address.name;
  run.arn = address.arn();
  run.role_arn = in.at("role");
  run.runtime = in.at("runtime");
  run.handler = in.at("handler");
  run.memory_mb = in.at("memory_mb");
  run.timeout_s = in.at("timeout_s");
  run.tmp_mb = in.at("tmp_mb");
  run.variables = in.at("variables");
  run.code_id = in.at("code_id");
  run.revision = in.at("revision");
  function.description = in.at("description");
  function.architecture = in.at("architecture");
  function.tags = in.at("tags");
  function.last_modified_ms = in.at("last_modified_ms");
  function.code_bytes = in.at("code_bytes");
  function.code_sha256 = in.at("code_sha256");
  return function;
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

std::string to_document(const Function& function) {
  const FunctionVersion& run = function.run;
  const json out = {
      {"v", 1},
      {"role", run.role_arn},
      {"runtime", run.runtime},
      {"handler", run.handler},
      {"memory_mb", run.memory_mb},
      {"timeout_s", run.timeout_s},
      {"tmp_mb", run.tmp_mb},
      {"variables", run.variables},
      {"code_id", run.code_id},
      {"revision", run.revision},
      {"description", function.description},
      {"architecture", function.architecture},
      {"tags", function.tags},
      {"last_modified_ms", function.last_modified_ms},
      {"code_bytes", function.code_bytes},
      {"code_sha256", function.code_sha256},
  };
  return out.dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<Function> parse_function(const FunctionAddress& address, std::string_view document) {
  try {
    return from_json(address, json::parse(document));
  } catch (const json::exception& problem) {
    return Error{ErrorCode::kCorruption,
                 "the document of function " + address.name + " is unreadable: " + problem.what()};
  }
}

}  // namespace millstream::functions
