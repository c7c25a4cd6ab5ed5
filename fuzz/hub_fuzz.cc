// What a Hub answers and what users call its models. The first byte chooses: the list of files, the head of a file (the
// lines are its headers), or the name of a model. What is taken can be a path or an address, and leaves neither.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "prepare/hub/etag.h"
#include "prepare/hub/hub_answers.h"
#include "prepare/hub/needed_files.h"
#include "prepare/hub/repository.h"
#include "tastevin/error.h"

namespace {

using namespace tastevin;

constexpr char kCommit[] = "0123456789abcdef0123456789abcdef01234567";

void require(bool holds) {
  if (!holds) std::abort();
}

void check_list(const hub::Response& response) {
  const hub::Revision revision = hub::revision_in(response);
  require(hub::is_commit(revision.commit));
  for (const std::string& file : revision.files) require(hub::is_path_inside(file));
  hub::check_needed(hub::needed_files(revision.files), revision.files, "fuzz");
}

void check_head(const hub::Response& response) {
  const hub::RemoteFile file = hub::file_in(response, kCommit, "model.safetensors");
  require(hub::is_path_inside(file.etag) && file.etag.find('/') == std::string::npos);
  hub::digest_of_etag(file.etag, file.size);
}

void check_name(std::string_view name) {
  const hub::Repository repository = hub::parse_repository(name);
  require(hub::is_repository_id(repository.id) && hub::is_path_inside(repository.id));
  const std::string part = hub::percent_encoded(repository.revision);
  require(part.find_first_of("/?#@: ") == std::string::npos);
  require(hub::HttpSession::origin_of("https://host/" + part) == "https://host");
}

hub::Response response_of(std::string_view text) {
  hub::Response response{
      .url = "https://host/path", .status = 200, .headers = {}, .body = std::string(text), .reason = {}};
  response.headers["x-repo-commit"] = kCommit;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const std::size_t colon = std::min(line.size(), line.find(':'));
    response.headers[std::string(line.substr(0, colon))] = line.substr(std::min(line.size(), colon + 1));
  }
  return response;
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): the name that libFuzzer calls
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  try {
    if (data[0] % 3 == 0) check_list(response_of(bytes));
    if (data[0] % 3 == 1) check_head(response_of(bytes));
    if (data[0] % 3 == 2) check_name(bytes);
  } catch (const Error& error) {
    require(error.code() != ErrorCode::internal);
  }
  return 0;
}
