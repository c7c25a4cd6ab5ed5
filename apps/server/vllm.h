#pragma once

#include "base/json.h"
#include "call.h"

namespace tastevin::server {

/// vLLM's /classify: {"input": text or texts} to {"data": [{"index", "label", "probs", "num_classes"}]}.
boost::asio::awaitable<Answer> classify_as_vllm(Call& call, const Json& json);

}  // namespace tastevin::server
