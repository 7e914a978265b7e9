#include "http/server.h"

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <unordered_map>
#include <unordered_set>

#include "http/acceptor.h"
#include "http/connection.h"

namespace millstream::http {
namespace {

constexpr size_t kScratchBytes = 64u << 10;
// How often connections are compared with their deadlines.
constexpr int64_t kSweepMaxMs = 1000;
// New connections past the bound that may be on their way to take idle ones' places.
constexpr size_t kSuccessorsMax = 64;

int64_t sweep_interval_us(const ServerLimits& limits) {
  const int64_t shortest = std::min({limits.idle_timeout_ms, limits.header_timeout_ms,
                                     limits.body_timeout_ms, limits.write_timeout_ms});
  return std::clamp<int64_t>(shortest / 4, 1, kSweepMaxMs) * 1000;
}

// The connections of one reactor. Owned by its thread.
struct Shard {
  explicit Shard(io::Reactor& reactor) : reactor(reactor) {}
  io::Reactor& reactor;
  std::unordered_set<Connection*> connections;
  IdleConnections idle;
  DateCache date;
  std::vector<char> scratch = std::vector<char>(kScratchBytes);
  bool sweeping = false;
};

}  // namespace

// What the listeners of one kind share: those with limits of their own, or all others.
struct Common {
  explicit Common(const ListenerLimits& limits)
      : limits(limits), room(std::make_shared<Room>(limits.requests_max, limits.bytes_max)) {}
  const ListenerLimits limits;
  const std::shared_ptr<Room> room;
  size_t connections = 0;  // guarded by the core's mutex
};

std::shared_ptr<ListenerShared> make_shared_side(Server::ListenerOptions options,
                                                 const Common& common) {
  auto shared = std::make_shared<ListenerShared>();
  shared->handler = std::move(options.handler);
  shared->label = std::move(options.label);
  shared->judge = std::move(options.judge);
  shared->overload_answer = std::move(options.overload_answer);
  shared->tls = std::move(options.tls);
  shared->confined = options.limits.has_value();
  shared->limits = options.limits.value_or(common.limits);
  shared->room = common.room;
  if (options.limits) {
    shared->own = std::make_shared<Room>(shared->limits.requests_max, shared->limits.bytes_max);
  }
  return shared;
}

// Kept alive by the server and by every connection, so that a connection may end after the server.
class Server::Core : public std::enable_shared_from_this<Core> {
 public:
  Core(io::Reactors& reactors, const Clock& clock, ServerLimits limits, RefusalLog refusal_log)
      : clock_(clock),
        limits_(limits),
        refusal_log_(std::move(refusal_log)),
        common_(limits.common),
        confined_(limits.confined) {
    for (size_t i = 0; i < reactors.size(); ++i) {
      shards_.push_back(std::make_unique<Shard>(reactors.at(i)));
    }
  }

  Result<ListenerId> adopt(UniqueFd listening, ListenerOptions options) {
    Result<Address> address = socket_address(listening.get());
    if (!address) return address.take_error();
    std::lock_guard lock(mutex_);
    if (stopped_) return Error{ErrorCode::kUnavailable, "The HTTP server has stopped."};
    const ListenerId id = ++last_listener_;
    const Common& common = options.limits ? confined_ : common_;
    const auto shared = make_shared_side(std::move(options), common);
    shared->id = id;
    io::Reactor& reactor = shards_[id % shards_.size()]->reactor;
    Acceptor::Callbacks callbacks;
    callbacks.may_accept = [core = shared_from_this(), shared] {
      return core->may_accept(*shared);
    };
    callbacks.accepted = [core = shared_from_this(), shared](UniqueFd socket) {
      core->assign(std::move(socket), shared);
    };
    listeners_.emplace(id, Listener{Acceptor(reactor, std::move(listening), std::move(callbacks)),
                                    address.take()});
    return id;
  }

  Result<Address> address(ListenerId id) const {
    std::lock_guard lock(mutex_);
    const auto listener = listeners_.find(id);
    if (listener == listeners_.end()) {
      return Error{ErrorCode::kNotFound, "There is no such listener."};
    }
    return listener->second.address;
  }

  Usage usage(bool confined) const {
    const Common& common = confined ? confined_ : common_;
    const Room& room = *common.room;
    std::lock_guard lock(mutex_);
    return {common.connections,   common.limits.connections_max,
            room.requests.used(), room.requests.amount(),
            room.bytes.used(),    room.bytes.amount()};
  }

  void remove(ListenerId id) {
    {
      std::lock_guard lock(mutex_);
      if (listeners_.erase(id) == 0) return;
    }
    on_every_connection([id](Connection& connection) {
      if (connection.listener->id == id) connection.close_now();
    });
  }

