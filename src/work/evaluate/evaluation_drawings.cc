#include "work/evaluate/evaluation_drawings.h"

#include <algorithm>

#include "base/decimal.h"
#include "base/html_page.h"

namespace tastevin::drawings {
namespace {

constexpr double kSide = 300;  // of every drawing, in its own units

/// A square with its title, axes with their ends and names, around `inside`.
struct Frame {
  std::string title;
  const char* across = "";
  std::string left = "0";
  std::string right = "1";
  std::string top = "1";
  std::string bottom = "0";
};

std::string framed(const Frame& frame, const std::string& inside) {
  const std::string title = html::escaped(frame.title);
  std::string svg = "<h2>" + title;
  svg += "</h2>\n<svg class=\"square\" viewBox=\"-55 -10 375 360\" role=\"img\" aria-label=\"" + title;
  svg += "\">\n<rect class=\"frame\" width=\"300\" height=\"300\"/>\n" + inside + "<text x=\"0\" y=\"318\">" +
         frame.left + "</text><text x=\"300\" y=\"318\" text-anchor=\"end\">" + frame.right +
         "</text><text x=\"150\" y=\"336\" text-anchor=\"middle\">";
  svg += frame.across;
  return svg + "</text><text x=\"-6\" y=\"10\" text-anchor=\"end\">" + frame.top +
         "</text><text x=\"-6\" y=\"300\" text-anchor=\"end\">" + frame.bottom + "</text></svg>\n";
}

struct Bar {
  std::size_t place = 0;
  std::size_t places = 1;
  double from = 0;  // shares of the height
  double to = 0;
};

std::string bar(const Bar& bar, const char* kind, const std::string& title) {
  const double width = kSide / static_cast<double>(bar.places);
  std::string svg = "<rect class=\"";
  svg += kind;
  return svg + "\" x=\"" + decimal(static_cast<double>(bar.place) * width + 1, 1) + "\" y=\"" +
         decimal(kSide * (1 - bar.to), 1) + "\" width=\"" + decimal(width - 2, 1) + "\" height=\"" +
         decimal(kSide * (bar.to - bar.from), 1) + "\"><title>" + title + "</title></rect>\n";
}

/// What of a point stands where.
struct Axes {
  double ThresholdPoint::* across;
  double ThresholdPoint::* up;
};

std::string line(const std::vector<ThresholdPoint>& curve, const Axes& axes, const char* kind, const std::string& title,
                 const std::string& colour = {}) {
  std::string svg = "<polyline class=\"";
  svg += kind;
  if (!colour.empty()) svg += "\" style=\"stroke: " + colour;
  svg += "\" points=\"";
  for (const ThresholdPoint& point : curve)
    svg += decimal(kSide * point.*axes.across, 1) + "," + decimal(kSide * (1 - point.*axes.up), 1) + " ";
  return svg + "\"><title>" + html::escaped(title) + "</title></polyline>\n";
}

/// Colours as far from each other as so many can be, on light and dark.
std::string colour_of(std::size_t place, std::size_t places) {
  return "hsl(" + std::to_string(210 + 360 * place / places) + " 70% 50%)";
}

double share(std::size_t part, std::size_t all) {
  return all == 0 ? 0 : static_cast<double>(part) / static_cast<double>(all);
}

/// Of sets, each label of each text is a choice.
std::string what_is_judged(const Evaluation& found) {
  return found.task == Task::multi_label ? " choices of a label" : " texts";
}

}  // namespace

std::string reliability(const Evaluation& found) {
  std::string bars;
  for (std::size_t i = 0; i < found.reliability.size(); ++i) {
    const Reliability& bin = found.reliability[i];
    if (bin.texts == 0) continue;
    bars += bar({i, found.reliability.size(), 0, bin.accuracy}, "bar",
                std::to_string(bin.texts) + what_is_judged(found) + ", confidence " + decimal(bin.confidence, 3) +
                    ", right " + decimal(bin.accuracy, 3));
  }
  return framed({.title = "Confidence against truth", .across = "confidence"},
                bars + "<line class=\"ideal\" x1=\"0\" y1=\"300\" x2=\"300\" y2=\"0\"/>\n");
}

std::string precision_recall(const Evaluation& found) {
  constexpr std::size_t kMostLines = 12;
  std::string lines;
  std::string names;
  const std::size_t first = found.labels.size() == 2 ? 1 : 0;
  const std::size_t end = std::min(found.labels.size(), kMostLines);
  for (std::size_t i = first; i < end; ++i) {
    const std::string colour = colour_of(i - first, end - first);
    const std::string& label = found.labels[i].label;
    lines += line(found.labels[i].curve, {&ThresholdPoint::recall, &ThresholdPoint::precision}, "line", label, colour);
    names += "<span style=\"color: " + colour + "\">" + html::escaped(label) + "</span> ";
  }
  return framed({.title = "Precision and recall", .across = "recall (across), precision (up)"}, lines) + "<p>" + names +
         "</p>\n";
}

std::string thresholds(const Evaluation& found) {
  constexpr std::size_t kMostDrawings = 12;
  std::string drawings;
  const std::size_t first = found.labels.size() == 2 ? 1 : 0;
  for (std::size_t i = first; i < std::min(found.labels.size(), kMostDrawings); ++i) {
    const std::vector<ThresholdPoint>& curve = found.labels[i].curve;
    drawings += framed({.title = "Precision and recall by threshold: " + found.labels[i].label,
                        .across = "threshold; precision blue, recall orange"},
                       line(curve, {&ThresholdPoint::threshold, &ThresholdPoint::precision}, "line", "precision") +
                           line(curve, {&ThresholdPoint::threshold, &ThresholdPoint::recall}, "line other", "recall"));
  }
  return drawings;
}

std::string scores(const Evaluation& found) {
  std::size_t most = 1;
  for (const ScoreBin& bin : found.scores) most = std::max(most, bin.right + bin.wrong);
  std::string bars;
  for (std::size_t i = 0; i < found.scores.size(); ++i) {
    const ScoreBin& bin = found.scores[i];
    const double right = share(bin.right, most);
    if (bin.right > 0) bars += bar({i, found.scores.size(), 0, right}, "bar", std::to_string(bin.right) + " right");
    if (bin.wrong > 0) {
      bars += bar({i, found.scores.size(), right, right + share(bin.wrong, most)}, "kept",
                  std::to_string(bin.wrong) + " wrong");
    }
  }
  const bool sets = found.task == Task::multi_label;
  return framed({.title = sets ? "Choices of single labels by their score" : "Texts by the score of the answer",
                 .across = "score; right blue, wrong orange",
                 .top = std::to_string(most)},
                bars);
}

std::string lengths(const Evaluation& found) {
  if (found.lengths.empty()) return {};
  const bool numbers = found.task == Task::regression;
  double most = 0;
  for (const LengthBin& bin : found.lengths) most = std::max(most, bin.mean_error);
  if (most == 0) most = 1;
  std::string bars;
  for (std::size_t i = 0; i < found.lengths.size(); ++i) {
    const LengthBin& bin = found.lengths[i];
    if (bin.texts == 0) continue;
    const std::string texts = std::to_string(bin.texts);
    bars += bar({i, found.lengths.size(), 0, bin.mean_error / most}, "kept",
                "up to " + std::to_string(bin.tokens) + " tokens: " +
                    (numbers ? "off by " + decimal(bin.mean_error, 4) + " in the mean of " + texts
                             : std::to_string(bin.wrong) + " of " + texts + " wrong"));
  }
  return framed({.title = numbers ? "Distance from the truth by length" : "Wrong answers by length",
                 .across = "tokens of the text, twice as many from bar to bar",
                 .left = "to " + std::to_string(found.lengths.front().tokens),
                 .right = "to " + std::to_string(found.lengths.back().tokens),
                 .top = numbers ? decimal(most, 3) : decimal(100 * most, 1) + "%"},
                bars);
}

std::string values(const Evaluation& found) {
  if (found.values.empty()) return {};
  double low = found.values.front().truth;
  double high = low;
  for (const ValuePoint& point : found.values) {
    low = std::min({low, point.truth, point.answer});
    high = std::max({high, point.truth, point.answer});
  }
  const double width = high > low ? high - low : 1;
  std::string points;
  for (const ValuePoint& point : found.values) {
    points += "<circle class=\"bar\" r=\"2\" cx=\"" + decimal(kSide * (point.truth - low) / width, 1) + "\" cy=\"" +
              decimal(kSide * (high - point.answer) / width, 1) + "\"/>\n";
  }
  return framed({.title = "Answers by what is true",
                 .across = "truth (across), answer (up)",
                 .left = decimal(low, 2),
                 .right = decimal(high, 2),
                 .top = decimal(high, 2),
                 .bottom = decimal(low, 2)},
                points + "<line class=\"ideal\" x1=\"0\" y1=\"300\" x2=\"300\" y2=\"0\"/>\n");
}

}  // namespace tastevin::drawings
