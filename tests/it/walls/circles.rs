//! Which file names what another defines, and the circles in that.
//!
//! An edge goes from file A to file B if A names something by a path (`use` or inline) that leads
//! to an item of B. A path leads on through the re-exports on its way, so a `mod.rs` that only
//! re-exports is on no circle. A re-export counts for its own file only if that file's code uses
//! the name.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::lexer::{self, Kind};

/// The path of a module or an item, from the crate's root.
type Name = Vec<String>;

/// What is known about one module.
#[derive(Default)]
struct Module {
    file: usize,
    children: BTreeSet<String>,
    /// The names of its own items.
    items: BTreeSet<String>,
    imports: Vec<Import>,
    /// Inline paths of two or more parts.
    paths: Vec<Name>,
    /// Every identifier outside `use`.
    words: BTreeSet<String>,
}

/// One name that a `use` brings in; `*` for a glob.
struct Import {
    name: String,
    path: Name,
    is_public: bool,
}

/// Where a path leads.
#[derive(PartialEq)]
enum Found {
    /// To an item of this file.
    Item(usize),
    /// To a module, which is not named for itself.
    Module(Name),
    /// Out of the crate.
    Outside,
}

/// All modules of a crate.
pub struct House {
    files: Vec<String>,
    modules: BTreeMap<Name, Module>,
}

impl House {
    /// Reads files by their paths under `src/` and their texts.
    pub fn read<'a>(sources: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut house = Self {
            files: Vec::new(),
            modules: BTreeMap::new(),
        };
        let mut tests = Vec::new();
        for (path, text) in sources {
            house.files.push(path.to_owned());
            let mut reader = Reader {
                tokens: tokens(text),
                at: 0,
                file: house.files.len() - 1,
                modules: &mut house.modules,
                tests: &mut tests,
            };
            reader.module(module_of(path));
        }
        house
            .modules
            .retain(|name, _| !tests.iter().any(|test| name.starts_with(test)));
        house
    }

    /// For each file the files that it names.
    pub fn edges(&self) -> BTreeMap<&str, BTreeSet<&str>> {
        let mut edges: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (name, module) in &self.modules {
            let imports = module.imports.iter().filter(|import| {
                !import.is_public || import.name == "*" || module.words.contains(&import.name)
            });
            let named = imports.map(|import| &import.path).chain(&module.paths);
            let named: BTreeSet<usize> = named
                .filter_map(|path| match self.find(name, path, 0) {
                    Found::Item(file) => Some(file),
                    Found::Module(_) | Found::Outside => None,
                })
                .filter(|file| *file != module.file)
                .collect();
            edges
                .entry(&self.files[module.file])
                .or_default()
                .extend(named.into_iter().map(|file| self.files[file].as_str()));
        }
        edges
    }

    /// Follows a path as it is written in a module.
    fn find(&self, from: &Name, path: &[String], depth: usize) -> Found {
        // Two globs may lead to each other.
        if depth > 20 {
            return Found::Outside;
        }
        let mut here = from.clone();
        let mut rest = path;
        let mut is_first = true;
        while let [first, more @ ..] = rest {
            match first.as_str() {
                "crate" => here.clear(),
                "self" => {}
                "super" => {
                    here.pop();
                }
                name => match self.step(&here, name, more, is_first, depth) {
                    Ok(next) => here = next,
                    Err(found) => return found,
                },
            }
            is_first = false;
            rest = more;
        }
        Found::Module(here)
    }

    /// One part of a path, in a module: the next module, or where the whole path leads.
    fn step(
        &self,
        here: &Name,
        name: &str,
        more: &[String],
        is_first: bool,
        depth: usize,
    ) -> Result<Name, Found> {
        let Some(module) = self.modules.get(here) else {
            return Err(Found::Outside);
        };
        // A function and a module may have the same name; only the module leads on.
        let is_module = module.children.contains(name);
        if module.items.contains(name) && (more.is_empty() || !is_module) {
            return Err(Found::Item(module.file));
        }
        if is_module {
            return Ok([here.as_slice(), &[name.to_owned()]].concat());
        }
        for import in module.imports.iter().filter(|import| import.name == name) {
            // `use child::child` imports what it names itself.
            if is_first && import.path.first().is_some_and(|first| first == name) {
                continue;
            }
            return Err(self.find(here, &[&import.path, more].concat(), depth + 1));
        }
        for import in module.imports.iter().filter(|import| import.name == "*") {
            if let Found::Module(glob) = self.find(here, &import.path, depth + 1)
                && glob != *here
            {
                let path = [&[name.to_owned()], more].concat();
                let found = self.find(&glob, &path, depth + 1);
                if found != Found::Outside {
                    return Err(found);
                }
            }
        }
        Err(Found::Outside)
    }
}

