// quantize MODEL OUT LABELLED: int8 weights, written only if accuracy on LABELLED falls by half a point at most.

#include "tastevin/quantize.h"

#include <iostream>

#include "tastevin/error.h"

int main(int argc, char** argv) try {
  if (argc != 4) {
    std::cerr << "usage: quantize MODEL OUT LABELLED\n";
    return 2;
  }
  tastevin::QuantizeOptions options;
  options.data = argv[3];
  options.max_drop = 0.5F;

  std::cout << to_json(tastevin::quantize(argv[1], argv[2], options)) << "\n";
  return 0;
} catch (const tastevin::Error& error) {
  std::cerr << error.what() << "\n";
  return 1;
}
