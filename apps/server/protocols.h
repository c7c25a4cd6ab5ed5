#pragma once

// One function a protocol: it adds its routes. Each protocol is a file of this folder.

#include "router.h"

namespace tastevin::server {

/// /v1/classify, /v1/explain, /v1/zero-shot, /v1/models.
void add_native_routes(Router& router);
/// The Open Inference Protocol, version 2, with Triton's binary data and classification; loading and unloading.
void add_inference_protocol_routes(Router& router);
/// text-embeddings-inference.
void add_embeddings_inference_routes(Router& router);
/// Hugging Face's inference API: / and /models/{model}.
void add_hugging_face_routes(Router& router);
/// vLLM's and infinity's /classify, /v1/rerank, and SageMaker's /ping and /invocations.
void add_drop_in_routes(Router& router);
/// The page at /, /openapi.json, /metrics.
void add_page_routes(Router& router);

inline Router all_routes() {
  Router router;
  for (const auto add : {add_native_routes, add_inference_protocol_routes, add_embeddings_inference_routes,
                         add_hugging_face_routes, add_drop_in_routes, add_page_routes})
    add(router);
  return router;
}

}  // namespace tastevin::server
