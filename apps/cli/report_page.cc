#include "report_page.h"

#include <filesystem>
#include <fstream>
#include <iostream>

#include "base/draft.h"
#include "base/error.h"
#include "base/files.h"

namespace tastevin::cli {

namespace fs = std::filesystem;

void check_report_place(const std::string& path) {
  const fs::path folder = fs::path(path).parent_path();
  if (!folder.empty() && !is_folder(folder))
    throw Error(ErrorCode::not_found, "report " + in_quotes(path, 200) + ": expected a folder that is there");
}

void write_report_page(const std::string& path, const std::string& page) {
  if (path == "-") {
    std::cout << page;
    return;
  }
  const bool is_device = is_there(path) && !is_file(path);
  const Draft draft(is_file(path) ? fs::canonical(path) : fs::path(path), draft_mark());
  std::ofstream file(is_device ? path : draft.path().string());
  file << page;
  file.close();
  if (!file || (!is_device && draft.move_into_place()))
    throw Error(ErrorCode::unavailable, "report " + in_quotes(path, 200) + ": cannot be written");
}

}  // namespace tastevin::cli
