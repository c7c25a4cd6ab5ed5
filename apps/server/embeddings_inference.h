#pragma once

// Handlers of text-embeddings-inference that other protocols serve under names of their own (drop_ins.cc).

#include "call.h"

namespace tastevin::server {

boost::asio::awaitable<Answer> predict(Call& call);
boost::asio::awaitable<Answer> rerank(Call& call);
Answer embeddings_inference_error(const Error& error, std::optional<unsigned> status);

}  // namespace tastevin::server
