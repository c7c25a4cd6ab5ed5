// A letter and a number (D07) are a row of tests/reported_bugs.md.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/http_server_fixture.h"

namespace tastevin::server {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

/// It is never sure.
class RejectingModel : public HttpServerTest {
 protected:
  void load_model() override {
    const std::filesystem::path model = folder_.copy_of(source_file("models/sst2-tiny"), "rejecting");
    folder_.write("rejecting/calibration.json", R"({"temperature": 1, "reject_below": 1.0, "other": "UNSURE"})");
    registry_.load("rejecting", model);
  }
};

// D09: one empty string failed the whole batch. D27: a string was taken for a list of letters.
TEST_F(HttpServerTest, AnswersEachInputOfTheNativeProtocol) {
  start();
  const Json answer =
      post("/v1/classify", R"({"inputs": ["a wonderful film", "", {"text": "bad", "id": "x7"}], "top_k": 2})");

  ASSERT_EQ(answer.at("results").size(), 3U);
  EXPECT_EQ(answer.at("results")[0].at("label"), "POSITIVE");
  EXPECT_EQ(answer.at("results")[0].at("scores").size(), 2U);
  EXPECT_EQ(answer.at("results")[2].at("label"), "NEGATIVE");
  EXPECT_EQ(answer.at("results")[2].at("id"), "x7");
  EXPECT_EQ(post("/v1/classify", R"({"inputs": "document"})").at("results").size(), 1U);
}

TEST_F(HttpServerTest, GivesAnErrorItsPlace) {
  start({.max_text_bytes = 100});
  const Json answer =
      post("/v1/classify", R"({"inputs": ["good", ")" + std::string(200, 'x') + R"("], "truncation": "error"})");

  EXPECT_EQ(answer.at("results")[0].at("label"), "POSITIVE");
  EXPECT_EQ(answer.at("results")[1].at("error").at("code"), 413);
}

// It ran as an empty text, between the others.
TEST_F(HttpServerTest, DoesNotRunAnInputThatIsNone) {
  start();
  const Json results =
      post("/v1/classify", R"({"inputs": ["good", 7, {"text": "bad", "id": 2}, {"id": 3}]})").at("results");

  EXPECT_EQ(results[0].at("label"), "POSITIVE");
  EXPECT_THAT(results[1].at("error").at("message"), HasSubstr("inputs[1]"));
  EXPECT_EQ(results[2].at("label"), "NEGATIVE");
  EXPECT_EQ(results[3].at("id"), 3);
  EXPECT_TRUE(results[3].contains("error"));
  EXPECT_EQ(registry_.model()->scheduler().counts().texts, 2U);
}

TEST_F(HttpServerTest, TellsOfOneModelAndOfThoseThatAreReady) {
  start();
  const auto found = send(http::verb::get, "/v1/models/sst2");
  EXPECT_EQ(parse_json(found.body(), "model").at("labels").size(), 2U);
  EXPECT_EQ(send(http::verb::get, "/v1/models/none").result_int(), 404U);
  registry_.unload("sst2");
  EXPECT_EQ(post("/v2/repository/index", "{}").at(0).at("state"), "UNAVAILABLE");
  EXPECT_TRUE(post("/v2/repository/index", R"({"ready": true})").empty());
  EXPECT_EQ(post("/v2/repository/index", "").size(), 1U);
}

// D16: an error's text repeated bad bytes. D18: surrogates.
TEST_F(HttpServerTest, RefusesWhatItCannotRead) {
  start();
  EXPECT_THAT(post("/v1/classify", "{\"inputs\":\"\xFF\"}", 400).at("error").at("message"),
              HasSubstr("not valid JSON"));
  EXPECT_THAT(post("/v1/classify", R"({"inputs": "\ud83d"})", 400).dump(), HasSubstr("not valid JSON"));
  EXPECT_THAT(post("/v1/classify", R"({"inputs": "a", "topk": 1})", 400).dump(), HasSubstr("topk"));
  EXPECT_THAT(post("/v1/classify", R"({"inputs": "a", "model": "none"})", 404).dump(), HasSubstr("none"));
  EXPECT_THAT(post("/v1/classify", std::string(10'000, '['), 400).dump(), HasSubstr("error"));
  EXPECT_EQ(post("/v1/classify", R"({"inputs": "\ud83c\udf37 \u0000"})").at("results").size(), 1U);
  EXPECT_EQ(send(http::verb::get, "/v1/classify").result_int(), 405U);
  EXPECT_EQ(send(http::verb::get, "/nowhere").result_int(), 404U);
}

// In our own form, which tritonclient could not print.
TEST_F(HttpServerTest, RefusesPathsInTheFormOfTheirProtocol) {
  start();
  EXPECT_EQ(Json::parse(send(http::verb::get, "/v2/models/m/config").body()).at("error"), "no such path");
  EXPECT_EQ(Json::parse(send(http::verb::get, "/v2/models/m/infer").body()).at("error"), "expected the method POST");
  EXPECT_EQ(Json::parse(send(http::verb::get, "/v1/nowhere").body()).at("error").at("code"), 404);
  EXPECT_EQ(Json::parse(send(http::verb::get, "/nowhere").body()).at("error").at("code"), 404);
}

TEST_F(HttpServerTest, ExplainsAnswersApart) {
  start();
  EXPECT_EQ(post("/v1/explain", R"({"inputs": "not good"})").at("results")[0].at("effects").size(), 2U);
  EXPECT_THAT(post("/v1/explain", R"({"inputs": "a", "label": "none"})", 400).dump(), HasSubstr("none"));
  EXPECT_EQ(post("/v1/explain", R"({"inputs": [{"text": "a", "id": "x7"}]})").at("results")[0].at("id"), "x7");
  EXPECT_THAT(post("/v1/explain", R"({"inputs": {"text": "a", "text_pair": "b"}})", 400).dump(), HasSubstr("no pair"));
  EXPECT_THAT(post("/v1/zero-shot", R"({"inputs": "a", "labels": ["b"]})", 501).dump(), HasSubstr("entailment"));
  const Json explained =
      post("/v1/classify", R"({"inputs": ["not good", {"text": "a", "text_pair": "b"}], "explain": true})");
  EXPECT_EQ(explained.at("results")[0].at("effects").size(), 2U);
  EXPECT_FALSE(explained.at("results")[1].contains("effects"));
  EXPECT_EQ(post("/tokenize", R"({"inputs": ["good", "film"]})").size(), 2U);
}

// "UNSURE" was looked for among the model's labels.
TEST_F(RejectingModel, ExplainsWhatItRejects) {
  start();
  const Json result = post("/v1/classify", R"({"inputs": "not good", "explain": true})").at("results")[0];
  EXPECT_EQ(result.at("label"), "UNSURE");
  EXPECT_FALSE(result.contains("error"));
  EXPECT_EQ(result.at("effects").size(), 2U);
}

// Explanations and zero-shot looked at their own limit alone, and called labels inputs.
TEST_F(HttpServerTest, HasItsLimitOfTextsEverywhereAndNamesWhatIsTooMuch) {
  start({.max_inputs = 1});
  const std::string two = R"("inputs": ["a", "b"])";
  const std::string many = Json(std::vector<std::string>(129, "x")).dump();
  EXPECT_THAT(post("/v1/explain", "{" + two + "}", 413).dump(), HasSubstr("inputs: expected at most 1, found 2"));
  EXPECT_THAT(post("/v1/zero-shot", "{" + two + R"(, "labels": ["x"]})", 413).dump(), HasSubstr("inputs: expected"));
  EXPECT_THAT(post("/v1/zero-shot", R"({"inputs": "a", "labels": )" + many + "}", 413).dump(),
              HasSubstr("labels: expected at most 128, found 129"));
  EXPECT_THAT(post("/", "{" + two + R"(, "parameters": {"candidate_labels": ["x"]}})", 413).dump(),
              HasSubstr("inputs: expected at most 1, found 2"));
  EXPECT_THAT(post("/", R"({"inputs": "a", "parameters": {"candidate_labels": )" + many + "}}", 413).dump(),
              HasSubstr("candidate_labels: expected at most 128"));
}

// The pair was left out without a word.
TEST_F(HttpServerTest, TakesNoPairForZeroShot) {
  start();
  EXPECT_THAT(
      post("/", R"({"inputs": {"text": "a", "text_pair": "b"}, "parameters": {"candidate_labels": "x"}})", 400).dump(),
      HasSubstr("text_pair"));
}

// The header `timeout` was not looked at, and a server that ended waited for all of it.
TEST_F(HttpServerTest, DoesNothingApartThatNobodyWaitsFor) {
  start();
  const std::map<std::string, std::string> late{{"timeout", "0"}};
  EXPECT_EQ(send(http::verb::post, "/v1/explain", R"({"inputs": "a"})", late).result_int(), 504U);
  EXPECT_EQ(send(http::verb::post, "/tokenize", R"({"inputs": "a"})", late).result_int(), 424U);
  EXPECT_EQ(send(http::verb::post, "/v2/repository/models/sst2/load", "", late).result_int(), 504U);
  EXPECT_EQ(send(http::verb::post, "/v1/classify", R"({"inputs": ["a", "b"]})", late).result_int(), 504U);
  service_->close();
  EXPECT_EQ(send(http::verb::post, "/v1/explain", R"({"inputs": "a"})").result_int(), 503U);
  EXPECT_EQ(send(http::verb::post, "/v1/classify", R"({"inputs": "a"})").result_int(), 200U);
}

// D15: the client leaves while its texts run or wait; the server goes on.
TEST_F(HttpServerTest, OutlivesClientsThatLeave) {
  start();
  for (int i = 0; i < 20; ++i) {
    http::request<http::string_body> request(http::verb::post, i % 2 == 0 ? "/v1/classify" : "/v1/explain", 11);
    request.body() = i % 2 == 0 ? "{\"inputs\": [" + std::string(499, ' ') + "\"a long wait\"]}"
                                : R"({"inputs": "one two three four"})";
    request.prepare_payload();
    http::write(*client_, request);
    client_->close();
    connect();
  }
  EXPECT_EQ(post("/v1/classify", R"({"inputs": "good"})").at("results").size(), 1U);
}

TEST_F(HttpServerTest, SpeaksTheInferenceProtocol) {
  start();
  const Json answer = post("/v2/models/sst2/infer", R"({"id": "7", "inputs": [{"name": "text", "shape": [2, 1],
    "datatype": "BYTES", "data": ["good", "bad"]}], "outputs": [{"name": "label"}, {"name": "scores"}]})");

  EXPECT_EQ(answer.at("id"), "7");
  EXPECT_EQ(answer.at("outputs")[0].at("data"), (Json{"POSITIVE", "NEGATIVE"}));
  EXPECT_EQ(answer.at("outputs")[1].at("shape"), (Json{2, 2}));
  EXPECT_EQ(send(http::verb::get, "/v2/models/sst2/versions/2").result_int(), 404U);
  post("/v2/models/sst2/infer", R"({"inputs": [{"name": "text", "shape": [3], "datatype": "BYTES", "data": ["a"]}]})",
       400);
}

TEST_F(HttpServerTest, TakesBinaryTensors) {
  start();
  const std::string json = R"({"inputs": [{"name": "text", "shape": [1], "datatype": "BYTES", "parameters":
    {"binary_data_size": 8}}], "outputs": [{"name": "label", "parameters": {"binary_data": true}}]})";
  const auto response = send(http::verb::post, "/v2/models/sst2/infer", json + std::string("\4\0\0\0good", 8),
                             {{"Inference-Header-Content-Length", std::to_string(json.size())}});

  EXPECT_EQ(response.result_int(), 200U);
  EXPECT_TRUE(response.body().ends_with(std::string("\x08\0\0\0POSITIVE", 12)));
  EXPECT_EQ(send(http::verb::post, "/v2/models/sst2/infer", json + "\4",
                 {{"Inference-Header-Content-Length", std::to_string(json.size())}})
                .result_int(),
            400U);
}

