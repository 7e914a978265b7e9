#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "lanes/transaction.h"
#include "services/functions/function_version.h"

namespace millstream::functions {

// A function's place: names are unique within an account and region.
struct FunctionAddress {
  std::string account;
  std::string region;
  std::string name;
  auto operator<=>(const FunctionAddress&) const = default;

  [[nodiscard]] std::string arn() const;  // arn:aws:lambda:<region>:<account>:function:<name>
};

// A function as it is described and stored: a value, written whole at every change.
struct Function {
  FunctionVersion run;
  std::string description;
  std::string architecture = "x86_64";
  std::map<std::string, std::string> tags;
  int64_t last_modified_ms = 0;
  int64_t code_bytes = 0;   // of the zip
  std::string code_sha256;  // of the zip, base64

  [[nodiscard]] FunctionAddress address() const { return {run.account, run.region, run.name}; }
};

// The service's keys and documents (docs/formats/state/lambda.md). All keys of a function stand in
// its own lane.
inline constexpr std::string_view kFunctionPrefix = "ff";
inline constexpr std::string_view kManifestPrefix = "fm";
inline constexpr std::string_view kChunkPrefix = "fc";
inline constexpr std::string_view kQueuePrefix = "fq";

std::string function_key(const FunctionAddress& address);
// Decides the lane of everything that belongs to the function.
uint64_t function_hash(const FunctionAddress& address);
std::string manifest_key(const FunctionAddress& address, std::string_view code_id);
std::string chunk_key(const FunctionAddress& address, std::string_view code_id, uint32_t index);
std::string queue_key(const FunctionAddress& address, std::string_view request_id);

// The address behind a key's two-byte prefix, and what follows it ("" if nothing does).
struct FunctionKey {
  FunctionAddress address;
  std::string rest;
};
Result<FunctionKey> parse_key(std::string_view key);

std::string to_document(const Function& function);
Result<Function> parse_function(const FunctionAddress& address, std::string_view document);
// The function as its lane sees it now; nothing if there is none.
Result<std::optional<Function>> get_function(lanes::Transaction& transaction,
                                             const FunctionAddress& address);

}  // namespace millstream::functions
