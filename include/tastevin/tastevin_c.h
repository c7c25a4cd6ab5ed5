#pragma once

/* The library for C, and for what calls C: Go, Java, Rust, ctypes. Strings are UTF-8 and end with a NUL.
 *
 *   tastevin_model* model = tastevin_load("models/sst2-tiny", NULL);
 *   if (model == NULL) puts(tastevin_last_error());
 *   const char* texts[] = {"I had a wonderful day"};
 *   tastevin_answers* answers = tastevin_classify(model, texts, NULL, 1, "{\"top_k\": 2}");
 *   if (answers == NULL) puts(tastevin_last_error());
 *
 * A model may be used by many threads at once, answers by one at a time. What a function returns as a string stays
 * valid until what it was asked of is freed. A call that fails returns NULL, and tastevin_last_error says why.
 */

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* NOLINTBEGIN(readability-identifier-naming): C has no namespaces, so names carry the library's, as is usual there. */
typedef struct tastevin_model tastevin_model;
typedef struct tastevin_answers tastevin_answers;

/** The kinds of tastevin::ErrorCode, in its order. */
typedef enum tastevin_error_kind {
  TASTEVIN_NO_ERROR = 0,
  TASTEVIN_INVALID_ARGUMENT,
  TASTEVIN_NOT_FOUND,
  TASTEVIN_BAD_CHECKPOINT,
  TASTEVIN_UNSUPPORTED_MODEL,
  TASTEVIN_TOO_LARGE,
  TASTEVIN_UNAUTHORIZED,
  TASTEVIN_OVERLOADED,
  TASTEVIN_DEADLINE,
  TASTEVIN_UNAVAILABLE,
  TASTEVIN_REJECTED,
  TASTEVIN_INTERNAL
} tastevin_error_kind;
/* NOLINTEND(readability-identifier-naming) */

/** Loads a model folder, a checkpoint folder, an .onnx file, or a Hub id, which is pulled when it is not in the cache.
 *  `options` is a JSON object of what tastevin::ModelOptions lists, such as {"threads": 2}; NULL or "" is none. */
tastevin_model* tastevin_load(const char* model, const char* options);

/** Classifies `count` texts, each on its own. `pairs` has the second text of each for models that judge pairs, or is
 *  NULL. `options` is a JSON object of what tastevin::ClassifyOptions lists, such as {"top_k": 0}; NULL or "" is none.
 */
tastevin_answers* tastevin_classify(const tastevin_model* model, const char* const* texts, const char* const* pairs,
                                    size_t count, const char* options);

/** The number of texts. */
size_t tastevin_count(const tastevin_answers* answers);

/** The label with the highest score of text number `index`, counted from 0; NULL when there is no such text. */
const char* tastevin_label(const tastevin_answers* answers, size_t index);

/** Its score; NaN when there is no such text. */
float tastevin_score(const tastevin_answers* answers, size_t index);

/** All of an answer as a JSON object, as `tastevin classify --format jsonl` has it: label, score, scores, labels (of
 *  several at once), logits (when asked for), tokens, truncated, windows. */
const char* tastevin_json(tastevin_answers* answers, size_t index);

/** What was loaded or answered is given back. NULL is nothing to free. */
void tastevin_free_model(tastevin_model* model);
void tastevin_free_answers(tastevin_answers* answers);

/** What went wrong in the last call of this thread that failed, on one line; "" when none has. Valid until the next. */
const char* tastevin_last_error(void);
tastevin_error_kind tastevin_last_error_kind(void);

/** "0.1.0" */
const char* tastevin_version(void);

#ifdef __cplusplus
}
#endif