TEST_F(HttpServerTest, SpeaksTextEmbeddingsInference) {
  start();
  EXPECT_EQ(post("/predict", R"({"inputs": "good"})")[0].at("label"), "POSITIVE");
  EXPECT_EQ(post("/predict", R"({"inputs": ["good", "film"]})").size(), 2U);  // a pair: the labels of one answer
  EXPECT_EQ(post("/predict", R"({"inputs": [["good"], ["bad", "film"], ["x"]]})").size(), 3U);
  EXPECT_EQ(post("/predict", R"({"inputs": []})", 400).at("error_type"), "Empty");
  EXPECT_EQ(post("/predict", R"({"inputs": 3})", 422).at("error_type"), "Validation");
  EXPECT_EQ(post("/rerank", R"({"query": "a", "texts": ["b"]})", 424).at("error_type"), "Backend");
  EXPECT_EQ(send(http::verb::post, "/predict", R"({"inputs": ""})")["x-compute-tokens"], "2");
}

// A body of 200 KB made the server hold 600 MB: each pair had the query of its own, each output all texts.
TEST_F(HttpServerTest, RefusesWhatASmallBodyWouldMakeLarge) {
  start({.max_body_bytes = 250, .max_inputs = 3, .max_text_bytes = 100});
  const auto rerank = [](std::size_t query, const std::string& texts) {
    return R"({"query": ")" + std::string(query, 'a') + R"(", "texts": [)" + texts + "]}";
  };
  const std::string three = R"("", "", "")";
  EXPECT_THAT(post("/rerank", rerank(1, three + R"(, "")"), 422).dump(),
              HasSubstr("texts: expected at most 3, found 4"));
  EXPECT_THAT(post("/rerank", rerank(101, three), 422).dump(), HasSubstr("query: expected at most 100 bytes"));
  EXPECT_THAT(post("/rerank", rerank(90, three), 422).dump(), HasSubstr("250 when it is counted with each text"));
  EXPECT_EQ(post("/rerank", rerank(80, three), 424).at("error_type"), "Backend") << "a model of two labels";
}

