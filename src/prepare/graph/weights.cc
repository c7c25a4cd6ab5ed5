#include "prepare/graph/weights.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include <openvino/op/ops.hpp>

#include "base/error.h"
#include "prepare/graph/tensor_name.h"

namespace ov {
// Exported by libopenvino, declared in none of its installed headers: keeps a weight compressed through compilation and
// saving. A test in tests/prepare/graph proves that it still does.
void mark_as_decompression(const std::shared_ptr<Node>& node);
}  // namespace ov

namespace tastevin::graph {
namespace {

using checkpoint::DType;
using checkpoint::TensorView;

std::string shape_text(const std::vector<std::size_t>& shape) {
  std::string text = "[";
  for (const std::size_t size : shape) text += (text.size() > 1 ? ", " : "") + std::to_string(size);
  return text + "]";
}

template <class Stored>
std::vector<float> widened(const TensorView& tensor) {
  std::vector<float> values(tensor.bytes / sizeof(Stored));
  for (std::size_t i = 0; i < values.size(); ++i) {
    Stored stored;
    std::memcpy(&stored, tensor.data + i * sizeof(Stored), sizeof(Stored));
    values[i] = static_cast<float>(stored);
  }
  return values;
}

std::vector<float> as_floats(const TensorView& tensor) {
  switch (tensor.dtype) {
    case DType::f16:
      return widened<ov::float16>(tensor);
    case DType::bf16:
      return widened<ov::bfloat16>(tensor);
    case DType::f64:
      return widened<double>(tensor);
    default:
      return widened<float>(tensor);
  }
}

std::vector<ov::float16> as_halves(const TensorView& tensor, const std::string& name) {
  constexpr float kLargestHalf = 65504;
  const std::vector<float> values = as_floats(tensor);
  std::vector<ov::float16> halves(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!(std::abs(values[i]) <= kLargestHalf)) {
      throw Error(ErrorCode::invalid_argument, "tensor " + in_quotes(name) + ": " + std::to_string(values[i]) +
                                                   " does not fit f16 (at most 65504); keep its weights as they are");
    }
    halves[i] = ov::float16(values[i]);
  }
  return halves;
}

Value decompressed(const std::shared_ptr<ov::op::v0::Constant>& constant) {
  const auto convert = std::make_shared<ov::op::v0::Convert>(constant, ov::element::f32);
  ov::mark_as_decompression(convert);
  return convert;
}

/// A constant that points into the mapped file and keeps the mapping alive.
std::shared_ptr<ov::op::v0::Constant> mapped(const TensorView& tensor, ov::element::Type type) {
  const auto owner = std::static_pointer_cast<void>(std::const_pointer_cast<MappedFile>(tensor.owner));
  return std::make_shared<ov::op::v0::Constant>(type, ov::Shape(tensor.shape), static_cast<const void*>(tensor.data),
                                                owner);
}

Value constant_of(const TensorView& tensor, WeightFormat format, const std::string& name) {
  using ov::op::v0::Constant;
  const ov::Shape shape(tensor.shape);
  const bool keep = format == WeightFormat::keep;
  if (tensor.dtype == DType::f32 && format != WeightFormat::f16) return mapped(tensor, ov::element::f32);
  if (tensor.dtype == DType::f16 && format != WeightFormat::f32) return decompressed(mapped(tensor, ov::element::f16));
  if (tensor.dtype == DType::bf16 && keep) return decompressed(mapped(tensor, ov::element::bf16));
  if (format == WeightFormat::f16) {
    return decompressed(std::make_shared<Constant>(ov::element::f16, shape, as_halves(tensor, name)));
  }
  return std::make_shared<Constant>(ov::element::f32, shape, as_floats(tensor));
}

bool is_floating(DType dtype) {
  return dtype == DType::f16 || dtype == DType::bf16 || dtype == DType::f32 || dtype == DType::f64;
}

void check_tensor(const TensorView& tensor, const std::string& name, const std::vector<std::size_t>& shape) {
  if (tensor.shape != shape) {
    throw Error(ErrorCode::bad_checkpoint, "tensor " + in_quotes(name, 200) + ": expected shape " + shape_text(shape) +
                                               ", found " + shape_text(tensor.shape));
  }
  if (!is_floating(tensor.dtype)) {
    throw Error(ErrorCode::unsupported_model, "tensor " + in_quotes(name, 200) +
                                                  ": expected f32, f16, bf16 or f64, found " +
                                                  std::string(checkpoint::name_of(tensor.dtype)));
  }
}

TensorView part_of(TensorView tensor, Part part) {
  if (part.count == 1) return tensor;
  tensor.shape.front() /= part.count;
  tensor.bytes /= part.count;
  tensor.data += part.index * tensor.bytes;
  return tensor;
}

}  // namespace

