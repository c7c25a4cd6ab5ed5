#pragma once

// EXPECT_THAT([&] { read(...); }, fails_with(ErrorCode::bad_checkpoint, "a telling word"));

#include <gmock/gmock.h>

#include <string>

#include "tastevin/error.h"

namespace tastevin {

/// Matches a callable that throws `Error` with this code and a message that holds `word`.
inline auto fails_with(ErrorCode code, const std::string& word) {
  const auto message = [](const Error& error) { return std::string(error.what()); };
  return testing::Throws<Error>(testing::AllOf(testing::Property("code", &Error::code, code),
                                               testing::ResultOf(message, testing::HasSubstr(word))));
}

/// As the readers of a damaged file fail.
inline auto refused(const std::string& word) { return fails_with(ErrorCode::bad_checkpoint, word); }

/// The code of the `Error` that `act` throws; the test fails when it throws none.
template <class Act>
ErrorCode code_of_failure(const Act& act) {
  try {
    act();
  } catch (const Error& error) {
    return error.code();
  }
  ADD_FAILURE() << "threw nothing";
  return ErrorCode::internal;
}

}  // namespace tastevin
