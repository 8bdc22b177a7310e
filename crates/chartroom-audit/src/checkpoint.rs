//! What a witness keeps of a log: its name, its size and its root, as the note text of C2SP `tlog-checkpoint`.
//!
//! With the feature `sign`, the module `note` signs it, and verifies the signatures of log and witnesses; `witness` signs only what has grown.

#[cfg(feature = "sign")]
pub mod note;
#[cfg(feature = "sign")]
pub mod witness;

use std::fmt;
use std::str::FromStr;

use crate::merkle::{Hash, Head};
use crate::{Trail, TrailError, base64};

/// A log's head under its name. Prints as the note text that is signed, and is read back from it.
///
/// ```
/// use chartroom_audit::Checkpoint;
///
/// let text = "example.org/ward-7\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n";
/// let checkpoint: Checkpoint = text.parse()?;
/// assert_eq!(checkpoint.origin(), "example.org/ward-7");
/// assert_eq!(checkpoint.head().size, 0);
/// assert_eq!(checkpoint.to_string(), text);
/// # Ok::<(), chartroom_audit::checkpoint::InvalidCheckpoint>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    origin: String,
    head: Head,
    extensions: Vec<String>,
}

/// A head that the log itself has said: it signed a checkpoint with it, or it is the head of a trail at hand. It is for those who act on
/// what a head proves, as whoever destroys keys anew; a head that somebody has written down is none.
///
/// It need not be the newest, and it is trusted as far as its log is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrustedHead {
    head: Head,
}

impl TrustedHead {
    /// The head of a trail at hand, as it stands. It proves what that trail says, and no more: whoever has a trail made up, as any
    /// program can, has its head trusted. That it is the house's own is for the caller to know.
    ///
    /// # Errors
    ///
    /// When the trail cannot be read.
    pub fn of(trail: &(impl Trail + ?Sized)) -> Result<Self, TrailError> {
        Ok(Self { head: trail.head()? })
    }

    /// The head.
    #[must_use]
    pub const fn head(&self) -> &Head {
        &self.head
    }
}

/// Text that is not a checkpoint, by the line at fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidCheckpoint {
    /// The first line does not name a log.
    #[error("line 1: the origin must be a line of text without control characters")]
    Origin,
    /// The second line is not a size.
    #[error("line 2: the size must be a decimal number without leading zeros")]
    Size,
    /// The third line is not a root.
    #[error("line 3: the root must be 32 bytes in base64")]
    Root,
    /// The log is empty, and its root is not that of the empty tree (RFC 6962, section 2.1).
    #[error("line 3: the root of a log without entries must be the hash of nothing")]
    EmptyRoot,
    /// A further line is empty or holds control characters.
    #[error("line {line}: an extension must be a line of text without control characters")]
    Extension {
        /// The number of the line, from 1.
        line: usize,
    },
    /// The last line does not end.
    #[error("the text must end with a line feed")]
    Unended,
}

impl Checkpoint {
    /// The head of the log with this name. A name is best a URL without its scheme, such as `example.org/log`.
    ///
    /// # Errors
    ///
    /// When the name is empty or holds a control character, or a head of size 0 has another root than the empty tree.
    pub fn new(origin: impl Into<String>, head: Head) -> Result<Self, InvalidCheckpoint> {
        let origin = origin.into();
        if !is_line(&origin) {
            return Err(InvalidCheckpoint::Origin);
        }
        if head.size == 0 && head.root != Hash::of_empty_tree() {
            return Err(InvalidCheckpoint::EmptyRoot);
        }
        Ok(Self { origin, head, extensions: Vec::new() })
    }

    /// The name of the log.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The size and the root of the log.
    #[must_use]
    pub const fn head(&self) -> Head {
        self.head
    }

