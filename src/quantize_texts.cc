#include "quantize_texts.h"

#include <algorithm>
#include <unordered_set>

#include "base/error.h"
#include "work/tables/labels.h"
#include "work/tables/reader.h"

namespace tastevin {
namespace {

constexpr std::size_t kFewest = 10;        // texts that anything can be learnt from
constexpr std::size_t kMostJudged = 2000;  // more tell agreement no better than to 0.3 points
constexpr std::size_t kSharedByFile = 5;   // of a file with no more than the samples, one in five is held back

/// Different ones, blank ones left out, in their order.
std::vector<std::string> different(std::vector<std::string> texts) {
  std::unordered_set<std::string> seen;
  std::erase_if(texts, [&seen](const std::string& text) {
    return text.find_first_not_of(" \t\r\n") == std::string::npos || !seen.insert(text).second;
  });
  return texts;
}

void check_enough(std::size_t found, const std::string& file, const std::string& what) {
  if (found >= kFewest) return;
  throw Error(ErrorCode::invalid_argument, in_quotes(file, 200) + ": expected at least " + std::to_string(kFewest) +
                                               " texts " + what + ", found " + std::to_string(found));
}

/// `count` of `texts`, evenly spread; the others stay there.
std::vector<std::string> take_evenly(std::vector<std::string>& texts, std::size_t count) {
  std::vector<std::string> taken;
  std::vector<std::string> left;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const bool takes = (i + 1) * count / texts.size() > i * count / texts.size();
    (takes ? taken : left).push_back(std::move(texts[i]));
  }
  texts = std::move(left);
  return taken;
}

JudgedTexts read_labelled(const QuantizeOptions& options, const std::vector<std::string>& labels) {
  auto columns = tables::read_columns(options.data, {options.column, options.label_column});
  check_enough(columns[0].size(), options.data, "with labels");
  JudgedTexts judged{std::move(columns[0]), {}};
  judged.labels.reserve(judged.texts.size());
  for (std::size_t row = 0; row < judged.texts.size(); ++row) {
    const std::string where = in_quotes(options.data, 200) + ", row " + std::to_string(row + 1);
    judged.labels.push_back(tables::label_id(columns[1][row], labels, where));
  }
  return judged;
}

}  // namespace

QuantizeTexts read_quantize_texts(const QuantizeOptions& options, const std::vector<std::string>& labels) {
  QuantizeTexts texts;
  if (!options.data.empty()) texts.judged = read_labelled(options, labels);
  if (options.calibration.empty()) return texts;
  auto all = different(std::move(tables::read_columns(options.calibration, {options.column}).front()));
  check_enough(all.size(), options.calibration, "that differ");
  const std::size_t most = options.data.empty() ? all.size() - all.size() / kSharedByFile : all.size();
  if (options.method == QuantizeMethod::full) texts.calibration = take_evenly(all, std::min(options.samples, most));
  if (options.data.empty()) {
    texts.judged.texts = take_evenly(all, std::min(kMostJudged, all.size()));
    check_enough(texts.judged.texts.size(), options.calibration, "to judge by");
  }
  return texts;
}

}  // namespace tastevin
