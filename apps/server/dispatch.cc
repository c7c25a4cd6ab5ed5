#include "dispatch.h"

#include <boost/asio/ip/address.hpp>

#include "base/ascii.h"
#include "base/error.h"
#include "http_status.h"
#include "request_json.h"
#include "service.h"

namespace tastevin::server {
namespace {

/// Where other origins may call, their browsers ask first.
Answer preflight(const std::string& allow) {
  return {
      .status = 204,
      .headers = {{"Access-Control-Allow-Methods", allow},
                  {"Access-Control-Allow-Headers",
                   "Authorization, Content-Type, Inference-Header-Content-Length, Timeout, Traceparent, X-Request-Id"},
                  {"Access-Control-Max-Age", "600"}}};
}

Answer no_route(const Router::Match& found, const Call& call) {
  const auto refused = [&found](ErrorCode code, unsigned status, const std::string& why) {
    return found.nearest == nullptr ? plain_error(status, why) : found.nearest->error_answer(Error(code, why), status);
  };
  if (found.allow.empty()) return refused(ErrorCode::not_found, 404, "no such path");
  if (call.method == "OPTIONS" && !call.header("origin").empty() && !call.service.options().cors_origin.empty())
    return preflight(found.allow);
  Answer answer = refused(ErrorCode::invalid_argument, 405, "expected the method " + found.allow);
  answer.headers = {{"Allow", found.allow}};
  return answer;
}

void check_key(const Route& route, const ApiKeys& keys, const Call& call) {
  const bool open =
      route.access == Access::open || (route.access == Access::metrics && !call.service.options().metrics_need_key);
  if (open || keys.open_to(call.header("authorization"))) return;
  throw Error(ErrorCode::unauthorized, "a key is missing or wrong: expected the header Authorization: Bearer KEY");
}

/// In the form of the route's protocol, with a status that no kind of error has.
Answer refusal(const Route& route, unsigned status, const std::string& why) {
  return route.error_answer(Error(ErrorCode::invalid_argument, why), status);
}

/// Bodies are read as they are.
bool is_packed(const Call& call) {
  const std::string coding = ascii::lower(call.header("content-encoding"));
  return !coding.empty() && coding != "identity";
}

bool is_named_origin(const std::string& origin, const ServerOptions& options) {
  return options.cors_origin == "*" || options.cors_origin == origin;
}

/// A page that a browser has open elsewhere must not be able to use a server that only this machine reaches.
bool is_of_other_origin(const Call& call) {
  const std::string origin = call.header("origin");
  if (call.method == "GET" || call.method == "HEAD" || origin.empty()) return false;
  if (is_named_origin(origin, call.service.options())) return false;
  const std::size_t scheme = origin.find("://");
  return scheme == std::string::npos || origin.substr(scheme + 3) != call.header("host");
}

/// "127.0.0.1:8080", "[::1]", "LocalHost".
bool is_name_of_this_machine(const std::string& host) {
  const bool brackets = host.starts_with('[');
  const std::size_t end = brackets ? host.find(']') : host.find(':');
  if (brackets && end == std::string::npos) return false;
  const std::string name = brackets ? host.substr(1, end - 1) : host.substr(0, end);
  boost::system::error_code error;
  boost::asio::ip::make_address(name, error);
  return !error || (!brackets && ascii::lower(name) == "localhost");
}

/// A page elsewhere can have its own name lead here (DNS rebinding), and to the browser it is this server's page then.
/// Such a name gives it away. Behind TLS the certificate does.
bool is_under_other_name(const Call& call, const ApiKeys& keys) {
  const ServerOptions& options = call.service.options();
  boost::system::error_code error;
  const bool this_machine_alone = boost::asio::ip::make_address(options.host, error).is_loopback();
  if (!this_machine_alone || !keys.empty() || !options.tls_cert.empty()) return false;
  const std::string host = call.header("host");  // HTTP/1.0 has none, and no browser speaks it
  if (host.empty() || is_name_of_this_machine(host)) return false;
  const std::size_t scheme = options.cors_origin.find("://");
  return options.cors_origin != "*" && (scheme == std::string::npos || options.cors_origin.substr(scheme + 3) != host);
}

}  // namespace

void add_cors(const Call& call, Answer& answer) {
  const std::string origin = call.header("origin");
  if (origin.empty() || !is_named_origin(origin, call.service.options())) return;
  answer.headers.emplace_back("Access-Control-Allow-Origin", call.service.options().cors_origin);
  answer.headers.emplace_back(
      "Access-Control-Expose-Headers",
      "X-Request-Id, Retry-After, Inference-Header-Content-Length, X-Compute-Type, X-Compute-Time, "
      "X-Compute-Characters, X-Compute-Tokens, X-Total-Time, X-Tokenization-Time, X-Queue-Time, "
      "X-Inference-Time");
  answer.headers.emplace_back("Vary", "Origin");
}

Answer plain_error(unsigned status, const std::string& why) {
  const char* type = http_kind(status == 404 ? ErrorCode::not_found : ErrorCode::invalid_argument).name;
  return {.status = status, .body = dumped({{"error", {{"code", status}, {"type", type}, {"message", why}}}})};
}

Dispatched begin_dispatch(const Router& router, const ApiKeys& keys, Call& call) {
  Router::Match found = router.find(call.method, call.path);
  Dispatched result{.route = found.route};
  if (found.route == nullptr) {
    result.answer = no_route(found, call);
    return result;
  }
  call.parameters = std::move(found.parameters);
  try {
    check_key(*found.route, keys, call);
    if (is_under_other_name(call, keys)) {
      result.answer =
          refusal(*found.route, 403,
                  "header Host: expected localhost or an address, or the origin of that name in --cors-origin");
    } else if (is_of_other_origin(call)) {
      result.answer =
          refusal(*found.route, 403, "a page of another origin may not do this: expected its origin in --cors-origin");
    } else if (is_packed(call)) {
      result.answer = refusal(*found.route, 415, "header Content-Encoding: expected a body that is not compressed");
      result.answer.headers = {{"Accept-Encoding", "identity"}};
    } else {
      result.handler = &found.route->handler;
    }
  } catch (const Error&) {
    result.answer = failure_answer(std::current_exception(), *found.route);
  }
  return result;
}

Answer failure_answer(const std::exception_ptr& failure, const Route& route, std::optional<unsigned> status) {
  const Error error = error_of(failure);
  Answer answer = route.error_answer(error, status);
  if (error.code() == ErrorCode::overloaded) answer.headers.emplace_back("Retry-After", "1");
  if (error.code() == ErrorCode::unauthorized) answer.headers.emplace_back("WWW-Authenticate", "Bearer");
  return answer;
}

}  // namespace tastevin::server
