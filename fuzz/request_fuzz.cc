// Any bytes as the body of any route: an answer with a status, and the answer's own bytes are UTF-8.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include "apps/server/dispatch.h"
#include "apps/server/protocols.h"
#include "apps/server/service.h"
#include "base/json.h"
#include "server/fake_model.h"

namespace {

namespace asio = boost::asio;
using namespace tastevin;

constexpr const char* kPaths[] = {"/v1/classify", "/v2/models/m/infer", "/predict",   "/models/m",
                                  "/classify",    "/invocations",       "/v1/rerank", "/rerank"};

class Routes {
 public:
  Routes() { registry_.put(server::fake_model("m")); }
  ~Routes() { registry_.close(); }

  server::Answer answer(const std::string& path, const std::string& body, const std::string& json_bytes) {
    server::Call call{.service = service_,
                      .method = "POST",
                      .path = path,
                      .headers = {},
                      .parameters = {},
                      .body = body,
                      .id = "fuzz",
                      .gone = {}};
    if (!json_bytes.empty()) call.headers["inference-header-content-length"] = json_bytes;
    server::Dispatched found = server::begin_dispatch(router_, keys_, call);
    if (found.handler == nullptr) std::abort();
    bool ended = false;
    asio::co_spawn(io_, (*found.handler)(call), [&](const std::exception_ptr& failure, server::Answer answer) {
      found.answer = failure ? server::failure_answer(failure, *found.route) : std::move(answer);
      ended = true;
    });
    while (!ended) io_.run_one();
    return found.answer;
  }

 private:
  static server::ServerOptions limits() {
    server::ServerOptions options;
    options.max_inputs = 100;
    return options;
  }

  asio::io_context io_{1};
  asio::executor_work_guard<asio::io_context::executor_type> running_ = asio::make_work_guard(io_);
  serve::Registry registry_{{}, {}};
  server::Service service_{registry_, limits()};
  server::Router router_ = server::all_routes();
  server::ApiKeys keys_;
};

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): the name that libFuzzer calls
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Routes routes;
  if (size < 2) return 0;
  const std::string path = kPaths[data[0] % std::size(kPaths)];
  const std::string body(reinterpret_cast<const char*>(data) + 2, size - 2);
  const server::Answer answer = routes.answer(path, body, data[1] == 0 ? "" : std::to_string(data[1]));
  if (answer.status < 200 || answer.status == 500) std::abort();
  if (answer.type == "application/json") parse_json(answer.body, "answer");
  return 0;
}
