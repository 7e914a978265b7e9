#include "services/functions/sandbox/child.h"

#include <sched.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <string>
#include <utility>

#include "services/functions/sandbox/channel.h"
#include "services/functions/sandbox/identity.h"
#include "services/functions/sandbox/init.h"
#include "services/functions/sandbox/network.h"
#include "services/functions/sandbox/spec.h"

namespace millstream::functions {
namespace {

struct Listeners {
  Listener runtime_api;
  Listener aws_endpoint;
};

Result<> enter_namespaces(const SandboxSpec& spec) {
  if (spec.isolation == IsolationMode::kProcess) return {};
  if (spec.user_namespace) {
    if (auto entered = enter_user_namespace(spec.user_id, spec.group_id); !entered) return entered;
  }
  int flags = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP;
  if (spec.own_network) flags |= CLONE_NEWNET;
  if (unshare(flags) != 0) return errno_error(errno, "cannot make namespaces");
  if (sethostname(spec.hostname.data(), spec.hostname.size()) != 0) {
    return errno_error(errno, "cannot set the host name");
  }
  if (!spec.own_network) return {};
  return bring_loopback_up();
}

Result<Listeners> open_listeners(const SandboxSpec& spec) {
  const bool own = spec.isolation == IsolationMode::kNamespaces && spec.own_network;
  auto runtime_api = listen_on_loopback(own ? kRuntimeApiPort : 0);
  if (!runtime_api) return runtime_api.take_error();
  auto aws_endpoint = listen_on_loopback(own ? kAwsEndpointPort : 0);
  if (!aws_endpoint) return aws_endpoint.take_error();
  return Listeners{runtime_api.take(), aws_endpoint.take()};
}

void replace_all(std::string* text, std::string_view what, const std::string& with) {
  for (size_t at = text->find(what); at != std::string::npos; at = text->find(what, at)) {
    text->replace(at, what.size(), with);
    at += with.size();
  }
}

void fill_in_addresses(const Listeners& listeners, SandboxSpec* spec) {
  const std::string host = "127.0.0.1:";
  for (std::string& variable : spec->environment) {
    replace_all(&variable, kRuntimeApiPlaceholder,
                host + std::to_string(listeners.runtime_api.port));
    replace_all(&variable, kAwsEndpointPlaceholder,
                host + std::to_string(listeners.aws_endpoint.port));
  }
}

Result<SandboxSpec> receive_spec() {
  auto message = receive_message(kSandboxChannel);
  if (!message) return message.take_error();
  if (message->text.empty()) return Error{ErrorCode::kUnavailable, "the server is gone"};
  return decode_spec(message->text);
}

Result<> start(SandboxSpec spec) {
  if (auto entered = enter_namespaces(spec); !entered) return entered;
  auto listeners = open_listeners(spec);
  if (!listeners) return listeners.take_error();
  fill_in_addresses(*listeners, &spec);
  // CLONE_PARENT: the first process inside becomes the server's own child, for it to wait for.
  const long first = syscall(SYS_clone, CLONE_PARENT | SIGCHLD, nullptr, nullptr, nullptr, nullptr);
  if (first < 0) return errno_error(errno, "cannot start the sandbox's first process");
  if (first == 0) {
    listeners->runtime_api.socket.reset();
    listeners->aws_endpoint.socket.reset();
    _exit(run_init(spec));
  }
  return send_message(kSandboxChannel, "L" + std::to_string(first),
                      {listeners->runtime_api.socket.get(), listeners->aws_endpoint.socket.get()});
}

int make_sandbox() {
  umask(022);
  // Nothing that the server had open may be seen inside.
  if (close_range(kSandboxChannel + 1, ~0U, 0) != 0) return 1;
  auto spec = receive_spec();
  const Result<> started = spec ? start(spec.take()) : Result<>(spec.take_error());
  if (started) return 0;
  // If the server can't be told either, it sees that the channel closed.
  return send_message(kSandboxChannel, "F" + started.error().message) ? 1 : 2;
}

}  // namespace

void sandbox_main() {
  _exit(make_sandbox());
}

}  // namespace millstream::functions
