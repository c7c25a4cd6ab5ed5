// label_file MODEL INPUT OUTPUT: the rows of a file (CSV, TSV, Parquet, JSON lines) with label and score added.

#include <iostream>

#include "tastevin/error.h"
#include "tastevin/job.h"

int main(int argc, char** argv) try {
  if (argc != 4) {
    std::cerr << "usage: label_file MODEL INPUT OUTPUT\n";
    return 2;
  }
  const auto classifier = tastevin::Classifier::load(argv[1]);
  tastevin::JobOptions job;
  job.input = argv[2];
  job.output = argv[3];
  job.resume = true;  // goes on where an interrupted run stopped

  const tastevin::JobReport report = tastevin::run_job(classifier, job);

  std::cout << report.rows << " rows, " << report.failed << " with an error\n";
  return 0;
} catch (const tastevin::Error& error) {
  std::cerr << error.what() << "\n";
  return 1;
}
