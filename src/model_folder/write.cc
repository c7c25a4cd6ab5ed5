#include <fstream>
#include <system_error>

#include <openvino/openvino.hpp>

#include "base/draft.h"
#include "base/error.h"
#include "base/files.h"
#include "base/json.h"
#include "base/last_error.h"
#include "base/model_files.h"
#include "model_folder/model_folder.h"
#include "tastevin/version.h"

namespace tastevin::model_folder {
namespace {

namespace fs = std::filesystem;

/// A folder that is there already is moved away first and deleted when the draft is in its place.
void replace_by(const Draft& draft) {
  const fs::path old = draft.place().string() + ".old" + draft_mark();
  const bool replaces = is_there(draft.place());
  if (replaces) fs::rename(draft.place(), old);
  std::error_code ignored;
  if (const std::error_code reason = draft.move_into_place()) {
    if (replaces) fs::rename(old, draft.place(), ignored);
    throw fs::filesystem_error("rename", draft.place(), reason);
  }
  if (replaces) fs::remove_all(old, ignored);
}

void copy_one(const fs::path& from, const fs::path& to) {
  std::error_code reason;
  if (!fs::copy_file(from, to, reason))
    throw Error(ErrorCode::unavailable, from.string() + ": cannot be copied: " + reason.message());
}

/// Before anything else is done, errno says why OpenVINO's writer failed; it does not tell more.
void save(const std::shared_ptr<ov::Model>& model, const fs::path& path) {
  try {
    ov::save_model(model, path, false);
  } catch (const std::ios_base::failure&) {
    throw Error(ErrorCode::unavailable, path.string() + ": cannot be written: " + last_error().message());
  }
}

void write_manifest(const fs::path& path, const Manifest& manifest) {
  AnswerJson json{{"format", 1},
                  {"tastevin", version()},
                  {"openvino", ov::get_openvino_version().buildNumber},
                  {"family", manifest.family},
                  {"source", manifest.source},
                  {"weights", manifest.weights}};
  if (!manifest.quantization.empty()) json["quantization"] = AnswerJson::parse(manifest.quantization);
  std::ofstream file(path);
  file << dumped(json, 2) << "\n";
  file.close();
  if (!file) throw Error(ErrorCode::unavailable, path.string() + ": cannot be written: " + last_error().message());
}

/// The folder that is written: what a link leads to, without a slash at its end.
fs::path place_of(const fs::path& out) {
  std::error_code error;
  const fs::path place = fs::is_symlink(out, error) ? fs::weakly_canonical(out) : out;
  return place.has_filename() ? place : place.parent_path();
}

}  // namespace

void check_replaceable(const fs::path& out) {
  if (!is_there(out)) return;
  std::error_code error;
  const bool ours = is_folder(out) && (fs::is_empty(out, error) || is_there(out / "tastevin.json"));
  if (error) throw Error(ErrorCode::unavailable, out.string() + ": cannot be read: " + error.message());
  if (!ours) {
    throw Error(ErrorCode::invalid_argument,
                out.string() + ": exists and is no model folder; expected a new, an empty or a converted folder");
  }
}

void write(const fs::path& out, const std::shared_ptr<ov::Model>& model, const fs::path& checkpoint,
           const Manifest& manifest) {
  try {
    check_replaceable(out);
    const Draft draft(place_of(out), draft_mark());
    fs::remove_all(draft.path());
    fs::create_directories(draft.path());
    save(model, draft.path() / "openvino_model.xml");
    for (const char* name : kFilesBesideWeights) {
      if (is_file(checkpoint / name)) copy_one(checkpoint / name, draft.path() / name);
    }
    write_manifest(draft.path() / "tastevin.json", manifest);
    replace_by(draft);
  } catch (const fs::filesystem_error& error) {
    throw Error(ErrorCode::unavailable, out.string() + ": cannot be written: " + error.code().message());
  } catch (const ov::Exception& error) {
    throw Error(ErrorCode::unavailable,
                out.string() + ": the model could not be saved: " + in_quotes(error.what(), 300));
  }
}

}  // namespace tastevin::model_folder
