#pragma once
// What is kept for each name as long as that name comes in every reading: folders below folders.
#include <cstdint>
#include <list>
#include <string>
#include <string_view>

namespace vitald {

template <class Kept>
class ByName {
 public:
  void begin() { ++reading_; }  // a reading
  // What is kept for the name, made by `make()` when the name is new.
  template <class Make>
  Kept& of(std::string_view name, Make&& make) {
    for (auto& each : all_)
      if (each.name == name) {
        each.reading = reading_;
        return each.kept;
      }
    return all_.emplace_back(name, reading_, make).kept;
  }
  void end() {  // forgets the names that did not come
    all_.remove_if([this](const Named& each) { return each.reading != reading_; });
  }

 private:
  struct Named {
    template <class Make>
    Named(std::string_view its_name, std::uint64_t now, Make& make) : name(its_name), reading(now), kept(make()) {}
    std::string name;
    std::uint64_t reading;
    Kept kept;
  };
  std::list<Named> all_;
  std::uint64_t reading_ = 0;
};

}  // namespace vitald
