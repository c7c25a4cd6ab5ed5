#pragma once

// Golden answers of the reference (tools/make_golden.py): what transformers gives in f32 for each text alone.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"

namespace tastevin {

struct GoldenCase {
  std::string text;
  std::optional<std::string> pair;
  std::string label;
  std::vector<float> logits;
  std::vector<float> scores;  // best first
  std::vector<std::int32_t> ids;
};

inline std::vector<GoldenCase> golden_cases(const std::filesystem::path& file) {
  std::vector<GoldenCase> cases;
  const Json golden = read_json_object(file);
  for (const Json& row : golden.at("cases")) {
    GoldenCase golden_case{row.value("text", ""), std::nullopt, row.at("label"),
                           row.at("logits"),      {},           row.value("ids", std::vector<std::int32_t>())};
    if (row.contains("pair")) golden_case.pair = row.at("pair").get<std::string>();
    for (const Json& scored : row.value("scores", Json::array())) golden_case.scores.push_back(scored.at("score"));
    cases.push_back(std::move(golden_case));
  }
  return cases;
}

}  // namespace tastevin
