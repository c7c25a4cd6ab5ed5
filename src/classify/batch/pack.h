#pragma once

// Encodings laid out as the rows of a request.

#include <cstdint>
#include <span>

#include "classify/batch/plan.h"
#include "flow/flow.h"

namespace tastevin::batch {

/// The rectangle of `request`; filler holds `pad_id`. `encodings[i]` is the text i of the plan.
Batch pack(const Request& request, std::span<const Encoding> encodings, std::int32_t pad_id);

}  // namespace tastevin::batch
