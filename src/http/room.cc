#include "http/room.h"

#include <utility>

namespace millstream::http {
namespace {

Budget::Taker taker_of(size_t bytes) {
  return bytes <= Place::kSmallBytes ? Budget::Taker::kSmall : Budget::Taker::kLarge;
}

// From both or from none; `own` may be nullptr.
bool take(Budget& shared, Budget* own, size_t part, Budget::Taker taker) {
  if (own && !own->take(part, taker)) return false;
  if (shared.take(part, taker)) return true;
  if (own) own->give_back(part);
  return false;
}

}  // namespace

bool Place::grow_to(size_t bytes) {
  if (bytes <= bytes_) return true;
  Budget* const own = own_ ? &own_->bytes : nullptr;
  if (!take(shared_->bytes, own, bytes - bytes_, taker_of(bytes))) return false;
  bytes_ = bytes;
  return true;
}

bool Place::could_grow_to(size_t bytes) const {
  if (bytes <= bytes_) return true;
  const size_t more = bytes - bytes_;
  const Budget::Taker taker = taker_of(bytes);
  return shared_->bytes.has(more, taker) && (!own_ || own_->bytes.has(more, taker));
}

void Place::hold(size_t bytes) {
  for (Room* room : {shared_.get(), own_.get()}) {
    if (!room) continue;
    if (bytes > bytes_) room->bytes.take_always(bytes - bytes_);
    if (bytes < bytes_) room->bytes.give_back(bytes_ - bytes);
  }
  bytes_ = bytes;
}

bool Place::enter() {
  if (entered_) return true;
  Budget* const own = own_ ? &own_->requests : nullptr;
  entered_ = take(shared_->requests, own, 1, Budget::Taker::kSmall);
  return entered_;
}

void Place::leave() {
  hold(0);
  if (!std::exchange(entered_, false)) return;
  shared_->requests.give_back(1);
  if (own_) own_->requests.give_back(1);
}

}  // namespace millstream::http
