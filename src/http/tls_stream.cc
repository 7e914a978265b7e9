#include "http/tls_stream.h"

#include <algorithm>
#include <climits>
#include <cstring>

namespace millstream::http {
namespace {

// Encrypted bytes that may come without any content among them: the handshake, key updates.
constexpr size_t kSilentBytesMax = 128u << 10;
// Kept allocated between writes.
constexpr size_t kKeptUnsentBytes = 4096;
constexpr size_t kRecordBytes = SSL3_RT_MAX_PLAIN_LENGTH;

}  // namespace

TlsStream::TlsStream(std::shared_ptr<const TlsContext> context, std::unique_ptr<ByteStream> below,
                     io::Executor& home, std::string first_bytes)
    : context_(std::move(context)),
      below_(std::move(below)),
      home_(home),
      ssl_(SSL_new(context_->get())),
      first_bytes_(std::move(first_bytes)) {
  BIO* bio = BIO_new(method());
  CHECK(ssl_ != nullptr && bio != nullptr);
  BIO_set_data(bio, this);
  BIO_set_init(bio, 1);
  SSL_set_bio(ssl_.get(), bio, bio);
  SSL_set_accept_state(ssl_.get());
}

TlsStream::~TlsStream() = default;

// Where OpenSSL reads and writes.
const BIO_METHOD* TlsStream::method() {
  static const BIO_METHOD* const kMethod = [] {
    BIO_METHOD* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "millstream");
    CHECK(made != nullptr);
    BIO_meth_set_read(made, pull);
    BIO_meth_set_write(made, keep);
    BIO_meth_set_ctrl(made, [](BIO*, int command, long, void*) -> long {
      return command == BIO_CTRL_FLUSH ? 1 : 0;
    });
    return made;
  }();
  return kMethod;
}

int TlsStream::pull(BIO* bio, char* into, int size) {
  auto& self = *static_cast<TlsStream*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  if (!self.first_bytes_.empty()) {
    const size_t bytes = std::min(self.first_bytes_.size(), static_cast<size_t>(size));
    std::memcpy(into, self.first_bytes_.data(), bytes);
    self.first_bytes_.erase(0, bytes);
    return static_cast<int>(bytes);
  }
  const Outcome outcome = self.below_->read_now(into, static_cast<size_t>(size));
  self.silent_bytes_ += outcome.bytes;
  if (outcome.status == Status::kClosed || self.silent_bytes_ > kSilentBytesMax) return 0;
  if (outcome.status == Status::kDone) return static_cast<int>(outcome.bytes);
  BIO_set_retry_read(bio);
  return -1;
}

int TlsStream::keep(BIO* bio, const char* bytes, int size) {
  static_cast<TlsStream*>(BIO_get_data(bio))->unsent_.append(bytes, static_cast<size_t>(size));
  return size;
}

TlsStream::Handshake TlsStream::handshake_now() {
  ERR_clear_error();
  const int result = SSL_do_handshake(ssl_.get());
  const bool wants_input = result != 1 && SSL_get_error(ssl_.get(), result) == SSL_ERROR_WANT_READ;
  if (result != 1 && !wants_input) {
    fail();
    return Handshake::kFailed;
  }
  ready_ = result == 1;
  drained_ = !ready_;
  switch (flush()) {
    case Status::kClosed:
      failure_ = "the peer went away";
      return Handshake::kFailed;
    case Status::kWouldBlock:
      return Handshake::kWantsOutput;
    default:
      return ready_ ? Handshake::kDone : Handshake::kWantsInput;
  }
}

ByteStream::Outcome TlsStream::read_now(char* into, size_t size) {
  if (ended_ && !ready_) return {Status::kClosed};
  ERR_clear_error();
  const int bytes = SSL_read(ssl_.get(), into, static_cast<int>(std::min<size_t>(size, INT_MAX)));
  const int error = bytes > 0 ? SSL_ERROR_NONE : SSL_get_error(ssl_.get(), bytes);
  drained_ = bytes <= 0;
  if (error == SSL_ERROR_SSL) fail();
  if (flush() == Status::kClosed) return {Status::kClosed};
  if (bytes <= 0) return {error == SSL_ERROR_WANT_READ ? Status::kWouldBlock : Status::kClosed};
  silent_bytes_ = 0;
  return {Status::kDone, static_cast<size_t>(bytes)};
}

ByteStream::Outcome TlsStream::write_now(std::span<const std::string_view> pieces) {
  if (ended_ && accepted_bytes_ == 0) return {Status::kClosed};
  if (accepted_bytes_ == 0 && !encrypt(pieces)) return {Status::kClosed};
  const Status flushed = flush();
  if (flushed != Status::kDone) return {flushed};
  return {Status::kDone, std::exchange(accepted_bytes_, 0)};
}

// In records as full as can be: one for a head and a short body together.
bool TlsStream::encrypt(std::span<const std::string_view> pieces) {
  std::string joined;
  for (const std::string_view piece : pieces) {
    std::string_view rest = piece;
    while (!rest.empty() && accepted_bytes_ + joined.size() < kWriteBytes) {
      const size_t bytes = std::min(rest.size(), kRecordBytes - joined.size());
      const std::string_view part = rest.substr(0, bytes);
      rest.remove_prefix(bytes);
      if (joined.empty() && bytes == kRecordBytes) {
        if (!encrypt_record(part)) return false;
        continue;
      }
      joined.append(part);
      if (joined.size() < kRecordBytes) continue;
      if (!encrypt_record(joined)) return false;
      joined.clear();
    }
  }
  return joined.empty() || encrypt_record(joined);
}

bool TlsStream::encrypt_record(std::string_view bytes) {
  ERR_clear_error();
  // What is written is only kept, so all of it is taken at once.
  if (SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size())) <= 0) {
    fail();
    return false;
  }
  accepted_bytes_ += bytes.size();
  return true;
}

ByteStream::Status TlsStream::flush() {
  while (unsent_taken_ < unsent_.size()) {
    const std::string_view rest = std::string_view(unsent_).substr(unsent_taken_);
    const Outcome outcome = below_->write_now({&rest, 1});
    if (outcome.status != Status::kDone) return outcome.status;
    unsent_taken_ += outcome.bytes;
  }
  unsent_taken_ = 0;
  unsent_.clear();
  if (unsent_.capacity() > kKeptUnsentBytes) unsent_ = std::string();
  return Status::kDone;
}

void TlsStream::wait_readable(Callback ready) {
  if (!drained_ && SSL_has_pending(ssl_.get()) == 1) {
    home_.post(std::move(ready));
  } else {
    below_->wait_readable(std::move(ready));
  }
}

void TlsStream::fail() {
  failure_ = openssl_reason();
  ended_ = true;
  ready_ = false;
  // What OpenSSL has to say about it goes out, if it can; whoever called learns of the failure.
  (void)flush();
}

void TlsStream::say_end() {
  if (std::exchange(ended_, true) || !ready_) return;
  ERR_clear_error();
  // It only adds to what is unsent.
  (void)SSL_shutdown(ssl_.get());
  // A peer that takes no more learns of the end from the stream below.
  (void)flush();
}

void TlsStream::shutdown_write() {
  say_end();
  below_->shutdown_write();
}

void TlsStream::close() {
  say_end();
  below_->close();
}

}  // namespace millstream::http
