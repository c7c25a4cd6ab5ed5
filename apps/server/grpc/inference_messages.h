#pragma once

// Messages of the Open Inference Protocol <-> what REST has too.

#include <inference.pb.h>

#include "apps/server/inference_tensors.h"

namespace tastevin::server {

/// Throws `Error{invalid_argument | too_large}`, as for REST; of texts there are `most`.
InferRequest infer_request(const inference::ModelInferRequest& message, std::size_t most);

/// Throws the first error of a text. Data is raw where that of the request was.
void write_response(const inference::ModelInferRequest& asked, const InferRequest& request,
                    const serve::ServedModel& model, const serve::Reply& reply, inference::ModelInferResponse& message);

void write_metadata(const serve::ServedModel& model, inference::ModelMetadataResponse& message);

}  // namespace tastevin::server
