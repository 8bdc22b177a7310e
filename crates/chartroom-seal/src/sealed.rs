//! Values that are sealed, and values that were opened.

use std::fmt;
use std::marker::PhantomData;

use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::{KeyLabel, OpenError};

/// A type whose values can be sealed: as which bytes, and under which name.
pub trait Sealable: Zeroize + Sized {
    /// The name that is sealed with the value, so that it never opens as another type.
    const VALUE_TYPE: &'static str;

    /// The value's bytes.
    fn to_plain(&self) -> Zeroizing<Vec<u8>>;

    /// The value of these bytes, or `None` where they are none.
    fn from_plain(plain: &[u8]) -> Option<Self>;
}

impl Sealable for Vec<u8> {
    const VALUE_TYPE: &'static str = "bytes";

    fn to_plain(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(self.clone())
    }

    fn from_plain(plain: &[u8]) -> Option<Self> {
        Some(plain.to_vec())
    }
}

impl Sealable for String {
    const VALUE_TYPE: &'static str = "text";

    fn to_plain(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(self.as_bytes().to_vec())
    }

    fn from_plain(plain: &[u8]) -> Option<Self> {
        std::str::from_utf8(plain).ok().map(str::to_owned)
    }
}

/// A sealed value of type `T`: its ciphertext and nothing else.
///
/// From [`RecordKey::seal_value`](crate::RecordKey::seal_value). With the feature `serde` it serializes as base64url text without
/// padding, in formats for people, and as bytes in others.
pub struct Sealed<T> {
    key: KeyLabel,
    bytes: Vec<u8>,
    value: PhantomData<fn() -> T>,
}

impl<T> Sealed<T> {
    /// A sealed value that was stored as bytes.
    ///
    /// # Errors
    ///
    /// [`OpenError::UnknownVersion`], [`OpenError::UnknownSuite`] or [`OpenError::Malformed`] where the bytes are not of this
    /// format. Whether they are authentic, only opening tells.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, OpenError> {
        let key = KeyLabel::of_sealed(&bytes)?;
        Ok(Self { key, bytes, value: PhantomData })
    }

    /// The bytes to store.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The bytes to store.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// The subject key it is sealed under.
    pub const fn key(&self) -> KeyLabel {
        self.key
    }

    pub(crate) const fn sealed_under(key: KeyLabel, bytes: Vec<u8>) -> Self {
        Self { key, bytes, value: PhantomData }
    }
}

impl<T> Clone for Sealed<T> {
    fn clone(&self) -> Self {
        Self { key: self.key, bytes: self.bytes.clone(), value: PhantomData }
    }
}

impl<T> fmt::Debug for Sealed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sealed(key {}, {} bytes)", self.key, self.bytes.len())
    }
}

/// A value that was opened. It is wiped when dropped, and leaves only by [`expose`](Self::expose).
///
/// It has no `Clone`, no `Display` and no serde traits, and its `Debug` shows nothing:
///
/// ```compile_fail
/// fn show(diagnosis: &chartroom_seal::Exposed<String>) -> String {
///     diagnosis.to_string()
/// }
/// ```
pub struct Exposed<T: Zeroize> {
    pub(crate) value: T,
    wipe: fn(&mut T),
}

impl<T: Zeroize> Exposed<T> {
    /// The value itself. From here on, care for it is the reader's.
    pub const fn expose(&self) -> &T {
        &self.value
    }

    pub(crate) fn new(value: T) -> Self {
        Self { value, wipe: T::zeroize }
    }
}

impl Exposed<Vec<u8>> {
    /// Bytes. They are wiped as memory that is free, which takes a small part of the time: a list is wiped item by item.
    pub(crate) fn bytes(value: Vec<u8>) -> Self {
        let wipe = |bytes: &mut Vec<u8>| {
            bytes.clear();
            bytes.zeroize();
        };
        Self { value, wipe }
    }
}

impl<T: Zeroize> Drop for Exposed<T> {
    fn drop(&mut self) {
        (self.wipe)(&mut self.value);
    }
}

impl<T: Zeroize> ZeroizeOnDrop for Exposed<T> {}

impl<T: Zeroize> fmt::Debug for Exposed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Exposed(..)")
    }
}

#[cfg(feature = "serde")]
mod as_serde_data {
    use std::borrow::Cow;

    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use serde::de::{Deserialize, Deserializer, Error, SeqAccess, Visitor};
    use serde::ser::{Serialize, Serializer};

    use super::{Sealed, fmt};
    use crate::deterministic::Deterministic;

