#include "http_server.h"

#include <algorithm>
#include <cctype>
#include <chrono>
#include <iostream>
#include <random>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

#include "base/ascii.h"
#include "base/error.h"
#include "request_json.h"
#include "tastevin/version.h"

namespace tastevin::server {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using std::chrono::seconds;

constexpr std::uint32_t kMostHeaderBytes = 16'384;

std::string random_id() {
  thread_local std::mt19937_64 dice{std::random_device()()};
  constexpr char kDigits[] = "0123456789abcdef";
  std::string id;
  for (std::uint64_t bits = dice(); id.size() < 16; bits >>= 4U) id += kDigits[bits & 15U];
  return id;
}

/// What a client may call its request: it goes into the log.
bool is_plain(std::string_view id) {
  return !id.empty() && id.size() <= 64 && std::ranges::all_of(id, [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.' || c == ':';
  });
}

}  // namespace

/// One connection, from its first request to its last.
class HttpServer::Connection {
 public:
  Connection(HttpServer& server, tcp::socket socket) : server_(server), stream_(std::move(socket)) {
    beast::error_code ignored;
    stream_.socket().set_option(tcp::no_delay(true), ignored);
  }

  asio::awaitable<void> run() {
    bool goes_on = true;
    while (goes_on) {
      try {
        goes_on = co_await one_request();
      } catch (const beast::system_error&) {
        goes_on = false;  // the client is gone, or too slow: there is nobody to tell
      }
    }
    beast::error_code ignored;
    stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
  }

 private:
  /// Returns whether the connection goes on.
  asio::awaitable<bool> one_request() {
    const ServerOptions& options = server_.service_.options();
    http::request_parser<http::string_body> parser;
    parser.header_limit(kMostHeaderBytes);
    parser.body_limit(options.max_body_bytes);
    if (buffer_.size() == 0) {
      stream_.expires_after(seconds(first_ ? options.header_timeout : options.idle_timeout));
      first_ = false;
      buffer_.commit(co_await stream_.async_read_some(buffer_.prepare(4096), asio::use_awaitable));
    }
    stream_.expires_after(seconds(options.header_timeout));
    beast::error_code error;
    co_await http::async_read_header(stream_, buffer_, parser, asio::redirect_error(asio::use_awaitable, error));
    if (!error) {
      begin(parser.get());
      error = co_await read_body(parser);
    }
    if (error) co_return co_await refuse(error);
    http::request<http::string_body> request = parser.release();
    co_return co_await answer(request);
  }

  asio::awaitable<beast::error_code> read_body(http::request_parser<http::string_body>& parser) {
    const ServerOptions& options = server_.service_.options();
    stream_.expires_after(seconds(options.body_timeout));
    const auto length = parser.content_length();
    if (length && *length > options.max_body_bytes) co_return http::error::body_limit;
    beast::error_code error;
    if (ascii::lower(std::string_view(parser.get()[http::field::expect])) == "100-continue") {
      http::response<http::empty_body> go_on(http::status::continue_, parser.get().version());
      co_await http::async_write(stream_, go_on, asio::redirect_error(asio::use_awaitable, error));
      if (error) co_return error;
    }
    co_await http::async_read(stream_, buffer_, parser, asio::redirect_error(asio::use_awaitable, error));
    co_return error;
  }

  /// A request that could not be read is answered where that makes sense, and ends the connection.
  asio::awaitable<bool> refuse(const beast::error_code& error) {
    if (error == http::error::end_of_stream || error == beast::error::timeout || error == asio::error::eof ||
        error.category() != http::make_error_code(http::error::bad_method).category())
      co_return false;
    const std::size_t most = server_.service_.options().max_body_bytes;
    unsigned status = 400;
    std::string why = "the request is not HTTP/1.1: " + error.message();
    if (error == http::error::body_limit) {
      status = 413;
      why = "body: expected at most " + std::to_string(most) + " bytes";
    } else if (error == http::error::header_limit) {
      status = 431;
      why = "head: expected at most " + std::to_string(kMostHeaderBytes) + " bytes";
    }
    Answer answer = unread(status, why);
    server_.service_.metrics().count_request("unread", status, seconds_since_begin());
    co_await write(answer, 11, false, false);
    co_await drain();
    co_return false;
  }

  static Answer unread(unsigned status, const std::string& why) {
    return {.status = status, .body = dumped({{"error", {{"code", status}, {"message", why}}}})};
  }

  /// Reads on for a moment, so that the client sees the answer and not a reset.
  asio::awaitable<void> drain() {
    beast::error_code error;
    stream_.socket().shutdown(tcp::socket::shutdown_send, error);
    constexpr std::size_t kMost = std::size_t{1} << 20U;
    std::size_t taken = 0;
    stream_.expires_after(seconds(2));
    while (!error && taken < kMost) {
      buffer_.clear();
      taken +=
          co_await stream_.async_read_some(buffer_.prepare(65536), asio::redirect_error(asio::use_awaitable, error));
    }
  }

