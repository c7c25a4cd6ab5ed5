// zero_shot MODEL TEXT LABEL...: which of the labels fits the text, by a model of natural language inference.

#include "tastevin/zero_shot.h"

#include <iostream>

#include "tastevin/error.h"

int main(int argc, char** argv) try {
  if (argc < 4) {
    std::cerr << "usage: zero_shot MODEL TEXT LABEL...\n";
    return 2;
  }
  const auto classifier = tastevin::Classifier::load(argv[1]);
  const std::vector<std::string> texts{argv[2]};
  const std::vector<std::string> labels(argv + 3, argv + argc);

  const auto answers = tastevin::zero_shot(classifier, texts, labels);
  for (const tastevin::ScoredLabel& scored : answers.front().scores)
    std::cout << scored.score << " " << scored.label << "\n";
  return 0;
} catch (const tastevin::Error& error) {
  std::cerr << error.what() << "\n";
  return 1;
}
