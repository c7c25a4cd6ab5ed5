// The server with a model that costs nothing, under load: what ThreadSanitizer watches (`make tsan`).

#include <gtest/gtest.h>

#include <atomic>
#include <random>

#include "server/fake_model.h"
#include "server/http_server_fixture.h"

namespace tastevin::server {
namespace {

class HttpLoad : public HttpServerTest {
 protected:
  void load_model() override { registry_.put(fake_model("m")); }

  /// A connection of its own that asks, breaks off and sends nonsense; what it is answered must be right.
  void client(unsigned seed, int requests) {
    std::mt19937 dice(seed);
    asio::io_context io;
    std::optional<beast::tcp_stream> stream;
    beast::flat_buffer buffer;
    for (int i = 0; i < requests; ++i) {
      if (!stream) {
        stream.emplace(io);
        stream->connect({asio::ip::address_v4::loopback(), server_->port()});
        buffer.clear();
      }
      const std::string text(dice() % 40, 'x');
      http::request<http::string_body> request(http::verb::post, "/v1/classify", 11);
      request.set(http::field::host, "localhost");
      const bool broken = dice() % 8 == 0;
      request.body() = broken ? "{\"inputs\": " : R"({"inputs": [")" + text + R"(", "yy"]})";
      if (dice() % 4 == 0) request.body().append(20'000, ' ');  // read on another thread
      request.prepare_payload();
      http::write(*stream, request);
      ++asked_;
      asked_.notify_one();
      if (dice() % 8 == 0) {  // it leaves without its answer
        stream.reset();
        continue;
      }
      http::response<http::string_body> response;
      http::read(*stream, buffer, response);
      check(response, broken, text);
    }
  }

  void check(const http::response<http::string_body>& response, bool broken, const std::string& text) {
    if (broken) {
      EXPECT_EQ(response.result_int(), 400U);
    } else if (response.result_int() == 200) {
      const Json results = parse_json(response.body(), "answer").at("results");
      EXPECT_EQ(results.at(0).at("label"), text.size() % 2 == 0 ? "EVEN" : "ODD");
      EXPECT_EQ(results.at(1).at("label"), "EVEN");
      ++answered_;
    } else {
      EXPECT_EQ(response.result_int(), 503U) << response.body();  // the model was just unloaded
    }
  }

  std::atomic<int> asked_ = 0;
  std::atomic<int> answered_ = 0;
};

TEST_F(HttpLoad, AnswersRightWhileClientsLeaveAndModelsAreReplaced) {
  start();
  std::atomic<bool> ended = false;
  std::jthread replacing([&] {
    for (int i = 0; !ended; ++i) {
      const int seen = asked_;
      if (i % 10 == 9) registry_.unload("m");
      registry_.put(fake_model("m"));
      asked_.wait(seen);
    }
  });
  {
    std::vector<std::jthread> clients;
    for (unsigned i = 0; i < 6; ++i) clients.emplace_back([this, i] { client(i, 150); });
  }
  ended = true;
  ++asked_;
  asked_.notify_one();
  EXPECT_GT(answered_, 300);
}

TEST_F(HttpLoad, ShowsItsMetricsMeanwhile) {
  start();
  std::jthread busy([this] { client(7, 200); });
  for (int i = 0; i < 20; ++i) EXPECT_EQ(send(http::verb::get, "/metrics").result_int(), 200U);
}

}  // namespace
}  // namespace tastevin::server
