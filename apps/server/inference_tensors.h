#pragma once

// The tensors of the Open Inference Protocol, as REST and gRPC share them. A text is an element of the input `text`,
// BYTES [n], [n,1], or [n,2] for pairs.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "serve/registry.h"

namespace tastevin::server {

inline constexpr const char* kPlatform = "tastevin_openvino";
inline constexpr std::array<const char*, 3> kExtensions{"classification", "binary_tensor_data", "model_repository"};

/// Throws `Error{not_found}` for a version that is not the loaded one; empty is any.
void check_version(const std::string& wanted, const serve::ServedModel& model);

struct InferRequest {
  std::string id;
  std::vector<serve::Input> inputs;
  struct Output {
    std::string name;
    std::size_t classification = 0;  ///< best values, as "value:index:label"
    bool binary = false;
  };
  std::vector<Output> outputs;
  ClassifyOptions options;
};

/// Outputs of a request: each may be asked for in several ways, none for the sake of a large answer.
constexpr std::size_t kMostOutputs = 64;

/// Label and score where no output is asked for; logits only where they are.
void complete(InferRequest& request, bool binary);

/// Elements of BYTES: each its length in four bytes, the lowest first, and its bytes. Throws `Error{invalid_argument}`.
std::vector<std::string> elements_of(std::string_view bytes);

/// Throws `Error{invalid_argument}` when `shape`, which may be empty, is not that of texts or of pairs, and
/// `Error{too_large}` for more than `most` of them.
std::vector<serve::Input> inputs_of(std::vector<std::string> elements, std::vector<std::int64_t> shape,
                                    std::size_t most);

struct Tensor {
  std::string name;
  std::vector<std::int64_t> shape;
  std::vector<std::string> texts;  ///< BYTES
  std::vector<float> numbers;      ///< or FP32
  bool is_text = false;

  const char* datatype() const { return is_text ? "BYTES" : "FP32"; }
};

/// Throws `Error{invalid_argument}` for an output that there is not.
Tensor tensor_of(const InferRequest::Output& output, const serve::Reply& reply, const std::vector<std::string>& labels);

/// The data as the binary extension has it.
std::string binary_of(const Tensor& tensor);

/// What a model takes and gives, -1 for the number of texts.
struct TensorKind {
  const char* name;
  const char* datatype;
  std::vector<std::int64_t> shape;
};
std::vector<TensorKind> input_kinds();
std::vector<TensorKind> output_kinds(const ModelInfo& info);

}  // namespace tastevin::server
