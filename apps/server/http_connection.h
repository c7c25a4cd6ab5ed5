#pragma once

// One connection, over TCP or TLS: reading requests within limits and time-outs, writing answers. Included by
// http_server.cc alone.

#include <poll.h>

#include <algorithm>
#include <chrono>
#include <type_traits>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

#include "access_log.h"
#include "base/ascii.h"
#include "base/error.h"
#include "dispatch.h"
#include "http_server.h"
#include "request_head.h"
#include "tastevin/version.h"

namespace tastevin::server {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using std::chrono::seconds;

inline constexpr std::uint32_t kMostHeaderBytes = 16'384;
/// Of what has arrived and is no body yet: a head, the lines between chunks, what follows the last of them.
inline constexpr std::size_t kMostBufferedBytes = kMostHeaderBytes + 65'536;
/// Bodies from here on are read on another thread: this one answers all other requests.
inline constexpr std::size_t kLargeBodyBytes = 16'384;
/// Of what a client goes on to send when it has its answer, beside the body that it announced.
inline constexpr std::uint64_t kMostDrained = std::uint64_t{1} << 20U;

/// One connection, from its first request to its last.
template <class Stream>
class HttpServer::Connection {
 public:
  Connection(HttpServer& server, Stream& stream, OpenConnections::Place& place)
      : server_(server), stream_(stream), place_(place) {}

  asio::awaitable<void> run() {
    bool goes_on = true;
    while (goes_on) {
      try {
        goes_on = co_await one_request();
      } catch (const beast::system_error&) {
        goes_on = false;  // the client is gone, or too slow: there is nobody to tell
      }
    }
    co_await end_stream();
  }

 private:
  beast::tcp_stream& tcp_stream() { return beast::get_lowest_layer(stream_); }

  asio::awaitable<void> end_stream() {
    beast::error_code ignored;
    if constexpr (!std::is_same_v<Stream, beast::tcp_stream>) {
      tcp_stream().expires_after(seconds(2));
      co_await stream_.async_shutdown(asio::redirect_error(asio::use_awaitable, ignored));
    }
    tcp_stream().socket().shutdown(tcp::socket::shutdown_send, ignored);
    co_return;
  }

  /// Returns whether the connection goes on.
  asio::awaitable<bool> one_request() {
    const ServerOptions& options = server_.service_.options();
    http::request_parser<http::string_body> parser;
    parser.header_limit(kMostHeaderBytes);
    parser.body_limit(options.max_body_bytes);
    place_.wait();  // until all of a request is there: a client that sends by the byte can make room, too
    beast::error_code error = co_await read_head(parser);
    place_.work();
    place_.wait();  // behind those that have said nothing
    ++requests_;
    id_ = request_id(parser.get()["x-request-id"]);  // also of a head that is cut off
    if (error) co_return co_await refuse(error, parser);
    if (const std::string why = fault_of(parser.get()); !why.empty()) co_return co_await refuse(400, why, parser);
    Call call = call_of(parser.get());
    Dispatched result = begin_dispatch(server_.router_, server_.keys_, call);
    const bool reads_a_body = call.method != "GET" && call.method != "HEAD";
    if (result.handler == nullptr || !reads_a_body) co_return co_await answer_head(parser, call, result);
    HeldBodies::Share held(server_.held_, options.max_pending_body_bytes);
    error = co_await read_body(parser, held);
    if (held.is_over()) {
      std::string().swap(parser.get().body());  // what follows takes a while
      held.grow_to(0);
      const Error why(ErrorCode::overloaded, "too many bytes of bodies wait for an answer");
      co_return co_await refuse_body(parser, why);
    }
    if (error) co_return co_await refuse(error, parser);
    call.body = std::move(parser.get().body());
    call.read = std::chrono::steady_clock::now();
    const bool more = co_await answer(call, result, parser.get().version(), goes_on(parser));
    if (!more && parser.keep_alive() && !server_.stopping_) co_await drain(0);  // of the next request
    co_return more;
  }

