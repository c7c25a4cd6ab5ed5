#pragma once

// From the graph as it lies on disk, one text a row, to the one that runs: several texts a row, told apart by `segment`
// (flow/flow.h draws it). Possible wherever the graph carries our anchors (base/anchors.h); a foreign graph stays as it
// is.

#include <memory>

#include <openvino/core/model.hpp>

namespace tastevin::runtime {

enum class Form { packed, padded };

/// Rewrites `model` in place to the packed form and returns `packed`, or leaves it alone and returns `padded` when it
/// has not all anchors, each apart from the others, of the version that is known here.
///
/// Packed: inputs `input_ids`, `segment` [R,T], `first` [R,C], and where the family has them `position_ids`,
/// `token_type_ids` [R,T]; output [R,C,labels]. Equal to the standard graph text by text: exactly for one text a row,
/// to 3e-6 for several (f32).
Form specialize(const std::shared_ptr<ov::Model>& model);

}  // namespace tastevin::runtime