  bool drain(ListenerId id, int64_t grace_ms) {
    {
      std::lock_guard lock(mutex_);
      listeners_.erase(id);
    }
    return end_connections(
        [id](const Connection& connection) { return connection.listener->id == id; },
        [this, id] { return !connections_of_.contains(id); }, grace_ms);
  }

  bool stop(int64_t grace_ms) {
    {
      std::lock_guard lock(mutex_);
      stopped_ = true;
      listeners_.clear();
    }
    return end_connections([](const Connection&) { return true; },
                           [this] { return connections_of_.empty(); }, grace_ms);
  }

 private:
  struct Listener {
    Acceptor acceptor;
    Address address;
  };

  enum class Admission { kWelcome, kSuccessor, kRefused };

  // Whether a new connection would be served, take an idle one's place, or be refused for good: not
  // while as many as may be on their way to such a place are. Any thread.
  bool may_accept(const ListenerShared& listener) const {
    if (listener.confined) return true;
    std::lock_guard lock(mutex_);
    return common_.connections < common_.limits.connections_max + kSuccessorsMax;
  }

  // On the acceptor's thread.
  void assign(UniqueFd socket, std::shared_ptr<const ListenerShared> listener) {
    const Admission admission = admit(*listener);
    if (admission == Admission::kRefused) return;
    const size_t shard = next_shard_.fetch_add(1, std::memory_order_relaxed) % shards_.size();
    if (admission == Admission::kSuccessor) {
      return succeed(shard, shards_.size(), std::move(socket), std::move(listener));
    }
    auto begin = [core = shared_from_this(), &shard = *shards_[shard], socket = std::move(socket),
                  listener = std::move(listener)]() mutable {
      io::spawn(serve(core, shard, std::move(socket), std::move(listener)));
    };
    shards_[shard]->reactor.post(std::move(begin));
  }

  // Counts one more connection, unless there are too many.
  Admission admit(const ListenerShared& listener) {
    std::lock_guard lock(mutex_);
    if (stopped_ || !listeners_.contains(listener.id)) return Admission::kRefused;
    Common& common = listener.confined ? confined_ : common_;
    ++common.connections;
    ++connections_of_[listener.id];
    if (fits(listener)) return Admission::kWelcome;
    if (!listener.confined &&
        common.connections <= common.limits.connections_max + kSuccessorsMax) {
      return Admission::kSuccessor;
    }
    refuse_connection(connections_of_[listener.id] - 1);
    uncount(listener);
    return Admission::kRefused;
  }

  // Whether those that are counted are no more than there may be. Under mutex_.
  bool fits(const ListenerShared& listener) const {
    const Common& common = listener.confined ? confined_ : common_;
    return common.connections <= common.limits.connections_max &&
           connections_of_.at(listener.id) <= listener.limits.connections_max;
  }
  bool fits_now(const ListenerShared& listener) const {
    std::lock_guard lock(mutex_);
    return fits(listener);
  }

  // Serves the connection as soon as another has ended, or on the first of `shards_left` reactors,
  // from `shard` on, that has an idle connection to close for it.
  void succeed(size_t shard, size_t shards_left, UniqueFd socket,
               std::shared_ptr<const ListenerShared> listener) {
    auto attempt = [core = shared_from_this(), shard, shards_left, socket = std::move(socket),
                    listener = std::move(listener)]() mutable {
      Shard& here = *core->shards_[shard];
      if (core->fits_now(*listener) || core->make_way(here)) {
        io::spawn(serve(core, here, std::move(socket), std::move(listener)));
      } else if (shards_left > 1) {
        core->succeed((shard + 1) % core->shards_.size(), shards_left - 1, std::move(socket),
                      std::move(listener));
      } else {
        core->refuse_connection(core->common_.limits.connections_max);
        core->connection_ended(*listener);
      }
    };
    shards_[shard]->reactor.post(std::move(attempt));
  }

  bool make_way(Shard& shard) const {
    auto* const idle = static_cast<Connection*>(shard.idle.first());
    if (!idle) return false;
    refusal_log_("An idle connection was closed to make way for a new one.");
    IdleConnections::remove(*idle);
    idle->close_now();
    return true;
  }

  void refuse_connection(size_t open) const {
    refusal_log_("A connection was refused: " + std::to_string(open) + " are open.");
  }