  /// A request whose head says all that is to be answered: nothing of a body is waited for before. A small one is read
  /// off afterwards, so that the connection goes on; with a larger one it ends.
  asio::awaitable<bool> answer_head(http::request_parser<http::string_body>& parser, Call& call, Dispatched& result) {
    const std::uint64_t length = parser.content_length().value_or(parser.is_done() ? 0 : kLargeBodyBytes);
    const bool may_go_on = length < kLargeBodyBytes && !asks_first(parser) && goes_on(parser);
    const bool more = co_await answer(call, result, parser.get().version(), may_go_on);
    if (parser.is_done()) co_return more;
    if (!more) {
      co_await drain(length);
      co_return false;
    }
    place_.wait();  // it may make room for another
    beast::error_code error;
    co_await http::async_read(stream_, buffer_, parser, asio::redirect_error(asio::use_awaitable, error));
    co_return !error;
  }

  /// Whether another request may come after this one.
  bool goes_on(const http::request_parser<http::string_body>& parser) {
    const std::size_t most = server_.service_.options().keep_alive_requests;
    return parser.keep_alive() && !server_.stopping_ && (most == 0 || requests_ < most);
  }

  static bool asks_first(const http::request_parser<http::string_body>& parser) {
    return ascii::lower(std::string_view(parser.get()[http::field::expect])) == "100-continue";
  }

  asio::awaitable<beast::error_code> read_head(http::request_parser<http::string_body>& parser) {
    const ServerOptions& options = server_.service_.options();
    if (buffer_.size() == 0) {
      tcp_stream().expires_after(seconds(requests_ == 0 ? options.header_timeout : options.idle_timeout));
      buffer_.commit(co_await stream_.async_read_some(buffer_.prepare(4096), asio::use_awaitable));
    }
    begun_ = std::chrono::steady_clock::now();
    tcp_stream().expires_after(seconds(options.header_timeout));
    beast::error_code error;
    co_await http::async_read_header(stream_, buffer_, parser, asio::redirect_error(asio::use_awaitable, error));
    co_return error;
  }

  asio::awaitable<beast::error_code> read_body(http::request_parser<http::string_body>& parser,
                                               HeldBodies::Share& held) {
    const ServerOptions& options = server_.service_.options();
    tcp_stream().expires_after(seconds(options.body_timeout));
    beast::error_code error;
    if (asks_first(parser)) {
      http::response<http::empty_body> go_on(http::status::continue_, parser.get().version());
      co_await http::async_write(stream_, go_on, asio::redirect_error(asio::use_awaitable, error));
      if (error) co_return error;
    }
    parser.eager(true);
    while (!error && !parser.is_done() && !held.is_over()) {
      co_await http::async_read_some(stream_, buffer_, parser, asio::redirect_error(asio::use_awaitable, error));
      held.grow_to(parser.get().body().size());
    }
    co_return error;
  }

  /// A request that could not be read is answered where that makes sense, and ends the connection.
  asio::awaitable<bool> refuse(const beast::error_code& error, const http::request_parser<http::string_body>& parser) {
    if (error == beast::error::timeout) account_unread(parser.get(), {.status = 408});
    if (error == http::error::end_of_stream || error == beast::error::timeout || error == asio::error::eof ||
        error.category() != http::make_error_code(http::error::bad_method).category())
      co_return false;
    if (error == http::error::body_limit) {
      const std::size_t most = server_.service_.options().max_body_bytes;
      const Error why(ErrorCode::too_large, "body: expected at most " + std::to_string(most) + " bytes");
      co_return co_await refuse_body(parser, why);
    }
    const bool too_long = error == http::error::header_limit;
    const std::string why = too_long ? "head: expected at most " + std::to_string(kMostHeaderBytes) + " bytes"
                                     : "the request is not HTTP/1.1: " + error.message();
    co_return co_await refuse(too_long ? 431 : 400, why, parser);
  }

  asio::awaitable<bool> refuse(unsigned status, const std::string& why,
                               const http::request_parser<http::string_body>& parser) {
    place_.work();
    Answer answer = plain_error(status, why);
    account_unread(parser.get(), answer);
    co_await write(answer, {});
    co_await drain(parser.content_length().value_or(0));
    co_return false;
  }

