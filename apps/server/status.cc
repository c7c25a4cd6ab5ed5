#include "protocols.h"
#include "request_json.h"
#include "service.h"

namespace tastevin::server {
namespace {

Answer metrics(Call& call) { return {.body = call.service.metrics().text(), .type = "text/plain; version=0.0.4"}; }

}  // namespace

void add_status_routes(Router& router) {
  router.add({"GET", "/metrics", plain(metrics), error_answer, Access::metrics});
}

}  // namespace tastevin::server