/// The shortest circles, each without the edges of those before it; none if there is no circle.
pub fn circles<'a>(edges: &BTreeMap<&'a str, BTreeSet<&'a str>>) -> Vec<Vec<&'a str>> {
    let mut edges = edges.clone();
    let mut found = Vec::new();
    while let Some(circle) = edges
        .keys()
        .filter_map(|start| shortest(&edges, start))
        .min_by_key(Vec::len)
    {
        for (at, file) in circle.iter().enumerate() {
            let next = circle[(at + 1) % circle.len()];
            edges.get_mut(file).unwrap().remove(next);
        }
        found.push(circle);
    }
    found
}

/// The shortest way from a file back to it.
fn shortest<'a>(
    edges: &BTreeMap<&'a str, BTreeSet<&'a str>>,
    start: &'a str,
) -> Option<Vec<&'a str>> {
    let mut came: BTreeMap<&str, &str> = BTreeMap::new();
    let mut queue = VecDeque::from([start]);
    while let Some(file) = queue.pop_front() {
        for next in edges.get(file).into_iter().flatten().copied() {
            if next == start {
                let mut circle = vec![file];
                while let Some(before) = came.get(circle[circle.len() - 1]) {
                    circle.push(before);
                }
                circle.reverse();
                return Some(circle);
            }
            if !came.contains_key(next) {
                came.insert(next, file);
                queue.push_back(next);
            }
        }
    }
    None
}

/// The module that a file is.
fn module_of(path: &str) -> Name {
    let path = path.strip_suffix(".rs").unwrap_or(path);
    let path = path.strip_suffix("/mod").unwrap_or(path);
    if path == "lib" {
        return Vec::new();
    }
    path.split('/').map(str::to_owned).collect()
}

/// Reads the tokens of one file.
struct Reader<'a> {
    tokens: Vec<String>,
    at: usize,
    file: usize,
    modules: &'a mut BTreeMap<Name, Module>,
    /// Modules that only tests have.
    tests: &'a mut Vec<Name>,
}

impl Reader<'_> {
    fn peek(&self, ahead: usize) -> &str {
        self.tokens.get(self.at + ahead).map_or("", String::as_str)
    }

    fn take(&mut self) -> String {
        let token = self.peek(0).to_owned();
        self.at += 1;
        token
    }

    /// Reads to the end of the file, or to the brace that closes an inline module.
    fn module(&mut self, name: Name) {
        let mut module = self.modules.remove(&name).unwrap_or_default();
        module.file = self.file;
        let mut depth = 0;
        let mut is_public = false;
        while self.at < self.tokens.len() {
            let token = self.take();
            match token.as_str() {
                "}" if depth == 0 => break,
                "{" => depth += 1,
                "}" => depth -= 1,
                "#" if self.is_for_tests() => self.skip_item(&name),
                "pub" => {
                    is_public = true;
                    if self.peek(0) == "(" {
                        self.skip_group();
                    }
                    continue;
                }
                "use" => {
                    self.tree(Vec::new(), is_public, &mut module.imports);
                }
                "mod" if is_name(self.peek(0)) => {
                    let child = self.take();
                    module.children.insert(child.clone());
                    if self.take() == "{" {
                        self.module([name.as_slice(), &[child]].concat());
                    }
                }
                "struct" | "enum" | "fn" | "const" | "static" | "trait" | "type"
                    // `const fn`, `static mut`
                    if depth == 0
                        && is_name(self.peek(0))
                        && !["fn", "mut", "unsafe", "async"].contains(&self.peek(0)) =>
                {
                    module.items.insert(self.peek(0).to_owned());
                }
                "macro_rules" => {
                    module.items.insert(self.peek(1).to_owned());
                }
                word if is_name(word) => {
                    module.words.insert(word.to_owned());
                    let mut path = vec![token];
                    while self.peek(0) == "::" && is_name(self.peek(1)) {
                        self.at += 1;
                        path.push(self.take());
                    }
                    if path.len() > 1 {
                        module.paths.push(path);
                    }
                }
                _ => {}
            }
            is_public = false;
        }
        self.modules.insert(name, module);
    }

    /// Whether `#[cfg(test)]` begins here, whose `#` was taken; if so, skips it.
    fn is_for_tests(&mut self) -> bool {
        let attribute = ["[", "cfg", "(", "test", ")", "]"];
        let is = (0..attribute.len()).all(|ahead| self.peek(ahead) == attribute[ahead]);
        if is {
            self.at += attribute.len();
        }
        is
    }

    /// Skips an item, and keeps in mind a module that is one.
    fn skip_item(&mut self, name: &Name) {
        while self.at < self.tokens.len() {
            match self.peek(0) {
                "mod" => {
                    let test = self.peek(1).to_owned();
                    self.tests.push([name.as_slice(), &[test]].concat());
                    self.at += 1;
                }
                ";" => {
                    self.at += 1;
                    return;
                }
                "{" => return self.skip_group(),
                "(" | "[" => self.skip_group(),
                _ => self.at += 1,
            }
        }
    }

    /// Skips a group of brackets, whose first is next.
    fn skip_group(&mut self) {
        let mut depth = 0;
        loop {
            match self.take().as_str() {
                "(" | "[" | "{" => depth += 1,
                ")" | "]" | "}" => depth -= 1,
                "" => return,
                _ => {}
            }
            if depth == 0 {
                return;
            }
        }
    }

    /// Reads what follows `use`, or a part of it behind `before`.
    fn tree(&mut self, before: Name, is_public: bool, imports: &mut Vec<Import>) {
        let mut path = before;
        loop {
            match self.take().as_str() {
                "::" => continue,
                "{" => loop {
                    match self.peek(0) {
                        "}" | "" => {
                            self.at += 1;
                            return;
                        }
                        "," => self.at += 1,
                        _ => self.tree(path.clone(), is_public, imports),
                    }
                },
                "*" => {
                    return imports.push(Import {
                        name: "*".to_owned(),
                        path,
                        is_public,
                    });
                }
                word if is_name(word) => path.push(word.to_owned()),
                _ => return,
            }
            if self.peek(0) != "::" {
                if path.len() > 1 && path.last().is_some_and(|last| last == "self") {
                    path.pop();
                }
                let mut name = path.last().cloned().unwrap_or_default();
                if self.peek(0) == "as" {
                    self.at += 1;
                    name = self.take();
                }
                return imports.push(Import {
                    name,
                    path,
                    is_public,
                });
            }
        }
    }
}

