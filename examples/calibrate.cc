// calibrate MODEL FILE TEXT_COLUMN LABEL_COLUMN: a temperature that makes scores mean what they say, kept with the
// model.

#include "tastevin/calibrate.h"

#include <iostream>

#include "tastevin/error.h"

int main(int argc, char** argv) try {
  if (argc != 5) {
    std::cerr << "usage: calibrate MODEL FILE TEXT_COLUMN LABEL_COLUMN\n";
    return 2;
  }
  const auto classifier = tastevin::Classifier::load(argv[1]);
  const auto texts = tastevin::read_labelled(argv[2], argv[3], argv[4], classifier.info());

  const tastevin::TemperatureReport found = tastevin::find_temperature(classifier, texts);
  tastevin::write_calibration(classifier.info().calibration_file,
                              {.temperature = found.temperature, .reject_below = {}, .other = {}});

  std::cout << "temperature " << found.temperature << ", log loss " << found.log_loss_before << " before, "
            << found.log_loss_after << " after\n";
  return 0;
} catch (const tastevin::Error& error) {
  std::cerr << error.what() << "\n";
  return 1;
}
