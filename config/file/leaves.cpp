#include "config/file/leaves.hpp"

#include "config/file/list_item.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <istream>
#include <map>
#include <streambuf>
#include <utility>

namespace vitald::config {
namespace {

constexpr std::size_t most_faults = 50;  // nobody reads more at once
constexpr std::string_view list_of_maps = "watches";

std::size_t line_of(const YAML::Mark& mark) { return static_cast<std::size_t>(std::max(mark.line, 0)) + 1; }

bool is_plain_tag(std::string_view tag) {
  return tag.empty() || tag == "?" || tag == "!" || tag.starts_with("tag:yaml.org,2002:");
}

bool has_control(std::string_view text, Lines lines) {
  const auto broken = [&](char c) { return lines == Lines::many && (c == '\n' || c == '\r'); };
  return std::ranges::any_of(text, [&](char c) { return (c >= 0 && c < ' ' && !broken(c)) || c == 0x7F; });
}

// From the parser's events to leaves.
class LeafReading final : public YAML::EventHandler {
 public:
  LeafReading(Leaves& out, Lines lines) : out_(out), lines_(lines) {}

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnAnchor(const YAML::Mark& mark, const std::string& name) override {
    fault(mark, "the anchor &" + name + ": there are no anchors and aliases here");
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    if (skipped()) return;
    if (wants_key()) return bad_key(mark, "there are no anchors and aliases here", false);
    fault(mark, "there are no anchors and aliases here");
    value_done();
  }
  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override {
    if (skipped()) return;
    if (wants_key()) return bad_key(mark, "a key is missing", false);
    if (frames_.empty()) return;  // a document of nothing
    if (!in_list()) return leaf({Leaf::Kind::nothing, {}});
    fault(mark, "an item of the list is empty: write \"\" for an empty one");
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t, const std::string& text) override {
    if (skipped()) return;
    if (!is_plain_tag(tag)) fault(mark, "the tag " + tag + " is not known");
    if (has_control(text, lines_)) fault(mark, "a line break or another control character is in the text");
    if (item_.open()) return item_.scalar(text);
    if (wants_key()) return key(mark, text);
    if (frames_.empty()) return fault(mark, "settings are wanted: KEY: VALUE");
    if (in_list())
      list_.push_back(text);
    else
      leaf({Leaf::Kind::scalar, {text}});
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {
    if (skips_container() || (item_.open() && item_.begin_list())) return;
    if (wants_key()) return bad_key(mark, "a key is no list", true);
    if (frames_.empty() || in_list()) {
      fault(mark, frames_.empty() ? "settings are wanted, no list: KEY: VALUE" : "a list has no lists in it");
      skip_depth_ = 1;
      return;
    }
    frames_.push_back({.list = true});
    list_.clear();
  }
  void OnSequenceEnd() override {
    if (ends_skipped() || (item_.open() && item_.end_list())) return;
    frames_.pop_back();
    leaf({Leaf::Kind::list, std::move(list_)});
    list_.clear();
  }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {
    if (skips_container()) return;
    if (wants_key()) return bad_key(mark, "a key is no map", true);
    if (in_list() && !item_.open() && path_.size() == 1 && path_[0].text == list_of_maps) return item_.begin();
    if (in_list()) {
      fault(mark, "a list has no settings in it");
      skip_depth_ = 1;
      return;
    }
    frames_.push_back({});
  }
  void OnMapEnd() override {
    if (ends_skipped()) return;
    if (item_.open()) return list_.push_back(item_.end());
    const bool empty = frames_.back().seen.empty();
    frames_.pop_back();
    if (frames_.empty()) return;
    if (empty) return leaf({Leaf::Kind::nothing, {}});
    value_done();
  }

 private:
  struct Frame {
    bool list = false;
    bool at_value = false;                      // the key was read
    std::map<std::string, std::size_t> seen{};  // keys, and their lines
  };
  struct Value {
    Leaf::Kind kind;
    std::vector<std::string> values;
  };

  void fault(const YAML::Mark& mark, std::string text) {
    if (out_.faults.size() < most_faults) out_.faults.push_back({line_of(mark), std::move(text)});
  }
  bool in_list() const { return !frames_.empty() && frames_.back().list; }
  bool wants_key() const { return !frames_.empty() && !frames_.back().list && !frames_.back().at_value; }

  void key(const YAML::Mark& mark, const std::string& text) {
    const auto [before, fresh] = frames_.back().seen.emplace(text, line_of(mark));
    if (text.empty()) return bad_key(mark, "a key is empty", false);
    if (!fresh)
      return bad_key(mark, "the key " + text + " stands in line " + std::to_string(before->second) + " already", false);
    path_.push_back({text, line_of(mark)});
    frames_.back().at_value = true;
  }
  // The rest of the key, if it is more than a word, and its value are passed by.
  void bad_key(const YAML::Mark& mark, std::string text, bool container) {
    fault(mark, std::move(text));
    frames_.back().seen.emplace("", 0);
    if (container) skip_depth_ = 1;
    skip_value_ = true;
  }
  void leaf(Value value) {
    out_.all.push_back({path_, value.kind, std::move(value.values)});
    value_done();
  }
  void value_done() {
    if (frames_.empty() || frames_.back().list) return;
    path_.pop_back();
    frames_.back().at_value = false;
  }

  // What is passed by: containers down to depth 0, then one value if a key was bad.
  bool skipped() {
    if (skip_depth_ > 0) return true;
    return std::exchange(skip_value_, false);
  }
  bool skips_container() {
    if (skip_depth_ == 0 && !skip_value_) return false;
    if (skip_depth_ == 0) skip_value_ = false;
    ++skip_depth_;
    return true;
  }
  bool ends_skipped() { return skip_depth_ > 0 && (--skip_depth_, true); }

  Leaves& out_;
  Lines lines_;
  std::vector<Frame> frames_;
  std::vector<Leaf::Key> path_;
  std::vector<std::string> list_;
  ListItem item_;
  std::size_t skip_depth_ = 0;
  bool skip_value_ = false;
};

struct Memory : std::streambuf {
  explicit Memory(std::string_view text) {
    auto* begin = const_cast<char*>(text.data());  // it is only read
    setg(begin, begin, begin + text.size());
  }
};

}  // namespace

Leaves read_leaves(std::string_view yaml, Lines lines) {
  Leaves leaves;
  if (yaml.find('\0') != yaml.npos) {
    leaves.faults.push_back({1, "a byte 0 is in the text: this is no YAML"});
    return leaves;
  }
  try {
    Memory memory(yaml);
    std::istream in(&memory);
    YAML::Parser parser(in);
    LeafReading reading(leaves, lines);
    Leaves rest;
    LeafReading further(rest, lines);
    if (parser.HandleNextDocument(reading) && parser.HandleNextDocument(further))
      leaves.faults.push_back({1, "there is a second document, begun by ---; one is all that is read"});
  } catch (const YAML::Exception& bad) {
    leaves.faults.push_back({line_of(bad.mark), bad.msg});
  }
  return leaves;
}

}  // namespace vitald::config
