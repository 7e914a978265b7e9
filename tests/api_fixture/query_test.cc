#include <gtest/gtest.h>

#include "fixture.h"

namespace millstream {
namespace {

std::string result_of(const http::Response& response) {
  const size_t begin = response.body.find("<EchoResult>");
  const size_t end = response.body.find("</EchoResult>");
  if (begin == std::string::npos || end == std::string::npos) return response.body;
  return response.body.substr(begin + 12, end - begin - 12);
}

TEST(QueryProtocol, CarriesEveryTypeThereAndBack) {
  Fixture fixture;
  const http::Response response = fixture.query(
      "Echo",
      "Name=a&Count=7&Big=-5&Ratio=0.25&Flag=true&When=2026-11-22T10%3A15%3A30Z&Bytes=AAEC&"
      "Color=RED&Names.member.2=y&Names.member.1=x&Items.member.1.Key=k&"
      "Items.member.1.Value=%3Cv%26%3E+1&Attributes.entry.1.key=p&Attributes.entry.1.value=4&"
      "Tree.Children.member.1.Label=leaf&Else.1.2=3");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.headers.get("content-type"), "text/xml");
  EXPECT_EQ(result_of(response),
            "<Name>a</Name><Count>7</Count><Big>-5</Big><Ratio>0.25</Ratio><Flag>true</Flag>"
            "<When>2026-11-22T10:15:30Z</When><Bytes>AAEC</Bytes><Color>RED</Color>"
            "<Names><member>x</member><member>y</member></Names>"
            "<Items><member><Key>k</Key><Value>&lt;v&amp;&gt; 1</Value></member></Items>"
            "<Attributes><entry><key>p</key><value>4</value></entry></Attributes>"
            "<Tree><Children><member><Label>leaf</Label></member></Children></Tree>");
  EXPECT_EQ(response.body.rfind("<EchoResponse xmlns=\"urn:fixture:2020-01-02\">", 0), 0u);
  EXPECT_NE(response.body.find("<ResponseMetadata><RequestId>" +
                               std::string(response.headers.get("x-amzn-requestid"))),
            std::string::npos);
}

TEST(QueryProtocol, FormatsErrorsAsXml) {
  Fixture fixture;
  const http::Response missing = fixture.query("Fail", "Message=no+%3Cthing%3E");
  EXPECT_EQ(missing.status, 404);
  EXPECT_NE(missing.body.find("<Error><Type>Sender</Type><Code>ThingMissing</Code><Message>no "
                              "&lt;thing&gt;</Message></Error><RequestId>"),
            std::string::npos);
  const http::Response invalid = fixture.query("Echo", "Name=");
  EXPECT_NE(invalid.body.find("<Code>ValidationError</Code>"), std::string::npos);
  EXPECT_NE(fixture.query("Fail", "").body.find("<Type>Receiver</Type>"), std::string::npos);
  EXPECT_EQ(fixture.query("Unbuilt", "").status, 501);
}

TEST(QueryProtocol, RefusesWhatIsMalformed) {
  const std::pair<const char*, const char*> cases[] = {
      {"Name=a&Count=seven", "MalformedInput"},
      {"Name=a&Count=99999999999", "MalformedInput"},
      {"Name=a&Flag=maybe", "MalformedInput"},
      {"Name=a&Bytes=A", "MalformedInput"},
      {"Name=a&When=soon", "MalformedInput"},
      {"Name=%zz", "MalformedQueryString"},
      {"Name=%ff", "MalformedQueryString"},
      {"Name.x=a", "MalformedInput"},
      {"Names.member.1.x=a&Name=a", "MalformedInput"},
  };
  for (const auto& [parameters, code] : cases) {
    Fixture fixture;
    const http::Response response = fixture.query("Echo", parameters);
    EXPECT_EQ(response.status, 400) << parameters;
    EXPECT_NE(response.body.find("<Code>" + std::string(code) + "</Code>"), std::string::npos)
        << parameters << ": " << response.body;
  }
}

TEST(QueryProtocol, BoundsTheDepthOfNames) {
  Fixture fixture;
  std::string name = "Tree";
  for (int i = 0; i < 100; ++i) name += ".Children.member.1";
  EXPECT_EQ(fixture.query("Echo", "Name=a&" + name + ".Label=x").status, 400);
}

TEST(QueryProtocol, NamesUnknownActionsAndRefusedClientsAsQueryServicesDo) {
  Fixture fixture;
  EXPECT_NE(fixture.query("Nothing", "").body.find("<Code>InvalidAction</Code>"),
            std::string::npos);
  fixture.authenticator.refuse = true;
  const http::Response refused = fixture.query("Echo", "Name=a");
  EXPECT_EQ(refused.status, 403);
  EXPECT_NE(refused.body.find("<Code>InvalidClientTokenId</Code>"), std::string::npos);
}

}  // namespace
}  // namespace millstream
