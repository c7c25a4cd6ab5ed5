#include "prepare/hub/hub_client.h"

#include <algorithm>

#include "base/error.h"
#include "prepare/hub/hub_error.h"

namespace tastevin::hub {
namespace {

constexpr std::size_t kMaxListBytes = std::size_t{32} << 20U;

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
  return revision_in(ask({.url = url, .body_limit = kMaxListBytes}, ""));
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
  return file_in(ask({.method = Method::head, .url = address_of(commit, file)}, file), commit, file);
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
