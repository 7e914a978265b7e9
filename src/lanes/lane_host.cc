#include "lanes/lane_host.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "base/check.h"

namespace millstream::lanes {
namespace {

// One group being synced and one ready behind it keep the disk busy; more would only split what
// could be synced together.
constexpr size_t kGroupsInFlightMax = 2;
// One more frame of any size still fits into the journal's largest group.
constexpr size_t kOpenGroupBytesMax = journal::kGroupBytesMax - journal::kFrameBytesMax;

// Whether the journal refused a group only because something is short now.
bool is_shortage(const Error& error) {
  return error.code == ErrorCode::kNoSpace || error.code == ErrorCode::kNoResources;
}

// What a group changes, collected in one walk over its frames. Views of the group's bytes.
struct GroupEffects {
  struct Change {
    Lane* lane;
    uint64_t frame_number;
    std::string_view key;
    std::optional<std::string_view> value;
  };
  struct Block {
    Lane* lane;
    journal::Position frame;
    RecordBlock records;
  };
  std::vector<Change> changes;
  std::vector<Block> blocks;
};

class EffectsCollector final : public EffectsVisitor {
 public:
  explicit EffectsCollector(GroupEffects* effects) : effects_(effects) {}

  void begin(Lane* lane, uint64_t frame_number, journal::Position frame) {
    lane_ = lane;
    frame_number_ = frame_number;
    frame_ = frame;
  }
  void put(std::string_view key, std::string_view value) override { add(key, value); }
  void erase(std::string_view key) override { add(key, std::nullopt); }
  void block(const RecordBlock& block) override {
    effects_->blocks.push_back({lane_, frame_, block});
  }

 private:
  void add(std::string_view key, std::optional<std::string_view> value) {
    effects_->changes.push_back({lane_, frame_number_, key, value});
  }

