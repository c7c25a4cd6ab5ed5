#pragma once

// Jobs of the bundled model in a folder of their own.

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "support/bundled.h"
#include "support/files.h"
#include "support/temporary_folder.h"
#include "tastevin/job.h"

namespace tastevin {

class RunJob : public ::testing::Test {
 protected:
  std::string output(const std::string& input_name, std::string_view input, const std::string& output_name,
                     const ClassifyOptions& options = {}) {
    job_.input = folder_.write(input_name, input).string();
    job_.output = (folder_ / output_name).string();
    report_ = run_job(bundled(), job_, options);
    return read_file(job_.output);
  }

  TemporaryFolder folder_;
  JobOptions job_;
  JobReport report_;
};

/// 40,000 rows, some equal to others.
inline std::string many_rows() {
  std::string rows = "id,text\n";
  for (std::size_t i = 0; i < 40'000; ++i) {
    rows += std::to_string(i) + (i % 3 == 0 ? ",a wonderful film number " : ",a horrible film number ") +
            std::to_string(i % 3000) + "\n";
  }
  return rows;
}

}  // namespace tastevin