  /// A body that is not read to its end, which ends the connection; what the head forbids comes first.
  asio::awaitable<bool> refuse_body(const http::request_parser<http::string_body>& parser, const Error& why) {
    Call call = call_of(parser.get());
    Dispatched result = begin_dispatch(server_.router_, server_.keys_, call);
    if (result.handler != nullptr) {
      // A body over the limit is 413 also where a protocol has another status for what is too large within one.
      const bool too_large = why.code() == ErrorCode::too_large;
      result.answer =
          failure_answer(std::make_exception_ptr(why), *result.route, too_large ? std::optional(413U) : std::nullopt);
      result.handler = nullptr;
    }
    co_await answer(call, result, 11, false);
    co_await drain(parser.content_length().value_or(0));
    co_return false;
  }

  /// Reads on while the client sends, so that it sees the answer and not a reset (RFC 9112, 9.6): the body that it
  /// announced, and a little, within the time that a body has. It may make room for another meanwhile.
  asio::awaitable<void> drain(std::uint64_t announced) {
    place_.wait();
    beast::error_code error;
    if constexpr (std::is_same_v<Stream, beast::tcp_stream>)
      stream_.socket().shutdown(tcp::socket::shutdown_send, error);
    const auto end = std::chrono::steady_clock::now() + seconds(server_.service_.options().body_timeout);
    const std::uint64_t most = std::max(announced, kMostDrained);
    std::uint64_t taken = 0;
    while (!error && taken < most) {
      buffer_.clear();
      tcp_stream().expires_at(std::min(end, std::chrono::steady_clock::now() + seconds(2)));
      taken +=
          co_await stream_.async_read_some(buffer_.prepare(65536), asio::redirect_error(asio::use_awaitable, error));
    }
  }

  /// Counts a request while it is answered; what hangs in the loop at its end may outlive the server.
  struct Answering {
    explicit Answering(std::shared_ptr<std::size_t> all) : count(std::move(all)) { ++*count; }
    ~Answering() { --*count; }
    Answering(const Answering&) = delete;
    Answering& operator=(const Answering&) = delete;
    std::shared_ptr<std::size_t> count;
  };

  /// Answers by the handler of `result`, or as it stands where there is none. Returns whether the connection goes on,
  /// as it may: not when the server ends meanwhile.
  asio::awaitable<bool> answer(Call& call, Dispatched& result, unsigned version, bool may_go_on) {
    constexpr unsigned kClientGone = 499;  // nobody hears it; the log and the metrics do
    const Answering counted(server_.answering_);
    place_.work();
    try {
      if (result.handler != nullptr) co_await run_handler(call, result);
    } catch (const beast::system_error&) {
      result.answer = {.status = kClientGone};
      account(call, result);
      throw;
    }
    add_cors(call, result.answer);
    account(call, result);
    const bool goes_on = may_go_on && !server_.stopping_;
    co_await write(result.answer, {.version = version, .keep_alive = goes_on, .head_only = call.method == "HEAD"});
    co_return goes_on;
  }

  /// Of "/path", or "http://host/path" (RFC 9112, 3.2.2).
  static std::string path_of(std::string_view target) {
    const std::size_t scheme = target.find("://");
    if (target.starts_with('/') || scheme == std::string_view::npos) return std::string(target);
    const std::size_t slash = target.find('/', scheme + 3);
    return slash == std::string_view::npos ? "/" : std::string(target.substr(slash));
  }

  /// Without its body, which is still to be read.
  Call call_of(const http::request_header<>& head) const {
    Call call{.service = server_.service_,
              .method = std::string(head.method_string()),
              .path = path_of(head.target()),
              .headers = {},
              .parameters = {},
              .body = {},
              .id = id_,
              .gone = {}};
    for (const auto& field : head) call.headers.emplace(ascii::lower(field.name_string()), field.value());
    return call;
  }