fn is_name(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// Identifiers, `::` and single signs; no comments, no literals.
fn tokens(text: &str) -> Vec<String> {
    let parts = lexer::parts(text).into_iter();
    parts
        .filter(|part| matches!(part.kind, Kind::Name | Kind::Sign))
        .map(|part| part.text.to_owned())
        .collect()
}

/// Each file of a small house as `(path, text)`, and the circles in it.
fn circles_of(sources: &[(&str, &str)]) -> Vec<String> {
    let house = House::read(sources.iter().copied());
    let edges = house.edges();
    let found = circles(&edges);
    found.iter().map(|circle| circle.join(" ")).collect()
}

#[test]
fn circles_are_found() {
    // By `use`, by an inline path, by a module's alias and through a re-export.
    for inner in [
        "use super::b::B;",
        "fn f() { super::b::B::new(); }",
        "use crate::a::b; fn f(b: b::B) {}",
        "use crate::a::{self, C}; fn f(b: a::B) {}",
        "use crate::B; struct D;",
        "use crate::{a::{b::{B as E}}};",
        "use super::*; fn f(b: super::B) {}",
    ] {
        let found = circles_of(&[
            ("lib.rs", "mod a; pub use a::B;"),
            ("a/mod.rs", "pub mod b; mod c; pub use b::B; pub use c::C;"),
            ("a/b.rs", "use super::C; pub struct B;"),
            ("a/c.rs", &format!("pub struct C; {inner}")),
        ]);
        assert_eq!(found, ["a/b.rs a/c.rs"], "{inner}");
    }
}

#[test]
fn what_is_no_circle_is_not_found() {
    // Comments, literals, lifetimes, tests, visibility, the names of modules; a folder's own items.
    for inner in [
        "// use super::b::B;\n/* super::b::B */",
        r##"fn f<'a>(c: char) { "\"super::b::B"; r#"super::b::B"#; '"'; super::C; '\''; }"##,
        "#[cfg(test)]\nmod tests { use super::super::b::B; }",
        "#[cfg(test)] use super::b::B;",
        "pub(in super::b) fn f() {}",
        "use super::b;",
        "use super::c::D; pub struct D; fn c() {}",
    ] {
        let found = circles_of(&[
            ("lib.rs", "mod a; pub use a::B;"),
            ("a/mod.rs", "pub mod b; mod c; pub use b::B; pub use c::C;"),
            ("a/b.rs", "use super::C; pub struct B;"),
            ("a/c.rs", &format!("pub struct C; {inner}")),
        ]);
        assert!(found.is_empty(), "{inner}: {found:?}");
    }
    let folder = |code: &str| {
        circles_of(&[
            ("lib.rs", "mod a;"),
            (
                "a/mod.rs",
                &format!("mod b; pub use b::B; pub struct A; {code}"),
            ),
            ("a/b.rs", "use super::A; pub struct B;"),
        ])
    };
    assert!(folder("").is_empty());
    assert_eq!(folder("fn f() -> B {}"), ["a/b.rs a/mod.rs"]);
}
