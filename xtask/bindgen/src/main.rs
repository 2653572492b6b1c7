//! Writes the JavaScript around the UI's WebAssembly.
//!
//! In: the module as cargo built it, and a folder. Out: `NAME.js` and `NAME_bg.wasm` for `<script type="module">`.
//! A package of its own because its library takes a minute to compile, and `cargo xtask doctor` should not wait for it;
//! the library rather than `wasm-bindgen-cli` because that takes six.

#![allow(clippy::print_stderr, reason = "a tool for a terminal")]

use std::{env, path::PathBuf, process::ExitCode};

fn main() -> ExitCode {
    let mut arguments = env::args_os().skip(1).map(PathBuf::from);
    let (Some(module), Some(folder), None) = (arguments.next(), arguments.next(), arguments.next())
    else {
        eprintln!("usage: xtask-bindgen MODULE.wasm FOLDER");
        return ExitCode::from(2);
    };
    let mut bindgen = wasm_bindgen_cli_support::Bindgen::new();
    bindgen.input_path(module).typescript(false).remove_producers_section(true);
    match bindgen.web(true).and_then(|bindgen| bindgen.generate(folder)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}