TEST_F(HttpServerTest, RefusesMoreOutputsThanThereAreKinds) {
  start();
  std::string outputs = R"({"name": "label"})";
  for (int i = 0; i < 64; ++i) outputs += R"(, {"name": "label"})";
  const std::string body =
      R"({"inputs": [{"name": "text", "shape": [1], "datatype": "BYTES", "data": ["a"]}], "outputs": [)";
  EXPECT_THAT(post("/v2/models/sst2/infer", body + outputs + "]}", 413).dump(),
              HasSubstr("outputs: expected at most 64"));
}

// The route says 422 of a damaged model, and said it of a body that is no JSON.
TEST_F(HttpServerTest, TellsABrokenBodyOfALoadFromADamagedModel) {
  start();
  EXPECT_THAT(post("/v2/repository/models/sst2/load", "{broken", 400).dump(), HasSubstr("body: not valid JSON"));
}

TEST_F(HttpServerTest, SpeaksHuggingFaceAndVllm) {
  start();
  EXPECT_EQ(post("/", R"({"inputs": "good", "parameters": {"top_k": 1}})")[0].size(), 1U);
  EXPECT_EQ(post("/models/sst2", R"({"inputs": ["good", "bad"]})").size(), 2U);
  EXPECT_EQ(post("/classify", R"({"input": ["good", "bad"]})").at("data")[1].at("label"), "NEGATIVE");
}

