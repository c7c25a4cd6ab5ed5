// evaluate MODEL FILE TEXT_COLUMN LABEL_COLUMN: accuracy with its interval, and the surest wrong answers.

#include "tastevin/evaluate.h"

#include <algorithm>
#include <iostream>

#include "tastevin/error.h"

int main(int argc, char** argv) try {
  if (argc != 5) {
    std::cerr << "usage: evaluate MODEL FILE TEXT_COLUMN LABEL_COLUMN\n";
    return 2;
  }
  const auto classifier = tastevin::Classifier::load(argv[1]);
  const auto texts = tastevin::read_labelled(argv[2], argv[3], argv[4], classifier.info());

  const tastevin::Evaluation found = tastevin::evaluate(classifier, texts);

  std::cout << "accuracy " << found.accuracy.value;
  if (found.accuracy.low && found.accuracy.high)
    std::cout << " (95 %: " << *found.accuracy.low << " to " << *found.accuracy.high << ")";
  std::cout << "\n";
  for (std::size_t i = 0; i < std::min<std::size_t>(found.wrong.size(), 3); ++i)
    std::cout << "not " << found.wrong[i].answer << " but " << found.wrong[i].truth << ": " << found.wrong[i].text
              << "\n";
  return 0;
} catch (const tastevin::Error& error) {
  std::cerr << error.what() << "\n";
  return 1;
}
