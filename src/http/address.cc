#include <arpa/inet.h>

#include <charconv>

#include "http/server.h"

namespace millstream::http {
namespace {

bool is_v6(const std::string& host) {
  return host.find(':') != std::string::npos;
}

bool is_ip_address(const std::string& host) {
  in6_addr ignored;
  return inet_pton(is_v6(host) ? AF_INET6 : AF_INET, host.c_str(), &ignored) == 1;
}

}  // namespace

std::string Address::text() const {
  const std::string shown = is_v6(host) ? "[" + host + "]" : host;
  return shown + ":" + std::to_string(port);
}

bool Address::is_loopback() const {
  return host == "::1" || host.starts_with("127.");
}

Result<Address> parse_address(std::string_view text) {
  const Error wrong = {ErrorCode::kInvalidArgument, "'" + std::string(text) +
                                                        "' is not an address and port, as in "
                                                        "127.0.0.1:4566 or [::1]:4566."};
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return wrong;
  std::string_view host = text.substr(0, colon);
  const std::string_view port = text.substr(colon + 1);
  const bool bracketed = host.starts_with('[') && host.ends_with(']');
  if (bracketed) host = host.substr(1, host.size() - 2);

  Address address{host == "localhost" ? "127.0.0.1" : std::string(host)};
  if (is_v6(address.host) != bracketed || !is_ip_address(address.host)) return wrong;
  const auto parsed = std::from_chars(port.data(), port.data() + port.size(), address.port);
  if (parsed.ec != std::errc() || parsed.ptr != port.data() + port.size()) return wrong;
  return address;
}

}  // namespace millstream::http
