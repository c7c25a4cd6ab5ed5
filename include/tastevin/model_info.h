#pragma once

// What is known of a model without running it.

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tastevin/options.h"

namespace tastevin {

/// What the model was trained to answer; it decides how logits become scores.
enum class Task : std::uint8_t { single_label, multi_label, regression };

template <>
inline constexpr std::array<std::string_view, 3> enum_names<Task>{"single_label", "multi_label", "regression"};

/// What `calibrate` and `threshold` have learnt about a model's scores; it lies beside the model's graph. Scores
/// of another function than the model's own (`function_to_apply`) are left alone.
struct Calibration {
  double temperature = 1;                  ///< logits are divided by it before they become scores
  std::optional<float> reject_below = {};  ///< a best score below it: the label is `other`
  std::string other = {};
  std::vector<float> thresholds = {};  ///< of each label of a model that gives several: it holds from this score on
};

struct ModelInfo {
  std::filesystem::path folder;
  std::string name;                          ///< in reports: the folder's, with that of an ONNX file given by name
  std::vector<std::filesystem::path> files;  ///< that it was read from, beside the calibration
  std::filesystem::path calibration_file;    ///< where what is learnt about its scores lies, or would
  std::string form;                          ///< "checkpoint", "model folder", "OpenVINO IR" or "ONNX"
  std::string family;                        ///< `model_type` of the config, such as "distilbert"
  std::string weights;                       ///< types of the stored weights, such as "f16" or "f32, i64"
  Task task = Task::single_label;
  std::vector<std::string> labels;  ///< in label-id order
  std::size_t layers = 0;
  std::size_t hidden_size = 0;
  std::size_t heads = 0;
  std::size_t vocabulary = 0;
  std::size_t max_length = 0;   ///< tokens that a text may have unless a call says otherwise, special ones counted
  std::size_t positions = 0;    ///< that it may have at all: more where the tokenizer's files say less. 0: no limit
  std::string mask_token = {};  ///< [MASK] or <mask>, as the tokenizer has it; empty where it has neither
  std::size_t parameters = 0;
  std::size_t weight_bytes = 0;  ///< on disk
  std::vector<std::string> ignored =
      {};                        ///< tensors of a checkpoint that no label needs: buffers, what only pretraining has
  Calibration calibration = {};  ///< as it is applied
};

/// Reads what `tastevin inspect` shows. `model` is a folder of any form, or an ONNX file.
/// Throws `Error{not_found | bad_checkpoint | unsupported_model}`.
ModelInfo inspect(const std::filesystem::path& model);

}  // namespace tastevin
