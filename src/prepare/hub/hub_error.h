#pragma once

// What a Hub's refusal means for the user, as one sentence and one error code.

#include <string>

#include "prepare/hub/http.h"
#include "prepare/hub/repository.h"
#include "prepare/hub/settings.h"
#include "tastevin/error.h"

namespace tastevin::hub {

/// What was asked for when the answer came.
struct Asked {
  const Repository& repository;
  std::string file;  // empty for the list of files
};

/// The error that an answer other than a success stands for.
Error error_of(const Response& response, const Asked& asked, const Settings& settings);

}  // namespace tastevin::hub