  void begin(const http::request_header<>& head) {
    begun_ = std::chrono::steady_clock::now();
    const std::string_view given = head["x-request-id"];
    id_ = is_plain(given) ? std::string(given) : random_id();
  }

  /// Counts a request while it is answered; what hangs in the loop at its end may outlive the server.
  struct Answering {
    explicit Answering(std::shared_ptr<std::size_t> all) : count(std::move(all)) { ++*count; }
    ~Answering() { --*count; }
    Answering(const Answering&) = delete;
    Answering& operator=(const Answering&) = delete;
    std::shared_ptr<std::size_t> count;
  };

  asio::awaitable<bool> answer(http::request<http::string_body>& request) {
    const Answering counted(server_.answering_);
    Call call = call_of(request);
    const bool keep_alive = request.keep_alive() && !server_.stopping_;
    Result result = co_await result_of(call);
    server_.service_.metrics().count_request(result.route, result.answer.status, seconds_since_begin());
    log(call, result.answer, result.route);
    co_await write(result.answer, request.version(), keep_alive, request.method() == http::verb::head);
    co_return keep_alive;
  }

  Call call_of(http::request<http::string_body>& request) const {
    Call call{.service = server_.service_,
              .method = std::string(request.method_string()),
              .path = std::string(request.target()),
              .headers = {},
              .parameters = {},
              .body = std::move(request.body()),
              .id = id_,
              .gone = {}};
    for (const auto& field : request) call.headers.emplace(ascii::lower(field.name_string()), field.value());
    return call;
  }

  struct Result {
    Answer answer;
    std::string route;
  };

  asio::awaitable<Result> result_of(Call& call) {
    Router::Match found = server_.router_.find(call.method, call.path);
    Result result;
    if (found.route == nullptr) {
      result = no_route(found);
      co_return result;
    }
    const Route& route = *found.route;
    result.route = route.pattern;
    call.parameters = std::move(found.parameters);
    std::optional<Error> failure;
    try {
      check_key(route, call);
      result.answer = co_await while_connected(route.handler, call);
    } catch (const Error& error) {
      failure = error;
    } catch (const std::bad_alloc&) {
      failure = Error(ErrorCode::overloaded, "out of memory");
    } catch (const beast::system_error&) {
      throw;  // the client is gone
    } catch (const std::exception& error) {
      failure = Error(ErrorCode::internal, error.what());
    }
    if (failure) result.answer = error_answer(*failure, route);
    co_return result;
  }

  static Result no_route(const Router::Match& found) {
    const bool other_method = !found.allow.empty();
    Answer answer{.status = other_method ? 405U : 404U};
    const std::string why = other_method ? "expected the method " + found.allow : "no such path";
    answer.body = dumped({{"error", {{"code", answer.status}, {"message", why}}}});
    if (other_method) answer.headers = {{"Allow", found.allow}};
    return {std::move(answer), "none"};
  }

  void check_key(const Route& route, const Call& call) const {
    const bool open = route.access == Access::open ||
                      (route.access == Access::metrics && !server_.service_.options().metrics_need_key);
    if (open || server_.keys_.open_to(call.header("authorization"))) return;
    throw Error(ErrorCode::unauthorized, "a key is missing or wrong: expected the header Authorization: Bearer KEY");
  }

  static Answer error_answer(const Error& error, const Route& route) {
    Answer answer = route.error_answer(error);
    if (error.code() == ErrorCode::overloaded) answer.headers = {{"Retry-After", "1"}};
    if (error.code() == ErrorCode::unauthorized) answer.headers = {{"WWW-Authenticate", "Bearer"}};
    return answer;
  }

  /// The handler's answer; when the client leaves before, the handler's work is told so.
  asio::awaitable<Answer> while_connected(const Handler& handler, Call& call) {
    using namespace asio::experimental::awaitable_operators;  // NOLINT(google-build-using-namespace): its purpose
    std::stop_source gone;
    call.gone = gone.get_token();
    stream_.expires_never();
    Answer answer;
    std::exception_ptr failure;  // `||` would wait for the client to leave before it passes one on
    const auto answering = [&]() -> asio::awaitable<void> {
      // It is told by `call.gone`, and ends by itself.
      co_await asio::this_coro::throw_if_cancelled(false);
      try {
        answer = co_await handler(call);
      } catch (...) {
        failure = std::current_exception();
      }
    };
    co_await (answering() || until_gone(gone));
    if (gone.stop_requested()) throw beast::system_error(asio::error::connection_reset);
    if (failure) std::rethrow_exception(failure);
    co_return answer;
  }

