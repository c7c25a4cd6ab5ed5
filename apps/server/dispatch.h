#pragma once

// From a call to its route: who may, by which method, and what is answered where that fails. No I/O.

#include <exception>
#include <optional>

#include "api_keys.h"
#include "router.h"

namespace tastevin::server {

struct Dispatched {
  const Route* route = nullptr;      ///< null: no such path, or not by this method
  const Handler* handler = nullptr;  ///< what makes the answer; null: it is there
  Answer answer = {};
};

/// Finds the route and checks the key, the host and the origin; puts the path's parameters into `call`.
Dispatched begin_dispatch(const Router& router, const ApiKeys& keys, Call& call);

/// What `route` answers for an exception of its handler.
Answer failure_answer(const std::exception_ptr& failure, const Route& route,
                      std::optional<unsigned> status = std::nullopt);

/// Lets a page of another origin read the answer, where that is allowed.
void add_cors(const Call& call, Answer& answer);

/// The error of a request that reached no route.
Answer plain_error(unsigned status, const std::string& why);

}  // namespace tastevin::server
