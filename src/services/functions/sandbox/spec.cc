#include "services/functions/sandbox/spec.h"

#include "base/document.h"

namespace millstream::functions {
namespace {

struct WrittenSpec {
  SandboxSpec spec;
  bool namespaces = false;  // spec.isolation
};

template <class Fields>
void each_field(Fields& fields, typename Fields::template Of<WrittenSpec>& written) {
  auto& spec = written.spec;
  fields("namespaces", written.namespaces);
  fields("user_namespace", spec.user_namespace);
  fields("own_network", spec.own_network);
  fields("user_id", spec.user_id);
  fields("group_id", spec.group_id);
  fields("hostname", spec.hostname);
  fields("read_only_binds", spec.read_only_binds);
  fields("files", spec.files);
  fields("links", spec.links);
  fields("directories", spec.directories);
  fields("tmp_bytes", spec.tmp_bytes);
  fields("data_bytes_max", spec.data_bytes_max);
  fields("processes_max", spec.processes_max);
  fields("open_files_max", spec.open_files_max);
  fields("arguments", spec.arguments);
  fields("environment", spec.environment);
  fields("working_directory", spec.working_directory);
}

}  // namespace

template <class Fields>
void each_element(Fields& elements, typename Fields::template Of<SandboxSpec::Bind>& bind) {
  elements(bind.source);
  elements(bind.target);
  elements(bind.optional);
}

template <class Fields>
void each_element(Fields& elements, typename Fields::template Of<SandboxSpec::Entry>& entry) {
  elements(entry.path);
  elements(entry.content);
}

std::string encode_spec(const SandboxSpec& spec) {
  return write_document(WrittenSpec{spec, spec.isolation == IsolationMode::kNamespaces});
}

Result<SandboxSpec> decode_spec(std::string_view text) {
  auto written = parse_document<WrittenSpec>(text, "the sandbox's description");
  if (!written) return written.take_error();
  written->spec.isolation =
      written->namespaces ? IsolationMode::kNamespaces : IsolationMode::kProcess;
  return std::move(written->spec);
}

}  // namespace millstream::functions
