#pragma once

// Labelled texts as a classifier takes them.

#include <vector>

#include "tastevin/evaluate.h"
#include "tastevin/text.h"

namespace tastevin {

/// Views of `truth`, which must outlive them: each text, with its second one where there are such.
std::vector<Text> views_of(const LabelledTexts& truth);

}  // namespace tastevin