    impl<T> Serialize for Sealed<T> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            write(self.as_bytes(), serializer)
        }
    }

    impl<T> Serialize for Deterministic<T> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            write(self.as_bytes(), serializer)
        }
    }

    impl<'de, T> Deserialize<'de> for Sealed<T> {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            Self::from_bytes(read(deserializer)?).map_err(D::Error::custom)
        }
    }

    impl<'de, T> Deserialize<'de> for Deterministic<T> {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            Self::from_bytes(read(deserializer)?).map_err(D::Error::custom)
        }
    }

    fn write<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.serialize_str(&URL_SAFE_NO_PAD.encode(bytes))
        } else {
            serializer.serialize_bytes(bytes)
        }
    }

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        if !deserializer.is_human_readable() {
            return deserializer.deserialize_byte_buf(Bytes);
        }
        // The decoder's own message would quote the text.
        let text = Cow::<str>::deserialize(deserializer).map_err(|_| D::Error::custom("not a text"))?;
        URL_SAFE_NO_PAD.decode(text.as_bytes()).map_err(|_| D::Error::custom("not base64url without padding"))
    }

    /// Takes bytes in whichever of the forms a format has for them.
    struct Bytes;

    impl<'de> Visitor<'de> for Bytes {
        type Value = Vec<u8>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("the bytes of a sealed value")
        }

        fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
            Ok(bytes.to_vec())
        }

        fn visit_byte_buf<E: Error>(self, bytes: Vec<u8>) -> Result<Vec<u8>, E> {
            Ok(bytes)
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<u8>, A::Error> {
            // The length a format announces is not yet to be trusted.
            let mut bytes = Vec::new();
            while let Some(byte) = list.next_element()? {
                bytes.push(byte);
            }
            Ok(bytes)
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;
        use crate::sealed::tests::sealed_text;

        #[test]
        fn it_is_text_for_people() {
            let (_, sealed) = sealed_text();
            let json = serde_json::to_string(&sealed).expect("serialized");
            assert_eq!(json, format!("\"{}\"", URL_SAFE_NO_PAD.encode(sealed.as_bytes())));
            let again: Sealed<String> = serde_json::from_str(&json).expect("read");
            assert_eq!(again.as_bytes(), sealed.as_bytes());
            let mistaken = serde_json::from_str::<Deterministic<String>>(&json);
            assert!(mistaken.is_err(), "it is not taken for something deterministic");
        }

        #[test]
        fn refused_text_is_not_quoted() {
            for json in ["\"Adler\"", "\"Adler==\"", "17", "\"AgE\"", "{\"Adler\":1}"] {
                let refused = serde_json::from_str::<Sealed<String>>(json).expect_err("refused").to_string();
                assert!(!refused.contains("Adler") && !refused.contains("17"), "{refused}");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{RandomSource, RecordIdentity, RecordKey, SubjectKey};

    fn record_key(random: &mut RandomSource) -> RecordKey {
        let identity = RecordIdentity { tenant: "north", subject: "5f1c", kind: "Condition", id: "a7", version: 1 };
        SubjectKey::generate(random).new_record_key(&identity, random).expect("a short identity")
    }

    pub(super) fn sealed_text() -> (RecordKey, Sealed<String>) {
        let mut random = RandomSource::from_seed(&[5; 32]);
        let key = record_key(&mut random);
        let sealed = key.seal_value("note", &"wheezing".to_owned(), &mut random).expect("sealed");
        (key, sealed)
    }

    #[test]
    fn a_value_comes_back_as_what_it_was() {
        let (key, sealed) = sealed_text();
        assert_eq!(key.open_value("note", &sealed).expect("opened").expose(), "wheezing");
        let stored: Sealed<String> = Sealed::from_bytes(sealed.clone().into_bytes()).expect("sealed bytes");
        assert_eq!(stored.key(), key.label());
        assert_eq!(key.open_value("note", &stored).expect("opened").expose(), "wheezing");
        assert_eq!(key.open_value("other", &stored).err(), Some(OpenError::Unauthentic));
    }

    #[test]
    fn a_value_never_opens_as_another_type() {
        let (key, sealed) = sealed_text();
        let mistaken: Sealed<Vec<u8>> = Sealed::from_bytes(sealed.into_bytes()).expect("sealed bytes");
        assert_eq!(key.open_value("note", &mistaken).err(), Some(OpenError::Unauthentic));
    }

    #[test]
    fn bytes_that_are_no_value_are_said_to_be_so() {
        let mut random = RandomSource::from_seed(&[5; 32]);
        let key = record_key(&mut random);
        let part = crate::Part { name: "note", value_type: "text" };
        let sealed = key.seal(part, &[0xff], &mut random).expect("sealed");
        let sealed: Sealed<String> = Sealed::from_bytes(sealed).expect("sealed bytes");
        assert_eq!(key.open_value("note", &sealed).err(), Some(OpenError::NotOfItsType));
    }

    #[test]
    fn printing_shows_no_value() {
        let (key, sealed) = sealed_text();
        assert_eq!(format!("{sealed:?}"), format!("Sealed(key {}, 58 bytes)", key.label()));
        assert_eq!(format!("{:?}", key.open_value("note", &sealed).expect("opened")), "Exposed(..)");
    }
}
