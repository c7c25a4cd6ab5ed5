#pragma once

// Routes by method and path. They are added before the server starts and only read after, so any thread may look one
// up.

#include <string>
#include <string_view>
#include <vector>

#include "call.h"

namespace tastevin::server {

/// Who may call a route without a key.
enum class Access : std::uint8_t { keyed, open, metrics };

struct Route {
  std::string method;
  std::string pattern;  ///< such as /v2/models/{model}/infer; {model...} takes the rest, slashes too
  Handler handler;
  ErrorAnswer error_answer;
  Access access = Access::keyed;
};

class Router {
 public:
  void add(Route route) { routes_.push_back(std::move(route)); }

  struct Match {
    const Route* route = nullptr;  ///< null: no such path, or not by this method
    std::map<std::string, std::string> parameters = {};
    std::string allow = {};          ///< the methods of the path when it has others
    const Route* nearest = nullptr;  ///< one of the path by another method, else one of its first step; may be null
  };
  Match find(const std::string& method, std::string_view path) const;

 private:
  std::vector<Route> routes_;
};

}  // namespace tastevin::server
