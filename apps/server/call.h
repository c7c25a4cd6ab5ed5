#pragma once

// A request and its answer, as the protocols see them: no socket, no HTTP library.

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "tastevin/error.h"

namespace tastevin::server {

class Service;

struct Call {
  Service& service;
  std::string method;
  std::string path;
  std::map<std::string, std::string> headers;     ///< names in lower case
  std::map<std::string, std::string> parameters;  ///< what stood in the place of {names} in the route
  std::string body;
  std::string id;  ///< of the request: the client's, or one of ours
  std::stop_token gone;
  std::chrono::steady_clock::time_point read = std::chrono::steady_clock::now();  ///< when all of it was there

  std::string header(const std::string& name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? "" : found->second;
  }
  std::string parameter(const std::string& name) const {
    const auto found = parameters.find(name);
    return found == parameters.end() ? "" : found->second;
  }
};

struct Answer {
  unsigned status = 200;
  std::string body = {};
  std::string type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers = {};
};

using Handler = std::function<boost::asio::awaitable<Answer>(Call&)>;

/// A handler that waits for nothing.
///
/// GCC 12 may destroy the temporaries of an expression that waits twice: aggregates in braces, lambdas with captures,
/// arguments passed by value. So answers are made by plain functions, and what a coroutine hands to another has a name
/// and is taken by reference.
inline Handler plain(std::function<Answer(Call&)> handler) {
  return [handler = std::move(handler)](Call& call) -> boost::asio::awaitable<Answer> { co_return handler(call); };
}

/// How a protocol says that something is wrong, with a status that no kind of error has where one is given; headers
/// that all protocols share are added to it.
using ErrorAnswer = std::function<Answer(const Error& error, std::optional<unsigned> status)>;

}  // namespace tastevin::server
