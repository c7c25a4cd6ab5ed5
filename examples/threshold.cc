// threshold MODEL FILE TEXT_COLUMN LABEL_COLUMN: the score below which an answer is none, so that nineteen of twenty of
// the others are right, kept with the model.

#include <iostream>

#include "tastevin/calibrate.h"
#include "tastevin/error.h"

int main(int argc, char** argv) try {
  if (argc != 5) {
    std::cerr << "usage: threshold MODEL FILE TEXT_COLUMN LABEL_COLUMN\n";
    return 2;
  }
  const auto classifier = tastevin::Classifier::load(argv[1]);
  const auto texts = tastevin::read_labelled(argv[2], argv[3], argv[4], classifier.info());

  tastevin::ThresholdOptions options;
  options.target = "precision=0.95";
  options.other = "UNSURE";
  const tastevin::ThresholdReport found = tastevin::find_threshold(classifier, texts, options);
  tastevin::Calibration calibration = classifier.info().calibration;
  calibration.reject_below = found.reject_below;
  calibration.other = found.other;
  tastevin::write_calibration(classifier.info().calibration_file, calibration);

  std::cout << found.other << " below " << found.reject_below << ": " << found.accepted << " of " << found.texts
            << " accepted, " << 100 * found.precision << " % of them right\n";
  return 0;
} catch (const tastevin::Error& error) {
  std::cerr << error.what() << "\n";
  return 1;
}
