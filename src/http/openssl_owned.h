#pragma once

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

#include "base/check.h"

namespace millstream::http {

// OpenSSL's objects with an owner.
struct OpensslFree {
  void operator()(BIO* bio) const { BIO_free_all(bio); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(X509_EXTENSION* extension) const { X509_EXTENSION_free(extension); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};
template <class Object>
using OpensslOwned = std::unique_ptr<Object, OpensslFree>;

// Reads `text`, which outlives it.
inline OpensslOwned<BIO> memory_bio(const std::string& text) {
  return OpensslOwned<BIO>(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

// What a memory BIO holds.
inline std::string text_of(BIO* memory) {
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(memory, &bytes);
  return {bytes, static_cast<size_t>(size)};
}

// In PEM.
inline std::string certificate_text(X509* certificate) {
  const OpensslOwned<BIO> memory(BIO_new(BIO_s_mem()));
  CHECK(memory != nullptr && PEM_write_bio_X509(memory.get(), certificate) == 1);
  return text_of(memory.get());
}

// What this thread's last failure was, in OpenSSL's words; forgets it.
inline std::string openssl_reason() {
  const char* reason = ERR_reason_error_string(ERR_peek_last_error());
  ERR_clear_error();
  return reason ? reason : "no reason is known";
}

}  // namespace millstream::http
