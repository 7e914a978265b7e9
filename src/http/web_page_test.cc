#include "http/web_page.h"

#include <gtest/gtest.h>

namespace millstream::http {
namespace {

Request request_with(std::vector<std::pair<std::string, std::string>> headers) {
  Request request;
  for (auto& [name, value] : headers) request.headers.add(name, value);
  return request;
}

bool refused(std::vector<std::pair<std::string, std::string>> headers, const WebPages& pages = {}) {
  return web_page_behind(request_with(std::move(headers)), pages).has_value();
}

TEST(WebPage, IsNotBehindTheRequestsOfToolsOnThisMachine) {
  for (const char* host : {"127.0.0.1:4566", "localhost:4566", "LOCALHOST", "[::1]:4566", "[::1]",
                           "192.168.1.4:80", "kinesis.localhost:4566", "localhost.:4566"}) {
    EXPECT_FALSE(refused({{"Host", host}})) << host;
  }
  // A user who types the address.
  EXPECT_FALSE(refused({{"Host", "localhost"}, {"Sec-Fetch-Site", "none"}}));
}

TEST(WebPage, IsBehindAnOriginAFetchOrAForeignName) {
  for (const char* origin : {"https://example.com", "null", "http://localhost:4566"}) {
    EXPECT_TRUE(refused({{"Host", "localhost:4566"}, {"Origin", origin}})) << origin;
  }
  for (const char* site : {"cross-site", "same-site", "same-origin"}) {
    EXPECT_TRUE(refused({{"Host", "localhost:4566"}, {"Sec-Fetch-Site", site}})) << site;
  }
  for (const char* host : {"example.com:4566", "localhost.example.com", "127.0.0.1.example.com",
                           "notlocalhost", "", "0x7f.1"}) {
    EXPECT_TRUE(refused({{"Host", host}})) << host;
  }
  EXPECT_TRUE(refused({}));
}

TEST(WebPage, IsTrustedWhenItsOriginIsNamed) {
  const WebPages pages = {{"http://127.0.0.1:4567"}};
  EXPECT_FALSE(refused({{"Host", "127.0.0.1:4566"},
                        {"Origin", "http://127.0.0.1:4567"},
                        {"Sec-Fetch-Site", "same-site"}},
                       pages));
  EXPECT_TRUE(refused({{"Host", "127.0.0.1:4566"}, {"Origin", "http://127.0.0.1:4568"}}, pages));
  // The name is wrong though the origin is right: rebound.
  EXPECT_TRUE(refused({{"Host", "example.com"}, {"Origin", "http://127.0.0.1:4567"}}, pages));
}

TEST(WebPage, TellsWhatGaveItAway) {
  EXPECT_EQ(*web_page_behind(request_with({{"Host", "evil.example.com"}}), {}),
            "its Host, 'evil.example.com', is neither an IP address nor localhost");
}

}  // namespace
}  // namespace millstream::http