  /// What the router's choice answers. Throws `beast::system_error` when the client is gone.
  asio::awaitable<void> run_handler(Call& call, Dispatched& result) {
    std::exception_ptr failure;
    try {
      result.answer = co_await while_connected(*result.handler, call);
    } catch (const beast::system_error&) {
      throw;
    } catch (...) {
      failure = std::current_exception();
    }
    if (failure) result.answer = failure_answer(failure, *result.route);
  }

  /// The handler's answer; when the client leaves before, the handler's work is told so.
  asio::awaitable<Answer> while_connected(const Handler& handler, Call& call) {
    using namespace asio::experimental::awaitable_operators;  // NOLINT(google-build-using-namespace): its purpose
    std::stop_source gone;
    call.gone = gone.get_token();
    tcp_stream().expires_never();
    Answer answer;
    std::exception_ptr failure;  // `||` would wait for the client to leave before it passes one on
    const auto answering = [&]() -> asio::awaitable<void> {
      // It is told by `call.gone`, and ends by itself.
      co_await asio::this_coro::throw_if_cancelled(false);
      try {
        if (call.body.size() < kLargeBodyBytes) {
          answer = co_await handler(call);
        } else {
          answer = co_await call.service.read_on_other_thread(handler, call);
        }
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
    tcp::socket& socket = tcp_stream().socket();
    while (!error) {
      co_await socket.async_wait(tcp::socket::wait_read, asio::redirect_error(asio::use_awaitable, error));
      if (error == asio::error::operation_aborted) co_return;
      pollfd polled{.fd = socket.native_handle(), .events = POLLRDHUP, .revents = 0};
      if (::poll(&polled, 1, 0) > 0) {
        gone.request_stop();
        co_return;
      }
      // A request that follows: look again after a while.
      asio::steady_timer timer(socket.get_executor(), std::chrono::milliseconds(50));
      co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, error));
    }
  }

  struct Manner {
    unsigned version = 11;  // of HTTP, as Beast counts
    bool keep_alive = false, head_only = false;
  };
  asio::awaitable<void> write(Answer& answer, Manner manner) {
    http::response<http::string_body> response(static_cast<http::status>(answer.status), manner.version);
    response.set(http::field::server, std::string("tastevin/") + tastevin::version());
    response.set("X-Request-Id", id_);
    response.set("X-Content-Type-Options", "nosniff");
    if (!answer.body.empty()) response.set(http::field::content_type, answer.type);
    for (const auto& [name, value] : answer.headers) response.set(name, value);
    response.keep_alive(manner.keep_alive);
    if (answer.status != 204) response.content_length(answer.body.size());  // RFC 9110, 8.6
    if (!manner.head_only) response.body() = std::move(answer.body);
    tcp_stream().expires_after(seconds(server_.service_.options().body_timeout));
    http::response_serializer<http::string_body> serializer(response);
    if (manner.head_only) {
      co_await http::async_write_header(stream_, serializer, asio::use_awaitable);
    } else {
      co_await http::async_write(stream_, serializer, asio::use_awaitable);
    }
  }

  void account(const Call& call, const Dispatched& result) {
    account({.id = id_,
             .method = call.method,
             .route = result.route == nullptr ? "none" : result.route->pattern,
             .status = std::to_string(result.answer.status),
             .bytes_in = call.body.size(),
             .bytes_out = result.answer.body.size(),
             .traceparent = call.header("traceparent")});
  }

  void account_unread(const http::request_header<>& head, const Answer& answer) {
    account({.id = id_,
             .method = std::string(head.method_string()),
             .route = "unread",
             .status = std::to_string(answer.status),
             .bytes_out = answer.body.size(),
             .traceparent = std::string(head["traceparent"])});
  }

  /// Counts and logs a request that is about to be answered.
  void account(Logged request) {
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begun_;
    request.ms = taken.count() * 1000;
    server_.service_.metrics().count_request(request.route, request.status, taken.count());
    log_request(server_.service_.options(), request);
  }

  HttpServer& server_;
  Stream& stream_;
  OpenConnections::Place& place_;
  beast::flat_buffer buffer_{kMostBufferedBytes};
  std::size_t requests_ = 0;
  std::string id_;
  std::chrono::steady_clock::time_point begun_;  // of a request: its first byte
};

}  // namespace tastevin::server