TEST_F(HttpServerTest, LetsNobodyInWithoutAKey) {
  start({}, "secret\n");
  EXPECT_EQ(send(http::verb::post, "/v1/classify", R"({"inputs": "a"})").result_int(), 401U);
  EXPECT_EQ(
      send(http::verb::post, "/v1/classify", R"({"inputs": "a"})", {{"Authorization", "Bearer secret"}}).result_int(),
      200U);
  EXPECT_EQ(send(http::verb::get, "/v2/health/live").result_int(), 200U);
}

// D07: a body without a limit. Nothing of it is kept.
TEST_F(HttpServerTest, RefusesWhatIsTooLargeAndGoesOn) {
  start({.max_body_bytes = 1000});
  const std::string head = "POST /v1/classify HTTP/1.1\r\nHost: localhost\r\n";
  EXPECT_THAT(raw(head + "Content-Length: 40000000000\r\n\r\nx"), HasSubstr("413"));
  EXPECT_THAT(raw(head + "Transfer-Encoding: chunked\r\n\r\n7d0\r\n" + std::string(2000, 'x') + "\r\n"),
              HasSubstr("413"));
  EXPECT_THAT(raw("GET / HTTP/1.1\r\nX: " + std::string(1'000'000, 'x') + "\r\n\r\n"), HasSubstr("431"));
  EXPECT_THAT(raw("nonsense\r\n\r\n"), HasSubstr("400"));
  EXPECT_EQ(post("/v1/classify", R"({"inputs": "good"})").at("results").size(), 1U);
}

