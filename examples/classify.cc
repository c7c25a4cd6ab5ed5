// classify MODEL TEXT...: the label and score of each text.

#include <iostream>
#include <vector>

#include "tastevin/classifier.h"
#include "tastevin/error.h"

int main(int argc, char** argv) try {
  if (argc < 3) {
    std::cerr << "usage: classify MODEL TEXT...\n";
    return 2;
  }
  const auto classifier = tastevin::Classifier::load(argv[1]);
  std::vector<tastevin::Text> texts;
  for (int i = 2; i < argc; ++i) texts.push_back({argv[i]});

  const tastevin::Classified classified = classifier.classify(texts);

  for (const tastevin::Prediction& prediction : classified.predictions)
    std::cout << prediction.label << " " << prediction.score << "\n";
  std::cout << texts.size() << " texts in " << classified.times.total << " ms\n";
  return 0;
} catch (const tastevin::Error& error) {
  std::cerr << error.what() << "\n";
  return 1;
}
