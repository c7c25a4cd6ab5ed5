// batch MODEL < TEXTS: one call for all lines, which run together without padding; equal lines run once.

#include <iostream>
#include <string>
#include <vector>

#include "tastevin/classifier.h"
#include "tastevin/error.h"

int main(int argc, char** argv) try {
  if (argc != 2) {
    std::cerr << "usage: batch MODEL < TEXTS\n";
    return 2;
  }
  std::vector<std::string> lines;
  for (std::string line; std::getline(std::cin, line);) lines.push_back(line);
  const std::vector<tastevin::Text> texts(lines.begin(), lines.end());
  const auto classifier = tastevin::Classifier::load(argv[1]);

  const tastevin::Classified answers = classifier.classify(texts);

  for (std::size_t i = 0; i < lines.size(); ++i)
    std::cout << answers.predictions[i].label << " " << answers.predictions[i].score << " " << lines[i] << "\n";
  std::cerr << answers.tokens << " tokens and " << answers.filler << " of filler in " << answers.times.total << " ms\n";
  return 0;
} catch (const tastevin::Error& error) {
  std::cerr << error.what() << "\n";
  return 1;
}
