#pragma once

// Names that the graph builder leaves in a model, and by which the runtime finds the places that it changes: each
// stands on one output as its tensor name (and on its node as the friendly name, which survives saving and int8 tools
// too). `rt_info["tastevin"]["anchors"]` of the model lists those that it has, separated by blanks, and
// ["anchors_version"] says which reading of them holds. A model that no anchor is listed of runs one text a row.
//
// In a packed graph a row [R, T] holds several texts one after another, C a row at most. What each anchor becomes there
// is said behind the arrow. Nothing else of a graph assumes one text a row: distances between tokens are those of the
// row, and reshapes keep the first two sizes.

namespace tastevin::anchors {

inline constexpr char kVersion[] = "1";

inline constexpr char kPositionIds[] = "tv.position_ids";  // [1,T] from 0 -> [R,T] from 0 in each text; filler: 0
inline constexpr char kMask[] = "tv.mask";                 // [B,1,1,T] added to every token's scores -> [R,1,T,T]
inline constexpr char kMaskFirst[] = "tv.mask_first";      // the same for the first tokens' queries -> [R,1,C,T]
inline constexpr char kTokenMask[] = "tv.token_mask";      // [B,T] 1 for a token, 0 for filler -> [R,T]
inline constexpr char kFirst[] = "tv.first";               // [B,1,H] the first token of each text -> [R,C,H]
inline constexpr char kQueryIndex[] = "tv.query_index";    // [1,1] where in the row it stands: 0 -> [R,C]
inline constexpr char kPoolWeights[] = "tv.pool_weights";  // [B,1,T] 1/tokens for a token, 0 for filler -> [R,C,T]
inline constexpr char kLast[] = "tv.last";  // [B,1] where in the row the greatest of its input [B,T] stands -> [R,C]
inline constexpr char kPooled[] = "tv.pooled";  // [B,H] what the head reads; a Squeeze -> its input [R,C,H]

inline constexpr const char* kAll[] = {kPositionIds, kMask,        kMaskFirst, kTokenMask, kFirst,
                                       kQueryIndex,  kPoolWeights, kLast,      kPooled};

}  // namespace tastevin::anchors
