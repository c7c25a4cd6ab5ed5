#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/ssl.hpp>

#include "server/certificate.h"
#include "server/http_server_fixture.h"
#include "support/fails_with.h"

namespace tastevin::server {
namespace {

using ::testing::HasSubstr;

constexpr const char* kOneText = R"({"inputs": "good"})";

class HttpSecurity : public HttpServerTest {
 protected:
  ServerOptions with_tls() { return tls_options(folder_.path()); }

  unsigned post_from(const std::string& origin) {
    return send(http::verb::post, "/v1/classify", kOneText, {{"Origin", origin}}).result_int();
  }
};

TEST_F(HttpSecurity, RefusesPagesOfOtherOrigins) {
  start();
  EXPECT_EQ(post_from("http://localhost"), 200U) << "its own page";
  EXPECT_EQ(post_from("https://localhost"), 200U) << "its own page behind a proxy with TLS";
  EXPECT_EQ(post_from("http://evil.example"), 403U);
  EXPECT_EQ(post_from("http://localhost.evil.example"), 403U);
  EXPECT_EQ(post_from("null"), 403U);
  EXPECT_EQ(send(http::verb::options, "/v1/classify", "", {{"Origin", "http://evil.example"}}).result_int(), 405U);
}

class HostNames : public HttpSecurity {
 protected:
  unsigned get_as(const std::string& host) {
    return send(http::verb::get, "/v1/models", "", {{"Host", host}}).result_int();
  }
};

// Its page and the server were one origin to the browser: it could ask, and read the answers.
TEST_F(HostNames, OfOthersThatLeadHereAreRefused) {
  start();
  for (const char* host : {"evil.example", "evil.example:8080", "localhost.evil.example", "127.0.0.1.evil.example",
                           "[localhost]", "[::1", "x"})
    EXPECT_EQ(get_as(host), 403U) << host;
  EXPECT_EQ(send(http::verb::post, "/v1/classify", kOneText,
                 {{"Host", "evil.example:8080"}, {"Origin", "http://evil.example:8080"}})
                .result_int(),
            403U);
}

TEST_F(HostNames, OfThisMachineAreGood) {
  start();
  for (const char* host : {"localhost", "LocalHost:8080", "127.0.0.1", "127.0.0.1:1", "[::1]:8080", "192.168.0.7:80"})
    EXPECT_EQ(get_as(host), 200U) << host;
  EXPECT_THAT(raw("GET /v1/models HTTP/1.0\r\n\r\n"), HasSubstr(" 200 OK"));
}

TEST_F(HostNames, MayBeNamedByTheirOrigin) {
  start({.cors_origin = "https://app.example"});
  EXPECT_EQ(get_as("app.example"), 200U);
  EXPECT_EQ(get_as("other.example"), 403U);
}

TEST_F(HostNames, AreFreeWhereAKeyIsAskedFor) {
  start({}, "secret\n");
  EXPECT_EQ(get_as("evil.example"), 401U);
  EXPECT_EQ(
      send(http::verb::get, "/v1/models", "", {{"Host", "a.example"}, {"Authorization", "Bearer secret"}}).result_int(),
      200U);
}

TEST_F(HttpSecurity, LetsAnOriginInThatIsNamed) {
  start({.cors_origin = "https://app.example"});
  const auto asked = send(http::verb::options, "/v1/classify", "",
                          {{"Origin", "https://app.example"}, {"Access-Control-Request-Method", "POST"}});
  EXPECT_EQ(asked.result_int(), 204U);
  EXPECT_EQ(asked.count(http::field::content_length), 0U) << "RFC 9110, 8.6";
  EXPECT_EQ(asked["Access-Control-Allow-Origin"], "https://app.example");
  EXPECT_EQ(asked["Access-Control-Allow-Methods"], "POST");
  EXPECT_THAT(std::string(asked["Access-Control-Allow-Headers"]), HasSubstr("Authorization"));

  const auto answer = send(http::verb::post, "/v1/classify", kOneText, {{"Origin", "https://app.example"}});
  EXPECT_EQ(answer.result_int(), 200U);
  EXPECT_EQ(answer["Access-Control-Allow-Origin"], "https://app.example");
  EXPECT_EQ(post_from("https://other.example"), 403U);
}

TEST_F(HttpSecurity, GivesThePageToAllAndTheDocumentToThoseWithAKey) {
  start({}, "secret\n");
  const auto page = send(http::verb::get, "/");
  EXPECT_EQ(page.result_int(), 200U);
  EXPECT_THAT(std::string(page["Content-Security-Policy"]), HasSubstr("default-src 'none'"));
  EXPECT_EQ(page["X-Content-Type-Options"], "nosniff");
  EXPECT_EQ(send(http::verb::get, "/openapi.json").result_int(), 401U);
  EXPECT_EQ(send(http::verb::get, "/openapi.json", "", {{"Authorization", "Bearer secret"}}).result_int(), 200U);
}

// Bodies of strangers were kept, and asked for, before their keys were looked at.
TEST_F(HttpSecurity, JudgesTheKeyBeforeTheBodyIsRead) {
  start({}, "secret\n");
  const std::string head = "POST /v1/classify HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n";
  EXPECT_TRUE(raw(head + "\r\n").starts_with("HTTP/1.1 401 "));
  EXPECT_TRUE(raw(head + "Expect: 100-continue\r\n\r\n").starts_with("HTTP/1.1 401 "));
  EXPECT_TRUE(raw(head + "\r\n" + std::string(1'000'000, 'x')).starts_with("HTTP/1.1 401 "));
}

TEST_F(HttpSecurity, KeepsAConnectionOverSmallBodiesThatItRefuses) {
  start({}, "secret\n");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(send(http::verb::post, "/v1/classify", kOneText).result_int(), 401U);
  EXPECT_EQ(send(http::verb::post, "/nowhere", kOneText).result_int(), 404U);
  EXPECT_EQ(send(http::verb::post, "/v1/classify", kOneText, {{"Authorization", "Bearer secret"}}).result_int(), 200U);
}

TEST_F(HttpSecurity, DescribesWhatItsModelsCanDo) {
  start();
  const auto answer = send(http::verb::get, "/openapi.json");
  const Json document = parse_json(answer.body(), "document");
  EXPECT_EQ(document.at("openapi"), "3.1.0");
  const Json& body = document.at("paths").at("/v1/classify").at("post").at("requestBody");
  const Json& members = body.at("content").at("application/json").at("schema").at("properties");
  EXPECT_EQ(members.at("top_k").at("default"), 1);
  EXPECT_EQ(members.at("model").at("enum").at(0), "sst2");
  EXPECT_FALSE(document.at("paths").contains("/rerank")) << "the model has two labels";
  EXPECT_FALSE(document.at("paths").contains("/v1/zero-shot")) << "the model knows no entailment";
}

TEST_F(HttpSecurity, SpeaksTls) {
  start(with_tls());
  asio::ssl::context trusting(asio::ssl::context::tls_client);
  asio::ssl::stream<beast::tcp_stream> client(client_io_, trusting);
  beast::get_lowest_layer(client).connect({asio::ip::address_v4::loopback(), server_->port()});
  client.handshake(asio::ssl::stream_base::client);
  for (int i = 0; i < 2; ++i) {
    http::request<http::string_body> request(http::verb::post, "/v1/classify", 11);
    request.set(http::field::host, "localhost");
    request.body() = kOneText;
    request.prepare_payload();
    http::write(client, request);
    http::response<http::string_body> response;
    http::read(client, buffer_, response);
    EXPECT_EQ(response.result_int(), 200U) << response.body();
  }
  beast::error_code error;
  client.shutdown(error);
  EXPECT_FALSE(error && error != asio::ssl::error::stream_truncated) << error.message();
}

TEST_F(HttpSecurity, EndsConnectionsThatDoNotSpeakTls) {
  start(with_tls());
  EXPECT_EQ(raw("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").find("HTTP/1.1 200"), std::string::npos);
  asio::ssl::context trusting(asio::ssl::context::tls_client);
  asio::ssl::stream<beast::tcp_stream> client(client_io_, trusting);
  beast::get_lowest_layer(client).connect({asio::ip::address_v4::loopback(), server_->port()});
  client.handshake(asio::ssl::stream_base::client);
}

TEST_F(HttpSecurity, NeedsACertificateAndItsKey) {
  ServerOptions options = with_tls();
  options.tls_key = folder_.write("broken.pem", "no key").string();
  EXPECT_THAT([&] { start(options); }, fails_with(ErrorCode::invalid_argument, "broken.pem"));
  options.tls_key.clear();
  EXPECT_THAT([&] { start(options); }, fails_with(ErrorCode::invalid_argument, "--tls-key"));
}

}  // namespace
}  // namespace tastevin::server
