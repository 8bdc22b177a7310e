//! Members of a zip archive, found by their own name: the folders they lie in vary from year to year.

use std::io::{Read, Seek};

use zip::ZipArchive;
use zip::read::ZipFile;

use super::{ImportError, MOST_BYTES};

/// An archive as it is downloaded.
pub(super) struct Archive<R>(ZipArchive<R>);

impl<R: Read + Seek> Archive<R> {
    pub(super) fn open(reader: R) -> Result<Self, ImportError> {
        ZipArchive::new(reader).map(Self).map_err(|_| ImportError::Archive)
    }

    /// The whole of the one member whose own name, in lower case, is the wanted one.
    pub(super) fn whole(
        &mut self,
        wanted: &'static str,
        is_wanted: impl Fn(&str) -> bool,
    ) -> Result<Vec<u8>, ImportError> {
        let mut bytes = Vec::new();
        let member = self.member(wanted, is_wanted)?;
        member.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(|_| ImportError::Archive)?;
        if bytes.len() as u64 > MOST_BYTES { Err(ImportError::TooLarge) } else { Ok(bytes) }
    }

    /// The one member whose own name, in lower case, is the wanted one, to be read as a stream.
    pub(super) fn member(
        &mut self,
        wanted: &'static str,
        is_wanted: impl Fn(&str) -> bool,
    ) -> Result<ZipFile<'_, R>, ImportError> {
        let found = self.found(is_wanted)?;
        let [index] = *found.as_slice() else { return Err(ImportError::Members { count: found.len(), wanted }) };
        self.0.by_index(index).map_err(|_| ImportError::Archive)
    }

    /// Reads every member whose own name, in lower case, is a wanted one.
    pub(super) fn each_member(
        &mut self,
        is_wanted: impl Fn(&str) -> bool,
        mut read: impl FnMut(ZipFile<'_, R>) -> Result<(), ImportError>,
    ) -> Result<(), ImportError> {
        for index in self.found(is_wanted)? {
            read(self.0.by_index(index).map_err(|_| ImportError::Archive)?)?;
        }
        Ok(())
    }

    fn found(&self, is_wanted: impl Fn(&str) -> bool) -> Result<Vec<usize>, ImportError> {
        let names = self.0.file_names().collect::<Result<Vec<_>, _>>().map_err(|_| ImportError::Archive)?;
        let own = |name: &str| name.rsplit(['/', '\\']).next().unwrap_or(name).to_ascii_lowercase();
        Ok((0..).zip(names).filter(|(_, name)| is_wanted(&own(name))).map(|(at, _)| at).collect())
    }
}
