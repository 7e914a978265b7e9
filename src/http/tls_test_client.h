#pragma once

#include <string>
#include <string_view>

#include "http/openssl_owned.h"
#include "http/server.h"
#include "http/test_client.h"

namespace millstream::http::testing {

struct TlsClientOptions {
  int version = 0;             // TLS1_2_VERSION and so on; 0: the best that both know
  std::string_view protocols;  // ALPN, each behind its length
};

// A blocking TLS client that believes `trusted` (PEM) and expects the name localhost.
class TlsClient {
 public:
  TlsClient(const Address& address, const std::string& trusted,
            const TlsClientOptions& options = {})
      : socket_(address), context_(SSL_CTX_new(TLS_client_method())), ssl_(nullptr) {
    const OpensslOwned<BIO> text = memory_bio(trusted);
    const OpensslOwned<X509> certificate(PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr));
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context_), certificate.get());
    SSL_CTX_set_verify(context_, SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_security_level(context_, 0);  // whatever the test asks for
    if (options.version != 0) {
      SSL_CTX_set_min_proto_version(context_, options.version);
      SSL_CTX_set_max_proto_version(context_, options.version);
    }
    ssl_.reset(SSL_new(context_));
    SSL_set1_host(ssl_.get(), "localhost");
    if (!options.protocols.empty()) {
      SSL_set_alpn_protos(ssl_.get(),
                          reinterpret_cast<const unsigned char*>(options.protocols.data()),
                          static_cast<unsigned>(options.protocols.size()));
    }
    SSL_set_fd(ssl_.get(), socket_.descriptor());
  }
  ~TlsClient() {
    ssl_.reset();
    SSL_CTX_free(context_);
  }
  TlsClient(const TlsClient&) = delete;

  bool connect() { return SSL_connect(ssl_.get()) == 1; }
  bool send(std::string_view bytes) {
    return SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size())) ==
           static_cast<int>(bytes.size());
  }
  // Appends what comes next to `into`; false at the end.
  bool receive(std::string* into) {
    char buffer[16384];
    const int size = SSL_read(ssl_.get(), buffer, sizeof buffer);
    if (size > 0) into->append(buffer, static_cast<size_t>(size));
    return size > 0;
  }
  std::string read_to_end() {
    std::string text;
    while (receive(&text)) {
    }
    return text;
  }
  // Reads until what came ends with `end`; what came.
  std::string read_until(std::string_view end) {
    std::string text;
    while (!text.ends_with(end) && receive(&text)) {
    }
    return text;
  }
  // Whether the server said that nothing more follows, instead of only going away.
  [[nodiscard]] bool was_told_of_the_end() const {
    return (SSL_get_shutdown(ssl_.get()) & SSL_RECEIVED_SHUTDOWN) != 0;
  }
  [[nodiscard]] std::string protocol() const {
    const unsigned char* chosen = nullptr;
    unsigned size = 0;
    SSL_get0_alpn_selected(ssl_.get(), &chosen, &size);
    return {reinterpret_cast<const char*>(chosen), size};
  }
  [[nodiscard]] SSL* ssl() const { return ssl_.get(); }
  [[nodiscard]] RawClient& socket() { return socket_; }

 private:
  RawClient socket_;
  SSL_CTX* context_;
  OpensslOwned<SSL> ssl_;
};

}  // namespace millstream::http::testing
