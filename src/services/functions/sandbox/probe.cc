#include "services/functions/sandbox/probe.h"

#include <unistd.h>

#include <future>
#include <utility>

namespace millstream::functions {
namespace {

Result<> try_sandbox(Sandboxes* sandboxes, bool user_namespace, bool own_network) {
  SandboxSpec spec;
  spec.user_namespace = user_namespace;
  spec.own_network = own_network;
  spec.user_id = kSandboxUserBase;
  spec.group_id = kSandboxUserBase;
  spec.hostname = "probe";
  spec.tmp_bytes = 1 << 20;
  spec.arguments = {"/bin/true"};
  spec.working_directory = "/";
  add_common_root(own_network, &spec);
  std::promise<SandboxEnd> ended;
  auto future = ended.get_future();
  auto sandbox = sandboxes->start(std::move(spec), 64u << 20,
                                  {[](SandboxListeners) {}, [](std::string_view) {},
                                   [&ended](SandboxEnd end) { ended.set_value(std::move(end)); }});
  const SandboxEnd end = future.get();
  if (!end.failure.empty()) return Error{ErrorCode::kPermissionDenied, end.failure};
  if (end.wait_status != 0) {
    return Error{ErrorCode::kIo, "/bin/true inside a sandbox ended with the wait status " +
                                     std::to_string(end.wait_status)};
  }
  return {};
}

}  // namespace

void add_common_root(bool own_network, SandboxSpec* spec) {
  const std::string user = "sbx_user1051:x:" + std::to_string(spec->user_id) + ":" +
                           std::to_string(spec->group_id) + "::/tmp:/sbin/nologin\n";
  spec->files.push_back({"/etc/passwd", "root:x:0:0::/:/sbin/nologin\n" + user});
  spec->files.push_back(
      {"/etc/group", "root:x:0:\nsbx_user1051:x:" + std::to_string(spec->group_id) + ":\n"});
  spec->files.push_back({"/etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n"});
  if (own_network) {
    spec->files.push_back({"/etc/hosts", "127.0.0.1 localhost " + spec->hostname + "\n"});
    spec->files.push_back({"/etc/resolv.conf", ""});
  } else {
    spec->read_only_binds.push_back({"/etc/hosts", "/etc/hosts", true});
    spec->read_only_binds.push_back({"/etc/resolv.conf", "/etc/resolv.conf", true});
  }
  for (const char* path :
       {"/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/alternatives",
        "/etc/localtime", "/etc/mime.types", "/etc/ssl/certs", "/etc/ssl/openssl.cnf",
        "/etc/ca-certificates", "/etc/pki/tls", "/etc/pki/ca-trust"}) {
    spec->read_only_binds.push_back({path, path, true});
  }
  for (const char* path : {"/opt", "/var/task", "/var/lang"}) spec->directories.push_back(path);
}

Result<IsolationSupport> probe_isolation(Sandboxes* sandboxes, bool own_network) {
  Result<> as_root = Error{ErrorCode::kPermissionDenied, "the server isn't root"};
  if (geteuid() == 0) as_root = try_sandbox(sandboxes, false, own_network);
  if (as_root) return IsolationSupport{false};
  const Result<> as_user = try_sandbox(sandboxes, true, own_network);
  if (as_user) return IsolationSupport{true};
  return Error{ErrorCode::kPermissionDenied,
               "this host doesn't let Millstream isolate functions (" + as_root.error().message +
                   "; in a user namespace: " + as_user.error().message +
                   "). Allow unprivileged user namespaces, run as root, or start with "
                   "--isolation=process, which runs functions as plain child processes that can "
                   "see the host's files"};
}

}  // namespace millstream::functions
