#include "report_page.h"

#include <fstream>
#include <iostream>

#include "base/error.h"

namespace tastevin::cli {

void write_report_page(const std::string& path, const std::string& page) {
  if (path == "-") {
    std::cout << page;
    return;
  }
  std::ofstream file(path);
  file << page;
  file.close();
  if (!file) throw Error(ErrorCode::unavailable, "report " + in_quotes(path, 200) + ": cannot be written");
}

}  // namespace tastevin::cli
