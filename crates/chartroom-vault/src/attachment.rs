//! Attachments: bytes of any size that belong to a record, sealed as a stream, and opened by a decision about the record.

use std::fmt;
use std::io::{self, BufRead, Read, Seek, SeekFrom, Write};

use chartroom_access::Policy;
use chartroom_record::{Class, ClassSet, Resource, TypeChoice, TypeFacts, TypeKind};
use chartroom_seal::{
    ChunkLength, Derivation, KeyLabel, KeyService, OpenError, Part, RecordIdentity, RecordKey, STREAM_HEADER_LENGTH,
    SealError, StreamReader, StreamWriter,
};
use chrono::{DateTime, Utc};
use rand_core::CryptoRng;

use crate::disclosure::{Bound, Subject};
use crate::record::{Bytes, short};
use crate::vault::facts_of;
use crate::{Disclosure, Merge, PatientKey, RecordId, Release, Ruling, SealedRecord, Vault, VaultError, View};

/// The first byte of the format that this version writes.
const FORMAT: u8 = 1;
/// The one part that the key of an attachment seals.
const PART: Part<'_> = Part { name: "attachment", value_type: "bytes" };
/// How many bytes stand before the resource type, with its length.
const BEFORE_TYPE: usize = 1 + 3 * 16 + 8 + 1;

/// A sealed attachment: what stands before the bytes in clear, and whatever gives the rest.
///
/// It opens as itself only, of its own record, under the key of its patient. Its version is that of the record it was added to, and
/// stays with all that follow. Its bytes are laid down in `FORMAT.md` of this crate.
pub struct SealedAttachment<R> {
    place: Place,
    derivation: Derivation,
    key: KeyLabel,
    stream: [u8; STREAM_HEADER_LENGTH],
    /// Gives the chunks.
    inner: R,
}

/// Where an attachment belongs.
#[derive(Clone)]
struct Place {
    id: RecordId,
    record: RecordId,
    version: u64,
    patient: RecordId,
    resource_type: Box<str>,
}

impl<R> SealedAttachment<R> {
    /// The attachment's own id: random, and so it says nothing about the attachment.
    pub const fn id(&self) -> RecordId {
        self.place.id
    }

    /// The id of the record that it belongs to.
    pub const fn record(&self) -> RecordId {
        self.place.record
    }

    /// The version of the record that it was added to.
    pub const fn version(&self) -> u64 {
        self.place.version
    }

    /// The token of the patient whose key seals it.
    pub const fn patient(&self) -> RecordId {
        self.place.patient
    }

    /// The resource type of the record that it belongs to.
    pub fn resource_type(&self) -> &str {
        &self.place.resource_type
    }

    /// Name and version of the patient's key that it is sealed under.
    pub const fn key(&self) -> KeyLabel {
        self.key
    }
}

impl<R: Read> SealedAttachment<R> {
    /// Reads what stands in clear. The reader, which must stand at the first byte, is kept for the rest. Whether any of it is genuine
    /// shows when it is ruled about and read.
    ///
    /// # Errors
    /// [`VaultError::Malformed`] with the place, or what the stream tells of itself, for anything but the beginning of an attachment
    /// of a known format; that of the reader.
    pub fn read(mut inner: R) -> Result<Self, AttachmentError> {
        let mut bytes = Vec::with_capacity(BEFORE_TYPE + 256 + Derivation::LENGTH + STREAM_HEADER_LENGTH);
        inner.by_ref().take(BEFORE_TYPE as u64).read_to_end(&mut bytes)?;
        let type_length = bytes.get(BEFORE_TYPE - 1).copied().unwrap_or_default();
        let rest = usize::from(type_length) + Derivation::LENGTH + STREAM_HEADER_LENGTH;
        inner.by_ref().take(rest as u64).read_to_end(&mut bytes)?;

        let mut reader = Bytes { bytes: &bytes, at: 0 };
        if reader.byte()? != FORMAT {
            return Err(VaultError::Malformed { at: 0 }.into());
        }
        let id = RecordId::from_bytes(reader.array()?);
        let record = RecordId::from_bytes(reader.array()?);
        let version = u64::from_be_bytes(reader.array()?);
        let patient = RecordId::from_bytes(reader.array()?);
        let resource_type = reader.short()?.into();
        let derivation = Derivation { salt: reader.array()?, commitment: reader.array()? };
        let stream = reader.array()?;
        let key = KeyLabel::of_stream(&stream).map_err(VaultError::from)?;
        Ok(Self { place: Place { id, record, version, patient, resource_type }, derivation, key, stream, inner })
    }
}

