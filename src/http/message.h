#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/body_producer.h"
#include "io/executor.h"
#include "io/task.h"

namespace millstream::http {

// Header fields in the order of arrival. Names are compared without regard to case; HTTP/2's
// pseudo-headers are not among them (`host` is made from :authority).
//
// All of them stand in one buffer, so a message's headers cost a few allocations, not two a field.
// Views that come out of here live until the next `add`.
class Headers {
 public:
  // Where a field's name and value stand in a text.
  struct Place {
    uint32_t name_start, name_bytes;
    uint32_t value_start, value_bytes;
  };

  void add(std::string_view name, std::string_view value);
  // Instead of what was there: the fields that stand at `places` in `text`, which is copied.
  void assign(std::string_view text, std::span<const Place> places);
  // No fields; keeps the memory that a usual request needs.
  void clear();
  // The first field of that name.
  [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;
  // The first field's value, or "".
  [[nodiscard]] std::string_view get(std::string_view name) const {
    return find(name).value_or(std::string_view());
  }

  // Walks the fields as pairs of views, name and value.
  class Iterator {
   public:
    Iterator(const char* text, const Place* place) : text_(text), place_(place) {}
    std::pair<std::string_view, std::string_view> operator*() const {
      return {{text_ + place_->name_start, place_->name_bytes},
              {text_ + place_->value_start, place_->value_bytes}};
    }
    Iterator& operator++() {
      ++place_;
      return *this;
    }
    bool operator!=(const Iterator& other) const { return place_ != other.place_; }

   private:
    const char* text_;
    const Place* place_;
  };
  [[nodiscard]] Iterator begin() const { return {text_.data(), places_.data()}; }
  [[nodiscard]] Iterator end() const { return {text_.data(), places_.data() + places_.size()}; }

 private:
  std::string text_;
  std::vector<Place> places_;
};

// One whole request. `target` is the raw path and query as sent, percent-encoding untouched (SigV4
// signs it). Owned by the session until the handler's task ends.
//
// The body's string has at least kBodySpareBytes of capacity behind its end, so that simdjson may
// read it where it stands.
inline constexpr size_t kBodySpareBytes = 64;

struct Request {
  std::string method;
  std::string target;
  Headers headers;
  std::string body;
  bool peer_is_loopback = true;
  int version_major = 1;
  // The label of the listener that took the connection (http/server.h); empty for the public one.
  std::string_view listener_label;
};

struct Response {
  int status = 200;
  Headers headers;  // content-length, connection and date are the session's
  std::string body;
  // Instead of `body`, which is empty then: makes the body while it is sent, in chunks (HTTP/1.1)
  // or as the stream's window allows (HTTP/2). Doesn't run if the request was a HEAD.
  std::unique_ptr<BodyProducer> producer;
};

// Answers one request, on the session's executor `home`; `request` outlives the task. Requests of
// an HTTP/1.1 connection are handled one after the other, those of an HTTP/2 connection at once.
using Handler = std::function<io::Task<Response>(io::Executor& home, const Request& request)>;

// Looks at a request of which only the header is there, before much memory is given to its body. An
// answer refuses the request; nothing lets it come. Called on reactors' threads; doesn't wait.
using Judge = std::function<std::optional<Response>(io::Executor& home, const Request& head)>;

// What a request is answered for which there is no room; its body may be missing. Called on
// reactors' threads; doesn't wait.
using OverloadAnswer = std::function<Response(io::Executor& home, const Request& head)>;

}  // namespace millstream::http
