#include "http/tls_context.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include "http/openssl_owned.h"

namespace millstream::http {
namespace {

constexpr const char* kTls12Ciphers = "ECDHE+AESGCM:ECDHE+CHACHA20";
// As ALPN lists them: each behind its length.
constexpr std::string_view kProtocols = "\x02h2\x08http/1.1";

Error unusable(const std::string& what) {
  return {ErrorCode::kInvalidArgument, what + ": " + openssl_reason() + "."};
}

// Without it OpenSSL would ask for a password on the terminal.
int no_password(char*, int, int, void*) {
  return -1;
}

int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* chosen_size,
                    const unsigned char* offered, unsigned offered_size, void*) {
  unsigned char* choice = nullptr;
  const int found = SSL_select_next_proto(
      &choice, chosen_size, reinterpret_cast<const unsigned char*>(kProtocols.data()),
      static_cast<unsigned>(kProtocols.size()), offered, offered_size);
  *chosen = choice;
  return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

Result<std::string> fingerprint_of(const X509* certificate) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  if (X509_digest(certificate, EVP_sha256(), digest, &size) != 1) {
    return unusable("The certificate's fingerprint can't be made");
  }
  static constexpr char kDigits[] = "0123456789ABCDEF";
  std::string text;
  for (unsigned i = 0; i < size; ++i) {
    if (i > 0) text += ':';
    text += kDigits[digest[i] >> 4];
    text += kDigits[digest[i] & 0xF];
  }
  return text;
}

}  // namespace

TlsContext::TlsContext() : context_(SSL_CTX_new(TLS_server_method())) {
  CHECK(context_ != nullptr);
  CHECK(SSL_CTX_set_min_proto_version(context_, TLS1_2_VERSION) == 1);
  CHECK(SSL_CTX_set_cipher_list(context_, kTls12Ciphers) == 1);
  SSL_CTX_set_options(context_, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_mode(context_, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_session_cache_mode(context_, SSL_SESS_CACHE_OFF);  // tickets need none
  SSL_CTX_set_num_tickets(context_, 1);
  SSL_CTX_set_read_ahead(context_, 1);
  SSL_CTX_set_alpn_select_cb(context_, choose_protocol, nullptr);
}

TlsContext::~TlsContext() {
  SSL_CTX_free(context_);
}

Result<std::shared_ptr<const TlsContext>> TlsContext::make(const std::string& certificates,
                                                           const std::string& key) {
  ERR_clear_error();
  std::shared_ptr<TlsContext> context(new TlsContext);
  if (Result<> used = context->use_certificates(certificates); !used) return used.take_error();
  if (Result<> used = context->use_key(key); !used) return used.take_error();
  return std::shared_ptr<const TlsContext>(std::move(context));
}

Result<> TlsContext::use_certificates(const std::string& certificates) {
  const OpensslOwned<BIO> text = memory_bio(certificates);
  const OpensslOwned<X509> own(PEM_read_bio_X509(text.get(), nullptr, no_password, nullptr));
  if (!own) return unusable("There is no certificate in PEM");
  if (SSL_CTX_use_certificate(context_, own.get()) != 1) {
    return unusable("The certificate can't be used");
  }
  Result<std::string> fingerprint = fingerprint_of(own.get());
  if (!fingerprint) return fingerprint.take_error();
  fingerprint_ = fingerprint.take();
  certificates_ = certificate_text(own.get());
  while (true) {
    const OpensslOwned<X509> next(PEM_read_bio_X509(text.get(), nullptr, no_password, nullptr));
    if (!next) break;
    if (SSL_CTX_add1_chain_cert(context_, next.get()) != 1) {
      return unusable("A certificate behind the first can't be used");
    }
    certificates_ += certificate_text(next.get());
  }
  const auto end = ERR_GET_REASON(ERR_peek_last_error());
  if (end != PEM_R_NO_START_LINE) return unusable("A certificate behind the first can't be read");
  ERR_clear_error();
  return {};
}

Result<> TlsContext::use_key(const std::string& key) {
  const OpensslOwned<BIO> text = memory_bio(key);
  const OpensslOwned<EVP_PKEY> own(
      PEM_read_bio_PrivateKey(text.get(), nullptr, no_password, nullptr));
  if (!own) return unusable("There is no key in PEM without a password");
  if (SSL_CTX_use_PrivateKey(context_, own.get()) != 1 ||
      SSL_CTX_check_private_key(context_) != 1) {
    return unusable("The key isn't the certificate's");
  }
  return {};
}

}  // namespace millstream::http
