#pragma once

// The /classify of vLLM and of infinity, which share a path and `input`.

#include "base/json.h"
#include "call.h"

namespace tastevin::server {

/// `{"input": text or texts}` in vLLM's shape, `{"data": [{"index", "label", "probs", "num_classes"}]}`, or, where the
/// body has its `raw_scores`, in infinity's: `{"data": [[{"score", "label"}]]}`.
boost::asio::awaitable<Answer> classify_input(Call& call, const Json& json);

}  // namespace tastevin::server
