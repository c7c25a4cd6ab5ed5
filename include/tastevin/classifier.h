#pragma once

// Texts in, labels out. A `Classifier` is immutable after loading and safe to call from many threads.
//
//   const auto classifier = tastevin::Classifier::load("models/sst2-tiny");
//   const tastevin::Prediction answer = classifier.classify("I had a wonderful day");
//   // answer.label == "POSITIVE", answer.score == 0.9969

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tastevin/error.h"
#include "tastevin/model_info.h"
#include "tastevin/options.h"
#include "tastevin/prediction.h"
#include "tastevin/text.h"
#include "tastevin/tokenize.h"

namespace tastevin {

/// Where the calling thread's time went, in milliseconds. Texts are encoded and batches packed while others run on the
/// device, so `infer` is the time that was left to wait for it. The stages sum up to `total`.
struct StageTimes {
  double tokenize = 0;
  double batch = 0;
  double infer = 0;
  double decide = 0;
  double total = 0;
};

struct Classified {
  std::vector<Prediction> predictions;  ///< in the order of the texts
  StageTimes times;
  std::size_t repeated = 0;  ///< texts that equal an earlier one of the call; they were not run again
  std::size_t tokens = 0;    ///< that the device computed for texts
  std::size_t filler = 0;    ///< that it computed for nothing, to fill up rows
};

/// About one of several texts of a call.
class TextError : public Error {
 public:
  TextError(ErrorCode code, std::size_t text, const std::string& why)
      : Error(code, "texts[" + std::to_string(text) + "]: " + why), text_(text), why_(why) {}

  std::size_t text() const noexcept { return text_; }  ///< its place, from 0
  const std::string& why() const noexcept { return why_; }

 private:
  std::size_t text_;
  std::string why_;
};

class Classifier {
 public:
  /// Loads a checkpoint folder (converted in memory, nothing is written), a model folder, a folder that optimum-intel
  /// exported, or an ONNX file with config.json and tokenizer beside it or one folder above. The weights stay mapped
  /// files, which must not be changed in place while the classifier lives, unless `options.no_mmap`.
  /// Throws `Error{not_found | bad_checkpoint | unsupported_model}`, and `Error{unsupported_model}` when the device
  /// would compute in another precision than `options.precision`; `Error{invalid_argument}` for options that contradict
  /// each other, and `Error{unavailable}` when the device does not compile.
  static Classifier load(const std::filesystem::path& model, const ModelOptions& options = {});

  ~Classifier();
  Classifier(Classifier&&) noexcept;
  Classifier& operator=(Classifier&&) noexcept;

  /// Classifies each text on its own; no text changes another's answer (in f32 by at most 1e-5 of a logit).
  /// Throws `Error{invalid_argument}` for options that the model cannot meet, `Error{too_large}` (of several texts
  /// `TextError`, which has the place) for a text over the limit under `Truncation::error`, one that a pattern of the
  /// tokenizer gives up on, or a pair whose text that must stay whole leaves no room, `Error{unavailable}` when the
  /// device fails, and `Error{internal}` where the model gives a logit that is no number.
  Classified classify(std::span<const Text> texts, const ClassifyOptions& options = {}) const;

  /// The same for one text.
  Prediction classify(std::string_view text, const ClassifyOptions& options = {}) const;

  /// The logits of each text alone, for a caller who wants no words: `rows` gets a row of `info().labels.size()`
  /// numbers a text, in label-id order. Throws as `classify` does, and `Error{invalid_argument}` for rows of another
  /// size.
  void logits(std::span<const Text> texts, std::span<float> rows, const ClassifyOptions& options = {}) const;

  /// The same as scores.
  void scores(std::span<const Text> texts, std::span<float> rows, const ClassifyOptions& options = {}) const;

  /// The tokens of `text` as the model's tokenizer makes them. Throws `Error{invalid_argument}` for a
  /// `max_length` that the special tokens alone exceed, and `Error{too_large}` for a text over the limit under
  /// `Truncation::error`, or one that a pattern of the tokenizer gives up on.
  Tokens tokenize(const Text& text, const TokenizeOptions& options = {}) const;

  /// The words of `text` as the tokenizer cuts it before it looks for tokens: code points [begin, end) of each, in
  /// order. Of a script without blanks they are what the model's pre-tokenizer makes of it. Throws `Error{too_large}`
  /// for a text that a pattern of the tokenizer gives up on.
  std::vector<std::pair<std::uint32_t, std::uint32_t>> words(std::string_view text) const;

  const ModelInfo& info() const noexcept;
  std::size_t threads() const noexcept;        ///< CPU threads it computes with
  std::size_t streams() const noexcept;        ///< requests that it computes side by side
  const std::string& device() const noexcept;  ///< where it runs: "CPU"
  Precision precision() const noexcept;        ///< as the compiled model says
  /// What went wrong at loading without harm, such as a cache folder that cannot be written, and what was taken for
  /// granted of the tokenizer; empty when nothing was.
  const std::string& warning() const noexcept;

 private:
  struct Parts;
  explicit Classifier(std::unique_ptr<const Parts> parts);
  std::unique_ptr<const Parts> parts_;
};

}  // namespace tastevin
