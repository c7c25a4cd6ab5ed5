#pragma once

// The server as an OpenAPI 3.1 document: options come from the field lists that read them, models from the registry.

#include "base/json.h"
#include "serve/registry.h"
#include "server_options.h"

namespace tastevin::server {

/// Routes that no served model can answer (rerank, zero-shot) are left out.
AnswerJson openapi_document(const serve::Registry& models, const ServerOptions& limits);

}  // namespace tastevin::server
