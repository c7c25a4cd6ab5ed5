// A server that is no Hub, or one that means harm: nothing outside the cache is written, nothing is read without end.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hub_and_cache.h"
#include "support/fails_with.h"

namespace tastevin::hub {
namespace {

class HostileHub : public testing::Test {
 protected:
  HostileHub() { here.add_model("org/name"); }

  void fault(const std::string& members) { here.hub.order(R"({"do": "fault", )" + members + "}"); }

  void answer_list(const std::string& body) { fault(R"("path": "api/models", "body": )" + Json(body).dump()); }

  auto pulling() {
    return [this] { here.pull("org/name"); };
  }

  HubAndCache here;
};

TEST_F(HostileHub, NamesOfFilesThatLeaveTheirFolderAreNotAskedFor) {
  const std::string commit(40, 'a');
  answer_list(R"({"sha": ")" + commit + R"(", "siblings": [{"rfilename": "../../config.json"},
                  {"rfilename": "/etc/passwd"}, {"rfilename": "a/../../model.safetensors"}]})");

  EXPECT_THAT(pulling(), fails_with(ErrorCode::unsupported_model, "config.json"));
  EXPECT_TRUE(names_below(here.settings.cache).empty());
}

TEST_F(HostileHub, ACommitThatIsAPathIsRefused) {
  answer_list(R"({"sha": "../../../../../../tmp/evil", "siblings": [{"rfilename": "config.json"}]})");

  EXPECT_THAT(pulling(), fails_with(ErrorCode::unavailable, "'sha'"));
}

TEST_F(HostileHub, AnEtagThatIsAPathIsRefused) {
  fault(R"("path": "resolve.*config.json", "set": {"X-Linked-Etag": "\"../../evil\""})");

  EXPECT_THAT(pulling(), fails_with(ErrorCode::unavailable, "'../../evil'"));
  EXPECT_TRUE(names_below(here.settings.cache).empty());
}

TEST_F(HostileHub, AnEtagMissingIsRefused) {
  fault(R"("path": "resolve", "set": {"X-Linked-Etag": null, "ETag": null})");

  EXPECT_THAT(pulling(), fails_with(ErrorCode::unavailable, "ETag"));
}

TEST_F(HostileHub, AFileOfAnotherCommitIsRefused) {
  fault(R"("path": "resolve", "set": {"X-Repo-Commit": "0000000000000000000000000000000000000000"})");

  EXPECT_THAT(pulling(), fails_with(ErrorCode::unavailable, "X-Repo-Commit"));
}

TEST_F(HostileHub, ASizeThatIsNoNumberIsRefused) {
  for (const char* size : {"-1", "12x", "99999999999999999999", "5000000000000"}) {
    fault(R"("path": "resolve", "times": 1, "set": {"X-Linked-Size": ")" + std::string(size) + R"("})");
    EXPECT_THAT(pulling(), fails_with(ErrorCode::unavailable, size));
  }
}

TEST_F(HostileHub, MoreBytesThanTheFileHasAreRefused) {
  fault(R"("path": "cdn", "body": "the weights and more")");

  EXPECT_THAT(pulling(), fails_with(ErrorCode::bad_checkpoint, "more than its 11 bytes"));
}

TEST_F(HostileHub, AListThatIsNoJsonIsNotOneOfAHub) {
  answer_list("<html>Please log in to this network</html>");

  EXPECT_THAT(pulling(), fails_with(ErrorCode::unavailable, "does not answer as a Hub"));
}

TEST_F(HostileHub, AListOfAnotherFormIsRefused) {
  const std::string sha = R"("sha": ")" + std::string(40, 'a') + R"(")";
  for (const std::string& members :
       {sha, sha + R"(, "siblings": 1)", sha + R"(, "siblings": [1])", sha + R"(, "siblings": [{}])"}) {
    fault(R"("path": "api", "times": 1, "body": )" + Json("{" + members + "}").dump());
    EXPECT_THAT(pulling(), fails_with(ErrorCode::unavailable, "list of files")) << members;
  }
}

TEST_F(HostileHub, AListWithoutEndIsRefused) {
  fault(R"("path": "api", "body": ")" + std::string((32U << 20U) + 1, ' ') + R"(")");

  EXPECT_THAT(pulling(), fails_with(ErrorCode::too_large, "33554432"));
}

TEST_F(HostileHub, ALongAnswerToARefusalIsCut) {
  fault(R"("path": "api", "status": 418, "body": ")" + std::string(1'000'000, 'x') + R"(")");

  EXPECT_THAT(pulling(), fails_with(ErrorCode::unavailable, "418"));
}

TEST_F(HostileHub, RedirectsWithoutEndAreRefused) {
  fault(R"("path": "api", "status": 307, "headers": {"Location": "/api/models/org/name/revision/main"})");

  EXPECT_THAT(pulling(), fails_with(ErrorCode::unavailable, "redirects without end"));
}

TEST_F(HostileHub, ARedirectToAFileOfThisMachineIsRefused) {
  fault(R"("path": "api", "status": 302, "headers": {"Location": "file:///etc/passwd"})");

  EXPECT_THAT(pulling(), fails_with(ErrorCode::unavailable, "file:///etc/passwd"));
}

TEST_F(HostileHub, ARedirectWithoutAddressIsRefused) {
  fault(R"("path": "api", "status": 302)");

  EXPECT_THAT(pulling(), fails_with(ErrorCode::unavailable, "no address that we follow"));
}

// The token must not follow a redirect of the list, nor of a small file, to another host.
TEST_F(HostileHub, ARedirectToAnotherOriginGetsNoToken) {
  here.settings.token = "hf_secret";
  fault(R"("path": "hub/api", "status": 307, "headers": {"Location": ")" + here.hub.cdn() + R"(/elsewhere"})");

  EXPECT_THAT(pulling(), testing::Throws<Error>());

  for (const Json& request : here.hub.requests()) {
    EXPECT_EQ(request.at("authorization"), request.at("role") == "hub" ? Json("Bearer hf_secret") : Json());
  }
}

TEST_F(HostileHub, WordsOfTheServerAreQuotedInMessages) {
  fault(R"("path": "api", "status": 403, "headers": {"X-Error-Message": "a\u001b[31mb"})");
  here.settings.token = "hf_narrow";

  EXPECT_THAT(pulling(), fails_with(ErrorCode::unauthorized, R"('a\x1b[31mb')"));
}

}  // namespace
}  // namespace tastevin::hub
