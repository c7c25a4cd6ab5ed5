#pragma once

// The standard interface of a classifier's graph, as optimum-intel exports it: inputs `input_ids`, `attention_mask`
// and, where the family reads them, `token_type_ids` [B, T] (i64), output `logits` [B, labels] (f32); and the values
// that every family makes from the inputs. The anchors (base/anchors.h) are put here.

#include <cstdint>
#include <memory>
#include <string>

#include <openvino/core/model.hpp>

#include "prepare/graph/ops.h"

namespace tastevin::graph {

/// Added to a score to hide it: low enough that exp() of it is 0, finite so that a row of filler gives no NaN.
inline constexpr float kUnseen = -1e9F;

class Sequence {
 public:
  Sequence();

  Value input_ids() const { return input_ids_; }
  Value token_type_ids() const;  // [B, T]; the model has the input when something reads this
  Value pool_weights() const;    // [B, 1, T]: by which the mean of a text's tokens is taken

  Value position_ids() const { return position_ids_; }  // [1, T]: 0, 1, 2, .. from the start of the text
  Value token_mask() const { return token_mask_; }      // [B, T]: 1 for a token, 0 for filler
  Value mask() const { return mask_; }                  // [B, 1, 1, T]: 0 for a token, very low for filler
  Value mask_first() const { return mask_first_; }      // equal to it, for queries of the first token alone
  Value row_index() const { return row_index_; }        // [1, T]: 0, 1, 2, .. from the start of the row
  Value query_index() const { return query_index_; }    // [1, 1]: the row index of the first token, 0

  /// Where in the row the last token of the text stands for which `holds` [B, T] is true: [B, 1].
  Value last_where(const Value& holds) const;
  /// [B, T, H] -> [B, 1, H]
  Value first_token(const Value& x) const;
  /// [B, 1, H] -> [B, H]
  Value pooled(const Value& first) const;

  /// The finished model. `family` goes into its rt_info.
  std::shared_ptr<ov::Model> finish(const Value& logits, const std::string& family) const;

 private:
  std::shared_ptr<ov::Node> ids_parameter_;
  std::shared_ptr<ov::Node> mask_parameter_;
  std::shared_ptr<ov::Node> types_parameter_;
  Value input_ids_;
  Value position_ids_;
  Value token_mask_;
  Value mask_;
  Value mask_first_;
  Value row_index_;
  Value query_index_;
};

}  // namespace tastevin::graph
