#include "openapi.h"
#include "page.h"
#include "protocols.h"
#include "request_json.h"
#include "service.h"

namespace tastevin::server {
namespace {

Answer metrics(Call& call) { return {.body = call.service.metrics().text(), .type = "text/plain; version=0.0.4"}; }

Answer openapi(Call& call) {
  return {.body = dumped(openapi_document(call.service.registry(), call.service.options()))};
}

/// It holds no data: what it shows, it asks for with the key that is typed into it.
Answer page(Call& /*call*/) {
  return {.body = kPage,
          .type = "text/html; charset=utf-8",
          .headers = {{"Content-Security-Policy",
                       "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; "
                       "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"},
                      {"Referrer-Policy", "no-referrer"},
                      {"Cache-Control", "no-cache"}}};
}

}  // namespace

void add_page_routes(Router& router) {
  router.add({"GET", "/", plain(page), error_answer, Access::open});
  router.add({"GET", "/openapi.json", plain(openapi), error_answer});
  router.add({"GET", "/metrics", plain(metrics), error_answer, Access::metrics});
}

}  // namespace tastevin::server
