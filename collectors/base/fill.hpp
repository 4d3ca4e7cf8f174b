#pragma once
// A device's attributes without a table of devices: for folders below folders, whose files the kernel ends by a
// newline.
#include "collectors/base/devices.hpp"

namespace vitald {

// Fills the row with what the files tell. A Fault where a required one tells nothing; `decisive` is as `required`.
inline Result<void> fill(DeviceFolder& folder, std::size_t device, std::span<const Attribute> attributes, void* row) {
  for (std::size_t place = 0; place < attributes.size(); ++place) {
    const auto& attribute = attributes[place];
    const auto text =
        folder.read(device, {.place = place, .name = attribute.file, .ended = true, .as_told = attribute.as_told});
    if (!text) return text.error();
    if (*text) {
      if (!attribute.store(attribute, **text, row)) return folder.fault(Parse::not_a_number);
    } else if (attribute.need != Attribute::Need::optional) {
      return folder.fault(Parse::empty);
    }
  }
  return {};
}

}  // namespace vitald