    /// Further lines, which mean nothing here but belong to the signed text.
    #[must_use]
    pub fn extensions(&self) -> &[String] {
        &self.extensions
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { origin, head, extensions } = self;
        write!(f, "{origin}\n{}\n{}\n", head.size, base64::encode(head.root.as_bytes()))?;
        extensions.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

impl FromStr for Checkpoint {
    type Err = InvalidCheckpoint;

    fn from_str(text: &str) -> Result<Self, InvalidCheckpoint> {
        let mut lines = text.strip_suffix('\n').ok_or(InvalidCheckpoint::Unended)?.split('\n');
        let origin = lines.next().unwrap_or_default();
        let size = lines.next().and_then(parse_size);
        let root = lines.next().and_then(base64::decode).and_then(|root| Hash::try_from(root.as_slice()).ok());
        let mut checkpoint = Self::new(
            origin,
            Head { size: size.ok_or(InvalidCheckpoint::Size)?, root: root.ok_or(InvalidCheckpoint::Root)? },
        )?;
        for (extension, line) in lines.zip(4..) {
            if !is_line(extension) {
                return Err(InvalidCheckpoint::Extension { line });
            }
            checkpoint.extensions.push(extension.to_owned());
        }
        Ok(checkpoint)
    }
}

fn is_line(text: &str) -> bool {
    !text.is_empty() && !text.chars().any(char::is_control)
}

fn parse_size(line: &str) -> Option<u64> {
    let plain = line.bytes().all(|byte| byte.is_ascii_digit()) && (line == "0" || !line.starts_with('0'));
    if plain { line.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MemoryTrail;
    use crate::event::sample;
    use crate::merkle::leaf_hash;

    const ROOT: &str = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

    #[test]
    fn a_trail_at_hand_gives_its_own_head() {
        let mut trail = MemoryTrail::new();
        for size in 0..3 {
            let trusted = TrustedHead::of(&trail).unwrap();
            assert_eq!((*trusted.head(), trusted.head().size), (trail.head().unwrap(), size));
            trail.append(&sample()).unwrap();
        }
    }

    #[test]
    fn text_and_value_are_one() {
        let head = Head { size: 20_852_163, root: Hash::of_empty_tree() };
        let checkpoint = Checkpoint::new("example.org/log", head).unwrap();
        assert_eq!(checkpoint.to_string(), format!("example.org/log\n20852163\n{ROOT}\n"));
        assert_eq!(checkpoint.to_string().parse(), Ok(checkpoint));
        let extended = format!("example.org/log\n1\n{ROOT}\nmore\n");
        let checkpoint: Checkpoint = extended.parse().unwrap();
        assert_eq!(checkpoint.extensions(), ["more"]);
        assert_eq!(checkpoint.to_string(), extended);
    }

    #[test]
    fn each_line_is_strict() {
        let parse = |text: &str| text.replace("ROOT", ROOT).parse::<Checkpoint>();
        assert_eq!(parse("log\n1\nROOT"), Err(InvalidCheckpoint::Unended));
        assert_eq!(parse(""), Err(InvalidCheckpoint::Unended));
        assert_eq!(parse("\n1\nROOT\n"), Err(InvalidCheckpoint::Origin));
        assert_eq!(parse("a\tb\n1\nROOT\n"), Err(InvalidCheckpoint::Origin));
        for size in ["", "01", "00", "+1", "-1", " 1", "1\r", "18446744073709551616", "x"] {
            assert_eq!(parse(&format!("log\n{size}\nROOT\n")), Err(InvalidCheckpoint::Size), "{size:?}");
        }
        assert_eq!(parse("log\n1\n"), Err(InvalidCheckpoint::Root));
        assert_eq!(parse("log\n1\nROOT=\n"), Err(InvalidCheckpoint::Root));
        assert_eq!(parse("log\n1\nROOT\n\n"), Err(InvalidCheckpoint::Extension { line: 4 }));
    }

    #[test]
    fn an_empty_log_has_one_root() {
        let other = Head { size: 0, root: leaf_hash(b"") };
        assert_eq!(Checkpoint::new("log", other), Err(InvalidCheckpoint::EmptyRoot));
        let text = format!("log\n0\n{}\n", base64::encode(other.root.as_bytes()));
        assert_eq!(text.parse::<Checkpoint>(), Err(InvalidCheckpoint::EmptyRoot));
        assert_eq!(Checkpoint::new("log", Head { size: 0, root: Hash::of_empty_tree() }).unwrap().head().size, 0);
    }

    #[test]
    fn a_name_cannot_forge_a_line() {
        let head = Head { size: 1, root: leaf_hash(b"") };
        assert_eq!(Checkpoint::new("log\n9", head), Err(InvalidCheckpoint::Origin));
    }
}
