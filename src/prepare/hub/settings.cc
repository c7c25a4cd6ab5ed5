#include "prepare/hub/settings.h"

#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <initializer_list>
#include <string_view>

#include "base/ascii.h"
#include "base/error.h"

namespace tastevin::hub {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxTokenBytes = 4096;

/// The first of the variables that is set and not empty.
std::string first_set(const Variables& variable, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    if (auto value = variable(name); value && !value->empty()) return *std::move(value);
  }
  return "";
}

bool is_true(const Variables& variable, std::initializer_list<const char*> names) {
  const std::string value = ascii::lower(first_set(variable, names));
  return value == "1" || value == "on" || value == "yes" || value == "true";
}

bool is_of_name(char c) { return ascii::is_alphanumeric(c) || c == '_'; }

/// `$NAME` and `${NAME}` replaced by their values; one that is not set stays as it is written.
std::string with_variables(const std::string& text, const Variables& variable) {
  std::string out;
  std::size_t at = 0;
  while (at < text.size()) {
    const bool braces = text.compare(at, 2, "${") == 0;
    const std::size_t begin = at + (braces ? 2 : 1);
    const auto end = static_cast<std::size_t>(
        std::find_if_not(text.begin() + static_cast<std::ptrdiff_t>(std::min(begin, text.size())), text.end(),
                         is_of_name) -
        text.begin());
    const bool reference = text[at] == '$' && end > begin && (!braces || (end < text.size() && text[end] == '}'));
    const auto value = reference ? variable(text.substr(begin, end - begin).c_str()) : std::nullopt;
    const std::size_t next = !reference ? at + 1 : end + (braces ? 1 : 0);
    out += value ? *value : text.substr(at, next - at);
    at = next;
  }
  return out;
}

fs::path home_folder(const Variables& variable) {
  const std::string home = first_set(variable, {"HOME"});
  return home.empty() ? fs::path("/") : fs::path(home);
}

/// A path of the environment: `~` is the user's home, as are variables in it their values.
fs::path path_of(const std::string& text, const Variables& variable) {
  const std::string path = with_variables(text, variable);
  if (path == "~") return home_folder(variable);
  return path.starts_with("~/") ? home_folder(variable) / path.substr(2) : fs::path(path);
}

fs::path hub_home(const Variables& variable) {
  if (const std::string home = first_set(variable, {"HF_HOME"}); !home.empty()) return path_of(home, variable);
  const std::string caches = first_set(variable, {"XDG_CACHE_HOME"});
  return (caches.empty() ? home_folder(variable) / ".cache" : path_of(caches, variable)) / "huggingface";
}

fs::path cache_folder(const Variables& variable) {
  const std::string cache = first_set(variable, {"HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"});
  return cache.empty() ? hub_home(variable) / "hub" : path_of(cache, variable);
}

std::string endpoint_of(const Variables& variable) {
  std::string endpoint = first_set(variable, {"HF_ENDPOINT"});
  if (endpoint.empty()) return "https://huggingface.co";
  if (!endpoint.starts_with("http://") && !endpoint.starts_with("https://")) {
    throw Error(ErrorCode::invalid_argument,
                "HF_ENDPOINT: expected an address that begins with https:// or http://, found " + in_quotes(endpoint));
  }
  while (endpoint.ends_with('/')) endpoint.pop_back();
  return endpoint;
}

std::string content_of(const fs::path& path) {
  std::string text(kMaxTokenBytes, '\0');
  std::ifstream file(path, std::ios::binary);
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

std::string token_of(const Variables& variable) {
  if (is_true(variable, {"HF_HUB_DISABLE_IMPLICIT_TOKEN"})) return "";
  std::string token = ascii::trimmed(first_set(variable, {"HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"}));
  if (token.empty()) {
    const std::string path = first_set(variable, {"HF_TOKEN_PATH"});
    token = ascii::trimmed(content_of(path.empty() ? hub_home(variable) / "token" : path_of(path, variable)));
  }
  if (!std::ranges::all_of(token, [](char c) { return c > 0x20 && c < 0x7F; }))
    throw Error(ErrorCode::invalid_argument, "the Hub token: expected printable characters without blanks");
  return token;
}

/// Seconds without data after which a download is given up, as huggingface_hub takes them.
std::chrono::seconds silence_of(const Variables& variable, std::chrono::seconds fallback) {
  const std::string text = first_set(variable, {"HF_HUB_DOWNLOAD_TIMEOUT"});
  if (text.empty()) return fallback;
  const auto seconds = ascii::number<int>(text);
  if (!seconds || *seconds < 1) {
    throw Error(ErrorCode::invalid_argument,
                "HF_HUB_DOWNLOAD_TIMEOUT: expected seconds, 1 or more, found " + in_quotes(text));
  }
  return std::chrono::seconds(*seconds);
}

/// As the system knows it, for a service that is started without HOME.
std::optional<std::string> home_of_user() {
  std::array<char, 4096> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  if (::getpwuid_r(::getuid(), &entry, buffer.data(), buffer.size(), &found) != 0 || found == nullptr)
    return std::nullopt;
  return found->pw_dir;
}

}  // namespace

Settings read_settings(const Variables& variable) {
  Settings settings{.endpoint = endpoint_of(variable),
                    .token = token_of(variable),
                    .cache = cache_folder(variable),
                    .ca_bundle = first_set(variable, {"REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"}),
                    .offline = is_true(variable, {"HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"}),
                    .patience = {}};
  settings.patience.silence = silence_of(variable, settings.patience.silence);
  return settings;
}

Settings settings_of_environment() {
  return read_settings([](const char* name) -> std::optional<std::string> {
    const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): we never write the environment
    if (value != nullptr) return value;
    return std::string_view(name) == "HOME" ? home_of_user() : std::nullopt;
  });
}

}  // namespace tastevin::hub