  GroupEffects* const effects_;
  Lane* lane_ = nullptr;
  uint64_t frame_number_ = 0;
  journal::Position frame_;
};

// In one batch, without what a later frame of the group replaces: a key that everybody changes is
// written once a group.
Result<> store_changes(store::Store& store, const std::vector<GroupEffects::Change>& changes) {
  if (changes.empty()) return {};
  const std::unique_ptr<store::Batch> batch = store.new_batch();
  for (const GroupEffects::Change& change : changes) {
    const Lane& lane = *change.lane;
    if (lane.overlay.is_replaced(change.key, change.frame_number, lane.group_end)) continue;
    change.value ? batch->put(change.key, *change.value) : batch->erase(change.key);
  }
  return store.apply(*batch);
}

}  // namespace

void LaneHost::add_lane(Lane lane) {
  const LaneId id = lane.id;
  lanes_.emplace(id, std::move(lane));
}

void LaneHost::add_observer(std::string prefix, Observer observer) {
  observers_.emplace_back(std::move(prefix), std::move(observer));
}

Lane& LaneHost::lane(LaneId id) {
  const auto found = lanes_.find(id);
  CHECK(found != lanes_.end());
  return found->second;
}

bool LaneHost::run(Commit* commit) {
  if (open_.group.size() >= kOpenGroupBytesMax && !failure_) {
    // What only waits costs nothing: it is never refused.
    if (backlog_.size() >= backlog_max_ && commit->evaluate) {
      metrics_.refused.add();
      commit->outcome = Error{ErrorCode::kOverloaded, "too many transactions wait for the disk"};
      return true;
    }
    backlog_.push_back(commit);
    return false;
  }
  return evaluate(commit);
}

bool LaneHost::evaluate(Commit* commit) {
  if (failure_ || refusal_) {
    commit->outcome = failure_ ? *failure_ : *refusal_;
    return true;
  }
  if (!commit->evaluate) return wait_for_newest(commit);
  Lane& lane = this->lane(commit->lane);
  journal::Group& group = open_.group;
  const size_t header = group.size();
  group.begin_frame(lane.id, journal_.epoch(), lane.next_number);
  const size_t payload = group.buffer()->size();
  LaneTransaction transaction(lane, store_, group.buffer(), clock_.wall_ms());
  const bool keep = commit->evaluate(transaction) && transaction.has_effects();
  if (keep && group.size() - header > journal::kFrameBytesMax) {
    group.cancel_frame();
    commit->outcome =
        Error{ErrorCode::kInvalidArgument, "the change is larger than a frame may be"};
    return true;
  }
  if (keep) {
    const uint64_t number = lane.next_number++;
    group.end_frame();
    transaction.keep(number);
    open_.frames.push_back({lane.id, number, header, payload, group.size()});
    lane.newest_group = open_id_;
    open_.waiting.push_back(commit);
    schedule_submit();
    return false;
  }
  group.cancel_frame();
  if (!transaction.saw_pending()) return true;
  wait_for(lane.newest_group, commit);
  return false;
}

void LaneHost::wait_for(uint64_t group_id, Commit* commit) {
  if (group_id == open_id_) {
    open_.waiting.push_back(commit);
    return;
  }
  const auto found =
      std::find_if(in_flight_.begin(), in_flight_.end(),
                   [group_id](const auto& entry) { return entry.first == group_id; });
  CHECK(found != in_flight_.end());
  found->second.waiting.push_back(commit);
}

bool LaneHost::wait_for_newest(Commit* commit) {
  if (!open_.frames.empty()) {
    open_.waiting.push_back(commit);
  } else if (!in_flight_.empty()) {
    in_flight_.back().second.waiting.push_back(commit);
  } else {
    return true;
  }
  return false;
}

void LaneHost::schedule_submit() {
  if (submit_scheduled_ || in_flight_.size() >= kGroupsInFlightMax) return;
  submit_scheduled_ = true;
  executor_.post([this] {
    submit_scheduled_ = false;
    submit_open_group();
    run_backlog();
  });
}

void LaneHost::submit_open_group() {
  if (open_.frames.empty() || in_flight_.size() >= kGroupsInFlightMax) return;
  OpenGroup ready = std::exchange(open_, OpenGroup());
  journal::Group group = std::exchange(ready.group, journal::Group());
  // The next one is likely to be as large; growing to it step by step would copy it several times.
  open_.group = journal_.new_group(group.size() + group.size() / 4);
  const uint64_t id = open_id_++;
  in_flight_.emplace_back(id, std::move(ready));
  journal_.submit(std::move(group), [this, id](Result<journal::CommittedGroup> committed) {
    executor_.post([this, id, committed = std::move(committed)]() mutable {
      on_committed(id, std::move(committed));
    });
  });
}

void LaneHost::on_committed(uint64_t group_id, Result<journal::CommittedGroup> committed) {
  CHECK(!in_flight_.empty() && in_flight_.front().first == group_id);
  OpenGroup group = std::move(in_flight_.front().second);
  in_flight_.pop_front();
  const std::vector<Commit*> waiting = std::move(group.waiting);
  Result<> outcome;
  if (failure_) {
    outcome = Result<>(*failure_);
  } else if (committed) {
    metrics_.group_frames.record(static_cast<int64_t>(group.frames.size()));
    outcome = settle(std::move(group), committed.take());
  } else {
    outcome = Result<>(committed.take_error());
    is_shortage(outcome.error()) ? refuse_for_now(outcome.error()) : fail_for_good(outcome.error());
  }
  go_back_to_durable();
  submit_open_group();
  run_backlog();
  finish(waiting, outcome);
}

Result<> LaneHost::settle(OpenGroup group, journal::CommittedGroup committed) {
  Result<> applied = unapplied_.empty() ? apply(group, committed) : Result<>(*refusal_);
  if (applied) return applied;
  if (applied.error().code == ErrorCode::kCorruption) {
    fail_for_good(applied.error());
    return applied;
  }
  unapplied_.emplace_back(std::move(group), std::move(committed));
  refuse_for_now(Error{ErrorCode::kUnavailable, applied.error().message});
  waits_for_store_ = true;
  set_trouble(applied.error().message);
  return applied;
}

void LaneHost::apply_waiting() {
  while (!unapplied_.empty() && !failure_) {
    Result<> applied = apply(unapplied_.front().first, unapplied_.front().second);
    if (applied) {
      unapplied_.pop_front();
    } else if (applied.error().code == ErrorCode::kCorruption) {
      fail_for_good(applied.error());
    } else {
      return;
    }
  }
  waits_for_store_ = false;
  if (failure_) return;
  set_trouble("");
  go_back_to_durable();
}

void LaneHost::forget_shards(LaneId id, const std::vector<ShardKey>& shards) {
  Lane& lane = this->lane(id);
  for (const ShardKey shard : shards) lane.shard_ends.erase(shard);
}

void LaneHost::run_backlog() {
  std::vector<Commit*> settled;
  while (!backlog_.empty() && open_.group.size() < kOpenGroupBytesMax) {
    Commit* const commit = backlog_.front();
    backlog_.pop_front();
    if (evaluate(commit)) settled.push_back(commit);
  }
  for (Commit* commit : settled) finish({commit}, commit->outcome);
}

// Once nothing is on its way that the lanes don't know of, they can begin anew from there.
void LaneHost::go_back_to_durable() {
  if (!refusal_ || !in_flight_.empty() || !unapplied_.empty()) return;
  refusal_.reset();
  for (auto& [id, lane] : lanes_) {
    lane.overlay.clear();
    lane.shard_ends.clear();
    lane.next_number = lane.applied_number + 1;
  }
}

Result<> LaneHost::apply(const OpenGroup& group, const journal::CommittedGroup& committed) {
  const std::string_view bytes = *committed.bytes;
  GroupEffects effects;
  EffectsCollector collector(&effects);
  for (const Frame& frame : group.frames) {
    Lane& lane = this->lane(frame.lane);
    lane.group_end = frame.number;
    collector.begin(&lane, frame.number, committed.base.behind(frame.header));
    // The bytes are our own of a moment ago; nothing but memory could have damaged them.
    CHECK(visit_effects(bytes.substr(frame.payload, frame.end - frame.payload), collector).ok());
  }
  Result<> stored = store_changes(store_, effects.changes);
  if (!stored) return stored;
  // The state is there; whoever is told or woken from here on may read it.
  for (const Frame& frame : group.frames) {
    Lane& lane = this->lane(frame.lane);
    lane.applied_number = frame.number;
    lane.index->note_frame(committed.base.behind(frame.header), frame.end - frame.payload);
  }
  for (const GroupEffects::Change& change : effects.changes) {
    change.lane->overlay.applied(change.key, change.frame_number);
    tell_observers(change.key, change.value);
  }
  for (const GroupEffects::Block& block : effects.blocks) {
    block.lane->index->add(block.records, block.frame);
  }
  applied_ = committed.base.behind(bytes.size());
  return {};
}

void LaneHost::tell_observers(std::string_view key, std::optional<std::string_view> value) const {
  for (const auto& [prefix, observer] : observers_) {
    if (key.starts_with(prefix)) observer(key, value);
  }
}

void LaneHost::refuse_for_now(const Error& error) {
  if (refusal_) return;
  spdlog::warn("writes are refused for now: {}", error.message);
  refusal_ = error;
  fail_open_group(error);
}

void LaneHost::fail_for_good(const Error& error) {
  spdlog::error("nothing is acknowledged any more: {}", error.message);
  failure_ = Error{ErrorCode::kUnavailable, error.message};
  set_trouble(error.message);
  fail_open_group(error);
}

void LaneHost::fail_open_group(const Error& error) {
  const OpenGroup open = std::exchange(open_, OpenGroup());
  finish(open.waiting, Result<>(error));
}

void LaneHost::finish(const std::vector<Commit*>& commits, const Result<>& outcome) {
  for (Commit* commit : commits) {
    commit->outcome = outcome;
    const std::coroutine_handle<> awaiter = commit->awaiter;
    if (commit->home->is_current()) {
      awaiter.resume();
    } else {
      commit->home->post([awaiter] { awaiter.resume(); });
    }
  }
}

std::string LaneHost::trouble() const {
  const std::lock_guard lock(trouble_mutex_);
  return trouble_;
}

void LaneHost::set_trouble(std::string reason) {
  const std::lock_guard lock(trouble_mutex_);
  trouble_ = std::move(reason);
}

LaneHost::Progress LaneHost::progress() const {
  Progress progress;
  progress.applied = idle() ? journal_.end() : applied_;
  for (const auto& [id, lane] : lanes_) {
    progress.next_numbers.emplace_back(id, lane.applied_number + 1);
  }
  if (failure_) progress.failure = failure_->message;
  return progress;
}

}  // namespace millstream::lanes
