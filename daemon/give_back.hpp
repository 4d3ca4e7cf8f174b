#pragma once

namespace vitald {

// What only a start or a reload has needed goes back to the kernel: free heap, and the pages of program and libraries,
// of which those that are used come again from the page cache by themselves. Any thread.
void give_memory_back();

}  // namespace vitald
