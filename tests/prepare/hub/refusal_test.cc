// What a Hub that refuses means for the user: the code, and the word that helps.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "hub_and_cache.h"
#include "support/fails_with.h"

namespace tastevin::hub {
namespace {

using testing::ElementsAre;

/// A port of loopback that nobody listens on.
std::string unused_address() {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  EXPECT_EQ(::bind(fd, reinterpret_cast<const sockaddr*>(&address), size), 0);
  EXPECT_EQ(::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size), 0);
  ::close(fd);
  return "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port));
}

std::string fault(const std::string& members) { return R"({"do": "fault", )" + members + "}"; }

TEST(Refusal, OfAModelThatIsNotThereSaysThatItMayBePrivate) {
  const HubAndCache here;

  EXPECT_THAT([&] { here.pull("org/absent"); }, fails_with(ErrorCode::not_found, "'org/absent'"));
  EXPECT_THAT([&] { here.pull("org/absent"); }, fails_with(ErrorCode::not_found, "set HF_TOKEN"));
}

TEST(Refusal, OfAPrivateModelSaysThatTheTokenMayNotReadIt) {
  HubAndCache here;
  here.add_model("org/name");
  here.hub.order(R"({"do": "hide", "id": "org/name", "token": "hf_right"})");
  here.settings.token = "hf_wrong";

  EXPECT_THAT([&] { here.pull("org/name"); }, fails_with(ErrorCode::not_found, "token that was sent"));
}

TEST(Refusal, OfAGatedModelSaysWhereToAskAndWhatToSet) {
  HubAndCache here;
  here.add_model("org/name");
  here.hub.order(R"({"do": "gate", "id": "org/name"})");

  EXPECT_THAT([&] { here.pull("org/name"); },
              fails_with(ErrorCode::unauthorized, "gated: ask for access at " + here.hub.address() + "/org/name"));
  EXPECT_THAT([&] { here.pull("org/name"); }, fails_with(ErrorCode::unauthorized, "HF_TOKEN"));
  here.settings.token = "hf_without_access";
  EXPECT_THAT([&] { here.pull("org/name"); }, fails_with(ErrorCode::unauthorized, "account of the token"));
}

TEST(Refusal, OfARevisionNamesIt) {
  const HubAndCache here;
  here.add_model("org/name");

  EXPECT_THAT([&] { here.pull("org/name@v9"); }, fails_with(ErrorCode::not_found, "no revision 'v9'"));
}

TEST(Refusal, OfAFileNamesIt) {
  HubAndCache here;
  here.add_model("org/name");
  here.hub.order(
      fault(R"("path": "resolve/.*vocab.txt", "status": 404, "headers": {"X-Error-Code": "EntryNotFound"})"));

  EXPECT_THAT([&] { here.pull("org/name"); }, fails_with(ErrorCode::not_found, "'vocab.txt'"));
}

TEST(Refusal, OfTheTokenSaysSo) {
  HubAndCache here;
  here.settings.token = "hf_revoked";
  here.hub.order(fault(R"("path": "api", "status": 401, "headers": {"X-Error-Message": "Invalid credentials"})"));

  EXPECT_THAT([&] { here.pull("org/name"); }, fails_with(ErrorCode::unauthorized, "does not accept the token"));
  EXPECT_THAT([&] { here.pull("org/name"); }, fails_with(ErrorCode::unauthorized, "'Invalid credentials'"));
}

TEST(Refusal, OfARightSaysThatTheTokenDoesNotGiveIt) {
  HubAndCache here;
  here.settings.token = "hf_narrow";
  here.hub.order(fault(R"("path": "api", "status": 403)"));

  EXPECT_THAT([&] { here.pull("org/name"); }, fails_with(ErrorCode::unauthorized, "may not be read"));
}

TEST(Refusal, NeverShowsTheToken) {
  HubAndCache here;
  here.settings.token = "hf_secret";
  for (const int status : {400, 401, 403, 404, 418, 500}) {
    here.hub.order(fault(R"("path": "api", "times": 3, "status": )" + std::to_string(status)));
    try {
      here.pull("org/name");
      FAIL() << status;
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), testing::Not(testing::HasSubstr("hf_secret")));
    }
    here.hub.order(fault(R"("path": "nothing")"));
  }
}

TEST(Refusal, ForTooManyRequestsSaysHowLongToWait) {
  HubAndCache here;
  here.hub.order(fault(R"("path": "api", "status": 429, "headers": {"Retry-After": "300"})"));

  EXPECT_THAT([&] { here.pull("org/name"); }, fails_with(ErrorCode::unavailable, "429"));
  EXPECT_THAT([&] { here.pull("org/name"); }, fails_with(ErrorCode::unavailable, "wait '300' s"));
  EXPECT_EQ(here.requests_of("api").size(), 2U);  // 300 s are more than the patience: not asked again
}

TEST(Refusal, ThatPassesIsAskedAgain) {
  HubAndCache here;
  here.add_model("org/name");
  here.hub.order(fault(R"("path": "api", "times": 1, "status": 503)"));
  here.hub.order(fault(R"("path": "api", "times": 1, "status": 429, "headers": {"Retry-After": "0"})"));

  here.pull("org/name");

  EXPECT_THAT(here.requests_of("/api/models/org/name/revision"), ElementsAre("GET", "GET", "GET"));
}

TEST(Refusal, ThatDoesNotPassEndsAfterSomeAttempts) {
  HubAndCache here;
  here.hub.order(fault(R"("path": "api", "status": 500)"));

  EXPECT_THAT([&] { here.pull("org/name"); }, fails_with(ErrorCode::unavailable, "answered 500"));
  EXPECT_EQ(here.requests_of("api").size(), here.settings.patience.attempts);
}

TEST(Refusal, OfTheStoreOfFilesIsNotOneOfTheModel) {
  HubAndCache here;
  here.add_model("org/name");
  here.hub.order(fault(R"("path": "cdn", "status": 403)"));

  EXPECT_THAT([&] { here.pull("org/name"); }, fails_with(ErrorCode::unavailable, here.hub.cdn() + " answered 403"));
}

TEST(Refusal, WithoutAHubNamesItsAddress) {
  HubAndCache here;
  here.settings.endpoint = unused_address();

  EXPECT_THAT([&] { here.pull("org/name"); },
              fails_with(ErrorCode::unavailable, "cannot reach " + here.settings.endpoint));
}

// RFC 6761: names under .invalid never resolve.
TEST(Refusal, OfANameThatDoesNotResolveSaysSo) {
  HubAndCache here;
  here.settings.endpoint = "https://hub.invalid";

  EXPECT_THAT([&] { here.pull("org/name"); }, fails_with(ErrorCode::unavailable, "cannot reach https://hub.invalid"));
}

TEST(Refusal, OfAModelWithoutWeightsNamesWhatIsThere) {
  const HubAndCache here;
  here.hub.add("org/name", "config.json", "{}");
  here.hub.add("org/name", "tf_model.h5", "other weights");

  EXPECT_THAT([&] { here.pull("org/name"); }, fails_with(ErrorCode::unsupported_model, "tf_model.h5"));
}

}  // namespace
}  // namespace tastevin::hub