  /// Ends when the client has closed the connection, not when more requests lie ahead.
  asio::awaitable<void> until_gone(std::stop_source& gone) {
    beast::error_code error;
    tcp::socket& socket = stream_.socket();
    while (!error) {
      co_await socket.async_wait(tcp::socket::wait_read, asio::redirect_error(asio::use_awaitable, error));
      if (error == asio::error::operation_aborted) co_return;
      char byte = 0;
      beast::error_code peeked;
      socket.non_blocking(true, peeked);
      const std::size_t count = socket.receive(asio::buffer(&byte, 1), tcp::socket::message_peek, peeked);
      if (peeked == asio::error::would_block) continue;
      if (peeked || count == 0) {
        gone.request_stop();
        co_return;
      }
      // A request that follows: look again after a while.
      asio::steady_timer timer(socket.get_executor(), std::chrono::milliseconds(50));
      co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, error));
    }
  }

  asio::awaitable<void> write(Answer& answer, unsigned version, bool keep_alive, bool head_only) {
    http::response<http::string_body> response(static_cast<http::status>(answer.status), version);
    response.set(http::field::server, std::string("tastevin/") + tastevin::version());
    response.set("X-Request-Id", id_);
    if (!answer.body.empty()) response.set(http::field::content_type, answer.type);
    for (const auto& [name, value] : answer.headers) response.set(name, value);
    response.keep_alive(keep_alive);
    response.content_length(answer.body.size());
    if (!head_only) response.body() = std::move(answer.body);
    stream_.expires_after(seconds(server_.service_.options().body_timeout));
    http::response_serializer<http::string_body> serializer(response);
    if (head_only) {
      co_await http::async_write_header(stream_, serializer, asio::use_awaitable);
    } else {
      co_await http::async_write(stream_, serializer, asio::use_awaitable);
    }
  }

  double seconds_since_begin() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun_).count();
  }

  void log(const Call& call, const Answer& answer, const std::string& route) const {
    if (!server_.service_.options().access_log) return;
    AnswerJson line{{"id", id_}, {"method", call.method}, {"route", route}, {"status", answer.status}};
    line["ms"] = static_cast<float>(seconds_since_begin() * 1000);
    line["bytes_in"] = call.body.size();
    line["bytes_out"] = answer.body.size();
    const std::string trace = call.header("traceparent");
    if (is_plain(trace)) line["traceparent"] = trace;
    std::clog << dumped(line) + "\n" << std::flush;
  }

  HttpServer& server_;
  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  bool first_ = true;
  std::string id_ = "-";
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
};

HttpServer::HttpServer(asio::io_context& io, Service& service, const Router& router, ApiKeys keys)
    : service_(service), router_(router), keys_(std::move(keys)), acceptor_(io) {
  const ServerOptions& options = service.options();
  const std::string where = options.host + ":" + std::to_string(options.port);
  if (options.port > 65535) throw Error(ErrorCode::invalid_argument, "port: expected at most 65535");
  beast::error_code error;
  const auto address = asio::ip::make_address(options.host, error);
  if (error) throw Error(ErrorCode::invalid_argument, "host " + in_quotes(options.host) + ": expected an IP address");
  const tcp::endpoint endpoint(address, static_cast<std::uint16_t>(options.port));
  acceptor_.open(endpoint.protocol(), error);
  if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
  if (error) throw Error(ErrorCode::unavailable, where + ": cannot be listened on: " + error.message());
  port_ = acceptor_.local_endpoint().port();
}

asio::awaitable<void> HttpServer::run() {
  while (!stopping_) {
    if (connections_ >= service_.options().max_connections) {
      asio::steady_timer timer(acceptor_.get_executor(), std::chrono::milliseconds(10));
      co_await timer.async_wait(asio::use_awaitable);
      continue;
    }
    beast::error_code error;
    tcp::socket socket = co_await acceptor_.async_accept(asio::redirect_error(asio::use_awaitable, error));
    if (error == asio::error::operation_aborted) co_return;
    if (error) {  // no more file descriptors, most likely
      asio::steady_timer timer(acceptor_.get_executor(), std::chrono::milliseconds(100));
      co_await timer.async_wait(asio::use_awaitable);
      continue;
    }
    asio::co_spawn(acceptor_.get_executor(), serve(std::move(socket)), asio::detached);
  }
}

void HttpServer::stop() {
  stopping_ = true;
  beast::error_code ignored;
  acceptor_.close(ignored);
}

asio::awaitable<void> HttpServer::serve(tcp::socket socket) {
  ++connections_;
  service_.metrics().connection_opened();
  Connection connection(*this, std::move(socket));
  co_await connection.run();
  service_.metrics().connection_closed();
  --connections_;
}

}  // namespace tastevin::server
