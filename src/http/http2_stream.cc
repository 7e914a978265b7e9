#include "http/http2_stream.h"

#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <vector>

#include "http/response_head.h"

namespace millstream::http {
namespace {

// RFC 9113, 6.5.2: what a field counts beyond its bytes.
constexpr size_t kFieldOverheadBytes = 32;

nghttp2_nv make_field(const std::string& name, const std::string& value) {
  auto* name_bytes = reinterpret_cast<uint8_t*>(const_cast<char*>(name.data()));
  auto* value_bytes = reinterpret_cast<uint8_t*>(const_cast<char*>(value.data()));
  return {name_bytes, value_bytes, name.size(), value.size(), NGHTTP2_NV_FLAG_NONE};
}

std::string lower_case(std::string_view value) {
  std::string text(value);
  for (char& byte : text) {
    if (byte >= 'A' && byte <= 'Z') byte = static_cast<char>(byte + ('a' - 'A'));
  }
  return text;
}

std::string clean_value(std::string_view text) {
  std::string value(text);
  for (char& byte : value) {
    if (static_cast<unsigned char>(byte) < 0x20 || byte == 0x7f) byte = ' ';
  }
  return value;
}

ssize_t read_response_body(nghttp2_session*, int32_t, uint8_t* into, size_t size, uint32_t* flags,
                           nghttp2_data_source* source, void*) {
  auto* stream = static_cast<Http2Stream*>(source->ptr);
  const std::string& body = stream->response.body;
  const size_t bytes = std::min(size, body.size() - stream->body_sent);
  std::memcpy(into, body.data() + stream->body_sent, bytes);
  stream->body_sent += bytes;
  if (stream->body_sent == body.size()) *flags |= NGHTTP2_DATA_FLAG_EOF;
  return static_cast<ssize_t>(bytes);
}

// The same from the channel: nothing for now while the producer has no piece ready.
ssize_t read_produced_body(nghttp2_session*, int32_t, uint8_t* into, size_t size, uint32_t* flags,
                           nghttp2_data_source* source, void*) {
  BodyChannel& channel = *static_cast<Http2Stream*>(source->ptr)->channel;
  if (channel.finished()) {
    if (!channel.whole()) return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;  // the stream is cut
    *flags |= NGHTTP2_DATA_FLAG_EOF;
    return 0;
  }
  const std::string_view piece = channel.piece().substr(0, size);
  if (piece.empty()) return NGHTTP2_ERR_DEFERRED;
  std::memcpy(into, piece.data(), piece.size());
  channel.take(piece.size());
  return static_cast<ssize_t>(piece.size());
}

}  // namespace

int64_t Http2Stream::deadline_us(const ServerLimits& limits, int64_t last_progress_us) const {
  const bool has_to_send = answered && (!channel || !channel->piece().empty());
  if (has_to_send) return last_progress_us + limits.write_timeout_ms * 1000;
  if (!answered && !complete) return body_deadline_us(limits, started_us, request.body.size());
  return INT64_MAX;
}

bool Http2Stream::end_producer(bool is_closed) {
  if (!channel || channel->finished()) return false;
  channel->end();
  if (is_closed) channel->drop_piece();
  return true;
}

bool Http2Stream::add_field(std::string_view name, std::string_view value, size_t bytes_max) {
  header_bytes += name.size() + value.size() + kFieldOverheadBytes;
  if (header_bytes > bytes_max) return false;
  if (name == ":method") {
    request.method = value;
  } else if (name == ":path") {
    request.target = value;
  } else if (name == ":authority") {
    authority = value;
  } else if (!name.starts_with(':')) {
    request.headers.add(name, value);
  }
  return true;
}

void Http2Stream::finish_header() {
  if (!authority.empty() && !request.headers.find("host")) {
    request.headers.add("host", authority);
  }
}

std::optional<size_t> Http2Stream::announced_bytes() const {
  const std::string_view text = request.headers.get("content-length");
  size_t bytes = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), bytes);
  if (parsed.ec != std::errc()) return std::nullopt;
  return bytes;
}

bool submit_response(nghttp2_session* session, Http2Stream* stream, std::string_view date) {
  Response& response = stream->response;
  std::vector<std::pair<std::string, std::string>> fields;
  fields.emplace_back(":status", std::to_string(response.status));
  for (const auto& [name, value] : response.headers) {
    fields.emplace_back(lower_case(name), clean_value(value));
  }
  if (status_has_body(response.status) && !stream->channel) {
    fields.emplace_back("content-length", std::to_string(response.body.size()));
  }
  fields.emplace_back("date", date);
  std::vector<nghttp2_nv> pairs;
  pairs.reserve(fields.size());
  for (const auto& [name, value] : fields) pairs.push_back(make_field(name, value));

  const bool with_body =
      stream->channel || (!response.body.empty() && stream->request.method != "HEAD");
  nghttp2_data_provider provider = {};
  provider.source.ptr = stream;
  provider.read_callback = stream->channel ? read_produced_body : read_response_body;
  return nghttp2_submit_response(session, stream->id, pairs.data(), pairs.size(),
                                 with_body ? &provider : nullptr) == 0;
}

void submit_continue(nghttp2_session* session, int32_t stream_id) {
  const std::string name = ":status";
  const std::string value = "100";
  const nghttp2_nv field = make_field(name, value);
  // A stream that is gone needs no interim answer.
  (void)nghttp2_submit_headers(session, NGHTTP2_FLAG_NONE, stream_id, nullptr, &field, 1, nullptr);
}

}  // namespace millstream::http