impl Place {
    /// Whether the record is the one that the attachment belongs to, and no version from before it was added.
    fn is_in(&self, record: &SealedRecord) -> bool {
        let Self { id: _, record: of, version, patient, resource_type } = self;
        (*of, *patient) == (record.id, record.patient)
            && **resource_type == *record.resource_type
            && *version <= record.version
    }

    /// Shows the identity that the key of the attachment is bound to.
    fn identify<T>(&self, tenant: &str, derive: impl FnOnce(&RecordIdentity<'_>) -> T) -> T {
        let Self { id, record, version, patient, resource_type } = self;
        let (subject, id) = (patient.to_string(), format!("{record}/{id}"));
        derive(&RecordIdentity { tenant, subject: &subject, kind: resource_type, id: &id, version: *version })
    }

    fn to_bytes(&self, derivation: &Derivation) -> Result<Vec<u8>, SealError> {
        let Self { id, record, version, patient, resource_type } = self;
        let mut bytes = Vec::with_capacity(BEFORE_TYPE + resource_type.len() + Derivation::LENGTH);
        bytes.push(FORMAT);
        bytes.extend_from_slice(id.as_bytes());
        bytes.extend_from_slice(record.as_bytes());
        bytes.extend_from_slice(&version.to_be_bytes());
        bytes.extend_from_slice(patient.as_bytes());
        short(&mut bytes, resource_type)?;
        bytes.extend_from_slice(&derivation.to_bytes());
        Ok(bytes)
    }
}

/// Seals what is written to it as an attachment, and passes it on. From [`Vault::seal_attachment`].
///
/// It holds one chunk in memory. What was not [finished](Self::finish) does not open.
pub struct AttachmentWriter<W> {
    id: RecordId,
    stream: StreamWriter<W>,
}

impl<W: Write> AttachmentWriter<W> {
    /// The attachment's id.
    pub const fn id(&self) -> RecordId {
        self.id
    }

    /// Seals the last chunk, and gives the other writer back.
    ///
    /// # Errors
    /// That of the other writer.
    pub fn finish(self) -> io::Result<W> {
        self.stream.finish()
    }
}

impl<W: Write> Write for AttachmentWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.stream.write(bytes)
    }

    /// Passes on what is sealed so far. What is not yet a whole chunk stays.
    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

impl<K: KeyService> Vault<K> {
    /// Seals whatever is written as an attachment of a record, under the current key of its patient, and passes it on to `inner`.
    /// [`AttachmentWriter::finish`] ends it. Later versions of the record keep the attachment.
    ///
    /// To write is not to read, so it takes no disclosure.
    ///
    /// # Errors
    /// The record is another patient's, or is not as it was sealed; sealing fails; that of `inner`.
    pub fn seal_attachment<W: Write>(
        &self,
        record: &SealedRecord,
        patient: &PatientKey,
        chunk: ChunkLength,
        inner: W,
        rng: &mut impl CryptoRng,
    ) -> Result<AttachmentWriter<W>, AttachmentError> {
        record.verify(&self.key_of(record, patient)?)?;
        let place = Place {
            id: RecordId::random(rng),
            record: record.id,
            version: record.version,
            patient: record.patient,
            resource_type: record.resource_type.clone(),
        };
        self.begin(&place, patient, chunk, inner, rng)
    }

