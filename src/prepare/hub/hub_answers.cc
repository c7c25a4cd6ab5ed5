#include "prepare/hub/hub_answers.h"

#include <algorithm>
#include <string_view>

#include "base/ascii.h"
#include "base/error.h"
#include "base/json.h"
#include "prepare/hub/repository.h"

namespace tastevin::hub {
namespace {

constexpr std::size_t kMaxFileBytes = std::size_t{1} << 42U;
constexpr std::size_t kMaxEtagBytes = 128;

[[noreturn]] void bad_list(const Response& response, const char* expected) {
  not_a_hub(response, std::string("in the list of files, expected ") + expected);
}

Json parsed_list(const Response& response) {
  try {
    return parse_json(response.body, "the list of files");
  } catch (const Error& error) {
    not_a_hub(response, error.what());
  }
}

std::vector<std::string> file_names(const Response& response, const Json& list) {
  const Json* siblings = find_member(list, "siblings");
  if (siblings == nullptr || !siblings->is_array()) bad_list(response, "an array 'siblings'");
  std::vector<std::string> names;
  for (const Json& sibling : *siblings) {
    const Json* name = sibling.is_object() ? find_member(sibling, "rfilename") : nullptr;
    if (name == nullptr || !name->is_string()) bad_list(response, "a string 'rfilename' in each sibling");
    // A name that leaves its folder is none that we would ask for.
    if (is_path_inside(name->get_ref<const std::string&>())) names.push_back(name->get<std::string>());
  }
  return names;
}

/// `W/"abc"` and `"abc"` are abc.
std::string normalized_etag(std::string_view etag) {
  if (etag.starts_with("W/")) etag.remove_prefix(2);
  if (etag.starts_with('"')) etag.remove_prefix(1);
  if (etag.ends_with('"')) etag.remove_suffix(1);
  return std::string(etag);
}

/// An ETag becomes the name of a file.
bool is_file_name(std::string_view etag) {
  const auto allowed = [](char c) { return ascii::is_alphanumeric(c) || c == '-' || c == '_' || c == '.'; };
  return !etag.empty() && etag.size() <= kMaxEtagBytes && etag.front() != '.' && std::ranges::all_of(etag, allowed);
}

std::string_view first_given(std::string_view preferred, std::string_view other) {
  return preferred.empty() ? other : preferred;
}

}  // namespace

void not_a_hub(const Response& response, const std::string& what) {
  throw Error(ErrorCode::unavailable, HttpSession::origin_of(response.url) + " does not answer as a Hub: " + what);
}

Revision revision_in(const Response& response) {
  const Json list = parsed_list(response);
  const Json* commit = list.is_object() ? find_member(list, "sha") : nullptr;
  if (commit == nullptr || !commit->is_string() || !is_commit(commit->get_ref<const std::string&>()))
    bad_list(response, "a commit of 40 hexadecimal digits as 'sha'");
  return {commit->get<std::string>(), file_names(response, list)};
}

RemoteFile file_in(const Response& response, const std::string& commit, const std::string& file) {
  if (response.header("x-repo-commit") != commit)
    not_a_hub(response, "file " + in_quotes(file) + ": expected X-Repo-Commit " + commit + ", found " +
                            in_quotes(response.header("x-repo-commit")));
  std::string etag = normalized_etag(first_given(response.header("x-linked-etag"), response.header("etag")));
  if (!is_file_name(etag))
    not_a_hub(response, "file " + in_quotes(file) + ": expected an ETag that names it, found " + in_quotes(etag));
  const std::string_view size = first_given(response.header("x-linked-size"), response.header("content-length"));
  const auto bytes = ascii::number<std::size_t>(size);
  if (!bytes || *bytes > kMaxFileBytes)
    not_a_hub(response, "file " + in_quotes(file) + ": expected its size in bytes, found " + in_quotes(size));
  return {file, std::move(etag), *bytes};
}

}  // namespace tastevin::hub
