// quantize MODEL OUT FILE TEXT_COLUMN LABEL_COLUMN: int8 weights, written only if accuracy on the file falls by half a
// point at most.

#include "tastevin/quantize.h"

#include <iostream>

#include "tastevin/error.h"

int main(int argc, char** argv) try {
  if (argc != 6) {
    std::cerr << "usage: quantize MODEL OUT FILE TEXT_COLUMN LABEL_COLUMN\n";
    return 2;
  }
  tastevin::QuantizeOptions options;
  options.data = argv[3];
  options.column = argv[4];
  options.label_column = argv[5];
  options.max_drop = 0.5F;

  std::cout << to_json(tastevin::quantize(argv[1], argv[2], options)) << "\n";
  return 0;
} catch (const tastevin::Error& error) {
  std::cerr << error.what() << "\n";
  return 1;
}
