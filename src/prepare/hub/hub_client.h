#pragma once

// What we ask a Hub: which files a revision has, what a file is, and its bytes. Failures that may pass are asked again.
// One client belongs to one thread.

#include <cstddef>
#include <functional>
#include <string>

#include "prepare/hub/attempts.h"
#include "prepare/hub/blob_file.h"
#include "prepare/hub/http.h"
#include "prepare/hub/hub_answers.h"
#include "prepare/hub/repository.h"
#include "prepare/hub/settings.h"

namespace tastevin::hub {

class HubClient {
 public:
  HubClient(const Settings& settings, const Repository& repository);

  /// The commit that the repository's revision stands for, and its files.
  Revision revision();
  RemoteFile describe(const std::string& commit, const std::string& file);
  /// Appends to `blob` what it lacks. `on_piece` is called after every piece.
  void download(const std::string& commit, const RemoteFile& file, BlobFile& blob,
                const std::function<void()>& on_piece);

 private:
  Response ask(const Request& request, const std::string& file);
  std::string address_of(const std::string& commit, const std::string& file) const;
  [[noreturn]] void refuse(const Response& response, const std::string& file) const;

  const Settings& settings_;
  const Repository& repository_;
  HttpSession session_;
};

}  // namespace tastevin::hub
