#pragma once
// Rows and texts as JSON (RFC 8259).
#include "collectors/base/out.hpp"
#include "collectors/base/table.hpp"

namespace vitald::encode {

// An array of objects, one a row: keys, then the columns' fields; a number that is not known is null.
// Rows with kernel-chosen names are one object instead: {"MemFree_bytes":…}.
void json(const Rows& rows, Out& out);
void json_schema(const Layout& layout, Out& out);  // the same, as OpenAPI's schema object
void markdown(const Layout& layout, Out& out);     // the same, as a table of the handbook
void quoted(Out& out, std::string_view text);      // a JSON string; bad UTF-8 becomes U+FFFD
void json_number(Out& out, const Value& value);    // null for what JSON has no number for

}  // namespace vitald::encode
