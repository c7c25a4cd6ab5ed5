#include "router.h"

#include <optional>

namespace tastevin::server {
namespace {

/// Takes what stands before the next slash.
std::string_view step(std::string_view& path) {
  const std::size_t end = std::min(path.find('/'), path.size());
  const std::string_view first = path.substr(0, end);
  path.remove_prefix(std::min(end + 1, path.size()));
  return first;
}

std::optional<std::string> decoded(std::string_view text) {
  const auto digit = [](char c) {
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
  };
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      plain += text[i];
      continue;
    }
    if (i + 2 >= text.size() || digit(text[i + 1]) < 0 || digit(text[i + 2]) < 0) return std::nullopt;
    plain += static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2]));
    i += 2;
  }
  return plain;
}

std::optional<std::map<std::string, std::string>> match(std::string_view pattern, std::string_view path) {
  std::map<std::string, std::string> parameters;
  while (!pattern.empty() || !path.empty()) {
    if (pattern.empty() || path.empty()) return std::nullopt;
    const std::string_view wanted = step(pattern);
    if (wanted.ends_with("...}")) {
      const auto rest = decoded(path);
      if (!rest || rest->empty()) return std::nullopt;
      parameters.emplace(wanted.substr(1, wanted.size() - 5), *rest);
      return parameters;
    }
    const std::string_view there = step(path);
    if (wanted.starts_with('{')) {
      const auto value = decoded(there);
      if (!value || value->empty()) return std::nullopt;
      parameters.emplace(wanted.substr(1, wanted.size() - 2), *value);
    } else if (wanted != there) {
      return std::nullopt;
    }
  }
  return parameters;
}

bool is_same_step(std::string_view pattern, std::string_view path) {
  const std::string_view first = step(pattern);
  return !first.empty() && first == step(path);
}

}  // namespace

Router::Match Router::find(const std::string& method, std::string_view path) const {
  path = path.substr(0, path.find('?'));
  if (!path.starts_with('/')) return {};
  path.remove_prefix(1);
  Match found;
  for (const Route& route : routes_) {
    const std::string_view pattern = std::string_view(route.pattern).substr(1);
    auto parameters = match(pattern, path);
    if (!parameters) {
      if (found.nearest == nullptr && is_same_step(pattern, path)) found.nearest = &route;
      continue;
    }
    if (route.method == method || (method == "HEAD" && route.method == "GET")) return {&route, std::move(*parameters)};
    if (found.allow.empty()) found.nearest = &route;
    found.allow += (found.allow.empty() ? "" : ", ") + route.method + (route.method == "GET" ? ", HEAD" : "");
  }
  return found;
}

}  // namespace tastevin::server
