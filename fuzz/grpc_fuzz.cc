// Any bytes as the message of an inference by gRPC: refused, or a request whose texts stood in it and which is
// answered.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "apps/server/grpc/inference_messages.h"
#include "server/fake_model.h"
#include "tastevin/error.h"

namespace {

using namespace tastevin;

serve::Reply reply_to(const server::InferRequest& request) {
  serve::Reply reply;
  for (const serve::Input& input : request.inputs) {
    serve::Outcome outcome;
    outcome.prediction.label = "good";
    outcome.prediction.score = 0.75F;
    outcome.prediction.scores = {{"good", 0.75F, 1}, {"bad", 0.25F, 0}};
    outcome.prediction.logits = {static_cast<float>(input.text.size()), 1};
    reply.outcomes.push_back(std::move(outcome));
  }
  return reply;
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): the name that libFuzzer calls
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::unique_ptr<serve::ServedModel> model = server::fake_model("m");
  inference::ModelInferRequest message;
  if (!message.ParseFromArray(data, static_cast<int>(size))) return 0;
  try {
    const server::InferRequest request = server::infer_request(message, 1024);
    std::size_t bytes = 0;
    for (const serve::Input& input : request.inputs) bytes += input.text.size() + input.pair.value_or("").size();
    if (bytes > size) std::abort();
    inference::ModelInferResponse response;
    server::write_response(message, request, *model, reply_to(request), response);
    if (response.outputs_size() != static_cast<int>(request.outputs.size())) std::abort();
  } catch (const Error& error) {
    const bool as_json = error.code() == ErrorCode::bad_checkpoint;  // parameters are read so; answered as invalid
    if (!as_json && error.code() != ErrorCode::invalid_argument) std::abort();
  }
  return 0;
}
