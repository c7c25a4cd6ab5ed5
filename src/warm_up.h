#pragma once

// The first request of a size costs a device 7 to 21 ms more than those after it. Whoever answers people pays that
// while loading instead.

#include "classify/batch/plan.h"
#include "classify/runtime/session.h"
#include "classify/tokenizer/tokenizer.h"

namespace tastevin {

/// Runs each size of request that texts of common lengths make, alone and many at a time, once on every stream.
void warm_up(const runtime::Session& session, const tokenizer::Tokenizer& tokenizer,
             const batch::PlanOptions& planning);

}  // namespace tastevin
