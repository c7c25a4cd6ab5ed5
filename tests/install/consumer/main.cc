// consumer MODEL TEXT: the label, through what is installed alone; a model that is none must be an Error here too.

#include <tastevin/classifier.h>
#include <tastevin/error.h>

#include <iostream>

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  std::cout << tastevin::Classifier::load(argv[1]).classify(argv[2]).label << "\n";
  try {
    tastevin::Classifier::load("no/such/model");
  } catch (const tastevin::Error& error) {
    return error.code() == tastevin::ErrorCode::not_found ? 0 : 1;
  }
  return 1;
}
