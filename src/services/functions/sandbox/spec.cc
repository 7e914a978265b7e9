#include "services/functions/sandbox/spec.h"

#include <nlohmann/json.hpp>

namespace millstream::functions {
namespace {

using nlohmann::json;

json encode_entries(const std::vector<SandboxSpec::Entry>& entries) {
  json list = json::array();
  for (const auto& entry : entries) list.push_back({entry.path, entry.content});
  return list;
}

std::vector<SandboxSpec::Entry> decode_entries(const json& list) {
  std::vector<SandboxSpec::Entry> entries;
  for (const auto& entry : list) entries.push_back({entry.at(0), entry.at(1)});
  return entries;
}

SandboxSpec from_json(const json& in) {
  SandboxSpec spec;
  spec.isolation = in.at("namespaces") ? IsolationMode::kNamespaces : IsolationMode::kProcess;
  spec.user_namespace = in.at("user_namespace");
  spec.own_network = in.at("own_network");
  spec.user_id = in.at("user_id");
  spec.group_id = in.at("group_id");
  spec.hostname = in.at("hostname");
  for (const auto& bind : in.at("read_only_binds")) {
    spec.read_only_binds.push_back({bind.at(0), bind.at(1), bind.at(2)});
  }
  spec.files = decode_entries(in.at("files"));
  spec.links = decode_entries(in.at("links"));
  spec.directories = in.at("directories");
  spec.tmp_bytes = in.at("tmp_bytes");
  spec.data_bytes_max = in.at("data_bytes_max");
  spec.processes_max = in.at("processes_max");
  spec.open_files_max = in.at("open_files_max");
  spec.arguments = in.at("arguments");
  spec.environment = in.at("environment");
  spec.working_directory = in.at("working_directory");
  return spec;
}

}  // namespace

std::string encode_spec(const SandboxSpec& spec) {
  json binds = json::array();
  for (const auto& bind : spec.read_only_binds) {
    binds.push_back({bind.source, bind.target, bind.optional});
  }
  const json out = {
      {"namespaces", spec.isolation == IsolationMode::kNamespaces},
      {"user_namespace", spec.user_namespace},
      {"own_network", spec.own_network},
      {"user_id", spec.user_id},
      {"group_id", spec.group_id},
      {"hostname", spec.hostname},
      {"read_only_binds", std::move(binds)},
      {"files", encode_entries(spec.files)},
      {"links", encode_entries(spec.links)},
      {"directories", spec.directories},
      {"tmp_bytes", spec.tmp_bytes},
      {"data_bytes_max", spec.data_bytes_max},
      {"processes_max", spec.processes_max},
      {"open_files_max", spec.open_files_max},
      {"arguments", spec.arguments},
      {"environment", spec.environment},
      {"working_directory", spec.working_directory},
  };
  return out.dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<SandboxSpec> decode_spec(std::string_view text) {
  try {
    return from_json(json::parse(text));
  } catch (const json::exception& problem) {
    return Error{ErrorCode::kInvalidArgument,
                 std::string("the sandbox's description is unreadable: ") + problem.what()};
  }
}

}  // namespace millstream::functions
