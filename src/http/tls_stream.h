#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "http/byte_stream.h"
#include "http/openssl_owned.h"
#include "http/tls_context.h"
#include "io/executor.h"

namespace millstream::http {

// How every TLS connection begins: the type of a handshake record. No request begins with it.
inline constexpr char kTlsFirstByte = 0x16;

// The server's side of TLS over another stream. Reading and writing are as for every ByteStream
// once the handshake is done.
//
// Operation: OpenSSL reads from the stream below as it needs it; what it wants to send is kept
// here and goes out with the next call. At most kWriteBytes of what the caller gave, encrypted, are
// kept at a time: they count as written once the stream below has taken all of it. A peer that
// sends much of the protocol's own (key updates) and no content among it is cut off.
class TlsStream final : public ByteStream {
 public:
  enum class Handshake { kDone, kWantsInput, kWantsOutput, kFailed };

  // `first_bytes` were read from `below` already. `home` is the executor of both.
  TlsStream(std::shared_ptr<const TlsContext> context, std::unique_ptr<ByteStream> below,
            io::Executor& home, std::string first_bytes);
  ~TlsStream() override;

  // Goes on with the handshake as far as it can now; the caller waits for what it wants.
  Handshake handshake_now();
  // Why it failed, in OpenSSL's words.
  [[nodiscard]] const std::string& failure() const { return failure_; }

  Outcome read_now(char* into, size_t size) override;
  Outcome write_now(std::span<const std::string_view> pieces) override;
  void wait_readable(Callback ready) override;
  void wait_writable(Callback ready) override { below_->wait_writable(std::move(ready)); }
  void cancel_waits() override { below_->cancel_waits(); }
  void shutdown_write() override;
  void close() override;

 private:
  static constexpr size_t kWriteBytes = 64u << 10;

  static const BIO_METHOD* method();
  static int pull(BIO* bio, char* into, int size);
  static int keep(BIO* bio, const char* bytes, int size);

  [[nodiscard]] Status flush();
  bool encrypt(std::span<const std::string_view> pieces);
  bool encrypt_record(std::string_view bytes);
  void fail();
  void say_end();

  const std::shared_ptr<const TlsContext> context_;
  const std::unique_ptr<ByteStream> below_;
  io::Executor& home_;
  OpensslOwned<SSL> ssl_;
  std::string first_bytes_;
  std::string unsent_;         // encrypted
  size_t unsent_taken_ = 0;    // of unsent_, by the stream below
  size_t accepted_bytes_ = 0;  // of the caller's, in unsent_
  size_t silent_bytes_ = 0;    // read since the last content
  bool drained_ = true;        // OpenSSL has no whole record left
  bool ready_ = false;         // the handshake is done
  bool ended_ = false;         // no more is written: end said, failed or closed
  std::string failure_;
};

}  // namespace millstream::http
