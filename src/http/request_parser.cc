#include "http/request_parser.h"

#include <algorithm>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include "http/plain_head.h"
#include "http/same_text.h"

namespace millstream::http {
namespace {

namespace beast_http = boost::beast::http;
using boost::system::error_code;
using State = RequestParser::State;

std::string_view view(boost::beast::string_view text) {
  return {text.data(), text.size()};
}

class BeastParser final : public beast_http::basic_parser<true> {
 public:
  explicit BeastParser(Request& request) : request_(request) {}
  int version = 11;
  bool head_done = false;

 private:
  void on_request_impl(beast_http::verb, boost::beast::string_view method,
                       boost::beast::string_view target, int parsed_version, error_code&) override {
    request_.method = view(method);
    request_.target = view(target);
    version = parsed_version;
  }
  void on_field_impl(beast_http::field, boost::beast::string_view name,
                     boost::beast::string_view value, error_code&) override {
    if (head_done) return;  // a trailer: never a header
    request_.headers.add(view(name), view(value));
  }
  void on_header_impl(error_code&) override { head_done = true; }
  void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
  size_t on_chunk_body_impl(std::uint64_t, boost::beast::string_view body, error_code&) override {
    reserve_body(&request_.body, body.size());
    request_.body.append(body.data(), body.size());
    return body.size();
  }
  size_t on_body_impl(boost::beast::string_view, error_code&) override { return 0; }
  void on_chunk_header_impl(std::uint64_t, boost::beast::string_view, error_code&) override {}
  void on_response_impl(int, boost::beast::string_view, int, error_code&) override {}
  void on_finish_impl(error_code&) override {}

  Request& request_;
};

// "http://host/path" is how a request to a proxy is written; servers must take it (RFC
// 9112, 3.2.2).
bool make_origin_form(std::string* target) {
  if (target->starts_with("http://")) {
    const size_t path = target->find('/', 7);
    *target = path == std::string::npos ? "/" : target->substr(path);
  }
  return target->starts_with('/') || *target == "*";
}

}  // namespace

struct RequestParser::Implementation {
  size_t header_bytes_max;
  size_t body_bytes_max;
  Request request;
  // One of them once a header has begun to come.
  std::optional<PlainHead> plain;
  std::optional<BeastParser> parser;
  int status = 400;
  std::string reason;

  State refuse(int refused_status, std::string refused_reason) {
    status = refused_status;
    reason = std::move(refused_reason);
    return State::kRefused;
  }

  State refuse(const error_code& error) {
    if (error == beast_http::error::header_limit) {
      return refuse(431, "The request's header fields are larger than " +
                             std::to_string(header_bytes_max) + " bytes.");
    }
    if (error == beast_http::error::body_limit) return refuse_body();
    if (error == beast_http::error::bad_version) return refuse(505, "Use HTTP/1.1 or HTTP/2.");
    return refuse(400, "The request isn't valid HTTP: " + error.message() + ".");
  }

  State refuse_body() {
    return refuse(
        413, "The request's body is larger than " + std::to_string(body_bytes_max) + " bytes.");
  }

  bool read_plain(std::string_view input) {
    plain = read_plain_head(input, &request);
    const bool fits =
        plain && plain->bytes <= header_bytes_max && plain->content_length <= body_bytes_max;
    if (!fits) plain.reset();
    return fits;
  }

  void begin_general() {
    request.headers.clear();
    BeastParser& general = parser.emplace(request);
    general.header_limit(static_cast<uint32_t>(header_bytes_max));
    general.body_limit(body_bytes_max);
    general.eager(false);
  }

  State check_head() {
    const BeastParser& head = *parser;
    if (head.version == 11 && !request.headers.find("host")) {
      return refuse(400, "The request has no Host header.");
    }
    if (!make_origin_form(&request.target)) return refuse(400, "The request's target is no path.");
    if (request.headers.find("transfer-encoding") && !head.chunked()) {
      return refuse(501, "The only transfer encoding that is served is chunked.");
    }
    const auto expectation = request.headers.find("expect");
    if (expectation && !same_text(*expectation, "100-continue")) {
      return refuse(417, "The only expectation that is served is 100-continue.");
    }
    return State::kDone;
  }
};

RequestParser::RequestParser(size_t header_bytes_max, size_t body_bytes_max)
    : implementation_(new Implementation{header_bytes_max, body_bytes_max}) {
  reset();
}
RequestParser::~RequestParser() = default;

void RequestParser::reset() {
  Request& request = implementation_->request;
  request.method.clear();
  request.target.clear();
  request.headers.clear();
  request.body = std::string();
  implementation_->plain.reset();
  implementation_->parser.reset();
}

State RequestParser::head(std::string_view input, size_t* consumed) {
  if (!implementation_->parser) {
    if (implementation_->read_plain(input)) {
      *consumed = implementation_->plain->bytes;
      return State::kDone;
    }
    implementation_->begin_general();
  }
  BeastParser& parser = *implementation_->parser;
  error_code error;
  *consumed = parser.put(boost::asio::buffer(input.data(), input.size()), error);
  if (error == beast_http::error::need_more) return State::kNeedMore;
  if (error) return implementation_->refuse(error);
  return parser.head_done ? implementation_->check_head() : State::kNeedMore;
}

State RequestParser::chunked_body(std::string_view input, size_t* consumed) {
  BeastParser& parser = *implementation_->parser;
  *consumed = 0;
  parser.eager(true);
  while (!parser.is_done()) {
    error_code error;
    const size_t used =
        parser.put(boost::asio::buffer(input.data() + *consumed, input.size() - *consumed), error);
    *consumed += used;
    if (error && error != beast_http::error::need_more) return implementation_->refuse(error);
    if (implementation_->request.body.size() > implementation_->body_bytes_max) {
      return implementation_->refuse_body();
    }
    if (error || used == 0) break;
  }
  if (!parser.is_done()) return State::kNeedMore;
  reserve_body(&implementation_->request.body, 0);
  return State::kDone;
}

Request& RequestParser::request() {
  return implementation_->request;
}
bool RequestParser::chunked() const {
  return !implementation_->plain && implementation_->parser->chunked();
}
uint64_t RequestParser::content_length() const {
  if (implementation_->plain) return implementation_->plain->content_length;
  return implementation_->parser->content_length().value_or(0);
}
bool RequestParser::takes_chunks() const {
  return implementation_->plain || implementation_->parser->version == 11;
}
bool RequestParser::keep_alive() const {
  if (implementation_->plain) return implementation_->plain->keep_alive;
  const BeastParser& parser = *implementation_->parser;
  return parser.version == 11 && parser.keep_alive();
}
bool RequestParser::expects_continue() const {
  return !implementation_->plain && implementation_->parser->version == 11 &&
         implementation_->request.headers.find("expect").has_value();
}
int RequestParser::status() const {
  return implementation_->status;
}
std::string_view RequestParser::reason() const {
  return implementation_->reason;
}

void reserve_body(std::string* body, size_t more) {
  const size_t needed = body->size() + more + kBodySpareBytes;
  if (body->capacity() < needed) body->reserve(std::max(needed, 2 * body->capacity()));
}

}  // namespace millstream::http
