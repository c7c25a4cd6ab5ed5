#include <nanobind/ndarray.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <string>
#include <tuple>
#include <utility>

#include "bindings.h"
#include "tastevin/explain.h"
#include "tastevin/prediction.h"
#include "tastevin/tokenize.h"

namespace nb = nanobind;

namespace tastevin::python {
namespace {

std::string shown(const std::string& text) { return nb::cast<std::string>(nb::repr(nb::cast(text))); }

std::string decimal(float number) { return nb::cast<std::string>(nb::str("{:.6g}").format(number)); }

nb::object logits_of(const Prediction& prediction) {
  if (prediction.logits.empty()) return nb::none();
  using Row = nb::ndarray<nb::numpy, const float, nb::ndim<1>>;
  return nb::cast(Row(prediction.logits.data(), {prediction.logits.size()}), nb::rv_policy::copy);
}

/// Lets a plain value be pickled and copied: as the tuple of its fields.
template <class Value, class... Fields>
struct Pickled : nb::def_visitor<Pickled<Value, Fields...>> {
  explicit Pickled(Fields Value::*... fields) : fields_(fields...) {}

  template <class Class, class... Extra>
  void execute(Class& bound, const Extra&...) {
    bound
        .def("__getstate__",
             [fields = fields_](const Value& self) {
               return std::apply([&](auto... field) { return std::tuple<Fields...>(self.*field...); }, fields);
             })
        .def("__setstate__", [fields = fields_](Value& self, std::tuple<Fields...> state) {
          new (&self) Value{};
          std::apply([&](auto... field) { std::tie(self.*field...) = std::move(state); }, fields);
        });
  }

