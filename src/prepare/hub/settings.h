#pragma once

// What the environment says about the Hub, read as huggingface_hub reads it, so that one setting serves both.

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace tastevin::hub {

/// How long we wait for a Hub, and how often we ask again.
struct Patience {
  std::chrono::milliseconds connect{10'000};
  std::chrono::seconds silence{10};                 // hardly a byte for so long ends an exchange
  std::size_t attempts = 5;                         // in a row without a new byte
  std::chrono::milliseconds first_pause{500};       // doubles from one attempt to the next
  std::chrono::milliseconds longest_pause{30'000};  // a Hub that asks for more is not asked again
};

struct Settings {
  std::string endpoint;         // "https://huggingface.co", without a slash at its end
  std::string token;            // empty when there is none
  std::filesystem::path cache;  // holds models--org--name/
  std::string ca_bundle;        // certificates to trust; empty for those of the system
  bool offline = false;         // only what is in the cache
  Patience patience;
};

/// The value of an environment variable, if it is set.
using Variables = std::function<std::optional<std::string>(const char* name)>;

/// Throws `Error{invalid_argument}` for an endpoint that is no address and for a token that cannot stand in a header.
Settings read_settings(const Variables& variable);

/// Those of this process.
Settings settings_of_environment();

}  // namespace tastevin::hub
