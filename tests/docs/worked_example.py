#!/usr/bin/env python3
"""Takes the worked example out of docs/add-a-collector.md, and puts its collector into a copy of the catalog.

Usage: worked_example.py PAGE CATALOG FOLDER
The page also names a collector of this repository that is as small: its lines are counted here.
Each block of C++ whose first line is a comment with a path becomes FOLDER/<last part of that path>.
"""
import pathlib
import re
import sys

page, catalog, folder = (pathlib.Path(word) for word in sys.argv[1:])
text = page.read_text()
blocks = dict(re.findall(r"^```cpp\n(// (?:collectors|tests)/\S+?/(?:\w+)\.cpp)\b(.*?)^```$", text, re.M | re.S))
files = {head.removeprefix("// "): head + rest for head, rest in blocks.items()}
collector = [path for path in files if path.startswith("collectors/")]
if len(collector) != 1 or len(files) != 2:
    sys.exit(f"{page}: one collector and one test are expected, there are {list(files)}")
room, name = collector[0].removeprefix("collectors/").removesuffix(".cpp").split("/")
if f"tests/collectors/{room}/{name}_test.cpp" not in files:
    sys.exit(f"{page}: no block is tests/collectors/{room}/{name}_test.cpp")
if f"\n  {room}/{name}\n" not in text:
    sys.exit(f"{page}: the line for CMakeLists.txt is missing: {room}/{name}")
real = "collectors/kernel/entropy.cpp"
if f"`{real}`" not in text:
    sys.exit(f"{page}: {real} is not named")
for path, content in ((collector[0], files[collector[0]]), (real, (page.parent.parent / real).read_text())):
    if len(content.splitlines()) >= 50:
        sys.exit(f"{page}: {path} has 50 lines or more")

folder.mkdir(parents=True, exist_ok=True)
for path, content in files.items():
    (folder / pathlib.PurePath(path).name).write_text(content)
made = catalog.read_text()
made = made.replace("namespace vitald {\n", f"namespace vitald::{room} {{ extern constinit const Entry {name}; }}\nnamespace vitald {{\n", 1)
made = made.replace("entries[] = {\n", f"entries[] = {{\n    &{room}::{name},\n", 1)
(folder / "catalog.cpp").write_text(made)
