#include "server/tls_identity.h"

#include <unistd.h>

#include <array>
#include <climits>
#include <optional>
#include <vector>

#include "http/self_signed.h"
#include "io/real_disk.h"
#include "journal/epoch_file.h"

namespace millstream::server {
namespace {

constexpr const char* kNewTlsFileName = "tls.pem.new";
constexpr uint64_t kFileBytesMax = 1u << 20;
constexpr int64_t kRenewBeforeMs = int64_t{30} * 24 * 60 * 60 * 1000;

using Identity = Result<std::shared_ptr<const http::TlsContext>>;

Error unusable(const std::string& what, const Error& why) {
  return {why.code, what + " can't be used: " + why.message};
}

Result<std::string> read_file(io::Disk& disk, const std::string& path) {
  auto file = disk.open(path, io::OpenMode::kRead);
  if (!file) return file.take_error();
  auto bytes = (*file)->read_at(0, kFileBytesMax);
  if (!bytes) return bytes.take_error();
  return bytes.take();
}

Identity open_configured(const Config& config) {
  io::RealDisk disk;
  Result<std::string> certificate = read_file(disk, config.tls_certificate);
  if (!certificate) return unusable("The TLS certificate", certificate.error());
  Result<std::string> key = read_file(disk, config.tls_key);
  if (!key) return unusable("The TLS key", key.error());
  Identity identity = http::TlsContext::make(*certificate, *key);
  if (!identity) {
    return unusable(
        "The TLS certificate " + config.tls_certificate + " with the key " + config.tls_key,
        identity.error());
  }
  return identity;
}

std::vector<std::string> own_names() {
  std::vector<std::string> names = {"localhost", "127.0.0.1", "::1"};
  std::array<char, HOST_NAME_MAX + 1> name = {};
  if (gethostname(name.data(), name.size() - 1) == 0 && name[0] != '\0' &&
      std::string_view(name.data()) != names.front()) {
    names.emplace_back(name.data());
  }
  return names;
}

// The file's text; nothing if there is none, or its certificate ends soon.
Result<std::optional<std::string>> kept_identity(io::Disk& disk, const std::string& path,
                                                 const Clock& clock) {
  Result<std::string> text = read_file(disk, path);
  if (!text && text.error().code == ErrorCode::kNotFound) return std::optional<std::string>();
  if (!text) return text.take_error();
  Result<int64_t> end_ms = http::certificate_end_ms(*text);
  if (!end_ms) return end_ms.take_error();
  if (*end_ms < clock.wall_ms() + kRenewBeforeMs) return std::optional<std::string>();
  return std::optional(text.take());
}

Result<std::string> new_identity(io::Disk& disk, const std::string& data_directory,
                                 const Clock& clock) {
  auto made = http::make_self_signed(own_names(), clock.wall_ms());
  if (!made) return made.take_error();
  std::string text = made->key + made->certificate;
  Result<> written =
      journal::replace_file(disk, data_directory, kTlsFileName, kNewTlsFileName, text);
  if (!written) return written.take_error();
  return text;
}

Identity open_own(const std::string& data_directory, const Clock& clock) {
  io::RealDisk disk;
  const std::string path = data_directory + "/" + kTlsFileName;
  auto kept = kept_identity(disk, path, clock);
  if (!kept) return unusable(path, kept.error());
  Result<std::string> text =
      *kept ? Result<std::string>(std::move(**kept)) : new_identity(disk, data_directory, clock);
  if (!text) return unusable(path, text.error());
  Identity identity = http::TlsContext::make(*text, *text);
  if (!identity) return unusable(path, identity.error());
  return identity;
}

}  // namespace

Identity open_tls_identity(const Config& config, const std::string& data_directory,
                           const Clock& clock) {
  return config.tls_certificate.empty() ? open_own(data_directory, clock) : open_configured(config);
}

}  // namespace millstream::server
