#include "http/self_signed.h"

#include <arpa/inet.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <ctime>

#include "http/openssl_owned.h"

namespace millstream::http {
namespace {

constexpr int64_t kDayMs = int64_t{24} * 60 * 60 * 1000;
constexpr int64_t kValidDays = 3650;
constexpr int kSerialBits = 128;
constexpr const char* kCommonName = "Millstream";

Error openssl_failure(const std::string& what) {
  return {ErrorCode::kIo, what + ": " + openssl_reason() + "."};
}

bool is_ip_address(const std::string& name) {
  in6_addr ignored;
  return inet_pton(AF_INET, name.c_str(), &ignored) == 1 ||
         inet_pton(AF_INET6, name.c_str(), &ignored) == 1;
}

std::string alternative_names(std::span<const std::string> names) {
  std::string text;
  for (const std::string& name : names) {
    if (!text.empty()) text += ',';
    text += (is_ip_address(name) ? "IP:" : "DNS:") + name;
  }
  return text;
}

bool add_extension(X509* certificate, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  const OpensslOwned<X509_EXTENSION> extension(
      X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
  return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

bool set_serial(X509* certificate) {
  BIGNUM* number = BN_new();
  const bool done = number && BN_rand(number, kSerialBits, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) &&
                    BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != nullptr;
  BN_free(number);
  return done;
}

bool set_times(X509* certificate, int64_t now_ms) {
  const auto begin = static_cast<time_t>((now_ms - kDayMs) / 1000);
  const auto end = static_cast<time_t>((now_ms + kValidDays * kDayMs) / 1000);
  return ASN1_TIME_set(X509_getm_notBefore(certificate), begin) != nullptr &&
         ASN1_TIME_set(X509_getm_notAfter(certificate), end) != nullptr;
}

bool set_subject(X509* certificate) {
  X509_NAME* name = X509_get_subject_name(certificate);
  return X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                                    reinterpret_cast<const unsigned char*>(kCommonName), -1, -1,
                                    0) == 1 &&
         X509_set_issuer_name(certificate, name) == 1;
}

OpensslOwned<X509> make_certificate(EVP_PKEY* key, std::span<const std::string> names,
                                    int64_t now_ms) {
  OpensslOwned<X509> certificate(X509_new());
  const bool made =
      certificate && X509_set_version(certificate.get(), X509_VERSION_3) == 1 &&
      set_serial(certificate.get()) && set_times(certificate.get(), now_ms) &&
      set_subject(certificate.get()) && X509_set_pubkey(certificate.get(), key) == 1 &&
      add_extension(certificate.get(), NID_basic_constraints, "critical,CA:FALSE") &&
      add_extension(certificate.get(), NID_key_usage, "critical,digitalSignature") &&
      add_extension(certificate.get(), NID_ext_key_usage, "serverAuth") &&
      add_extension(certificate.get(), NID_subject_key_identifier, "hash") &&
      add_extension(certificate.get(), NID_authority_key_identifier, "keyid:always") &&
      add_extension(certificate.get(), NID_subject_alt_name, alternative_names(names)) &&
      X509_sign(certificate.get(), key, EVP_sha256()) > 0;
  if (!made) certificate.reset();
  return certificate;
}

}  // namespace

Result<CertificateAndKey> make_self_signed(std::span<const std::string> names, int64_t now_ms) {
  ERR_clear_error();
  const OpensslOwned<EVP_PKEY> key(EVP_EC_gen("P-256"));
  if (!key) return openssl_failure("A key can't be made");
  const OpensslOwned<X509> certificate = make_certificate(key.get(), names, now_ms);
  if (!certificate) return openssl_failure("A certificate can't be made");
  const OpensslOwned<BIO> key_text(BIO_new(BIO_s_mem()));
  if (!key_text || PEM_write_bio_PrivateKey(key_text.get(), key.get(), nullptr, nullptr, 0, nullptr,
                                            nullptr) != 1) {
    return openssl_failure("A key can't be written");
  }
  return CertificateAndKey{certificate_text(certificate.get()), text_of(key_text.get())};
}

Result<int64_t> certificate_end_ms(const std::string& certificate) {
  const OpensslOwned<BIO> text = memory_bio(certificate);
  const OpensslOwned<X509> read(PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr));
  tm end = {};
  if (!read || ASN1_TIME_to_tm(X509_get0_notAfter(read.get()), &end) != 1) {
    return Error{ErrorCode::kInvalidArgument, "There is no certificate in PEM."};
  }
  return static_cast<int64_t>(timegm(&end)) * 1000;
}

}  // namespace millstream::http
