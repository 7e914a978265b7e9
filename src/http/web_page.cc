#include "http/web_page.h"

#include <arpa/inet.h>

#include <algorithm>
#include <string_view>

namespace millstream::http {
namespace {

// "127.0.0.1:4566" -> "127.0.0.1", "[::1]:4566" -> "::1".
std::string without_port(std::string_view host) {
  if (host.starts_with('[')) return std::string(host.substr(1, host.find(']') - 1));
  return std::string(host.substr(0, host.find(':')));
}

bool is_ip_address(const std::string& host) {
  in6_addr ignored;
  return inet_pton(AF_INET, host.c_str(), &ignored) == 1 ||
         inet_pton(AF_INET6, host.c_str(), &ignored) == 1;
}

// What no name server outside this machine can make a page's name (RFC 6761, 6.3).
bool is_of_this_machine(std::string_view host) {
  std::string name = without_port(host);
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char byte) { return static_cast<char>(std::tolower(byte)); });
  if (name.ends_with('.')) name.pop_back();
  return is_ip_address(name) || name == "localhost" || name.ends_with(".localhost");
}

}  // namespace

std::optional<std::string> web_page_behind(const Request& request, const WebPages& pages) {
  const std::string_view host = request.headers.get("host");
  if (!is_of_this_machine(host)) {
    return "its Host, '" + std::string(host) + "', is neither an IP address nor localhost";
  }
  if (const auto origin = request.headers.find("origin")) {
    const auto& trusted = pages.trusted_origins;
    if (std::find(trusted.begin(), trusted.end(), *origin) != trusted.end()) return std::nullopt;
    return "a web page sent it (Origin '" + std::string(*origin) + "')";
  }
  const std::string_view site = request.headers.get("sec-fetch-site");
  if (site.empty() || site == "none") return std::nullopt;
  return "a web page sent it (Sec-Fetch-Site '" + std::string(site) + "')";
}

}  // namespace millstream::http
