#pragma once

// A served model without OpenVINO: its label is the text's length, odd or even. For what is tested under load, by
// sanitizers that know nothing of OpenVINO, and by fuzzers.

#include <memory>
#include <string>

#include "serve/registry.h"

namespace tastevin::server {

inline std::unique_ptr<serve::ServedModel> fake_model(const std::string& name) {
  const std::vector<std::string> labels{"EVEN", "ODD"};
  ModelInfo info;
  info.labels = labels;
  info.max_length = 512;
  const auto run = [labels](std::span<const Text> texts, const ClassifyOptions&) {
    Classified classified;
    for (const Text& text : texts) {
      const std::size_t odd = text.text.size() % 2;
      Prediction prediction;
      prediction.label = labels[odd];
      prediction.score = 0.75F;
      prediction.scores = {{labels[odd], 0.75F, odd}, {labels[1 - odd], 0.25F, 1 - odd}};
      prediction.logits = {odd == 0 ? 1.0F : -1.0F, odd == 0 ? -1.0F : 1.0F};
      prediction.tokens = text.text.size() + 2;
      classified.predictions.push_back(std::move(prediction));
    }
    return classified;
  };
  return std::make_unique<serve::ServedModel>(name, info, run, serve::SchedulerOptions());
}

}  // namespace tastevin::server
