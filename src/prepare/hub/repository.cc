#include "prepare/hub/repository.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/error.h"
#include "base/hex.h"

namespace tastevin::hub {
namespace {

constexpr std::size_t kMaxIdBytes = 96;
constexpr std::size_t kMaxPathBytes = 1024;

bool is_name(std::string_view name) {
  const auto allowed = [](char c) { return ascii::is_alphanumeric(c) || c == '-' || c == '_' || c == '.'; };
  const auto at_an_end = [](char c) { return c != '-' && c != '.'; };
  return !name.empty() && std::ranges::all_of(name, allowed) && at_an_end(name.front()) && at_an_end(name.back());
}

bool is_part_of_path(std::string_view part) {
  const auto allowed = [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7F && c != '\\'; };
  return !part.empty() && part != "." && part != ".." && std::ranges::all_of(part, allowed);
}

}  // namespace

bool is_repository_id(std::string_view text) {
  const std::size_t slash = text.find('/');
  const bool names = slash == std::string_view::npos
                         ? is_name(text)
                         : is_name(text.substr(0, slash)) && is_name(text.substr(slash + 1));
  // The cache spells '/' as "--", so an id must not hold that.
  return names && text.size() <= kMaxIdBytes && text.find("--") == std::string_view::npos &&
         text.find("..") == std::string_view::npos && !text.ends_with(".git");
}

bool is_commit(std::string_view text) { return text.size() == 40 && std::ranges::all_of(text, hex::is_digit); }

bool is_path_inside(std::string_view text) {
  if (text.size() > kMaxPathBytes) return false;
  while (true) {
    const std::size_t slash = text.find('/');
    if (!is_part_of_path(text.substr(0, slash))) return false;
    if (slash == std::string_view::npos) return true;
    text.remove_prefix(slash + 1);
  }
}

Repository parse_repository(std::string_view name) {
  const std::size_t at = name.find('@');
  const std::string_view id = name.substr(0, at);
  const std::string_view revision = at == std::string_view::npos ? "main" : name.substr(at + 1);
  if (!is_repository_id(id)) {
    throw Error(ErrorCode::invalid_argument,
                "model " + in_quotes(name, 120) + ": expected a Hub id such as 'organisation/name' or 'name'");
  }
  if (!is_path_inside(revision)) {
    throw Error(ErrorCode::invalid_argument, "model " + in_quotes(name, 120) +
                                                 ": expected a branch, a tag or a commit after '@', found " +
                                                 in_quotes(revision));
  }
  return {std::string(id), std::string(revision)};
}

std::string percent_encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (ascii::is_alphanumeric(c) || c == '-' || c == '_' || c == '.' || c == '~') {
      out += c;
    } else {
      out.append("%").append(hex::of(static_cast<unsigned char>(c), hex::kCapitals));
    }
  }
  return out;
}

}  // namespace tastevin::hub
