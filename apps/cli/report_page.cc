#include "report_page.h"

#include <fstream>

#include "tastevin/error.h"

namespace tastevin::cli {

void write_report_page(const std::string& path, const std::string& page) {
  std::ofstream file(path);
  file << page;
  file.close();
  if (!file) throw Error(ErrorCode::invalid_argument, "report " + path + ": cannot be written");
}

}  // namespace tastevin::cli
