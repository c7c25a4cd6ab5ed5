#pragma once

// A model in int8, with a promise about its answers that is kept or the model is not written.
//
//   const auto report = tastevin::quantize("models/sst2", "models/sst2-int8",
//                                          {.method = tastevin::QuantizeMethod::full, .calibration = "reviews.csv"});
//   // report.quality->agreement == 99.4 (percent), report.texts_per_s.after / report.texts_per_s.before == 2.9

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "tastevin/model_info.h"
#include "tastevin/options.h"

namespace tastevin {

/// What becomes int8: the weights alone (the CPU rounds activations in each request), or both, calibrated on texts.
enum class QuantizeMethod : std::uint8_t { weights, full };
template <>
inline constexpr std::array<std::string_view, 2> enum_names<QuantizeMethod>{"weights", "full"};

/// What `max_drop` is a drop of.
enum class Metric : std::uint8_t { accuracy, macro_f1 };
template <>
inline constexpr std::array<std::string_view, 2> enum_names<Metric>{"accuracy", "macro_f1"};

struct QuantizeOptions {
  QuantizeMethod method = QuantizeMethod::weights;
  std::string calibration = {};
  std::size_t samples = 300;
  std::string column = {};
  std::string data = {};
  std::string label_column = "label";
  Metric metric = Metric::accuracy;
  std::optional<float> max_drop = std::nullopt;
  std::optional<float> min_agreement = std::nullopt;
  bool keep_embeddings = false;
  std::size_t threads = 0;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit("method", self.method, "what becomes int8: weights alone (needs no data), or activations too (full)");
    visit("calibration", self.calibration,
          "texts to calibrate on: CSV, TSV, Parquet, Arrow IPC, JSON lines, or a text a line");
    visit("samples", self.samples, "texts of it to calibrate on; the others are held back for --min-agreement");
    visit("column", self.column, "column of the texts (default: the only one, or sentence, text or content)");
    visit("data", self.data, "labelled texts to judge by, in any of these forms");
    visit("label-column", self.label_column, "column of their labels, by name or id");
    visit("metric", self.metric, "what --max-drop is a drop of");
    visit("max-drop", self.max_drop,
          "points that the metric may fall on --data (default: 0.5, unless --min-agreement is given)");
    visit("min-agreement", self.min_agreement,
          "percent of held-back texts that must keep their label (default: 99 when there is no --data)");
    visit("keep-embeddings", self.keep_embeddings, "leave the table of words as it is");
    visit("threads", self.threads, "CPU threads to compute with; 0 is all that this process may use");
  }
};

template <class T>
struct BeforeAndAfter {
  T before{};
  T after{};
};

/// A share of texts in percent, with the 95 % interval of Wilson (1927).
struct Share {
  double percent = 0;
  double low = 0;
  double high = 0;
};

/// How the answers of the int8 model compare.
struct QuantizeQuality {
  std::size_t texts = 0;
  Share agreement;                      ///< texts whose top label is that of the model before
  double largest_logit_difference = 0;  ///< of any label of any text
  bool labelled = false;                ///< whether the next two mean anything
  BeforeAndAfter<Share> accuracy;       ///< percent
  BeforeAndAfter<double> macro_f1;      ///< percent
};

/// A part of the model that is quantized, or not, as a whole: products that read the same value.
struct QuantizedLayer {
  std::string name;                   ///< of its first weights
  std::size_t products = 0;           ///< 3 for query, key and value
  std::optional<double> sensitivity;  ///< root mean square by which logits move when it alone is int8
  bool kept = false;                  ///< it went back to what it was
};

struct QuantizeReport {
  BeforeAndAfter<ModelInfo> model;
  QuantizeMethod method = QuantizeMethod::weights;
  std::size_t calibrated_on = 0;  ///< texts
  std::string promise;            ///< "accuracy falls by at most 0.5 points"; empty when none could be judged
  std::optional<QuantizeQuality> quality;
  BeforeAndAfter<double> texts_per_s;      ///< on the texts that were judged; 0 when there were none
  double texts_per_s_without_promise = 0;  ///< what it would be with every layer in int8
  std::vector<QuantizedLayer> layers;      ///< in the order of the graph
  std::string instruction_set;             ///< of this CPU, as far as it matters: "AVX-512, VNNI, bf16"
  std::vector<std::string> warnings;
};

/// Where a quantization is: "calibrating", 12 of 300.
struct QuantizeProgress {
  std::string step;
  std::size_t done = 0;
  std::size_t of = 0;
};

/// Quantizes `model` (anything that `Classifier::load` takes) into the model folder `out`. When the promise does not
/// hold, the layers that move the answers most go back one by one until it does. `progress` is called in the calling
/// thread. Takes 10 s for a small model and some minutes for a DistilBERT-base.
/// Throws `Error{rejected}` when the promise does not hold even with a single layer in int8; `Error{not_found}`
/// for a column that is not there; `Error{invalid_argument}` for too few texts, a label that the model does not have, a
/// promise without texts to judge by, or a model that is int8 already; and as loading the model does. Then nothing is
/// written.
QuantizeReport quantize(const std::filesystem::path& model, const std::filesystem::path& out,
                        const QuantizeOptions& options = {},
                        const std::function<void(const QuantizeProgress&)>& progress = {});

/// `report` as a page of its own, with no script and nothing to fetch.
std::string to_html(const QuantizeReport& report);

/// `report` as JSON: what `tastevin.json` of the folder has under "quantization".
std::string to_json(const QuantizeReport& report);

}  // namespace tastevin
