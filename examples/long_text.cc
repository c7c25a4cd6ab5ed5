// long_text MODEL < TEXT: one answer to a text of any length, and where in it the model finds what.

#include <iostream>
#include <iterator>
#include <string>

#include "tastevin/classifier.h"
#include "tastevin/error.h"

int main(int argc, char** argv) try {
  if (argc != 2) {
    std::cerr << "usage: long_text MODEL < TEXT\n";
    return 2;
  }
  const std::string text{std::istreambuf_iterator<char>(std::cin), {}};
  tastevin::ClassifyOptions options;
  options.long_text = tastevin::LongText::window;

  const tastevin::Prediction answer = tastevin::Classifier::load(argv[1]).classify(text, options);

  std::cout << answer.label << " " << answer.score << "\n";
  for (const tastevin::WindowPrediction& window : answer.windows)
    std::cout << "  characters " << window.begin << " to " << window.end << ": " << window.label << "\n";
  return 0;
} catch (const tastevin::Error& error) {
  std::cerr << error.what() << "\n";
  return 1;
}
