#pragma once

// A model folder that another program might have written.

#include <filesystem>
#include <fstream>

#include "support/files.h"
#include "support/temporary_folder.h"
#include "tastevin/convert.h"

namespace tastevin {

/// A folder as others leave it: our IR of tests/golden/tiny/gelu-f32 without our anchors and manifest.
inline std::filesystem::path foreign_ir(const TemporaryFolder& folder) {
  const auto out = folder / "ir";
  convert(source_file("tests/golden/tiny/gelu-f32"), out);
  std::string xml = read_file(out / "openvino_model.xml");
  const std::string ours = "anchors_version";
  xml.replace(xml.find(ours), ours.size(), "another_version");
  std::ofstream(out / "openvino_model.xml") << xml;
  std::filesystem::remove(out / "tastevin.json");
  return out;
}

}  // namespace tastevin
