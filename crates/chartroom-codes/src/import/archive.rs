//! Members of a zip archive, found by their own name and the folder that they lie in, both in lower case. Most are known by their name
//! alone: the folders vary from year to year.

use std::io::{Read, Seek};

use zip::ZipArchive;
use zip::read::ZipFile;

use super::{ImportError, MOST_BYTES};

/// What a member is known by.
#[derive(Clone, Copy)]
pub(super) struct Name<'n> {
    /// The folders that it lies in, with `/` between them.
    pub(super) folder: &'n str,
    pub(super) own: &'n str,
}

impl Name<'_> {
    /// Whether it lies in a folder of this name, or in one within it.
    pub(super) fn is_within(self, folder: &str) -> bool {
        self.folder.split('/').any(|name| name == folder)
    }
}

/// Whether it is what a Macintosh packs for itself beside each member, under the same name.
fn is_shadow(name: Name<'_>) -> bool {
    name.is_within("__macosx") || name.own.starts_with("._")
}

/// An archive as it is downloaded.
pub(super) struct Archive<R>(ZipArchive<R>);

impl<R: Read + Seek> Archive<R> {
    pub(super) fn open(reader: R) -> Result<Self, ImportError> {
        ZipArchive::new(reader).map(Self).map_err(|_| ImportError::Archive)
    }

    /// The whole of the one wanted member.
    pub(super) fn whole(
        &mut self,
        wanted: &'static str,
        is_wanted: impl Fn(Name<'_>) -> bool,
    ) -> Result<Vec<u8>, ImportError> {
        let found = self.whole_if_there(wanted, is_wanted)?;
        found.ok_or(ImportError::Members { count: 0, wanted })
    }

    /// As [`whole`](Self::whole), or `None` if there is no such member.
    pub(super) fn whole_if_there(
        &mut self,
        wanted: &'static str,
        is_wanted: impl Fn(Name<'_>) -> bool,
    ) -> Result<Option<Vec<u8>>, ImportError> {
        if self.found(&is_wanted)?.is_empty() {
            return Ok(None);
        }
        let mut bytes = Vec::new();
        let member = self.member(wanted, is_wanted)?;
        member.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(|_| ImportError::Archive)?;
        if bytes.len() as u64 > MOST_BYTES { Err(ImportError::TooLarge) } else { Ok(Some(bytes)) }
    }

    /// The one wanted member, to be read as a stream.
    pub(super) fn member(
        &mut self,
        wanted: &'static str,
        is_wanted: impl Fn(Name<'_>) -> bool,
    ) -> Result<ZipFile<'_, R>, ImportError> {
        let found = self.found(is_wanted)?;
        let [index] = *found.as_slice() else { return Err(ImportError::Members { count: found.len(), wanted }) };
        self.0.by_index(index).map_err(|_| ImportError::Archive)
    }

    /// Reads every wanted member.
    pub(super) fn each_member(
        &mut self,
        is_wanted: impl Fn(Name<'_>) -> bool,
        mut read: impl FnMut(ZipFile<'_, R>) -> Result<(), ImportError>,
    ) -> Result<(), ImportError> {
        for index in self.found(is_wanted)? {
            read(self.0.by_index(index).map_err(|_| ImportError::Archive)?)?;
        }
        Ok(())
    }

    fn found(&self, is_wanted: impl Fn(Name<'_>) -> bool) -> Result<Vec<usize>, ImportError> {
        let names = self.0.file_names().collect::<Result<Vec<_>, _>>().map_err(|_| ImportError::Archive)?;
        let is_wanted = |name: &str| {
            let name = name.replace('\\', "/").to_ascii_lowercase();
            let (folder, own) = name.rsplit_once('/').unwrap_or(("", &name));
            let name = Name { folder, own };
            !is_shadow(name) && is_wanted(name)
        };
        Ok((0..).zip(names).filter(|(_, name)| is_wanted(name)).map(|(at, _)| at).collect())
    }
}

/// An archive with these members.
#[cfg(test)]
pub(super) fn archive_of(members: &[(&str, &str)]) -> std::io::Cursor<Vec<u8>> {
    use std::io::Write;
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in members {
        archive.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap()
}
