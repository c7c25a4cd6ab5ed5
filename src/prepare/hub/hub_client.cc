#include "prepare/hub/hub_client.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/error.h"
#include "base/json.h"
#include "prepare/hub/hub_error.h"

namespace tastevin::hub {
namespace {

constexpr std::size_t kMaxListBytes = std::size_t{32} << 20U;
constexpr std::size_t kMaxFileBytes = std::size_t{1} << 42U;
constexpr std::size_t kMaxEtagBytes = 128;

[[noreturn]] void not_a_hub(const Response& response, const std::string& what) {
  throw Error(ErrorCode::unavailable, HttpSession::origin_of(response.url) + " does not answer as a Hub: " + what);
}

/// Ends the reading of a list that is not as it should be; `at` says where.
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
  const auto allowed = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '_' ||
           c == '.';
  };
  return !etag.empty() && etag.size() <= kMaxEtagBytes && etag.front() != '.' && std::ranges::all_of(etag, allowed);
}

std::optional<std::size_t> number_of(std::string_view text) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = !text.empty() && error == std::errc() && end == text.data() + text.size();
  return whole ? std::optional(number) : std::nullopt;
}

std::string_view first_given(std::string_view preferred, std::string_view other) {
  return preferred.empty() ? other : preferred;
}

/// Makes `blob` ready for the body that `head` announces: the rest of the file, or all of it.
void prepare(const Response& head, BlobFile& blob) {
  if (head.status == 200) {
    if (blob.written() > 0) blob.start_over();  // the server does not know ranges
    return;
  }
  const std::string expected = "bytes " + std::to_string(blob.written()) + "-";
  if (!head.header("content-range").starts_with(expected))
    not_a_hub(head, "expected a range from byte " + std::to_string(blob.written()) + ", found " +
                        in_quotes(head.header("content-range")));
}

}  // namespace

HubClient::HubClient(const Settings& settings, const Repository& repository)
    : settings_(settings), repository_(repository), session_(settings) {}

void HubClient::refuse(const Response& response, const std::string& file) const {
  throw error_of(response, {repository_, file}, settings_);
}

Response HubClient::ask(const Request& request, const std::string& file) {
  Attempts attempts(settings_.patience);
  while (true) {
    Response response = session_.send(request);
    const bool described = response.broken == Broken::no && !response.header("x-linked-etag").empty();
    if (response.is_success() || (request.method == Method::head && response.status < 400 && described))
      return response;
    if (!attempts.again(response)) refuse(response, file);
  }
}

Revision HubClient::revision() {
  const std::string url =
      settings_.endpoint + "/api/models/" + repository_.id + "/revision/" + percent_encoded(repository_.revision);
  const Response response = ask({.url = url, .body_limit = kMaxListBytes}, "");
  const Json list = parsed_list(response);
  const Json* commit = list.is_object() ? find_member(list, "sha") : nullptr;
  if (commit == nullptr || !commit->is_string() || !is_commit(commit->get_ref<const std::string&>()))
    bad_list(response, "a commit of 40 hexadecimal digits as 'sha'");
  return {commit->get<std::string>(), file_names(response, list)};
}

std::string HubClient::address_of(const std::string& commit, const std::string& file) const {
  std::string url = settings_.endpoint + "/" + repository_.id + "/resolve/" + commit;
  for (std::size_t at = 0; at <= file.size();) {
    const std::size_t slash = std::min(file.find('/', at), file.size());
    url += '/';
    url += percent_encoded(std::string_view(file).substr(at, slash - at));
    at = slash + 1;
  }
  return url;
}

RemoteFile HubClient::describe(const std::string& commit, const std::string& file) {
  const Response response = ask({.method = Method::head, .url = address_of(commit, file)}, file);
  if (response.header("x-repo-commit") != commit)
    not_a_hub(response, "file " + in_quotes(file) + ": expected X-Repo-Commit " + commit + ", found " +
                            in_quotes(response.header("x-repo-commit")));
  std::string etag = normalized_etag(first_given(response.header("x-linked-etag"), response.header("etag")));
  if (!is_file_name(etag))
    not_a_hub(response, "file " + in_quotes(file) + ": expected an ETag that names it, found " + in_quotes(etag));
  const std::string_view size = first_given(response.header("x-linked-size"), response.header("content-length"));
  const auto bytes = number_of(size);
  if (!bytes || *bytes > kMaxFileBytes)
    not_a_hub(response, "file " + in_quotes(file) + ": expected its size in bytes, found " + in_quotes(size));
  return {file, std::move(etag), *bytes};
}

void HubClient::download(const std::string& commit, const RemoteFile& file, BlobFile& blob,
                         const std::function<void()>& on_piece) {
  Attempts attempts(settings_.patience);
  while (!blob.is_whole()) {
    bool is_prepared = false;
    const auto receive = [&](const Response& head, std::string_view piece) {
      if (!is_prepared) prepare(head, blob);
      is_prepared = true;
      blob.append(piece);
      attempts.made_progress();
      on_piece();
    };
    Response response = session_.send({.url = address_of(commit, file.name), .from = blob.written()}, receive);
    if (blob.is_whole()) return;
    if (response.status == 416) blob.start_over();  // what is here was never a part of that file
    if (response.is_success()) {
      response.broken = Broken::interrupted;
      response.reason = "it sent " + std::to_string(blob.written()) + " of " + std::to_string(file.size) + " bytes";
    }
    if (!attempts.again(response)) refuse(response, file.name);
  }
}

}  // namespace tastevin::hub
