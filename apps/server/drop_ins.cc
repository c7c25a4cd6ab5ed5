// Small protocols that others have made usual.

#include "embeddings_inference.h"
#include "http_status.h"
#include "protocols.h"
#include "request_json.h"
#include "service.h"
#include "vllm_infinity.h"

namespace tastevin::server {
namespace {

namespace asio = boost::asio;

Answer own_error(const Error& error, std::optional<unsigned> status) {
  const HttpKind kind = http_kind(error.code());
  return {.status = status.value_or(kind.status),
          .body = dumped({{"object", "error"}, {"message", error.what()}, {"type", kind.name}})};
}

asio::awaitable<Answer> classify(Call& call) {
  const Json json = object_of(call);
  co_return co_await classify_input(call, json);
}

Answer ping(Call& call) { return {.status = call.service.healthy() ? 200U : 503U}; }

}  // namespace

void add_drop_in_routes(Router& router) {
  router.add({"POST", "/classify", classify, own_error});
  router.add({"POST", "/v1/rerank", rerank, embeddings_inference_error});
  router.add({"GET", "/ping", plain(ping), own_error, Access::open});
  router.add({"POST", "/invocations", predict, embeddings_inference_error});
}

}  // namespace tastevin::server
