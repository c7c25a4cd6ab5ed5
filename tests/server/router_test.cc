#include "apps/server/router.h"

#include <gtest/gtest.h>

namespace tastevin::server {
namespace {

Router routes() {
  Router router;
  router.add({"GET", "/", {}, {}});
  router.add({"POST", "/", {}, {}});
  router.add({"GET", "/v2/models/{model}", {}, {}});
  router.add({"POST", "/v2/models/{model}/versions/{version}/infer", {}, {}});
  router.add({"POST", "/models/{model...}", {}, {}});
  return router;
}

TEST(Router, TakesWhatStandsInThePlaceOfAName) {
  const Router router = routes();
  EXPECT_EQ(router.find("GET", "/v2/models/a%20b?x=1").parameters.at("model"), "a b");
  const auto match = router.find("POST", "/v2/models/m/versions/1/infer");
  EXPECT_EQ(match.parameters.at("model"), "m");
  EXPECT_EQ(match.parameters.at("version"), "1");
  EXPECT_EQ(router.find("POST", "/models/org/name").parameters.at("model"), "org/name");
}

TEST(Router, KnowsARouteByItsMethod) {
  const Router router = routes();
  EXPECT_EQ(router.find("POST", "/").route->method, "POST");
  EXPECT_EQ(router.find("HEAD", "/").route->method, "GET");
  EXPECT_EQ(router.find("PUT", "/").route, nullptr);
  EXPECT_EQ(router.find("PUT", "/").allow, "GET, HEAD, POST");
}

TEST(Router, FindsNothingElsewhere) {
  const Router router = routes();
  for (const char* path : {"", "x", "/v2", "/v2/models", "/v2/models/", "/v2/models/a/b", "/models/", "/v2/models/%zz"})
    EXPECT_EQ(router.find("GET", path).route, nullptr) << path;
}

}  // namespace
}  // namespace tastevin::server
