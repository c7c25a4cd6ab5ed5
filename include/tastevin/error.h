#pragma once

// What went wrong, as one type with a kind. Every function of this library that cannot do what its name says throws
// `tastevin::Error`; nothing else leaves it but std::bad_alloc. Each edge (exit code, HTTP, gRPC, Python) has one table
// from `ErrorCode` to its own codes.

#include <stdexcept>
#include <string>

namespace tastevin {

enum class ErrorCode {
  invalid_argument,   ///< the caller's value, text, flag or body is wrong
  not_found,          ///< a path, model, column, device or Hub id is not there
  bad_checkpoint,     ///< a file is damaged or contradicts itself
  unsupported_model,  ///< well-formed, but a family, component or dtype that we do not run
  too_large,          ///< a body, text or batch over a stated limit
  unauthorized,       ///< a key is missing or wrong
  overloaded,         ///< a queue or budget is full
  deadline,           ///< the caller's time ran out
  unavailable,        ///< a device, the network or a model is not ready
  rejected,           ///< a promise did not hold (accuracy gate, agreement)
  internal,           ///< our fault
};

/// The message says what, where, what was expected and what was found, on one line.
class Error : public std::runtime_error {
 public:
  Error(ErrorCode code, const std::string& message) : std::runtime_error(message), code_(code) {}

  ErrorCode code() const noexcept { return code_; }

 private:
  ErrorCode code_;
};

}  // namespace tastevin
