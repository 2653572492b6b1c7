//! No module of the decisions knows one that stands after it, so that each can be read without what follows.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use syn::{
    Attribute, Item, ItemMod, ItemUse, UseTree,
    visit::{Visit, visit_item, visit_path},
};

/// Every module, each after those that it may name. What several steps speak of stands before the first of them.
const ORDER: [&str; 17] = [
    "fhir",
    "token",
    "settings",
    "lock",
    "form",
    "written",
    "scan",
    "fetch",
    "session",
    "connect",
    "authorize",
    "vault",
    "refresh",
    "store",
    "act",
    "activity",
    "view",
];

/// The names that follow `crate::` in what is compiled into the product.
#[derive(Default)]
struct Named(BTreeSet<String>);

impl<'ast> Visit<'ast> for Named {
    fn visit_item(&mut self, item: &'ast Item) {
        if !is_for_tests(item) {
            visit_item(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        if let UseTree::Path(path) = &item.tree
            && path.ident == "crate"
        {
            self.add(&path.tree);
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let mut names = path.segments.iter().map(|it| it.ident.to_string());
        if names.next().is_some_and(|it| it == "crate") {
            self.0.extend(names.next());
        }
        visit_path(self, path);
    }
}

impl Named {
    fn add(&mut self, tree: &UseTree) {
        match tree {
            UseTree::Path(path) => _ = self.0.insert(path.ident.to_string()),
            UseTree::Name(name) => _ = self.0.insert(name.ident.to_string()),
            UseTree::Rename(name) => _ = self.0.insert(name.ident.to_string()),
            UseTree::Group(group) => group.items.iter().for_each(|it| self.add(it)),
            UseTree::Glob(_) => {}
        }
    }
}

fn is_for_tests(item: &Item) -> bool {
    let attributes: &[Attribute] = match item {
        Item::Mod(it) => &it.attrs,
        Item::Use(it) => &it.attrs,
        Item::Fn(it) => &it.attrs,
        Item::Impl(it) => &it.attrs,
        _ => &[],
    };
    let is_test = |it: &Attribute| {
        it.path().is_ident("cfg")
            && it.parse_args::<syn::Path>().is_ok_and(|it| it.is_ident("test"))
    };
    attributes.iter().any(is_test)
}

/// What a module names, the files of its own modules included.
fn read_module(file: &Path, named: &mut Named) {
    let text = fs::read_to_string(file).expect("our own source");
    let parsed = syn::parse_file(&text).expect("Rust that compiles");
    named.visit_file(&parsed);
    let folder = file.with_extension("");
    for item in &parsed.items {
        if let Item::Mod(ItemMod { ident, content: None, .. }) = item
            && !is_for_tests(item)
        {
            read_module(&folder.join(format!("{ident}.rs")), named);
        }
    }
}

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

#[test]
fn no_module_knows_one_that_stands_after_it() {
    let mut wrong = Vec::new();
    for (at, module) in ORDER.iter().enumerate() {
        let mut named = Named::default();
        read_module(&source().join(format!("{module}.rs")), &mut named);
        for name in named.0 {
            if ORDER[at + 1..].contains(&&*name) {
                wrong.push(format!("{module} knows {name}"));
            }
        }
    }

    assert_eq!(wrong, [""; 0]);
}

#[test]
fn every_module_has_its_place_in_the_order() {
    let library = fs::read_to_string(source().join("lib.rs")).unwrap();
    let modules = syn::parse_file(&library).unwrap().items.into_iter().filter_map(|it| match it {
        Item::Mod(it) => Some(it.ident.to_string()),
        _ => None,
    });

    let (all, placed): (BTreeSet<String>, BTreeSet<String>) =
        (modules.collect(), ORDER.iter().map(|it| (*it).to_owned()).collect());

    assert_eq!(all, placed);
}

#[test]
fn what_a_file_names_is_seen_but_for_its_tests() {
    let file = syn::parse_file(
        "use crate::{fhir::FhirBase, scan}; use crate::token::State;
         fn f() -> crate::vault::Tokens { crate::fetch::begin() }
         #[cfg(test)] mod tests { use crate::view::Index; }",
    );

    let mut named = Named::default();
    named.visit_file(&file.unwrap());

    assert_eq!(Vec::from_iter(named.0), ["fetch", "fhir", "scan", "token", "vault"]);
}
