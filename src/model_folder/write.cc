#include <unistd.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <system_error>

#include <openvino/openvino.hpp>

#include "base/error.h"
#include "base/json.h"
#include "model_folder/model_folder.h"
#include "tastevin/version.h"

namespace tastevin::model_folder {
namespace {

namespace fs = std::filesystem;

/// Everything that some loader of the folder may want besides the graph.
constexpr std::array kCopied{"config.json",
                             "tokenizer.json",
                             "tokenizer_config.json",
                             "special_tokens_map.json",
                             "added_tokens.json",
                             "vocab.txt",
                             "vocab.json",
                             "merges.txt",
                             "spiece.model",
                             "spm.model",
                             "sentencepiece.bpe.model"};

/// A folder beside its final place that is gone again unless it is moved there.
class Draft {
 public:
  explicit Draft(fs::path out) : out_(std::move(out)), draft_(out_.string() + ".new." + std::to_string(::getpid())) {
    fs::remove_all(draft_);
    fs::create_directories(draft_);
  }
  ~Draft() {
    std::error_code ignored;
    fs::remove_all(draft_, ignored);
  }
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;

  const fs::path& folder() const { return draft_; }

  void move_into_place() const {
    const fs::path old = out_.string() + ".old." + std::to_string(::getpid());
    const bool replaces = fs::exists(out_);
    if (replaces) fs::rename(out_, old);
    fs::rename(draft_, out_);
    if (replaces) fs::remove_all(old);
  }

 private:
  fs::path out_;
  fs::path draft_;
};

void write_manifest(const fs::path& path, const Manifest& manifest) {
  AnswerJson json{{"format", 1},
                  {"tastevin", version()},
                  {"openvino", ov::get_openvino_version().buildNumber},
                  {"family", manifest.family},
                  {"source", manifest.source},
                  {"weights", manifest.weights}};
  if (!manifest.quantization.empty()) json["quantization"] = AnswerJson::parse(manifest.quantization);
  std::ofstream file(path);
  file << json.dump(2, ' ', false, AnswerJson::error_handler_t::replace) << "\n";
  file.close();
  if (!file)
    throw Error(ErrorCode::invalid_argument,
                path.string() + ": cannot be written: " + std::generic_category().message(errno));
}

fs::path without_trailing_slash(const fs::path& path) { return path.has_filename() ? path : path.parent_path(); }

}  // namespace

void check_replaceable(const fs::path& out) {
  if (!fs::exists(out)) return;
  const bool ours = fs::is_directory(out) && (fs::is_empty(out) || fs::exists(out / "tastevin.json"));
  if (!ours) {
    throw Error(ErrorCode::invalid_argument,
                out.string() + ": exists and is no model folder; expected a new, an empty or a converted folder");
  }
}

void write(const fs::path& out, const std::shared_ptr<ov::Model>& model, const fs::path& checkpoint,
           const Manifest& manifest) {
  try {
    check_replaceable(out);
    const Draft draft(without_trailing_slash(out));
    ov::save_model(model, draft.folder() / "openvino_model.xml", false);
    for (const char* name : kCopied) {
      if (fs::is_regular_file(checkpoint / name)) fs::copy_file(checkpoint / name, draft.folder() / name);
    }
    write_manifest(draft.folder() / "tastevin.json", manifest);
    draft.move_into_place();
  } catch (const fs::filesystem_error& error) {
    throw Error(ErrorCode::invalid_argument, out.string() + ": cannot be written: " + error.code().message());
  } catch (const ov::Exception& error) {
    throw Error(ErrorCode::invalid_argument,
                out.string() + ": the model could not be saved: " + in_quotes(error.what(), 300));
  }
}

}  // namespace tastevin::model_folder
