#pragma once

#include <optional>
#include <string>
#include <vector>

#include "http/message.h"

namespace millstream::http {

// Which web pages may use what this server grants to its own machine without proof (unknown keys,
// its own paths). A value.
//
// Any page that a user opens can have their browser send requests to a loopback address, or to a
// name that the page's owner lets point there (DNS rebinding). So what is granted for having come
// from this machine is refused to pages, but for those named here.
struct WebPages {
  // Origins as browsers send them: "http://127.0.0.1:4567". Empty: no page is trusted. A console
  // that is served to browsers gets its way in here.
  std::vector<std::string> trusted_origins;
};

// Why a request may be a web page's: it carries an Origin, or a Sec-Fetch-Site other than "none",
// or its Host is neither an IP address nor localhost. Nothing for a request of the SDKs, the CLI or
// curl to this machine, and for one of a trusted page.
std::optional<std::string> web_page_behind(const Request& request, const WebPages& pages);

}  // namespace millstream::http
