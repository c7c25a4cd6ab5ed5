#include "classify/tokenizer/sentencepiece.h"

#include <bit>
#include <cmath>

#include "base/utf8.h"
#include "classify/tokenizer/protobuf.h"
#include "tastevin/error.h"

namespace tastevin::tokenizer {
namespace {

using Model = SentencePieceModel;

// Field numbers of sentencepiece_model.proto.
namespace model_field {
constexpr std::uint32_t kPieces = 1, kTrainer = 2, kNormalizer = 3;
}
namespace piece_field {
constexpr std::uint32_t kPiece = 1, kScore = 2, kType = 3;
}
namespace trainer_field {
constexpr std::uint32_t kModelType = 3, kUnkId = 40;
}
namespace normalizer_field {
constexpr std::uint32_t kCharsmap = 2;
}

std::string text_of(const ProtobufField& field, const ProtobufReader& reader) {
  const std::string_view text = reader.bytes_of(field);
  if (!utf8::is_valid(text)) reader.fail("text that is not UTF-8");
  return std::string(text);
}

/// A value of an enumeration whose members are 1 to `last`.
template <class Enum>
Enum enum_of(const ProtobufField& field, const ProtobufReader& reader, Enum last) {
  const std::uint64_t value = reader.varint_of(field);
  if (value == 0 || value > static_cast<std::uint64_t>(last))
    reader.fail("an unknown value " + std::to_string(value) + " of an enumeration");
  return static_cast<Enum>(value);
}

Model::Piece read_piece(ProtobufReader reader) {
  Model::Piece piece;
  while (const auto field = reader.next()) {
    switch (field->number) {
      case piece_field::kPiece:
        piece.text = text_of(*field, reader);
        break;
      case piece_field::kScore:
        piece.score = std::bit_cast<float>(reader.fixed32_of(*field));
        if (std::isnan(piece.score)) reader.fail("a score that is not a number");
        break;
      case piece_field::kType:
        piece.type = enum_of(*field, reader, Model::PieceType::byte);
        break;
      default:
        break;
    }
  }
  return piece;
}

void read_trainer(ProtobufReader reader, Model::Trainer& trainer) {
  while (const auto field = reader.next()) {
    switch (field->number) {
      case trainer_field::kModelType:
        trainer.algorithm = enum_of(*field, reader, Model::Algorithm::character);
        break;
      case trainer_field::kUnkId:
        trainer.unk_id = static_cast<std::int32_t>(reader.varint_of(*field));
        break;
      default:
        break;
    }
  }
}

void read_normalizer(ProtobufReader reader, Model::Normalizer& normalizer) {
  while (const auto field = reader.next()) {
    if (field->number == normalizer_field::kCharsmap) normalizer.precompiled_charsmap = reader.bytes_of(*field);
  }
}

}  // namespace

SentencePieceModel read_sentencepiece(std::string_view bytes, const std::string& where) {
  Model model;
  ProtobufReader reader(bytes, where);
  while (const auto field = reader.next()) {
    switch (field->number) {
      case model_field::kPieces:
        model.pieces.push_back(read_piece(reader.message_of(*field)));
        break;
      case model_field::kTrainer:
        read_trainer(reader.message_of(*field), model.trainer);
        break;
      case model_field::kNormalizer:
        read_normalizer(reader.message_of(*field), model.normalizer);
        break;
      default:
        break;
    }
  }
  if (model.pieces.empty())
    throw Error(ErrorCode::bad_checkpoint, where + ": no pieces, so this is not a SentencePiece model");
  return model;
}

}  // namespace tastevin::tokenizer
