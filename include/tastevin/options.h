#pragma once

// What a caller may choose, as plain data. Each struct lists its fields once, in `fields`; command-line flags, JSON
// keys, help texts and Python arguments are all made from that list, so a name is the same everywhere (`top-k`,
// `top_k`).

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tastevin {

/// The name of a field where '-' cannot stand, in JSON and Python: `top_k` for `top-k`.
inline std::string key_name(std::string_view field) {
  std::string name(field);
  std::ranges::replace(name, '-', '_');
  return name;
}

/// The type a model computes in. A device that would silently use another one is refused.
enum class Precision : std::uint8_t { f32, bf16, f16 };

/// What a loaded model is set up for: answering one text as soon as possible, all CPUs on it, or as many texts as
/// possible in a time, one stream of requests a CPU.
enum class Mode : std::uint8_t { latency, throughput };

/// What becomes of a text with more tokens than the limit: cut at its end, at its start, or refused.
/// `automatic` is as the tokenizer's files say (`truncation_side`): at its end unless they do.
enum class Truncation : std::uint8_t { right, left, error, automatic };

/// Which text of a pair gives way when both do not fit. Of one text alone, that one.
enum class PairTruncation : std::uint8_t { longest_first, only_first, only_second };

/// What becomes of a text over the limit: cut to its first tokens, or read whole in windows that overlap.
enum class LongText : std::uint8_t { truncate, window };

/// How the logits of a text's windows become the text's: their mean, the largest of each label, the first window's.
enum class Aggregate : std::uint8_t { mean, max, first };

/// How logits become scores. `automatic` follows the model's problem type, in the order of the transformers pipeline.
enum class Activation : std::uint8_t { automatic, softmax, sigmoid, none };

/// The type in which a converted model stores its weights. `keep` stores each as the checkpoint does.
enum class WeightFormat : std::uint8_t { keep, f32, f16 };

/// The spelling of each enumerator, in order: `enum_names<Truncation>[1] == "left"`.
template <class Enum>
inline constexpr std::array<std::string_view, 0> enum_names{};
template <>
inline constexpr std::array<std::string_view, 3> enum_names<Precision>{"f32", "bf16", "f16"};
template <>
inline constexpr std::array<std::string_view, 2> enum_names<Mode>{"latency", "throughput"};
template <>
inline constexpr std::array<std::string_view, 4> enum_names<Truncation>{"right", "left", "error", "automatic"};
template <>
inline constexpr std::array<std::string_view, 3> enum_names<PairTruncation>{"longest_first", "only_first",
                                                                            "only_second"};
template <>
inline constexpr std::array<std::string_view, 2> enum_names<LongText>{"truncate", "window"};
template <>
inline constexpr std::array<std::string_view, 3> enum_names<Aggregate>{"mean", "max", "first"};
template <>
inline constexpr std::array<std::string_view, 4> enum_names<Activation>{"automatic", "softmax", "sigmoid", "none"};
template <>
inline constexpr std::array<std::string_view, 3> enum_names<WeightFormat>{"keep", "f32", "f16"};

template <class Enum>
constexpr std::string_view name_of(Enum value) {
  return enum_names<Enum>[static_cast<std::size_t>(value)];
}

/// How a model is loaded.
struct ModelOptions {
  std::string device = {};  ///< empty: CPU when it is the only one, else AUTO
  Precision precision = Precision::f32;
  Mode mode = Mode::throughput;
  std::size_t threads = 0;
  bool no_calibration = false;
  bool warm_up = false;        ///< costs 1 to 5 s for a DistilBERT-base on 2 cores
  bool no_mmap = false;        ///< costs as much memory as the weights; the files may then change while the model lives
  std::string cache_dir = {};  ///< empty: `tastevin/compiled` in $XDG_CACHE_HOME, else in ~/.cache

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit("device", self.device,
          "OpenVINO device: CPU, GPU, NPU, AUTO, ... (default: CPU when it is the only one, else AUTO)");
    visit("precision", self.precision, "type the model computes in");
    visit("mode", self.mode, "latency: all CPUs on one text; throughput: as many texts a second as possible");
    visit("threads", self.threads, "CPU threads to compute with; 0 is all that this process may use");
    visit("no-calibration", self.no_calibration,
          "leave out the temperature and the thresholds that calibrate and threshold stored with the model");
    visit("warm-up", self.warm_up,
          "run requests of the common sizes while loading, so that no text waits for the first");
    visit(
        "no-mmap", self.no_mmap,
        "copy the weights into memory instead of mapping their files, which may then change while the model is loaded");
    visit("cache-dir", self.cache_dir,
          "where models with int8 activations are kept compiled; none: nowhere (default: tastevin/compiled in the "
          "user's cache folder)");
  }
};

/// How texts become predictions.
struct ClassifyOptions {
  std::size_t top_k = 1;
  std::optional<float> threshold = std::nullopt;
  Activation function_to_apply = Activation::automatic;
  std::size_t max_length = 0;
  Truncation truncation = Truncation::automatic;
  PairTruncation pair_truncation = PairTruncation::longest_first;
  LongText long_text = LongText::truncate;
  std::size_t window = 0;
  std::size_t stride = 0;
  Aggregate aggregate = Aggregate::mean;
  bool logits = false;

  bool operator==(const ClassifyOptions&) const = default;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit("top-k", self.top_k, "labels to return per text, best first; 0 returns all");
    visit("threshold", self.threshold,
          "leave out labels that score below this (0 to 1); a multi-label answer holds at 0.5 unless given");
    visit("function-to-apply", self.function_to_apply,
          "how logits become scores; automatic follows the model's problem type");
    reading_fields(self, visit);
    visit("logits", self.logits, "also return the raw logits, in label-id order");
  }

  /// Those of how a text is read.
  template <class Self, class Visit>
  static void reading_fields(Self& self, Visit&& visit) {
    visit("max-length", self.max_length, "tokens a text may have, special tokens counted; 0 is the model's own limit");
    visit("truncation", self.truncation,
          "what to do with a longer text: cut its end, cut its start, refuse it, or as the tokenizer's files say");
    visit("pair-truncation", self.pair_truncation, "which text of a pair is cut when both together are too long");
    visit("long", self.long_text, "what becomes of a text over the limit: cut, or read whole in overlapping windows");
    visit("window", self.window, "tokens of a window, special tokens counted; 0 is the limit");
    visit("stride", self.stride, "tokens that a window shares with the one before, half of it at most; 0 is a quarter");
    visit("aggregate", self.aggregate, "how the logits of windows become the text's");
  }
};

/// How a checkpoint is converted.
struct ConvertOptions {
  WeightFormat weights = WeightFormat::keep;

  template <class Self, class Visit>
  static void fields(Self& self, Visit&& visit) {
    visit("weights", self.weights, "type of the stored weights; keep stores each as the checkpoint does");
  }
};

}  // namespace tastevin