    /// Asks the policy whether somebody may have an attachment: about its record, in the version at hand. The facts are those of the
    /// record; the classes are [`Class::Attachment`], whether or not the record has a part of it, and those of the elements in which
    /// records of its type have an attachment, such as [`Class::Biometric`] for the photographs of a `Patient`. All of them must be
    /// granted whole. What comes of it goes to the trail as an opening of that record.
    ///
    /// # Errors
    /// The attachment is not one of the record; the record is another patient's; one of them is not as it was sealed.
    pub fn rule_attachment<'a, R>(
        &self,
        attachment: &SealedAttachment<R>,
        record: &SealedRecord,
        patient: &PatientKey,
        policy: &Policy,
        release: impl Into<Release<'a>>,
        rng: &mut impl CryptoRng,
    ) -> Result<Ruling, VaultError> {
        let release = release.into();
        let record_key = self.key_of(record, patient)?;
        if !attachment.place.is_in(record) {
            return Err(VaultError::NotItsAttachment);
        }
        let key = self.attachment_key(attachment, patient)?;
        let facts = facts_of(record, &record_key, classes(&record.resource_type))?;
        let (subject, commitment) = (Subject::Attachment(attachment.id()), attachment.derivation.commitment);
        let bound = Bound { subject, commitment, ..Bound::to(record) };
        let entry_key = self.entry_key(record, patient, rng)?;
        Ruling::new(policy.decide(release.request(), &facts), bound, release, key, &entry_key, rng)
    }

    /// Opens an attachment for a disclosure of it, and takes the disclosure away. The patient's key must still be at hand. Once opened,
    /// it is read at leisure: from the first byte to the last, or, where the reader can seek, any range of it.
    ///
    /// Reading gives [`OpenError::Unauthentic`], as the cause of an [`io::Error`], where something is not as it was sealed. Nothing is
    /// given out that was not; but whoever reads from the first byte on learns at the end alone that the rest was cut off.
    ///
    /// # Errors
    /// The disclosure is for something else, or has expired.
    pub fn open_attachment<R: Read>(
        &self,
        attachment: SealedAttachment<R>,
        patient: &PatientKey,
        disclosure: Disclosure,
        now: DateTime<Utc>,
    ) -> Result<View<StreamReader<R>>, VaultError> {
        if !disclosure.is_for_attachment(attachment.id(), &attachment.derivation.commitment) {
            return Err(VaultError::AnotherRecord);
        }
        if disclosure.has_expired(now) {
            return Err(VaultError::Expired);
        }
        patient.version(attachment.key)?;
        let opener = disclosure.key().stream_opener(PART, &attachment.stream)?;
        Ok(View::new(StreamReader::new(opener, attachment.inner), disclosure))
    }

    /// Whether an attachment is sealed under an older version of its patient's key than the one that seals now.
    ///
    /// # Errors
    /// The attachment is another patient's.
    pub fn needs_reseal_attachment<R>(
        &self,
        attachment: &SealedAttachment<R>,
        patient: &PatientKey,
    ) -> Result<bool, VaultError> {
        if attachment.patient() != patient.token() {
            return Err(VaultError::AnotherPatient);
        }
        Ok(attachment.key != patient.label())
    }

    /// Seals an attachment anew, under the current key of its patient, chunk by chunk, and gives `inner` back once the last one is
    /// written. Until then the old one must stay; what was not written to the end does not open. A disclosure of the old sealing does
    /// not open the new one.
    ///
    /// # Errors
    /// The attachment is another patient's, or is not as it was sealed; sealing fails; that of `inner`, or of the attachment's reader.
    pub fn reseal_attachment<R: Read, W: Write>(
        &self,
        attachment: SealedAttachment<R>,
        patient: &PatientKey,
        inner: W,
        rng: &mut impl CryptoRng,
    ) -> Result<W, AttachmentError> {
        self.seal_attachment_anew(attachment, (patient, patient), inner, rng)
    }

    /// Seals an attachment anew, as [`reseal_attachment`](Self::reseal_attachment) does, for the patient into whom its own is merged.
    /// It then belongs to the record as [`rebind`](Self::rebind) seals it.
    ///
    /// # Errors
    /// As there, and where the keys or the attachment are not of the patients of the merge.
    pub fn rebind_attachment<R: Read, W: Write>(
        &self,
        attachment: SealedAttachment<R>,
        (from, into): (&PatientKey, &PatientKey),
        merge: &Merge,
        inner: W,
        rng: &mut impl CryptoRng,
    ) -> Result<W, AttachmentError> {
        if !merge.is_of(from, into) {
            return Err(VaultError::AnotherPatient.into());
        }
        self.seal_attachment_anew(attachment, (from, into), inner, rng)
    }

    fn seal_attachment_anew<R: Read, W: Write>(
        &self,
        attachment: SealedAttachment<R>,
        (from, to): (&PatientKey, &PatientKey),
        inner: W,
        rng: &mut impl CryptoRng,
    ) -> Result<W, AttachmentError> {
        let key = self.attachment_key(&attachment, from)?;
        let SealedAttachment { place, stream, inner: sealed, .. } = attachment;
        let opener = key.stream_opener(PART, &stream).map_err(VaultError::from)?;
        let chunk = opener.chunk_length();
        let mut opened = StreamReader::new(opener, sealed);
        let mut anew = self.begin(&Place { patient: to.token(), ..place }, to, chunk, inner, rng)?;
        loop {
            let plain = opened.fill_buf()?;
            if plain.is_empty() {
                return Ok(anew.finish()?);
            }
            let length = anew.write(plain)?;
            opened.consume(length);
        }
    }

    fn begin<W: Write>(
        &self,
        place: &Place,
        patient: &PatientKey,
        chunk: ChunkLength,
        mut inner: W,
        rng: &mut impl CryptoRng,
    ) -> Result<AttachmentWriter<W>, AttachmentError> {
        let key = place.identify(&self.tenant, |identity| patient.current().new_record_key(identity, rng));
        let key = key.map_err(VaultError::from)?.padded(self.padding);
        inner.write_all(&place.to_bytes(&key.derivation()).map_err(VaultError::from)?)?;
        Ok(AttachmentWriter { id: place.id, stream: key.seal_stream(PART, chunk, inner, rng)? })
    }

    fn attachment_key<R>(
        &self,
        attachment: &SealedAttachment<R>,
        patient: &PatientKey,
    ) -> Result<RecordKey, VaultError> {
        let SealedAttachment { place, derivation, key, .. } = attachment;
        if place.patient != patient.token() {
            return Err(VaultError::AnotherPatient);
        }
        let subject_key = patient.version(*key)?;
        Ok(place.identify(&self.tenant, |identity| subject_key.record_key(identity, derivation))?)
    }
}