  static io::Task<void> serve(std::shared_ptr<Core> core, Shard& shard, UniqueFd socket,
                              std::shared_ptr<const ListenerShared> listener) {
    const bool loopback = peer_is_loopback(socket.get());
    ConnectionContext context{shard.reactor, core->clock_,  core->limits_, core->refusal_log_,
                              shard.date,    shard.scratch, shard.idle};
    auto connection = std::make_shared<Connection>(
        context, make_tcp_stream(shard.reactor, std::move(socket)), std::move(listener), loopback);
    shard.connections.insert(connection.get());
    core->sweep_later(shard);
    // What was stopped or removed while this was on its way here.
    if (core->refuses(connection->listener->id)) connection->close_now();
    co_await serve_connection(connection);
    shard.connections.erase(connection.get());
    IdleConnections::remove(*connection);
    core->connection_ended(*connection->listener);
  }

  bool refuses(ListenerId id) const {
    std::lock_guard lock(mutex_);
    return stopped_ || !listeners_.contains(id);
  }

  void connection_ended(const ListenerShared& listener) {
    std::lock_guard lock(mutex_);
    uncount(listener);
  }

  // Under mutex_.
  void uncount(const ListenerShared& listener) {
    --(listener.confined ? confined_ : common_).connections;
    const auto count = connections_of_.find(listener.id);
    if (--count->second > 0) return;
    connections_of_.erase(count);
    empty_.notify_all();
  }

  // Lets those that are `meant` end, then closes them; `ended` is asked under the mutex.
  bool end_connections(std::function<bool(const Connection&)> meant,
                       const std::function<bool()>& ended, int64_t grace_ms) {
    on_every_connection([meant](Connection& connection) {
      if (meant(connection)) connection.begin_stop();
    });
    if (wait_until(ended, grace_ms)) return true;
    on_every_connection([meant](Connection& connection) {
      if (meant(connection)) connection.close_now();
    });
    // A handler that never ends keeps its connection; nobody waits for it longer than this.
    constexpr int64_t kCloseMs = 200;
    wait_until(ended, kCloseMs);
    return false;
  }

  bool wait_until(const std::function<bool()>& ended, int64_t wait_ms) {
    std::unique_lock lock(mutex_);
    return empty_.wait_for(lock, std::chrono::milliseconds(wait_ms), ended);
  }

  void on_every_connection(std::function<void(Connection&)> action) {
    for (const auto& shard : shards_) {
      shard->reactor.post([core = shared_from_this(), &shard = *shard, action] {
        // An action may end a connection's wait, but never within the call.
        for (Connection* connection : shard.connections) action(*connection);
      });
    }
  }

  void sweep_later(Shard& shard) {
    if (std::exchange(shard.sweeping, true)) return;
    shard.reactor.run_after(sweep_interval_us(limits_), [core = shared_from_this(), &shard] {
      shard.sweeping = false;
      const int64_t now_us = core->clock_.monotonic_us();
      for (Connection* connection : shard.connections) connection->expire_if_due(now_us);
      if (!shard.connections.empty()) core->sweep_later(shard);
    });
  }

  const Clock& clock_;
  const ServerLimits limits_;
  const RefusalLog refusal_log_;
  std::vector<std::unique_ptr<Shard>> shards_;
  std::atomic<size_t> next_shard_{0};

  mutable std::mutex mutex_;
  std::condition_variable empty_;
  // Guarded by mutex_.
  std::map<ListenerId, Listener> listeners_;
  ListenerId last_listener_ = 0;
  Common common_;
  Common confined_;
  std::map<ListenerId, size_t> connections_of_;  // listeners that have some
  bool stopped_ = false;
};

Server::Server(io::Reactors& reactors, const Clock& clock, ServerLimits limits,
               RefusalLog refusal_log)
    : core_(std::make_shared<Core>(reactors, clock, limits, std::move(refusal_log))) {}
Server::~Server() {
  stop(0);
}

Result<Server::ListenerId> Server::listen(const Address& address, ListenerOptions options) {
  Result<UniqueFd> socket = open_listening_socket(address);
  if (!socket) return socket.take_error();
  return core_->adopt(socket.take(), std::move(options));
}
Result<Server::ListenerId> Server::adopt(UniqueFd listening, ListenerOptions options) {
  return core_->adopt(std::move(listening), std::move(options));
}
Result<Address> Server::address(ListenerId listener) const {
  return core_->address(listener);
}
Server::Usage Server::usage(bool confined) const {
  return core_->usage(confined);
}
void Server::remove(ListenerId listener) {
  core_->remove(listener);
}
bool Server::drain(ListenerId listener, int64_t grace_ms) {
  return core_->drain(listener, grace_ms);
}
bool Server::stop(int64_t grace_ms) {
  return core_->stop(grace_ms);
}

}  // namespace millstream::http