// A body whose end another reader sees elsewhere: what followed was answered as a request of its own.
TEST_F(HttpServerTest, RefusesBodiesWhoseEndIsInDoubt) {
  start();
  const std::string inner = "GET /v2/health/live HTTP/1.1\r\nHost: localhost\r\n\r\n";
  for (const std::string headers :
       {"Transfer-Encoding: gzip\r\n", "Transfer-Encoding: identity\r\n", "Transfer-Encoding: chunked, identity\r\n",
        "Transfer-Encoding: gzip, chunked\r\n", "Transfer-Encoding: chunked;a=1\r\n",
        "Transfer-Encoding: identity\r\nContent-Length: 24\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"}) {
    const std::string answer = raw("POST /v1/classify HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n" + inner);
    EXPECT_THAT(answer, HasSubstr("HTTP/1.1 400")) << headers;
    EXPECT_THAT(answer, Not(HasSubstr("HTTP/1.1 200"))) << headers;
  }
  EXPECT_THAT(raw("POST /v1/classify HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), HasSubstr(" 400"));
}

// It had no id, or that of the request before.
TEST_F(HttpServerTest, CallsWhatItCannotReadByItsOwnName) {
  start({.max_body_bytes = 1000});
  const std::string before = "GET /ping HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: before\r\n\r\n";
  const std::string large =
      "POST /predict HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: large\r\nContent-Length: 1001\r\n\r\n";
  EXPECT_THAT(raw(before + large), AllOf(HasSubstr("X-Request-Id: before\r\n"), HasSubstr("X-Request-Id: large\r\n")));
  const std::string nameless = raw("nonsense\r\n\r\n");
  EXPECT_THAT(nameless, HasSubstr("X-Request-Id: "));
  EXPECT_THAT(nameless, Not(HasSubstr("X-Request-Id: -")));
}

TEST_F(HttpServerTest, LetsIdleConnectionsGoForNewOnes) {
  start({.max_connections = 2});
  for (int i = 0; i < 5; ++i) {
    beast::tcp_stream idle(client_io_);
    idle.connect({asio::ip::address_v4::loopback(), server_->port()});
    connect();
    EXPECT_EQ(send(http::verb::get, "/v2/health/live").result_int(), 200U);
  }
}

TEST_F(HttpServerTest, ReadsNoCompressedBody) {
  start();
  const auto response = send(http::verb::post, "/v1/classify", R"({"inputs": "a"})", {{"Content-Encoding", "gzip"}});
  EXPECT_EQ(response.result_int(), 415U);
  const Json native = parse_json(response.body(), "answer").at("error");
  EXPECT_EQ(native.at("code"), 415);
  EXPECT_EQ(native.at("type"), "invalid_argument");
  // Others' clients expect their own form.
  const auto theirs = send(http::verb::post, "/predict", R"({"inputs": "a"})", {{"Content-Encoding", "gzip"}});
  EXPECT_THAT(parse_json(theirs.body(), "answer").at("error").get<std::string>(), HasSubstr("Content-Encoding"));
  EXPECT_EQ(send(http::verb::post, "/predict", R"({"inputs": "a"})", {{"Content-Encoding", "identity"}}).result_int(),
            200U);
}

TEST_F(HttpServerTest, KnowsAWholeNumberHoweverItIsWritten) {
  start();
  const Json answer = post("/v1/classify", R"({"inputs": {"text": "good", "id": -7.0}, "top_k": 2.0})");
  EXPECT_EQ(answer.at("results")[0].at("scores").size(), 2U);
  EXPECT_EQ(answer.at("results")[0].at("id"), -7);
  post("/v1/classify", R"({"inputs": "good", "top_k": 1.5})", 400);
  post("/v1/classify", R"({"inputs": {"text": "good", "id": 1e30}})", 400);
  // It came back as ...992.
  post("/v1/classify", R"({"inputs": {"text": "good", "id": 9007199254740993}})", 400);
  post("/v1/classify", R"({"inputs": {"text": "good", "id": -9007199254740993}})", 400);
}

// D14: keep-alive was cut after five requests.
TEST_F(HttpServerTest, KeepsAConnectionForManyRequests) {
  start();
  for (int i = 0; i < 200; ++i) EXPECT_EQ(send(http::verb::get, "/v2/health/live").result_int(), 200U);
  EXPECT_THAT(send(http::verb::get, "/metrics").body(),
              HasSubstr("tastevin_requests_total{code=\"200\",route=\"/v2/health/live\"} 200"));
}

TEST_F(HttpServerTest, ReloadsAndUnloadsModels) {
  start();
  EXPECT_EQ(send(http::verb::post, "/v2/repository/models/sst2/load").result_int(), 200U);
  EXPECT_EQ(send(http::verb::post, "/v2/repository/models/sst2/unload").result_int(), 200U);
  EXPECT_EQ(send(http::verb::post, "/v1/classify", R"({"inputs": "a"})").result_int(), 503U);
  EXPECT_EQ(send(http::verb::post, "/v2/repository/models/none/load").result_int(), 404U);
}

}  // namespace
}  // namespace tastevin::server