/// The classes that must be granted before an attachment of such a record is opened. A type without facts of its own is unclassified,
/// as its records are.
pub(crate) fn classes(resource_type: &str) -> ClassSet {
    let mut classes = Class::Attachment.into();
    match Resource::facts_of(resource_type) {
        Some(facts) => add_classes_of_attachments(&mut classes, facts, None),
        None => classes.insert(Class::Unclassified),
    }
    classes
}

/// The classes of all elements that may be an `Attachment`, by what holds them where they have none of their own.
fn add_classes_of_attachments(classes: &mut ClassSet, facts: &TypeFacts, inherited: Option<Class>) {
    for element in facts.elements {
        let class = element.class.or(inherited);
        if element.types.iter().any(|choice| choice.type_name == "Attachment") {
            classes.insert(class.unwrap_or(Class::Unclassified));
        }
        // The path of what stands inside is longer. One that is not leads back to where it is read already.
        let inside = element.types.iter().filter_map(TypeChoice::facts);
        let inside = inside.filter(|it| it.kind == TypeKind::Backbone && it.name.len() > facts.name.len());
        inside.for_each(|facts| add_classes_of_attachments(classes, facts, class));
    }
}

impl<R: Read> Read for View<StreamReader<R>> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.value.read(out)
    }
}

impl<R: Read> BufRead for View<StreamReader<R>> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.value.fill_buf()
    }

    fn consume(&mut self, length: usize) {
        self.value.consume(length);
    }
}

/// The first seek opens the last chunk, so that an attachment that was cut off is refused.
impl<R: Read + Seek> Seek for View<StreamReader<R>> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.value.seek(to)
    }
}

/// Why an attachment could not be sealed, read or sealed anew. It never tells what was in it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AttachmentError {
    /// It is not what it should be, or could not be sealed.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// A reader or a writer failed.
    #[error("the sealed bytes could not be read or written")]
    Io(#[source] io::Error),
}

impl From<io::Error> for AttachmentError {
    /// What the cause says, where it is of sealing or opening.
    fn from(error: io::Error) -> Self {
        let cause = error.get_ref();
        let opening = cause.and_then(|cause| cause.downcast_ref::<OpenError>()).map(|cause| VaultError::from(*cause));
        let sealing = cause.and_then(|cause| cause.downcast_ref::<SealError>()).map(|cause| VaultError::from(*cause));
        opening.or(sealing).map_or(Self::Io(error), Self::Vault)
    }
}

impl<R> fmt::Debug for SealedAttachment<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { place, derivation: _, key, stream: _, inner: _ } = self;
        let Place { id, record, version, patient: _, resource_type } = place;
        let mut out = f.debug_struct("SealedAttachment");
        out.field("id", id).field("record", record).field("version", version);
        out.field("resource_type", resource_type).field("key", key).finish_non_exhaustive()
    }
}

impl<W> fmt::Debug for AttachmentWriter<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, stream: _ } = self;
        f.debug_struct("AttachmentWriter").field("id", id).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