 private:
  std::tuple<Fields Value::*...> fields_;
};

void bind_labels(nb::module_& module) {
  nb::class_<ScoredLabel>(module, "ScoredLabel", "A label and its score.")
      .def(nb::init<std::string, float>(), nb::arg("label"), nb::arg("score"))
      .def_ro("label", &ScoredLabel::label)
      .def_ro("score", &ScoredLabel::score)
      .def_ro("id", &ScoredLabel::id, "of the label: its place among the model's, or among those asked about")
      .def(
          "__iter__", [](const ScoredLabel& self) { return nb::iter(nb::make_tuple(self.label, self.score)); },
          nb::sig("def __iter__(self) -> typing.Iterator[typing.Any]"), "`label, score = scored`")
      .def(Pickled(&ScoredLabel::label, &ScoredLabel::score, &ScoredLabel::id))
      .def("__repr__", [](const ScoredLabel& self) {
        return "ScoredLabel(label=" + shown(self.label) + ", score=" + decimal(self.score) + ")";
      });
  nb::class_<WindowPrediction>(module, "WindowPrediction", "What a model says of a part of a long text.")
      .def_ro("begin", &WindowPrediction::begin, "first code point of the text")
      .def_ro("end", &WindowPrediction::end, "code point after the last")
      .def_ro("label", &WindowPrediction::label)
      .def_ro("score", &WindowPrediction::score)
      .def(
          Pickled(&WindowPrediction::begin, &WindowPrediction::end, &WindowPrediction::label, &WindowPrediction::score))
      .def("__repr__", [](const WindowPrediction& self) {
        return "WindowPrediction(begin=" + std::to_string(self.begin) + ", end=" + std::to_string(self.end) +
               ", label=" + shown(self.label) + ", score=" + decimal(self.score) + ")";
      });
}

void bind_prediction(nb::module_& module) {
  nb::class_<Prediction>(module, "Prediction", "The answer to one text.")
      .def_ro("label", &Prediction::label, "the label with the highest score, whatever the threshold")
      .def_ro("score", &Prediction::score, "its score, from 0 to 1 but for a regression")
      .def_ro("scores", &Prediction::scores, "at most `top_k` labels at or above the threshold, best first")
      .def_ro("multi_label", &Prediction::multi_label, "whether several labels may hold at once")
      .def_ro("labels", &Prediction::labels, "of a model that gives several labels: those that hold, best first")
      .def_prop_ro("logits", &logits_of, nb::sig("def logits(self) -> numpy.ndarray | None"),
                   "float32 [labels], in label-id order; None unless asked for")
      .def_ro("tokens", &Prediction::tokens, "tokens that the model saw, special ones counted")
      .def_ro("truncated", &Prediction::truncated, "whether the text was cut to fit")
      .def_ro("windows", &Prediction::windows, "of a text that was read in more than one, in order")
      .def(Pickled(&Prediction::label, &Prediction::score, &Prediction::scores, &Prediction::multi_label,
                   &Prediction::labels, &Prediction::logits, &Prediction::tokens, &Prediction::truncated,
                   &Prediction::windows))
      .def("__repr__", [](const Prediction& self) {
        return "Prediction(label=" + shown(self.label) + ", score=" + decimal(self.score) + ")";
      });
}

void bind_tokens(nb::module_& module) {
  nb::class_<Tokens>(module, "Tokens", "One text (or pair) as tokens; all lists are equally long.")
      .def_ro("ids", &Tokens::ids)
      .def_ro("tokens", &Tokens::tokens, "as the vocabulary spells them")
      .def_ro("offsets", &Tokens::offsets, "code points [begin, end) of each token's source")
      .def_ro("type_ids", &Tokens::type_ids, "0 first text, 1 second")
      .def_ro("special", &Tokens::special, "1 where the template put the token")
      .def_ro("truncated", &Tokens::truncated)
      .def("__len__", [](const Tokens& self) { return self.ids.size(); })
      .def(Pickled(&Tokens::ids, &Tokens::tokens, &Tokens::offsets, &Tokens::type_ids, &Tokens::special,
                   &Tokens::truncated))
      .def("__repr__",
           [](const Tokens& self) { return "Tokens(" + nb::cast<std::string>(nb::repr(nb::cast(self.tokens))) + ")"; });
}

void bind_explanation(nb::module_& module) {
  nb::class_<Effect>(module, "Effect", "A word or sentence, and what it does to an answer.")
      .def_ro("begin", &Effect::begin, "first code point of the text")
      .def_ro("end", &Effect::end, "code point after the last")
      .def_ro("text", &Effect::text)
      .def_ro("effect", &Effect::effect,
              "the label's logit with this minus without it: above 0, it speaks for the label")
      .def(Pickled(&Effect::begin, &Effect::end, &Effect::text, &Effect::effect))
      .def("__repr__", [](const Effect& self) {
        return "Effect(text=" + shown(self.text) + ", effect=" + decimal(self.effect) + ")";
      });
  nb::class_<Explanation>(module, "Explanation", "Which words an answer rests on. A notebook shows them coloured.")
      .def_ro("text", &Explanation::text)
      .def_ro("label", &Explanation::label)
      .def_ro("score", &Explanation::score, "of the label, for the whole text")
      .def_ro("logit", &Explanation::logit, "the same")
      .def_ro("effects", &Explanation::effects, "in the order of the text")
      .def_ro("truncated", &Explanation::truncated, "what the model did not see has no effect")
      .def("_repr_html_", [](const Explanation& self) { return to_html(std::span(&self, 1)); })
      .def(Pickled(&Explanation::text, &Explanation::label, &Explanation::score, &Explanation::logit,
                   &Explanation::effects, &Explanation::truncated))
      .def("__repr__", [](const Explanation& self) {
        return "Explanation(label=" + shown(self.label) + ", effects=" + std::to_string(self.effects.size()) + ")";
      });
}

}  // namespace

void bind_answers(nb::module_& module) {
  bind_labels(module);
  bind_prediction(module);
  bind_tokens(module);
  bind_explanation(module);
}

}  // namespace tastevin::python
