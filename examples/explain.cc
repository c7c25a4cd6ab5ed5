// explain MODEL TEXT: what each word does to the answer.

#include "tastevin/explain.h"

#include <iostream>

#include "tastevin/error.h"

int main(int argc, char** argv) try {
  if (argc != 3) {
    std::cerr << "usage: explain MODEL TEXT\n";
    return 2;
  }
  const auto classifier = tastevin::Classifier::load(argv[1]);
  const std::vector<std::string> texts{argv[2]};

  const tastevin::Explanation explanation = tastevin::explain(classifier, texts).front();

  std::cout << explanation.label << " " << explanation.score << "\n";
  for (const tastevin::Effect& effect : explanation.effects) std::cout << effect.effect << " " << effect.text << "\n";
  return 0;
} catch (const tastevin::Error& error) {
  std::cerr << error.what() << "\n";
  return 1;
}
