//! The list of places to choose from: the registry's, and those of a saved User-Access Brands Bundle.
//!
//! In: a Bundle in a file. Out: what the core can offer of it.
//! Never: the network; a list is brought by hand, and a place in it is asked about as firmly as one from a code.

use std::{
    fs::File,
    io::{self, ErrorKind, Read as _},
    path::Path,
};

use handrail_core::connect::{Brands, BrandsError, MAX_BRANDS_BYTES, read_brands};

use crate::{POLICY, keys::write_whole, vault::make_private_folder};

const SAVED: &str = "brands.json";

/// Why a list is not taken. The one that is there stays.
#[derive(Debug, thiserror::Error)]
pub enum TakeError {
    /// It is no such list.
    #[error(transparent)]
    Judged(#[from] BrandsError),
    /// The file, or the folder, cannot be used.
    #[error("the file cannot be used: {0}")]
    Disk(#[from] io::Error),
}

/// Saves a list in the data folder, in place of the one before; what it holds.
///
/// # Errors
/// It is no list, or the disk refuses.
pub fn take_brands(data: &Path, file: &Path) -> Result<Brands, TakeError> {
    let bytes = read_small(file)?;
    let brands = read_brands(&bytes, POLICY)?;
    make_private_folder(data)?;
    write_whole(data, SAVED, &bytes)?;
    Ok(brands)
}

/// The saved list; an empty one where there is none, or none that can be read.
pub(crate) fn load_brands(data: &Path) -> Brands {
    let read = match read_small(&data.join(SAVED)) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Brands::default(),
        read => read.map_err(TakeError::from),
    };
    match read.and_then(|bytes| Ok(read_brands(&bytes, POLICY)?)) {
        Ok(brands) => brands,
        Err(error) => {
            tracing::warn!(target: "connect", %error, "the saved list of places is left out");
            Brands::default()
        }
    }
}

fn read_small(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MAX_BRANDS_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}
