#pragma once

// The tensors of a checkpoint as constants of a graph. A constant points into the mapped file and copies nothing; f16
// and bf16 stay compressed, also in memory, and are widened where they are used. A tensor that is read twice is one
// constant. What was read is remembered, so that `finish` can refuse a checkpoint of which something was left over.
// Names are those of canonical_name (tensor_name.h). One builder, one thread.

#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "prepare/checkpoint/tensor_store.h"
#include "prepare/graph/ops.h"
#include "tastevin/options.h"

namespace tastevin::graph {

class Weights;

/// One of `count` equal parts of a tensor's rows: projections that a checkpoint stores as one, one after another.
struct Part {
  std::size_t index = 0;
  std::size_t count = 1;
};

/// A place in the checkpoint's tree of names, such as `distilbert.transformer.layer.0.attention`.
class Scope {
 public:
  Scope(Weights& weights, std::string path) : weights_(&weights), path_(std::move(path)) {}

  Scope at(std::string_view child) const;
  Scope at(std::string_view child, std::size_t index) const;

  /// The tensor `path.name`. Throws `Error{bad_checkpoint}` when it is missing or has another shape.
  Value tensor(std::string_view name, const std::vector<std::size_t>& shape, Part part = {}) const;
  bool has(std::string_view name) const;

  /// The first size of the tensor `path.name`, whatever it is. Throws `Error{bad_checkpoint}` when it is missing.
  std::size_t rows(std::string_view name) const;

 private:
  Weights* weights_;
  std::string path_;
};

class Weights {
 public:
  /// `base` is how the names of the model without its head begin ("bert"), where they have a beginning.
  /// Throws `Error{bad_checkpoint}` when two tensors mean the same.
  Weights(const checkpoint::TensorStore& tensors, std::string_view base, WeightFormat format);
  Weights(const Weights&) = delete;
  Weights& operator=(const Weights&) = delete;

  Scope root() { return {*this, ""}; }

  /// The model without its head: the scope `base` when the checkpoint's names carry it, else the root; both are in use.
  Scope body();

  /// `part` of the tensor of this name, which as a whole must have this shape.
  Value read(const std::string& name, const std::vector<std::size_t>& shape, Part part = {});
  bool has(const std::string& name) const { return tensors_.contains(name); }
  std::size_t rows(const std::string& name) const;

  /// The tensors that nobody read, whose names, without the base, must begin with one of `ignored`. Throws
  /// `Error{bad_checkpoint}` naming those that do not.
  std::vector<std::string> finish(std::span<const std::string_view> ignored) const;

 private:
  /// In words; a checkpoint of the body alone has nothing of a head.
  std::string missing(const std::string& name) const;

  std::map<std::string, const checkpoint::TensorView*, std::less<>> tensors_;
  std::string base_;  // with its dot
  WeightFormat format_;
  std::set<std::string, std::less<>> read_;
  std::map<std::string, Value> constants_;  // by name and part
};

}  // namespace tastevin::graph
