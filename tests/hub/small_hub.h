#pragma once

// The small Hub of small_hub.py, running on loopback with models that a test writes.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "support/files.h"
#include "support/program.h"
#include "support/temporary_folder.h"

namespace tastevin {

class SmallHub {
 public:
  SmallHub() : server_({TASTEVIN_PYTHON, source_file("tests/hub/small_hub.py").string(), folder_.path().string()}) {
    const Json addresses = parse_json(server_.hear(), "small_hub.py");
    address_ = addresses.at("hub").get<std::string>();
    cdn_ = addresses.at("cdn").get<std::string>();
  }

  const std::string& address() const { return address_; }
  /// The other origin, where large files are.
  const std::string& cdn() const { return cdn_; }

  /// Adds a file to a model of the Hub.
  void add(const std::string& model, const std::string& file, std::string_view bytes,
           const std::string& revision = "main") const {
    const auto path = folder_ / (model + "/" + revision + "/" + file);
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  }

  /// Adds a folder as a model's main revision.
  void add_folder(const std::string& model, const std::filesystem::path& files) const {
    const auto path = folder_ / (model + "/main");
    std::filesystem::create_directories(path.parent_path());
    std::filesystem::copy(files, path, std::filesystem::copy_options::recursive);
  }

  /// Gives the server an order (small_hub.py lists them) and returns its answer.
  Json order(const std::string& json) {
    server_.say(json);
    return parse_json(server_.hear(), "small_hub.py");
  }

  /// The requests since the last call.
  std::vector<Json> requests() {
    const Json log = order(R"({"do": "log"})");
    return {log.begin(), log.end()};
  }

 private:
  TemporaryFolder folder_;
  Conversation server_;
  std::string address_;
  std::string cdn_;
};

}  // namespace tastevin
