// convert CHECKPOINT OUT: a checkpoint becomes a model folder with weights in half precision.

#include "tastevin/convert.h"

#include <iostream>

#include "tastevin/error.h"

int main(int argc, char** argv) try {
  if (argc != 3) {
    std::cerr << "usage: convert CHECKPOINT OUT\n";
    return 2;
  }
  const tastevin::ModelInfo model = tastevin::convert(argv[1], argv[2], {.weights = tastevin::WeightFormat::f16});

  std::cout << model.family << " with " << model.labels.size() << " labels in " << argv[2] << "\n";
  return 0;
} catch (const tastevin::Error& error) {
  std::cerr << error.what() << "\n";
  return 1;
}