Scope Scope::at(std::string_view child) const {
  return {*weights_, path_.empty() ? std::string(child) : path_ + "." + std::string(child)};
}

Scope Scope::at(std::string_view child, std::size_t index) const { return at(child).at(std::to_string(index)); }

Value Scope::tensor(std::string_view name, const std::vector<std::size_t>& shape, Part part) const {
  return weights_->read(at(name).path_, shape, part);
}

bool Scope::has(std::string_view name) const { return weights_->has(at(name).path_); }

std::size_t Scope::rows(std::string_view name) const { return weights_->rows(at(name).path_); }

Weights::Weights(const checkpoint::TensorStore& tensors, std::string_view base, WeightFormat format)
    : base_(std::string(base) + "."), format_(format) {
  for (const auto& [name, tensor] : tensors.all()) {
    if (!tensors_.emplace(canonical_name(name), &tensor).second) {
      throw Error(ErrorCode::bad_checkpoint,
                  "tensor " + in_quotes(name, 200) + ": the checkpoint has it under another spelling too");
    }
  }
}

Scope Weights::body() {
  const auto found = tensors_.lower_bound(base_);
  const bool prefixed = found != tensors_.end() && found->first.starts_with(base_);
  return {*this, prefixed ? base_.substr(0, base_.size() - 1) : ""};
}

Value Weights::read(const std::string& name, const std::vector<std::size_t>& shape, Part part) {
  const auto tensor = tensors_.find(name);
  if (tensor == tensors_.end()) {
    throw Error(ErrorCode::bad_checkpoint, missing(name) + ", expected " + shape_text(shape));
  }
  check_tensor(*tensor->second, name, shape);
  read_.insert(name);
  const std::string key = part.count == 1 ? name : name + "/" + std::to_string(part.index);
  Value& value = constants_[key];
  if (value.get_node() == nullptr) {
    value = constant_of(part_of(*tensor->second, part), format_, name);
    value.get_node()->set_friendly_name(key);
  }
  return value;
}

std::string Weights::missing(const std::string& name) const {
  const std::string scope = name.substr(0, name.rfind('.') + 1);
  const auto found = tensors_.lower_bound(scope);
  const bool is_there = found != tensors_.end() && found->first.starts_with(scope);
  return "tensor " + in_quotes(name, 200) + ": missing from the checkpoint" +
         (is_there ? "" : " (and with it all of " + in_quotes(scope + "*", 200) + ")");
}

std::size_t Weights::rows(const std::string& name) const {
  const auto tensor = tensors_.find(name);
  if (tensor == tensors_.end()) {
    throw Error(ErrorCode::bad_checkpoint, missing(name));
  }
  if (tensor->second->shape.empty()) {
    throw Error(ErrorCode::bad_checkpoint,
                "tensor " + in_quotes(name, 200) + ": expected one dimension or more, found a single number");
  }
  return tensor->second->shape.front();
}

std::vector<std::string> Weights::finish(std::span<const std::string_view> ignored) const {
  std::vector<std::string> unread;
  std::string left;
  std::size_t count = 0;
  for (const auto& [name, tensor] : tensors_) {
    const std::string_view inner = std::string_view(name).substr(name.starts_with(base_) ? base_.size() : 0);
    const auto begins = [inner](std::string_view prefix) { return inner.starts_with(prefix); };
    if (read_.contains(name)) continue;
    if (std::ranges::any_of(ignored, begins)) {
      unread.push_back(name);
      continue;
    }
    if (++count <= 3) left += (count > 1 ? ", " : "") + in_quotes(name, 200);
  }
  if (count == 0) return unread;
  throw Error(ErrorCode::bad_checkpoint, std::to_string(count) +
                                             " tensors of the checkpoint belong to no part of this family: " + left +
                                             (count > 3 ? ", ..." : ""));
}

}  // namespace tastevin::graph
