/* consumer MODEL TEXT: the label, from C. */

#include <stdio.h>
#include <tastevin/tastevin_c.h>

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const char* const texts[] = {argv[2]};
  tastevin_model* model = tastevin_load(argv[1], "{\"threads\": 1}");
  tastevin_answers* answers = model == NULL ? NULL : tastevin_classify(model, texts, NULL, 1, NULL);
  if (answers == NULL) { /* or no model */
    fprintf(stderr, "%s\n", tastevin_last_error());
    return 1;
  }
  puts(tastevin_label(answers, 0));
  tastevin_free_answers(answers);
  tastevin_free_model(model);
  return 0;
}
